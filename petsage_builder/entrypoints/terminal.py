"""What a person at a terminal sees of a build, while it runs and when it has ended."""

from rich.console import Console
from rich.markup import escape

from petsage_builder.build import Build
from petsage_builder.errors import Problem
from petsage_builder.evidence import Check
from petsage_builder.status import Announcement, Status
from petsage_builder.traceability import summary

MARKS = {"passed": "[green]✓[/]", "failed": "[red]✗[/]", "skipped": "[yellow]-[/]"}
ENDS = {
    "complete": "[bold green]COMPLETE[/]",
    "unchanged": "[bold green]UNCHANGED[/]",
    "refused": "[bold red]REFUSED[/]",
    "failed": "[bold red]FAILED[/]",
    "conflict": "[bold yellow]CONFLICT[/]",
}


class Terminal:
    """Shows stages and checks as they end, then what came of them."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._status = console.status("")

    def announce(self, announcement: Announcement) -> None:
        """Show one announcement; the report is for the transcript."""
        match announcement:
            case Status(text):
                self._status.start()
                self._status.update(escape(text))
            case Check():
                mark = MARKS[announcement.outcome]
                line = escape(announcement.detail.partition("\n")[0])
                self._console.print(
                    f"{mark} {announcement.check:<14}"
                    f"{announcement.seconds:6.2f} s  [dim]{line}[/]",
                    no_wrap=True,
                    overflow="ellipsis",
                )

    def conclude(self, build: Build) -> None:
        """Show how the build ended, and what to know about it."""
        self._status.stop()
        for assumption in build.spec.assumptions if build.spec else ():
            self._console.print(f"[dim]assumed: {escape(assumption)}[/]")
        self.show_problems(build.problems)
        for check in build.evidence.failures if build.evidence else ():
            self._console.print(f"\n[red]{check.check}[/]: {escape(check.command)}")
            self._console.print(escape(check.detail))
        if build.traced:
            self._console.print(f"[dim]{escape(summary(build.traced))}[/]")
        name = build.request.feature if build.request else "payload"
        self._console.print(f"{ENDS[build.status]} {escape(name)}: {_summary(build)}")

    def show_problems(self, problems: tuple[Problem, ...]) -> None:
        """Show each problem with what is accepted instead."""
        for problem in problems:
            self._console.print(
                f"[red]✗[/] {escape(problem.where)}: {escape(problem.what)}"
            )
            for label, text in (
                ("accepted", problem.accepted),
                ("nearest", problem.nearest),
            ):
                if text:
                    self._console.print(f"  [dim]{label}:[/] {escape(text)}")


def _summary(build: Build) -> str:
    seconds = f"{sum(build.seconds.values()):.1f} s"
    match build.status:
        case "complete" if build.delivery:
            return f"{len(build.delivery.written)} files delivered in {seconds}"
        case "complete":
            return f"proven in {seconds}; a dry run delivers nothing"
        case "unchanged":
            return "already as this payload makes it"
        case _:
            return "nothing delivered"
