"""The examples of a feature's README: what to run, and the answers they promise."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass

from petsage_builder.verify.forms import alike

BLOCK = re.compile(
    r"^(?P<fence>`{3,})(?P<language>\w*)\n(?P<text>.*?)^(?P=fence)$",
    re.MULTILINE | re.DOTALL,
)
HEADING = re.compile(r"^#+ (.*)$", re.MULTILINE)
STATUS = re.compile(r"\((\d{3}) ")
SAID = re.compile(r"^The answer says: (.*)$", re.MULTILINE)
REFUSED = 400


@dataclass(frozen=True, slots=True)
class Example:
    """Commands of a README, and what it says of the answer to the last of them.

    Without `status`, they have to succeed. `answer` is JSON, and `said` a text that
    stands in the answer; both may be left out.
    """

    script: str
    status: int | None
    answer: str
    said: str

    def keeps_to(self, status: int, body: str) -> bool:
        """Say whether an answer is as the README says."""
        if self.status is None:
            return status < REFUSED
        return (
            status == self.status
            and (not self.answer or self._shows(body))
            and self.said in body
        )

    def _shows(self, body: str) -> bool:
        try:
            found = json.loads(body)
        except ValueError:
            return False
        return alike(json.loads(self.answer), found, self.script)


@dataclass(frozen=True, slots=True)
class _Block:
    """A fenced block, the heading above it, and the text that follows it."""

    heading: str
    language: str
    text: str
    after: str

    @property
    def status(self) -> int | None:
        """Return the status of which the heading tells."""
        found = STATUS.search(self.heading)
        return int(found[1]) if found else None


def read_examples(readme: str) -> list[Example]:
    """Return all that is to be run, in order.

    An answer in JSON comes next, under the status that the API answers with.
    """
    blocks = list(_blocks(readme))
    return [
        _example(block, following)
        for block, following in zip(blocks, [*blocks[1:], None], strict=True)
        if block.language == "bash"
    ]


def _example(block: _Block, following: _Block | None) -> Example:
    shown = following if following and following.language == "json" else None
    said = SAID.search(block.after)
    return Example(
        script=block.text,
        status=shown.status if shown else block.status,
        answer=shown.text if shown else "",
        said=said[1].strip() if said else "",
    )


def read_log_lines(readme: str) -> list[str]:
    """Return the lines that a README says the log will show."""
    return [
        line
        for block in _blocks(readme)
        if block.heading == "How to Verify Logging" and not block.language
        for line in block.text.splitlines()
    ]


def read_statuses(readme: str) -> list[int]:
    """Return every status that a heading tells of."""
    headings = "\n".join(HEADING.findall(BLOCK.sub("", readme)))
    return [int(status) for status in STATUS.findall(headings)]


def _blocks(readme: str) -> Iterator[_Block]:
    found = list(BLOCK.finditer(readme))
    ends = [*(block.start() for block in found[1:]), len(readme)]
    for block, end in zip(found, ends, strict=True):
        headings = HEADING.findall(BLOCK.sub("", readme[: block.start()]))
        heading = headings[-1] if headings else ""
        after = readme[block.end() : end].partition("\n#")[0]
        yield _Block(heading, block["language"], block["text"], after)
