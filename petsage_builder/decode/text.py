"""Bytes to text, and which characters a text may have."""

import codecs
import unicodedata

from petsage_builder.errors import Problem, RefusedError

# The longer mark first: that of UTF-16 begins that of UTF-32.
MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
ACCEPTED = "UTF-8 text, or UTF-16 or UTF-32 with a byte order mark"
# These reorder or end lines where they are shown (Unicode 17, UAX 9 and UAX 14).
UNSEEN = frozenset(
    "\u061c\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e"
    "\u2066\u2067\u2068\u2069\ufeff"
)
ALLOWED = frozenset("\n\t")


def decode_text(content: bytes) -> str:
    """Return the text, without a byte order mark; raises `RefusedError`."""
    encoding = "utf-8"
    for mark, name in MARKS:
        if content.startswith(mark):
            content, encoding = content.removeprefix(mark), name
            break
    try:
        return content.decode(encoding)
    except UnicodeDecodeError as error:
        where = f"payload, byte {error.start}"
        what = f"cannot be read as {encoding.upper()}: {error.reason}"
        raise RefusedError([Problem(where, what, ACCEPTED)]) from error


def bad_character(text: str) -> str | None:
    """Return the name of the first character that must not be in a text, if any."""
    for character in text:
        if character in ALLOWED:
            continue
        point = ord(character)
        if (
            unicodedata.category(character) in {"Cc", "Cs"}
            or character in UNSEEN
            or point & 0xFFFE == 0xFFFE  # noqa: PLR2004 - Unicode's noncharacters
            or 0xFDD0 <= point <= 0xFDEF  # noqa: PLR2004
        ):
            return f"U+{point:04X}"
    return None
