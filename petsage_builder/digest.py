"""Digests: SHA-256, in hexadecimal."""

import hashlib
import json
from collections.abc import Mapping


def sha256(content: bytes) -> str:
    """Return the digest of `content`."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_json(value: object) -> str:
    """Return the digest of a JSON value, however it was written."""
    text = json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode("utf-8", "surrogatepass"))


def sha256_of_files(files: Mapping[str, bytes]) -> str:
    """Return the digest of every path and content, whatever their order."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
