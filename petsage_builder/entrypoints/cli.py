"""The command `petsage`."""

import signal
import sys
from collections.abc import Callable
from enum import StrEnum
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from petsage_builder.allowances import Allowances
from petsage_builder.entrypoints.showing import BuildFormat, chosen, show_build, tell

if TYPE_CHECKING:
    from petsage_builder.errors import BuilderError, Problem
    from petsage_builder.receive import Payload

LEAST_KILLED = 95.0
IDLE_SECONDS = 600.0
FAULT, REFUSED, FAILED, CONFLICT = 1, 2, 3, 4
EXITS = {
    "complete": 0,
    "unchanged": 0,
    "refused": REFUSED,
    "failed": FAILED,
    "conflict": CONFLICT,
}

MANUAL = """Turn a payload {feature, description, requirements} into a proven feature.

A payload is JSON or YAML, plain, in base64 (gzip too), in a Pub/Sub push message or in
a CloudEvent. What is built is run before it is delivered: COMPLETE means proven.

[bold]Examples[/bold]

  petsage new backend
  petsage build payloads/smoke_test.json --into backend
  echo '{feature: log_heartbeat, description: verify logs, requirements: none}' |
    petsage build - --into backend
  petsage explain payloads/smoke_test.json
  petsage check backend
  petsage audit smoke_test --into backend
  petsage build payloads/smoke_test.json --into backend --format json >receipt.json
  petsage verify-receipt receipt.json --into backend
  petsage undo smoke_test --into backend

[bold]Exit status[/bold]

  0 delivered, or nothing to do; 2 refused; 3 verification failed; 4 conflict (the
  backend has changed: try again, or look at what was edited); 1 a fault of ours.
"""

app = typer.Typer(
    help=MANUAL,
    no_args_is_help=True,
    rich_markup_mode="rich",
    add_completion=False,
    pretty_exceptions_enable=False,
)


class Format(StrEnum):
    """How an answer is shown."""

    TEXT = "text"
    JSON = "json"


PayloadArgument = Annotated[
    str, typer.Argument(help="A file, or - for standard input.", show_default=False)
]


def _folder(text: str) -> Path:
    if not text:
        raise typer.BadParameter("no folder is given")
    return Path(text)


Into = Annotated[Path, typer.Option(help="The backend's folder.", parser=_folder)]
FormatOption = Annotated[
    BuildFormat | None,
    typer.Option(
        "--format",
        help="transcript, one JSON object, or text (the default on a terminal).",
        show_default=False,
    ),
]
HERE = Path()


@app.command()
def new(
    folder: Annotated[
        Path, typer.Argument(help="Where to make it.", show_default=False)
    ],
) -> None:
    """Make a fresh backend: the skeleton, with no feature in it."""
    from petsage_builder.skeleton import new as make

    paths = make(folder)
    tell(f"{folder}: {len(paths)} files. Next: petsage build PAYLOAD --into {folder}")


@app.command()
def build(
    payload: PayloadArgument,
    into: Into = HERE,
    *,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Prove it, but deliver nothing.")
    ] = False,
    allow_breaking: Annotated[
        bool,
        typer.Option(
            "--allow-breaking", help="Let the API change so that clients break."
        ),
    ] = False,
    allow_destructive: Annotated[
        bool,
        typer.Option(
            "--allow-destructive", help="Let rows, tables or their history go."
        ),
    ] = False,
    afresh: Annotated[
        bool,
        typer.Option("--afresh", help="Run also tests that an earlier proof is of."),
    ] = False,
    diff: Annotated[
        bool, typer.Option("--diff", help="Show what changes, as a unified diff.")
    ] = False,
    format_: FormatOption = None,
    report: Annotated[
        Path | None,
        typer.Option(help="Write the report to this file too.", show_default=False),
    ] = None,
) -> None:
    """Build a payload into a backend, prove it, deliver it.

    Standard output is the transcript, or the receipt with --format json, and nothing
    else: a diff goes to standard error then.
    """
    from petsage_builder.entrypoints.streams import require_writable
    from petsage_builder.pipeline import build as run

    if report is not None:
        require_writable(report, into)
    receive, shown = _receiver(payload), chosen(format_)
    allowances = Allowances(breaking=allow_breaking, destructive=allow_destructive)
    record = show_build(
        partial(
            run,
            receive,
            into,
            dry_run=dry_run,
            allowances=allowances,
            afresh=afresh,
        ),
        shown,
        report=report,
    )
    if diff and record.artifacts:
        from petsage_builder.difference import unified_diff

        text = unified_diff(record.artifacts.changes)
        tell(text, error=shown is not BuildFormat.TEXT)
    raise typer.Exit(EXITS[record.status])


@app.command()
def explain(
    payload: PayloadArgument,
    format_: Annotated[Format, typer.Option("--format")] = Format.TEXT,
) -> None:
    """Say what was understood of a payload, and what was assumed; build nothing."""
    from petsage_builder.explain import as_json, as_text

    show = as_json if format_ is Format.JSON else as_text
    tell(show(_receiver(payload)()))


@app.command()
def check(
    folder: Annotated[Path, typer.Argument(help="The backend's folder.")] = HERE,
) -> None:
    """Check that a backend follows the blueprint, and its features their payloads."""
    from petsage_builder.conformance import check_backend

    features, problems = check_backend(folder)
    for problem in problems:
        tell(str(problem), error=True)
    if problems:
        raise typer.Exit(FAILED)
    built = ", ".join(features) or "none"
    tell(f"{folder}: conforms; built as their payloads say: {built}")


@app.command()
def audit(
    target: Annotated[
        str,
        typer.Argument(
            help="A built feature, a payload's file, or - for standard input.",
            show_default=False,
        ),
    ],
    into: Into = HERE,
    format_: Annotated[Format, typer.Option("--format")] = Format.TEXT,
    least: Annotated[
        float, typer.Option(help="How many mutants of a hundred must be noticed.")
    ] = LEAST_KILLED,
) -> None:
    """Break a feature in every way that is known; tell what its tests do not notice.

    What survives is shown as a diff. Of a built feature, the files are tried as they
    stand; of a payload, those that would be built.
    """
    from petsage_builder.audit import audit as try_all

    is_feature = target != "-" and target.isidentifier() and not Path(target).is_file()
    received = None if is_feature else _receiver(target)()
    found = try_all(into, target, received)
    tell(found.as_json() if format_ is Format.JSON else found.as_text())
    raise typer.Exit(0 if found.kill_rate >= least else FAILED)


@app.command("verify-receipt")
def verify_receipt(
    receipt: Annotated[
        str,
        typer.Argument(
            help="A receipt's file, or - for standard input.", show_default=False
        ),
    ],
    into: Into = HERE,
    format_: Annotated[Format, typer.Option("--format")] = Format.TEXT,
) -> None:
    """Say whether what a receipt says of a build still holds; write nothing.

    The files of the feature are compared, made anew from the payload, and proven again
    in a copy of the backend. Exit status 3 if the receipt does not hold.
    """
    from petsage_builder.receive import LONGEST_RECEIPT
    from petsage_builder.reproof import prove_again, read_receipt
    from petsage_builder.verdict import as_json, as_text

    received = _receiver(receipt, LONGEST_RECEIPT)()
    verdict = prove_again(into, read_receipt(received), lambda _: None)
    tell(as_json(verdict) if format_ is Format.JSON else as_text(verdict))
    raise typer.Exit(0 if verdict.holds else FAILED)


@app.command()
def schema() -> None:
    """Print the JSON Schema of a payload."""
    import json

    from petsage_builder.schema import payload_schema

    tell(json.dumps(payload_schema(), indent=2))


@app.command()
def undo(
    feature: Annotated[str, typer.Argument(show_default=False)], into: Into = HERE
) -> None:
    """Take a built feature out again, byte for byte.

    Refuses, naming them, if its files were edited or other code depends on it.
    """
    from petsage_builder.undo import undo as take_out

    delivery = take_out(into, feature)
    tell(f"{feature}: {len(delivery.removed)} files removed")


@app.command()
def listen(into: Into = HERE, format_: FormatOption = None) -> None:
    """Await payloads on standard input, one a line, and build each.

    A refusal ends nothing; the end of input does. With --format json there is one
    receipt a line.
    """
    from petsage_builder.pipeline import build as run
    from petsage_builder.receive import receive_lines

    status = 0
    for received in receive_lines(sys.stdin.buffer):
        try:
            one = partial(run, partial(_given, received), into)
            show_build(one, chosen(format_), indent=None)
        except Exception as error:  # noqa: BLE001 - the next payload may fare better
            _tell_fault(error)
            status = FAULT
    raise typer.Exit(status)


@app.command()
def serve(
    idle: Annotated[
        float, typer.Option(help="After so many seconds without work, it ends.", min=1)
    ] = IDLE_SECONDS,
) -> None:
    """Be a warm builder, which runs the commands that are given elsewhere, faster.

    `build` and `listen` start one by themselves, unless PETSAGE_WARM=off is set.
    """
    from petsage_builder.entrypoints.server import serve as run

    run(idle, tell)


def _given(received: "Payload | BuilderError") -> "Payload":
    if isinstance(received, Exception):
        raise received
    return received


def _receiver(payload: str, limit: int | None = None) -> Callable[[], "Payload"]:
    from petsage_builder.receive import MAX_RECEIVED, receive, receive_file

    most = limit or MAX_RECEIVED
    if payload == "-":
        return partial(receive, sys.stdin.buffer, "standard input", most)
    return partial(receive_file, Path(payload), most)


def main() -> NoReturn:
    """Run the command; whatever happens, no traceback reaches the user."""
    from petsage_builder.entrypoints.streams import open_streams
    from petsage_builder.errors import BuilderError, ConflictError

    signal.signal(signal.SIGTERM, lambda *_: sys.exit(128 + signal.SIGTERM))
    open_streams()
    try:
        app(prog_name="petsage")
    except ConflictError as error:
        _exit(error.problems, CONFLICT)
    except BuilderError as error:
        _exit(error.problems, REFUSED)
    except Exception as error:  # noqa: BLE001 - the last place where it can be told
        _tell_fault(error)
        sys.exit(FAULT)
    sys.exit(0)


def _exit(problems: "tuple[Problem, ...]", status: int) -> NoReturn:
    for problem in problems:
        tell(f"petsage: {problem}", error=True)
    sys.exit(status)


def _tell_fault(error: Exception) -> None:
    from petsage_builder.entrypoints.streams import keep_traceback

    details = keep_traceback()
    tell(f"petsage: a fault of ours: {error!r}; details: {details}", error=True)
