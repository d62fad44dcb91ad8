"""How a build is shown: as its transcript, as one JSON object, or to a person."""

import sys
from collections.abc import Callable
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING

import typer

if TYPE_CHECKING:
    from petsage_builder.build import Build
    from petsage_builder.entrypoints.streams import Output
    from petsage_builder.status import Announce, Announcement


class BuildFormat(StrEnum):
    """How a build is shown."""

    TRANSCRIPT = "transcript"
    JSON = "json"
    TEXT = "text"


def chosen(format_: BuildFormat | None) -> BuildFormat:
    """Return what was chosen, or what fits where standard output goes."""
    on_terminal = sys.stdout.isatty()
    return format_ or (BuildFormat.TEXT if on_terminal else BuildFormat.TRANSCRIPT)


def show_build(
    run: Callable[["Announce"], "Build"],
    shown: BuildFormat,
    *,
    report: Path | None = None,
    indent: int | None = 2,
) -> "Build":
    """Run a build, show it, and return it.

    `report` is a file that gets the report too. `indent` is for the JSON object.
    """
    from rich.console import Console

    from petsage_builder.entrypoints.streams import Output, write_whole
    from petsage_builder.entrypoints.terminal import Terminal
    from petsage_builder.receipt import receipt_text
    from petsage_builder.status import Report

    output, terminal = Output(), Terminal(Console(highlight=False))
    reports: list[str] = []

    def announce(announcement: "Announcement") -> None:
        if isinstance(announcement, Report):
            reports.append(announcement.text)
        if shown is BuildFormat.TRANSCRIPT:
            _show_transcript(announcement, output)
        elif shown is BuildFormat.TEXT:
            terminal.announce(announcement)

    record = run(announce)
    if shown is BuildFormat.TEXT:
        terminal.conclude(record)
    elif shown is BuildFormat.JSON:
        output.print(receipt_text(record, indent))
    if report is not None:
        write_whole(report, "\n".join(reports or [f"{record.status}\n"]))
    if output.error:
        what = f"{record.status}, but not all could be shown: {output.error.strerror}"
        tell(f"petsage: {what}", error=True)
    return record


def _show_transcript(announcement: "Announcement", output: "Output") -> None:
    from petsage_builder.status import Report, Status

    match announcement:
        case Status():
            output.print(str(announcement))
        case Report(text):
            output.print(text)


def tell(text: str, *, error: bool = False) -> None:
    """Print a line on standard output, or on standard error."""
    typer.echo(text, err=error)
