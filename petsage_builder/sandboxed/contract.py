"""Send generated requests to some operations, and hold every answer against OpenAPI.

The argument is a file that holds `{"routes": [path], "requests": count, "rows": …,
"refusals": [text], "roles": [name]}`: `rows` and `roles` are for `stage.py`, `refusals`
are those that no schema can state. The answer is `{"operations": {label: cases},
"statuses": {label: [status]}, "unseen": {label: [status]}, "callers": [name],
"failures": [text]}`, in which `unseen` are documented.
"""

import copy
import json
import socket
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any, TypeAlias

import schemathesis
from hypothesis import HealthCheck, Phase, Verbosity, given, settings
from hypothesis.errors import Unsatisfiable
from schemathesis import Case, CheckContext, GenerationMode, Response
from schemathesis.core.failures import FailureGroup
from schemathesis.core.parameters import ParameterLocation
from schemathesis.core.result import Err
from schemathesis.schemas import APIOperation
from schemathesis.specs.openapi.checks import (
    ignored_auth,
    negative_data_rejection,
    positive_data_acceptance,
)

from petsage_builder.sandboxed.methods import wrong_methods
from petsage_builder.sandboxed.serving import serving
from petsage_builder.sandboxed.stage import Caller, Stage
from petsage_builder.sandboxed.storage import migrate

Operation: TypeAlias = APIOperation[Any, Any, Any, Any]

MOST, FEWEST = 50, 3
BEARER = {"type": "http", "scheme": "bearer"}


@dataclass
class Findings:
    """What the requests to all operations have shown."""

    operations: Counter[str] = field(default_factory=Counter)
    statuses: defaultdict[str, set[int]] = field(
        default_factory=lambda: defaultdict(set)
    )
    documented: dict[str, set[str]] = field(default_factory=dict)
    callers: dict[str, None] = field(default_factory=dict)
    failures: list[str] = field(default_factory=list)
    cases: dict[str, dict[str, Case[Any]]] = field(default_factory=dict)

    def as_json(self) -> str:
        """Return the answer of this program."""
        statuses = {label: sorted(seen) for label, seen in self.statuses.items()}
        return json.dumps(
            {
                "operations": self.operations,
                "statuses": statuses,
                "unseen": {
                    label: sorted(known - set(map(str, self.statuses[label])))
                    for label, known in self.documented.items()
                },
                "callers": list(self.callers),
                "failures": self.failures,
            }
        )


def main() -> None:
    """Check, and print what was seen."""
    work = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    app = import_module("app.main").app
    migrate()
    listener = socket.create_server(("127.0.0.1", 0))
    findings = Findings()
    with serving(app, listener):
        port = listener.getsockname()[1]
        stage = Stage(f"http://127.0.0.1:{port}", work["rows"], work["roles"])
        if fault := stage.set_up():
            findings.failures.append(fault)
        else:
            _check(_document(app), work, stage, findings)
    print(findings.as_json())


def _document(app: Any) -> dict[str, Any]:  # noqa: ANN401 - theirs
    """Return the OpenAPI document, in which tokens are plain bearer tokens.

    Schemathesis leaves these out to see whether it is told so. It does not do that with
    tokens of OAuth2.
    """
    document: dict[str, Any] = copy.deepcopy(app.openapi())
    schemes = document.get("components", {}).get("securitySchemes", {})
    for name, scheme in schemes.items():
        if scheme["type"] == "oauth2":
            schemes[name] = BEARER
    return document


def _check(
    document: dict[str, Any], work: dict[str, Any], stage: Stage, findings: Findings
) -> None:
    found = []
    for result in schemathesis.openapi.from_dict(document).get_all_operations():
        if isinstance(result, Err):
            findings.failures.append(str(result.err()))
        elif result.ok().path in work["routes"]:
            found.append(result.ok())
    share = work["requests"] // (len(GenerationMode) * len(found) or 1)
    for operation in found:
        findings.documented[operation.label] = set(
            operation.definition.raw["responses"]
        )
        _try(Trial(operation, stage, frozenset(work["refusals"]), findings), share)
    findings.failures.extend(wrong_methods(findings.cases, document, stage.url))


@dataclass
class Trial:
    """An operation, and what its answers are held against."""

    operation: Operation
    stage: Stage
    refusals: frozenset[str]
    findings: Findings
    # Callers without whose token a request was sent, too, that had been done with it.
    tokenless: set[str] = field(default_factory=set)

    @property
    def callers(self) -> tuple[Caller, ...]:
        """Return who is to try it, beginning with who may do most."""
        secured = self.operation.definition.raw.get("security")
        return self.stage.callers if secured else (self.stage.nobody,)

    def enter(self, caller: Caller) -> None:
        """Let somebody call."""
        self.stage.enter(caller)
        self.findings.callers.setdefault(caller.name)

    def send(self, case: Case[Any], caller: Caller) -> None:
        """Send a request. Raise an error if its answer is not as OpenAPI says."""
        self.findings.operations[self.operation.label] += 1
        known = self.findings.cases.setdefault(self.operation.path, {})
        known[self.operation.method.upper()] = case
        self.stage.aim(case)
        response = case.call(base_url=self.stage.url, headers=caller.headers)
        self.findings.statuses[self.operation.label].add(response.status_code)
        self.stage.mind(case.method, response.status_code)
        case.validate_response(
            response,
            headers=caller.headers,
            excluded_checks=[
                positive_data_acceptance,
                negative_data_rejection,
                *([ignored_auth] if caller.name in self.tokenless else []),
            ],
            additional_checks=[
                self._accepts_what_the_schema_allows,
                *([] if _has_own_headers(case, caller) else [negative_data_rejection]),
            ],
        )
        if _is_probed(case, response):
            self.tokenless.add(caller.name)

    def _accepts_what_the_schema_allows(
        self, context: CheckContext, response: Response, case: Case[Any]
    ) -> bool | None:
        unstated = import_module("app.core.models").UNSTATED
        if response.status_code == 422:  # noqa: PLR2004 - as RFC 9110 counts
            details = {part["detail"] for part in response.json()["errors"]}
            if all(d in self.refusals or unstated.fullmatch(d) for d in details):
                return None
        return positive_data_acceptance(context, response, case)

    @contextmanager
    def noting(self, caller: Caller) -> Iterator[None]:
        """Note what is wrong with an answer."""
        try:
            yield
        except (Exception, FailureGroup) as error:  # noqa: BLE001 - it is the finding
            failure = f"{self.operation.label}, {caller.name}: {error}"
            self.findings.failures.append(failure)


def _try(trial: Trial, share: int) -> None:
    """Let everybody try an operation; `share` requests of each sort are there to send.

    Who calls matters only if it is looked at. The first caller may do most, and has
    half of the requests; the others send some of the same, beginning at other ones.
    What is wrong with a request is so whoever sends it, and so of the others only
    nobody sends wrong ones too.
    """
    first, *others = trial.callers
    turns = [
        (caller, mode)
        for caller in others
        for mode in GenerationMode
        if mode is GenerationMode.POSITIVE or caller is trial.stage.nobody
    ]
    own = share // 2 if turns else share
    trial.enter(first)
    made = {
        mode: _generate(trial, mode, min(MOST, max(FEWEST, own)), first)
        for mode in GenerationMode
    }
    for number, (caller, mode) in enumerate(turns):
        rest = len(GenerationMode) * (share - own) // len(turns)
        trial.enter(caller)
        with trial.noting(caller):
            for case in _some(made[mode], min(MOST, max(FEWEST, rest)), number):
                trial.send(case, caller)


def _generate(
    trial: Trial, mode: GenerationMode, examples: int, caller: Caller
) -> list[Case[Any]]:
    """Send so many requests that are made up, and return them."""
    made = []

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        verbosity=Verbosity.quiet,
    )
    @given(case=trial.operation.as_strategy(generation_mode=mode))
    def check(case: Case[Any]) -> None:
        made.append(case)
        trial.send(case, caller)

    # Of some operations, nothing can be sent wrongly.
    with trial.noting(caller), suppress(Unsatisfiable):
        check()
    return made


def _some(made: Sequence[Case[Any]], count: int, number: int) -> Iterator[Case[Any]]:
    """Give so many requests from all over those that were made, from a place on."""
    step = max(1, len(made) // count)
    for place in range(min(count, len(made))):
        yield made[(number + place * step) % len(made)]


def _is_probed(case: Case[Any], response: Response) -> bool:
    """Say whether `ignored_auth` has sent a request again without its token."""
    in_place = not (case.meta and case.meta.is_negative_at(ParameterLocation.PATH))
    return in_place and response.status_code < 300  # noqa: PLR2004 - as RFC 9110 counts


def _has_own_headers(case: Case[Any], caller: Caller) -> bool:
    """Say whether a header was to be wrong that is the caller's own instead.

    What else is wrong may not be so on its way: a list of one is a value in a query.
    """
    known = case.meta.components if case.meta else {}
    header = known.get(ParameterLocation.HEADER)
    return bool(caller.headers and header and header.mode.is_negative)


main()
