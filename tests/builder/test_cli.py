"""Tests of the command, as a user runs it."""

import json
import os
import pty
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from shlex import quote

import pytest
from typer.testing import CliRunner

from petsage_builder.entrypoints.cli import app
from petsage_builder.status import AGENT
from tests.builder.conftest import PROJECT, payload, tree
from tests.builder.malformed import GOOD, MALFORMED

PETSAGE = Path(sys.executable).with_name("petsage")
QUOTED = quote(str(PETSAGE))
SMOKE_TEST = PROJECT / "payloads" / "smoke_test.json"


def petsage(
    *arguments: object,
    content: bytes = b"",
    folder: Path | None = None,
    environment: Mapping[str, str] | None = None,
) -> subprocess.CompletedProcess[bytes]:
    """Run the command."""
    return subprocess.run(
        [PETSAGE, *map(str, arguments)],
        input=content,
        capture_output=True,
        check=False,
        cwd=folder,
        env={**os.environ, **(environment or {})},
    )


def test_a_build_prints_the_transcript_and_nothing_else(backend: Path) -> None:
    done = petsage("build", SMOKE_TEST, "--into", backend)

    lines = done.stdout.decode().splitlines()
    assert done.returncode == 0
    assert done.stderr == b""
    assert lines[0] == f"**[{AGENT}]**-> **[STATUS]**-> `RECEIVED PAYLOAD`"
    assert lines[-2:] == [
        f"**[{AGENT}]**-> **[STATUS]**-> `BUILD COMPLETE. ALL ARTIFACTS DELIVERED.`",
        f"**[{AGENT}]**-> **[STATUS]**-> `AWAITING NEXT PAYLOAD.`",
    ]
    assert [line for line in lines if line.startswith("### ")] == [
        "### **FEATURE BUILD COMPLETE: Smoke Test**",
        "### **1. File Structure**",
        "### **2. Module Implementation**",
        "### **3. Orchestration Pipeline Integration**",
        "### **4. Tests**",
        "### **5. Documentation**",
        "### `GET /smoke-test/`",
        "### **6. Evidence**",
    ]


def test_a_receipt_is_one_json_object_and_again_says_unchanged(backend: Path) -> None:
    first = petsage(
        "build",
        "-",
        "--format",
        "json",
        content=SMOKE_TEST.read_bytes(),
        folder=backend,
    )
    second = petsage("build", SMOKE_TEST, "--format", "json", folder=backend)

    receipt = json.loads(first.stdout)
    assert (first.returncode, first.stderr) == (0, b"")
    assert receipt["status"] == "complete"
    assert receipt["encoding"] == "json"
    assert receipt["request"] == json.loads(SMOKE_TEST.read_bytes())
    assert receipt["spec"]["kind"] == "probe"
    assert receipt["assumptions"]
    assert receipt["problems"] == []
    outcomes = {e["check"]: e["outcome"] for e in receipt["evidence"]}
    assert outcomes.pop("migrations") == "skipped"
    assert set(outcomes.values()) == {"passed"}
    assert set(receipt["delivery"]["written"]) == {
        a["path"] for a in receipt["artifacts"]
    }
    assert list(receipt["seconds"]) == [
        "receive",
        "decode",
        "analyze",
        "align",
        "generate",
        "verify",
        "deliver",
    ]
    for artifact in receipt["artifacts"]:
        assert len((backend / artifact["path"]).read_bytes()) == artifact["bytes"]
    assert json.loads(second.stdout)["status"] == "unchanged"
    assert second.returncode == 0


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_payload_is_refused_with_its_place_and_nothing_is_written(
    skeleton: Path, name: str
) -> None:
    before = tree(skeleton)
    arguments = ["build", "-", "--into", str(skeleton), "--format", "json"]

    done = CliRunner().invoke(app, arguments, input=MALFORMED[name].content)

    receipt = json.loads(done.stdout)
    assert (done.exit_code, done.stderr) == (2, "")
    assert receipt["status"] == "refused"
    assert receipt["problems"][0]["where"] == MALFORMED[name].where
    assert all(p["where"] and p["what"] for p in receipt["problems"])
    assert receipt["problems"]
    assert tree(skeleton) == before


@pytest.mark.parametrize("allowed", ["breaking", "destructive"])
def test_what_is_allowed_stands_in_the_receipt(skeleton: Path, allowed: str) -> None:
    arguments = ["build", "-", "--into", str(skeleton), "--format", "json"]

    done = CliRunner().invoke(app, [*arguments, f"--allow-{allowed}"], input="{}")

    nothing = {"breaking": False, "destructive": False}
    assert json.loads(done.stdout)["allowances"] == {**nothing, allowed: True}


def test_listening_builds_the_good_ones_among_the_malformed(backend: Path) -> None:
    wrong = [
        m.content
        for m in MALFORMED.values()
        if b"\n" not in m.content and b"\r" not in m.content
    ]
    good = [content for content in GOOD.values() if b"\n" not in content][:10]
    every = len(wrong) // len(good)
    lines = list(wrong)
    for place, content in enumerate(good):
        lines.insert(place * (every + 1), content)

    done = petsage(
        "listen",
        "--into",
        backend,
        "--format",
        "json",
        content=b"\n".join(lines) + b"\n",
    )

    receipts = [json.loads(line) for line in done.stdout.splitlines()]
    assert (done.returncode, done.stderr) == (0, b"")
    assert (len(wrong) >= 60, len(good)) == (True, 10)
    assert [r["status"] for r in receipts] == [
        "complete" if line in good else "refused" for line in lines
    ]
    assert petsage("check", backend).returncode == 0


def test_a_terminal_shows_stages_and_checks(backend: Path) -> None:
    controller, terminal = pty.openpty()
    with subprocess.Popen(
        [PETSAGE, "build", SMOKE_TEST, "--into", backend, "--dry-run"],
        stdout=terminal,
        stderr=terminal,
        env={**os.environ, "TERM": "xterm"},
    ) as process:
        os.close(terminal)
        shown = b""
        while True:
            try:
                shown += os.read(controller, 4096)
            except OSError:
                break
    os.close(controller)

    assert process.returncode == 0
    for text in (
        "VERIFYING ARTIFACTS...",
        "contract",
        "COMPLETE",
        "a dry run delivers nothing",
    ):
        assert text in shown.decode()


def test_a_diff_shows_what_a_dry_run_would_change(backend: Path) -> None:
    done = petsage("build", SMOKE_TEST, "--into", backend, "--dry-run", "--diff")

    assert done.returncode == 0
    assert (
        "DRY RUN COMPLETE. ARTIFACTS PROVEN, NOTHING DELIVERED." in done.stdout.decode()
    )
    assert done.stdout.decode().splitlines()[-1].endswith("AWAITING NEXT PAYLOAD.`")
    assert "+app.include_router(smoke_test_router)" in done.stderr.decode()
    applied = subprocess.run(
        ["git", "apply", "-"],
        input=done.stderr,
        cwd=backend,
        check=True,
    )
    assert applied.returncode == 0
    assert (backend / "app/features/smoke_test/__init__.py").is_file()


def test_a_report_is_written_to_a_file(backend: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.md"

    petsage("build", SMOKE_TEST, "--into", backend, "--report", report)

    assert "### **FEATURE BUILD COMPLETE: Smoke Test**" in report.read_text()


def test_a_report_may_be_a_device_but_no_file_of_the_backend(
    backend: Path, tmp_path: Path
) -> None:
    link = tmp_path / "link.md"
    link.symlink_to("real.md")
    options = "build", SMOKE_TEST, "--into", backend, "--dry-run", "--report"

    assert petsage(*options, "/dev/null").returncode == 0
    assert Path("/dev/null").is_char_device()
    assert petsage(*options, link).returncode == 0
    assert link.is_symlink()
    assert (tmp_path / "real.md").read_text().startswith("\n---")
    for path in (backend / "app/main.py", tmp_path / "nowhere/x", tmp_path, "x" * 300):
        done = petsage(*options, path)
        assert (done.returncode, done.stdout) == (2, b"")
        assert done.stderr.startswith(b"petsage: --report: ")


@pytest.mark.parametrize("closed", ["<&-", ">&-", "2>&-", "<&- >&- 2>&-"])
@pytest.mark.parametrize("command", ["schema", "explain -", "listen --into /nowhere"])
def test_closed_streams_show_no_traceback(command: str, closed: str) -> None:
    done = subprocess.run(
        ["bash", "-c", f"{QUOTED} {command} {closed}"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )

    assert b"Traceback" not in done.stderr
    assert done.returncode in {0, 2}


def test_what_cannot_be_shown_is_delivered_all_the_same(backend: Path) -> None:
    done = subprocess.run(
        [
            "bash",
            "-c",
            f"{QUOTED} build - --into {backend} < {quote(str(SMOKE_TEST))} >/dev/full",
        ],
        capture_output=True,
        check=False,
    )

    assert done.returncode == 0
    assert done.stderr == (
        b"petsage: complete, but not all could be shown: No space left on device\n"
    )
    assert petsage("check", backend).returncode == 0


def test_no_folder_is_not_the_current_one() -> None:
    assert petsage("build", SMOKE_TEST, "--into", "").returncode == 2


def test_explain_says_what_was_understood_and_builds_nothing(tmp_path: Path) -> None:
    done = petsage("explain", SMOKE_TEST, folder=tmp_path)
    as_json = petsage("explain", SMOKE_TEST, "--format", "json", folder=tmp_path)

    assert done.returncode == as_json.returncode == 0
    assert done.stdout.decode().startswith("feature: smoke_test (json)\nunderstood: ")
    assert json.loads(as_json.stdout)["spec"]["feature"] == "smoke_test"
    assert tree(tmp_path) == {}


def test_explain_refuses_as_a_build_does() -> None:
    done = petsage("explain", "-", content=payload("x", "make coffee"))

    assert done.returncode == 2
    assert done.stdout == b""
    assert done.stderr.startswith(b"petsage: description: ")


def test_explain_looks_for_the_routes_of_scenarios() -> None:
    note = {
        "fields": {"title": {"type": "string", "max_length": 80}},
        "access": {"create": ["user"], "get": ["user"]},
    }
    told = {"name": "It is there.", "as": "owner", "when": "GET /nots/x"}
    requirements = {
        "resources": {"note": note},
        "scenarios": [{**told, "then": {"status": 404}}],
    }
    request = {
        "feature": "notes",
        "description": "Notes.",
        "requirements": requirements,
    }

    done = petsage("explain", "-", content=json.dumps(request).encode())

    assert done.returncode == 2
    assert b"'GET /nots/x' is no request of this feature" in done.stderr
    assert b"GET /notes/{note_id}" in done.stderr


def test_check_names_what_is_not_as_its_payload_makes_it(backend: Path) -> None:
    petsage("build", SMOKE_TEST, "--into", backend)
    assert petsage("check", folder=backend).returncode == 0
    readme = backend / "app/features/smoke_test/README.md"
    readme.write_text("mine")

    done = petsage("check", backend)

    assert done.returncode == 3
    assert b"app/features/smoke_test/README.md: was edited" in done.stderr


def test_undo_takes_out_what_build_put_in(backend: Path) -> None:
    before = tree(backend)
    petsage("build", SMOKE_TEST, "--into", backend)

    done = petsage("undo", "smoke_test", "--into", backend)

    assert done.returncode == 0
    assert tree(backend) == before
    assert petsage("undo", "smoke_test", "--into", backend).returncode == 2


def test_undo_names_what_was_edited_and_what_depends_on_the_feature(
    backend: Path,
) -> None:
    petsage("build", SMOKE_TEST, "--into", backend)
    (backend / "app/features/smoke_test/models.py").write_text("# mine\n")
    (backend / "tests/test_mine.py").write_text(
        "from app.features.smoke_test import service\n"
    )
    before = tree(backend)

    done = petsage("undo", "smoke_test", "--into", backend)

    assert done.returncode == 4
    assert b"app/features/smoke_test/models.py: was edited" in done.stderr
    assert b"tests/test_mine.py: depends on smoke_test" in done.stderr
    assert tree(backend) == before


def test_the_schema_describes_the_seeds_payload() -> None:
    import jsonschema_rs  # noqa: PLC0415

    done = petsage("schema")

    schema = json.loads(done.stdout)
    jsonschema_rs.validate(schema, json.loads(SMOKE_TEST.read_bytes()))
    assert not jsonschema_rs.is_valid(schema, {"feature": "smoke_test"})


def test_two_builds_at_once_both_land(backend: Path) -> None:
    features = "log_heartbeat", "smoke_test"
    builds = [
        subprocess.Popen(
            [PETSAGE, "build", "-", "--into", backend, "--format", "json"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        )
        for _ in features
    ]
    outputs = [
        b.communicate(payload(f))[0] for b, f in zip(builds, features, strict=True)
    ]

    assert [json.loads(output)["status"] for output in outputs] == ["complete"] * 2
    assert petsage("check", backend).returncode == 0


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["build", "nowhere.json"], b"nowhere.json"),
        (["check", "nowhere"], b"holds no backend"),
        (["undo", "x", "--into", "nowhere"], b"holds no backend"),
        (["explain", "nowhere.json"], b"nowhere.json"),
    ],
)
def test_what_is_not_there_is_refused(
    tmp_path: Path, arguments: list[str], says: bytes
) -> None:
    done = petsage(*arguments, folder=tmp_path)

    assert done.returncode == 2
    assert says in done.stdout + done.stderr
    assert b"Traceback" not in done.stderr


def test_a_fault_of_ours_shows_no_traceback(tmp_path: Path) -> None:
    (tmp_path / "sitecustomize.py").write_text(
        "import petsage_builder.schema as s\ns.payload_schema = None\n"
    )

    done = petsage("schema", environment={"PYTHONPATH": str(tmp_path)})

    assert done.returncode == 1
    assert done.stderr.startswith(b"petsage: a fault of ours: ")
    assert b"Traceback" not in done.stderr
    Path(done.stderr.decode().split("details: ")[1].strip()).unlink()


def test_the_manual_has_examples_and_exit_statuses() -> None:
    text = petsage("--help").stdout.decode()

    for word in "petsage new backend", "Exit status", "listen", "undo", "explain":
        assert word in text
