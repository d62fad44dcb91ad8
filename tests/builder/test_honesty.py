"""Tests that no check says more than it has seen."""

from pathlib import Path

import pytest

from petsage_builder.evidence import Check
from petsage_builder.status import Announcement, Report
from tests.builder.conftest import build_into, payload


def checks(backend: Path) -> dict[str, Check]:
    """Build a probe, and return its checks by name."""
    build = build_into(backend, payload("a_probe"), dry_run=True)
    assert build.evidence is not None, build.problems
    return {check.check: check for check in build.evidence.checks}


def test_tests_that_are_skipped_are_not_counted_as_passed(backend: Path) -> None:
    (backend / "tests/test_health.py").unlink()
    (backend / "tests/test_mine.py").write_text(
        '"""Tests."""\n\nimport pytest\n\n\n'
        '@pytest.mark.skip(reason="later")\ndef test_mine() -> None:\n    assert True\n'
    )

    heard: list[Announcement] = []
    build = build_into(backend, payload("a_probe"), heard.append, dry_run=True)

    assert build.evidence is not None
    (regression,) = (c for c in build.evidence.checks if c.check == "regression")
    assert regression.outcome == "skipped"
    assert regression.detail == "no other test passes: 1 skipped"
    (report,) = (str(told) for told in heard if isinstance(told, Report))
    assert "but for what had nothing to look at: migrations, regression." in report


def test_an_end_that_no_test_explains_fails(backend: Path) -> None:
    conftest = backend / "tests/conftest.py"
    conftest.write_text(
        conftest.read_text()
        + "\n\n@pytest.hookimpl(trylast=True)\n"
        + "def pytest_sessionfinish(session: pytest.Session) -> None:\n"
        + '    """Fail, as a threshold of coverage does."""\n'
        + "    session.exitstatus = 1\n"
    )

    found = checks(backend)

    assert "pytest ended with status 1" in found["tests"].detail
    assert "pytest ended with status 1" in found["regression"].detail


@pytest.mark.parametrize("hidden", ["", ", include_in_schema=False"])
def test_a_route_that_would_be_shadowed_is_seen_when_the_app_runs(
    backend: Path, hidden: str
) -> None:
    main = backend / "app/main.py"
    main.write_text(
        main.read_text().replace(
            "install(app, settings)\n",
            'PATH = "/a-probe/"\ninstall(app, settings)\n',
        )
        + f"\n\n@app.get(PATH{hidden})\nasync def mine() -> str:\n"
        + '    """Say that this was here."""\n    return "mine"\n'
    )

    compatibility = checks(backend)["compatibility"]

    assert compatibility.outcome == "failed"
    assert "/a-probe/ answers GET /a-probe/ already" in compatibility.detail


def test_settings_that_the_tools_do_not_understand_are_refused(backend: Path) -> None:
    pyproject = backend / "pyproject.toml"
    pyproject.write_text(pyproject.read_text() + "\n[tool.ruff.nonsense]\nx = 1\n")

    build = build_into(backend, payload("a_probe"))

    assert build.status == "refused"
    assert build.problems[0].where == "pyproject.toml"
    assert "nonsense" in build.problems[0].what


def test_settings_beside_pyproject_count(backend: Path) -> None:
    (backend / "ruff.toml").write_text('line-length = 40\nlint.select = ["E"]\n')

    assert checks(backend)["format"].outcome == "failed"
