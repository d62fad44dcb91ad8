"""Tests of the rules for a feature in a backend."""

from collections.abc import Callable
from pathlib import Path

import pytest

from petsage_builder.align import RULES, align
from petsage_builder.blueprint.backend import read_backend
from petsage_builder.errors import ConflictError, Problem, RefusedError
from petsage_builder.plan import Plan, ProbePlan
from petsage_builder.spec import Probe

Edit = Callable[[Path], object]


def aligned(root: Path, feature: str) -> Plan:
    """Align a probe with the backend at `root`."""
    return align(Probe(feature, "verify logs", "logs"), read_backend(root))


def problems(root: Path, feature: str) -> list[Problem]:
    """Return what the rules find."""
    with pytest.raises(RefusedError) as refused:
        aligned(root, feature)
    return list(refused.value.problems)


@pytest.mark.parametrize("feature", ["a", "a1", "log_heartbeat", "a" * 40, "x_1_y2"])
def test_a_legal_name_is_spelled_in_every_place(skeleton: Path, feature: str) -> None:
    plan = aligned(skeleton, feature)

    assert isinstance(plan, ProbePlan)
    assert plan.files[0] == f"app/features/{feature}/__init__.py"
    assert plan.files[-1] == f"tests/test_{feature}.py"
    assert plan.routes == (f"/{feature.replace('_', '-')}/",)
    assert feature in plan.main


@pytest.mark.parametrize(
    ("feature", "rule", "nearest"),
    [
        ("SmokeTest", "name-is-identifier", "smoketest"),
        ("smoke-test", "name-is-identifier", "smoke_test"),
        ("../../etc/passwd", "name-is-identifier", "etc_passwd"),
        ("ünïcödé", "name-is-identifier", "n_c_d"),
        ("1st", "name-is-identifier", ""),
        ("smoke__test", "name-is-identifier", "smoke_test"),
        ("a" * 41, "name-is-identifier", ""),
        ("class", "name-is-not-reserved", "class_probe"),
        ("match", "name-is-not-reserved", "match_probe"),
        ("print", "name-is-not-reserved", "print_probe"),
        ("json", "name-is-not-reserved", "json_probe"),
        ("core", "name-is-not-reserved", "core_probe"),
        ("health", "name-is-free", ""),
        ("docs", "name-is-not-reserved", "docs_probe"),
        ("livez", "name-is-not-reserved", "livez_probe"),
    ],
)
def test_a_name_that_breaks_a_rule_is_refused_by_its_id(
    skeleton: Path, feature: str, rule: str, nearest: str
) -> None:
    found = problems(skeleton, feature)

    assert (found[0].where, found[0].rule) == ("feature", rule)
    assert found[0].accepted
    assert found[0].nearest == nearest


def write(path: str, text: str) -> Edit:
    """Return an edit that writes a file."""

    def edit(root: Path) -> None:
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)

    return edit


def append(path: str, text: str) -> Edit:
    """Return an edit that adds to a file."""
    return lambda root: (root / path).write_text((root / path).read_text() + text)


ROUTE = "\n\n@app.get('{}')\ndef mine(): ...\n"
HEALTH = "app/core/health.py"


@pytest.mark.parametrize(
    ("edit", "rule", "says"),
    [
        (
            append("app/main.py", ROUTE.format("/x-y/")),
            "route-is-free",
            "/x-y/ of app/m",
        ),
        (
            append("app/main.py", ROUTE.format("/x-y")),
            "route-is-free",
            "clash with /x-y",
        ),
        (append("app/main.py", ROUTE.format("/{any}")), "route-is-free", "/{any}"),
        (
            append("app/main.py", ROUTE.format("/{p:path}")),
            "route-is-free",
            "/{p:path}",
        ),
        (
            append("app/main.py", "\n\n@app.get(path='/x-y/')\ndef mine(): ...\n"),
            "route-is-free",
            "/x-y/ of app/main.py",
        ),
        (
            append("app/main.py", "\n\napp.add_api_route('/x-y/', read_root)\n"),
            "route-is-free",
            "/x-y/ of app/main.py",
        ),
        (
            append("app/main.py", "\n\napp.mount('/x-y', other)\n"),
            "route-is-free",
            "/x-y of app/main.py",
        ),
        (write("app/features/x_y.py", ""), "name-is-free", "written by hand"),
        (write("app/features/x_y/mine.py", ""), "name-is-free", "written by hand"),
        (write("tests/test_x_y.py", ""), "name-is-free", "belongs to another part"),
        (write("app/main.py", "def ("), "main-can-be-edited", "cannot be edited"),
        (write("app/main.py", "x = 1\n"), "main-can-be-edited", "cannot be edited"),
        (
            lambda root: (root / "app/main.py").write_bytes(b"# \xff\n"),
            "main-can-be-edited",
            "not UTF-8",
        ),
        (lambda root: (root / HEALTH).unlink(), None, ""),
        (
            lambda root: (root / "app/core/logging.py").unlink(),
            "backend-conforms",
            "is missing",
        ),
        (
            lambda root: (root / "app/link.py").symlink_to("/etc/passwd"),
            "backend-conforms",
            "is a symbolic link",
        ),
        (write(".petsage/x.json", "{"), "backend-conforms", "is no manifest"),
        (write(".petsage/x.json", "[]"), "backend-conforms", "is no manifest"),
        (write(".petsage/x.json", '{"feature": 1}'), "backend-conforms", "no manifest"),
    ],
)
def test_a_backend_with_no_place_for_the_feature_is_refused(
    backend: Path, edit: Edit, rule: str | None, says: str
) -> None:
    edit(backend)

    if rule is None:
        assert aligned(backend, "x_y")
    else:
        found = {problem.rule: str(problem) for problem in problems(backend, "x_y")}
        assert says in found[rule]


def test_everything_is_said_at_once(backend: Path) -> None:
    (backend / "app/core/config.py").unlink()
    (backend / "app/main.py").write_text("def (")

    rules = [problem.rule for problem in problems(backend, "Class")]

    assert rules == ["name-is-identifier", "main-can-be-edited", "backend-conforms"]


def test_every_rule_has_an_id_of_its_own() -> None:
    assert len({rule.id for rule in RULES}) == len(RULES) == 6


def test_nothing_of_the_backend_is_imported(backend: Path) -> None:
    (backend / "app/mine.py").write_text("raise SystemExit('imported')\n")

    assert aligned(backend, "x_y")


def test_a_feature_whose_file_is_gone_is_in_conflict(
    proven: tuple[Path, object, object], tmp_path: Path
) -> None:
    import shutil  # noqa: PLC0415

    copy = Path(shutil.copytree(proven[0], tmp_path / "copy"))
    (copy / "app/features/smoke_test/README.md").unlink()

    with pytest.raises(ConflictError, match=r"smoke_test/README.md: was edited"):
        aligned(copy, "smoke_test")
