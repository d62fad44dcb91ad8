"""Tests that no broken artifact is delivered, and that the right check says why."""

from dataclasses import dataclass, replace

import pytest

from petsage_builder.artifacts import Artifacts
from petsage_builder.blueprint.backend import MAIN
from petsage_builder.deliver import UnprovenError, deliver
from petsage_builder.evidence import OPTIONAL, REQUIRED, Check, Evidence
from petsage_builder.verify import Probe, verify
from petsage_builder.verify.behaviour import check_contract, check_served
from petsage_builder.verify.history import check_migrations
from petsage_builder.verify.sensitivity import check_sensitivity
from petsage_builder.verify.static import check_imports, check_style, check_types
from petsage_builder.verify.tested import check_tests
from tests.builder.conftest import tree

PROBES: dict[str, Probe] = {
    "format": check_style,
    "lint": check_style,
    "types": check_types,
    "imports": check_imports,
    "migrations": check_migrations,
    "tests": check_tests,
    "regression": check_tests,
    "mutants": check_sensitivity,
    "served": check_served,
    "compatibility": check_served,
    "contract": check_contract,
}
PACKAGE = "app/features/smoke_test"
SERVICE, ROUTER = f"{PACKAGE}/service.py", f"{PACKAGE}/router.py"
MODELS, README = f"{PACKAGE}/models.py", f"{PACKAGE}/README.md"
TESTS = "tests/test_smoke_test.py"


@dataclass(frozen=True)
class Defect:
    """A text of one artifact replaced by another, and what must come of it."""

    path: str
    old: str
    new: str
    check: str
    says: str


DEFECTS = {
    "syntax": Defect(SERVICE, "async def", "async de", "lint", "invalid-syntax"),
    "format": Defect(SERVICE, 'status="ok"', 'status= "ok"', "format", "service.py"),
    "unused import": Defect(
        SERVICE, "import logging", "import logging\nimport os", "lint", "F401"
    ),
    "missing docstring": Defect(MODELS, '"""What the', "# What the", "lint", "D100"),
    "type": Defect(SERVICE, 'status="ok"', "status=200", "types", "invalid-argument"),
    "import that the contracts forbid": Defect(
        SERVICE,
        "from app.core.logging",
        "import fastapi  # noqa: F401\n\nfrom app.core.logging",
        "imports",
        "Only routers and dependencies speak HTTP",
    ),
    "wrong status": Defect(
        ROUTER, '"/",\n', '"/",\n    status_code=201,\n', "tests", "answers"
    ),
    "wrong status, as the README sees it": Defect(
        ROUTER, '"/",\n', '"/",\n    status_code=201,\n', "served", "answers 201"
    ),
    "missing log line": Defect(
        SERVICE, "logger.info(", "str(", "tests", "test_logs_exactly_one_info_line"
    ),
    "missing log line, as the log shows": Defect(
        SERVICE, "logger.info(", "str(", "served", "INFO:app.features.smoke_test"
    ),
    "wrong level": Defect(
        SERVICE, "logger.info(", "logger.warning(", "tests", "one_info_line"
    ),
    "nobody confirms": Defect(
        SERVICE,
        "async with confirmed_delivery():",
        "if confirmed_delivery:",
        "tests",
        "a_sink_that_does_not_confirm_is_named",
    ),
    "another feature is broken": Defect(
        MAIN, '@app.get("/"', '@app.get("/welcome"', "regression", "failed"
    ),
    "an operation is gone": Defect(
        MAIN, '@app.get("/"', '@app.get("/welcome"', "compatibility", "GET /: is gone"
    ),
    "an operation has changed": Defect(
        MAIN,
        "def read_root",
        "def read_base",
        "compatibility",
        "GET /: operationId read_root__get -> read_base__get",
    ),
    "undocumented answer": Defect(
        ROUTER,
        "    return await",
        "    if service:\n        raise HTTPException(418)\n    return await",
        "contract",
        "418",
    ),
    "the router is not included": Defect(
        MAIN, "app.include_router(smoke_test_router)\n", "", "contract", "no operation"
    ),
    "no test": Defect(TESTS, "def test_", "def check_", "tests", "no test ran"),
    "tests that assert nothing": Defect(
        TESTS,
        "    assert ",
        "    _ = ",
        "mutants",
        "do not notice, service.py line 19: another status",
    ),
    "skipped test": Defect(
        TESTS,
        "def test_openapi",
        '@pytest.mark.skip(reason="later")\ndef test_openapi',
        "tests",
        "skipped, and so proves nothing",
    ),
    "warning": Defect(
        SERVICE,
        "import logging\n",
        "import logging\nimport warnings\n\nwarnings.warn('x')\n",
        "tests",
        "UserWarning",
    ),
    "README that is not so": Defect(
        README, '"status": "ok"', '"status": "fine"', "served", "not 200 as the README"
    ),
    "README with a status that nothing answers": Defect(
        README, "(503 Service Unavailable)", "(418 Teapot)", "served", "answers 418"
    ),
    "README without example": Defect(
        README, "```bash", "```text", "served", "the README has no example"
    ),
    "log line that is not so": Defect(
        README, "Logging verified.", "Logging works.", "served", "does not show"
    ),
    "crash at import": Defect(
        SERVICE,
        "logger = logging",
        "raise SystemExit(7)\nlogger = logging",
        "served",
        "exit status 7",
    ),
}


def planted(good: Artifacts, defect: Defect) -> Artifacts:
    """Return the artifacts with a defect in one of them."""
    text = good.files[defect.path].decode()
    assert defect.old in text
    broken = text.replace(defect.old, defect.new)
    if "HTTPException" in defect.new:
        broken = broken.replace("import APIRouter", "import APIRouter, HTTPException")
    content = broken.encode()
    if defect.path == MAIN:
        return replace(good, main=content)
    return replace(good, own={**good.own, defect.path: content})


@pytest.mark.parametrize("name", DEFECTS)
def test_a_defect_is_found_by_the_check_that_is_meant_for_it_and_not_delivered(
    good: Artifacts, name: str
) -> None:
    defect = DEFECTS[name]
    artifacts = planted(good, defect)
    before = tree(good.plan.backend.root)

    # The other checks would take their time, and this one has to be enough.
    found = verify(artifacts, lambda _: None, [PROBES[defect.check]])

    failures = {check.check: check.detail for check in found.failures}
    assert defect.says in failures[defect.check]
    evidence = evidence_of(artifacts, **{defect.check: "failed"})
    with pytest.raises(UnprovenError):
        deliver(artifacts, evidence)
    assert tree(good.plan.backend.root) == before


def test_a_defect_is_found_and_not_delivered_by_the_whole_of_it(
    good: Artifacts,
) -> None:
    artifacts = planted(good, DEFECTS["missing log line"])

    evidence = verify(artifacts, lambda _: None)

    assert [check.check for check in evidence.checks] == list(REQUIRED)
    assert {check.check for check in evidence.failures} >= {"tests", "served"}
    with pytest.raises(UnprovenError):
        deliver(artifacts, evidence)


def evidence_of(artifacts: Artifacts, **outcomes: str) -> Evidence:
    checks = (
        Check(name, "", outcomes.get(name, "passed"), 0.1, "")  # type: ignore[arg-type]
        for name in REQUIRED
        if outcomes.get(name) != "missing"
    )
    return Evidence(artifacts.sha256, "", tuple(checks))


@pytest.mark.parametrize("name", REQUIRED)
@pytest.mark.parametrize("outcome", ["failed", "missing", "skipped"])
def test_evidence_with_a_gap_does_not_hold(
    good: Artifacts, name: str, outcome: str
) -> None:
    evidence = evidence_of(good, **{name: outcome})

    assert evidence.holds == (outcome == "skipped" and name in OPTIONAL)


def test_evidence_of_other_artifacts_delivers_nothing(good: Artifacts) -> None:
    other = replace(good, main=good.main + b"\n")

    with pytest.raises(UnprovenError):
        deliver(other, evidence_of(good))
