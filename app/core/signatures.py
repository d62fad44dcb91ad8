"""Keys and signatures, each for one purpose, made of the one secret."""

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from functools import cache

from app.core.config import settings

LENGTH = 16


@cache
def derive_key(purpose: str) -> bytes:
    """Return a key of 32 bytes for one purpose."""
    secret = settings.secret_key.get_secret_value().encode()
    return hmac.digest(secret, purpose.encode(), "sha256")


def seal(purpose: str, content: bytes) -> str:
    """Return a text that only `unseal` turns into `content` again."""
    return urlsafe_b64encode(_sign(purpose, content) + content).decode()


def unseal(purpose: str, text: str) -> bytes | None:
    """Return what was sealed for this purpose, or None if `text` is anything else."""
    try:
        signed = urlsafe_b64decode(text)
    except ValueError:
        return None
    signature, content = signed[:LENGTH], signed[LENGTH:]
    return content if hmac.compare_digest(signature, _sign(purpose, content)) else None


def _sign(purpose: str, content: bytes) -> bytes:
    return hmac.digest(derive_key(purpose), content, "sha256")[:LENGTH]
