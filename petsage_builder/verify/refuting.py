"""Tests of a feature that fail though every answer is as the request says.

The tests of a feature are planned from the request, and so is its code: where they
differ, either can be wrong. So tests that failed run once more, and each answer that
they get is held against a second reading of the request (`petsage_builder.reference`).
A test is refuted if that agrees with the service throughout. If it does not in any of
the tests that failed, or says nothing of a request in one, none of them is.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any

from petsage_builder.artifacts import Artifacts
from petsage_builder.evidence import Ran
from petsage_builder.plan import ProbePlan
from petsage_builder.verify.commands import WARM, load, tail, tool
from petsage_builder.verify.sandbox import Sandbox

TOLD = "refereed.json"
REFEREED = ("-p", "petsage_builder.sandboxed.refereed")
MOST = 100  # tests that fail; beyond that, something else is wrong
SHOWN = 5
# What a payload tells is never left out.
TOLD_BY_PAYLOAD = "SCENARIOS"
# Tests that look at more than answers. They are refuted only if they did not get that
# far: if the last request was refused, as it has to be. Where such a test wants just
# that (`QUOTAS`), the reference, which knows nothing of what it has patched, disagrees.
FURTHER = frozenset(
    {
        "APART",
        "EMBEDDED",
        "ENDLESS",
        "EVENTS",
        "GONE",
        "ISSUED",
        "LEFT",
        "MANY",
        "OVERTAKEN",
        "PARTED",
        "QUOTAS",
        "SEEDED",
        "SHOWN",
        "SORTED",
    }
)


def second_reading(
    sandbox: Sandbox,
    artifacts: Artifacts,
    failed: Sequence[Ran],
    passed: Collection[Ran],
) -> tuple[tuple[Ran, ...], str]:
    """Return the tests that are refuted, of those that failed, and what is to be said.

    None of them is, unless all are. None is that has `passed` on another database.
    """
    if isinstance(artifacts.plan, ProbePlan) or not 0 < len(failed) <= MOST:
        return (), ""
    elsewhere = {(test.home, test.fact) for test in passed}
    if halves := [test for test in failed if (test.home, test.fact) in elsewhere]:
        return (), f"on one database alone: {halves[0].test}"
    options = (
        "-q",
        "-W",
        "error",
        *WARM,
        "-p",
        "no:cacheprovider",
        "-p",
        "no:randomly",
        *REFEREED,
    )
    run = tool("python", "-m", "pytest", *options, *(test.test for test in failed))
    file = sandbox.work / TOLD
    done = run.run(sandbox, PETSAGE_REFEREED=str(file))
    told = load(file.read_text("utf-8")) if file.is_file() else None
    if not isinstance(told, dict):
        return (), f"they could not be read a second time:\n{tail(done)}"
    reasons = [reason for test in failed for reason in upheld(test, told)]
    if not reasons:
        return tuple(failed), ""
    more = f" (and {len(reasons) - SHOWN} more)" if len(reasons) > SHOWN else ""
    said = "\n".join(dict.fromkeys(reasons[:SHOWN]))
    return (), f"a second reading of the request says{more}:\n{said}"


def upheld(test: Ran, told: Mapping[str, Any]) -> Iterator[str]:
    """Give why a test that failed may be right."""
    table = test.fact.partition(" ")[0]
    found = told.get(_key(test))
    if found is None or not found["requests"]:
        yield f"nothing of {test.test}"
        return
    if not found["failed"]:
        yield f"that {test.test} passes when it runs again"
        return
    if found["wrong"]:
        yield str(found["wrong"][0])
        return
    if found["unsaid"]:
        yield f"nothing of {found['unsaid'][0]}"
    elif table == TOLD_BY_PAYLOAD:
        yield f"what the scenario does not: see {test.test}"
    elif not table or (table in FURTHER and not found["refused"]):
        yield f"that all is answered rightly in {test.test}, which looks at more"


def _key(test: Ran) -> str:
    """Return the name of a test as a JUnit report has it."""
    path, _, name = test.test.partition("::")
    module = path.removesuffix(".py").replace("/", ".")
    home, _, rest = name.partition("::")
    return f"{module}.{home}::{rest}"
