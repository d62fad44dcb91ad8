"""The examples of a feature's README, as requests and the answers they promise."""

import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from urllib.parse import urlsplit

BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<language>\w*)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
STATUS = re.compile(r"\((\d{3}) ")


@dataclass(frozen=True, slots=True)
class Example:
    """One request of a README, and the answer shown below it."""

    method: str
    target: str
    headers: dict[str, str]
    body: str | None
    status: int
    answer: object

    @property
    def request(self) -> dict[str, object]:
        """Return what `sandboxed/served.py` takes."""
        return {
            "method": self.method,
            "target": self.target,
            "headers": self.headers,
            "body": self.body,
        }


def read_examples(readme: str) -> list[Example]:
    """Return each curl command that is followed by a JSON answer under its status."""
    return [
        _example(command, heading, answer)
        for (_, language, command), (heading, following, answer) in pairwise(
            _blocks(readme)
        )
        if language == "bash" and following == "json" and STATUS.search(heading)
    ]


def read_log_lines(readme: str) -> list[str]:
    """Return the lines that a README says the log will show."""
    return [
        line
        for heading, language, text in _blocks(readme)
        if heading == "How to Verify Logging" and not language
        for line in text.splitlines()
    ]


def read_statuses(readme: str) -> list[int]:
    """Return every status that a heading tells of."""
    headings = "\n".join(HEADING.findall(readme))
    return [int(status) for status in STATUS.findall(headings)]


def _blocks(readme: str) -> Iterator[tuple[str, str, str]]:
    """Give heading, language and text of each fenced block."""
    for block in BLOCK.finditer(readme):
        headings = HEADING.findall(readme[: block.start()])
        yield headings[-1] if headings else "", block["language"], block["text"]


def _example(command: str, heading: str, answer: str) -> Example:
    """Read a curl command: `-X`, `-H`, `-d`, `--json` and an address are understood."""
    words = iter(shlex.split(command.replace("\\\n", " "))[1:])
    method, target, body = "", "", None
    headers: dict[str, str] = {}
    for word in words:
        match word:
            case "-X" | "--request":
                method = next(words)
            case "-H" | "--header":
                name, _, value = next(words).partition(":")
                headers[name.strip()] = value.strip()
            case "-d" | "--data" | "--json":
                body = next(words)
                kind = "json" if word == "--json" else "x-www-form-urlencoded"
                headers.setdefault("content-type", f"application/{kind}")
            case _:
                address = urlsplit(word)
                target = address.path + (f"?{address.query}" if address.query else "")
    status = STATUS.search(heading)
    return Example(
        method=method or ("POST" if body is not None else "GET"),
        target=target,
        headers=headers,
        body=body,
        status=int(status[1]) if status else 0,
        answer=json.loads(answer),
    )
