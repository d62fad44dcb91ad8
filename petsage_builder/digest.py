"""Digests: SHA-256, in hexadecimal."""

import hashlib
from collections.abc import Mapping


def sha256(content: bytes) -> str:
    """Return the digest of `content`."""
    return hashlib.sha256(content).hexdigest()


def sha256_of_files(files: Mapping[str, bytes]) -> str:
    """Return the digest of every path and content, whatever their order."""
    digest = hashlib.sha256()
    for path, content in sorted(files.items()):
        digest.update(f"{path}\0{len(content)}\0".encode() + content)
    return digest.hexdigest()
