"""One payload's way through the pipeline, as it is recorded."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from petsage_builder.allowances import NOTHING, Allowances
from petsage_builder.artifacts import Artifacts
from petsage_builder.decode import Request
from petsage_builder.deliver import Delivery
from petsage_builder.errors import Problem
from petsage_builder.evidence import Evidence
from petsage_builder.plan import Found, LeftOut, Plan, ResourcesPlan
from petsage_builder.receive import Payload
from petsage_builder.spec import Spec
from petsage_builder.traceability import Traced

Outcome: TypeAlias = Literal["complete", "unchanged", "refused", "failed", "conflict"]


@dataclass(slots=True)
class Build:
    """What each stage returned, as far as the build got."""

    dry_run: bool = False
    afresh: bool = False
    allowances: Allowances = NOTHING
    status: Outcome = "refused"
    payload: Payload | None = None
    request: Request | None = None
    spec: Spec | None = None
    plan: Plan | None = None
    artifacts: Artifacts | None = None
    evidence: Evidence | None = None
    traced: tuple[Traced, ...] = ()
    delivery: Delivery | None = None
    problems: tuple[Problem, ...] = ()
    seconds: dict[str, float] = field(default_factory=dict)

    @property
    def left_out(self) -> list[LeftOut]:
        """Return the tests that the feature does without, by what they state."""
        return [*self.plan.unstated] if isinstance(self.plan, ResourcesPlan) else []

    @property
    def found(self) -> list[Found]:
        """Return the requests that have become tests since they tell broken code."""
        plan = self.plan
        return [*plan.told_apart] if isinstance(plan, ResourcesPlan) else []

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Measure one stage."""
        started = time.perf_counter()
        try:
            yield
        finally:
            self.seconds[name] = time.perf_counter() - started
