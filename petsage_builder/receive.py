"""Take bytes in, never more than the limit."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from petsage_builder.digest import sha256
from petsage_builder.errors import Problem, RefusedError

MAX_RECEIVED = 1 << 20
ACCEPTED = "at most 1 MiB (4 MiB once it is unpacked)"
LONGEST_RECEIPT = 1 << 26


@dataclass(frozen=True, slots=True)
class Payload:
    """The bytes received, and where from."""

    content: bytes
    source: str

    @property
    def sha256(self) -> str:
        """Return the digest of the bytes as they were received."""
        return sha256(self.content)


def receive(stream: BinaryIO, source: str, most: int = MAX_RECEIVED) -> Payload:
    """Read one payload to the end of `stream`, or raise `RefusedError`."""
    content = stream.read(most + 1)
    if len(content) > most:
        raise _too_long("payload" if most == MAX_RECEIVED else source, most)
    return Payload(content, source)


def receive_file(path: Path, most: int = MAX_RECEIVED) -> Payload:
    """Read one payload from a file, or raise `RefusedError`."""
    try:
        with path.open("rb") as file:
            return receive(file, str(path), most)
    except OSError as error:
        what = f"cannot be read: {error.strerror}"
        raise RefusedError([Problem(str(path), what, "a file, or -")]) from error


def receive_lines(stream: BinaryIO) -> Iterator[Payload | RefusedError]:
    """Give a payload for each line, as soon as it is there.

    For a line that is too long there is the refusal; the line is not kept in memory.
    """
    number = 0
    while line := stream.readline(MAX_RECEIVED + 2):
        number += 1
        content = line.removesuffix(b"\n").removesuffix(b"\r")
        if len(content) <= MAX_RECEIVED:
            yield Payload(content, f"standard input, line {number}")
            continue
        while not line.endswith(b"\n") and (line := stream.readline(MAX_RECEIVED)):
            pass
        yield _too_long(f"payload, line {number}")


def _too_long(where: str, most: int = MAX_RECEIVED) -> RefusedError:
    accepted = ACCEPTED if most == MAX_RECEIVED else f"at most {most >> 20} MiB"
    return RefusedError([Problem(where, "is too long", accepted)])
