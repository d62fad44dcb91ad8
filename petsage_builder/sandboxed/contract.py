"""Send generated requests to the operations below a path, and check every answer.

The arguments are the path prefix and the number of requests for each operation and
mode. The answer is `{"operations": {label: cases}, "statuses": {label: [status]},
"failures": [text]}`.
"""

import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any, Literal, TypeAlias

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, GenerationMode
from schemathesis.core.result import Err
from schemathesis.schemas import APIOperation

from petsage_builder.sandboxed.storage import migrate

Method: TypeAlias = Literal["DELETE", "GET", "PATCH", "POST", "PUT"]
Operation: TypeAlias = APIOperation[Any, Any, Any, Any]

METHODS: tuple[Method, ...] = ("DELETE", "GET", "PATCH", "POST", "PUT")


@dataclass
class Findings:
    """What the requests to all operations have shown."""

    operations: Counter[str] = field(default_factory=Counter)
    statuses: defaultdict[str, set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    failures: list[str] = field(default_factory=list)
    cases: defaultdict[str, dict[str, Case[Any]]] = field(
        default_factory=lambda: defaultdict(dict)
    )

    def as_json(self) -> str:
        """Return the answer of this program."""
        statuses = {label: sorted(seen) for label, seen in self.statuses.items()}
        return json.dumps(
            {
                "operations": self.operations,
                "statuses": statuses,
                "failures": self.failures,
            }
        )


def main() -> None:
    """Check, and print what was seen."""
    prefix, examples = sys.argv[1], int(sys.argv[2])
    app = import_module("app.main").app
    migrate()
    schema = schemathesis.openapi.from_asgi("/openapi.json", app)
    findings = Findings()
    for result in schema.get_all_operations():
        if isinstance(result, Err):
            findings.failures.append(str(result.err()))
        elif result.ok().path.startswith(prefix):
            _check_answers(result.ok(), examples, findings)
    for path in findings.cases:
        findings.failures.extend(_wrong_methods(findings.cases[path]))
    print(findings.as_json())


def _check_answers(operation: Operation, examples: int, findings: Findings) -> None:
    for mode in GenerationMode:

        @settings(
            max_examples=examples,
            derandomize=True,
            deadline=None,
            database=None,
            phases=[Phase.explicit, Phase.generate],
            suppress_health_check=list(HealthCheck),
            verbosity=Verbosity.quiet,
        )
        @given(case=operation.as_strategy(generation_mode=mode))
        def check(case: Case[Any]) -> None:
            findings.operations[operation.label] += 1
            findings.cases[operation.path][operation.method.upper()] = case
            response = case.call()
            findings.statuses[operation.label].add(response.status_code)
            case.validate_response(response)

        try:
            check()
        except Unsatisfiable:
            continue  # nothing about this operation can be sent wrongly
        except Exception as error:  # noqa: BLE001 - whatever it is, it is the finding
            findings.failures.append(f"{operation.label}: {error}")


def _wrong_methods(cases: dict[str, Case[Any]]) -> Iterator[str]:
    """Give each undocumented method of a path that is not answered by a true 405."""
    case = next(iter(cases.values()))
    for method in METHODS:
        if method in cases:
            continue
        wrong = case.operation.Case(method=method, path_parameters=case.path_parameters)
        response = wrong.call()
        told = set(response.headers.get("allow", [""])[0].split(", "))
        if response.status_code != 405 or told != cases.keys():  # noqa: PLR2004
            yield (
                f"{method} {case.path}: answers {response.status_code} with Allow "
                f"{sorted(told)}, and not 405 with {sorted(cases)}"
            )


main()
