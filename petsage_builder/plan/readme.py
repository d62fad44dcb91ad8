"""The texts of a README: what a feature with data offers, in words."""

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from http import HTTPStatus

from petsage_builder.lazy import lazy
from petsage_builder.plan.access import ANYBODY, OWNER, SIGNED_IN
from petsage_builder.plan.answers import answer
from petsage_builder.plan.endpoints import Endpoint
from petsage_builder.plan.grants import grants_of
from petsage_builder.plan.limits import limits_of, type_of
from petsage_builder.plan.people import SECOND
from petsage_builder.plan.resources import ResourceView
from petsage_builder.plan.rules import Overlap
from petsage_builder.plan.shell import clocks, command
from petsage_builder.plan.steps import Step
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.views import FieldView
from petsage_builder.plan.walkthrough import Walkthrough
from petsage_builder.spec.fields import ComputedField
from petsage_builder.spec.resources import Check, Frozen, NoOverlap
from petsage_builder.wording import joined, label, sentence

ITEM = "{"
EVERYBODY = {ANYBODY, SIGNED_IN, OWNER}


@dataclass(frozen=True, slots=True)
class Example:
    """A command, and what is shown of its answer."""

    title: str
    status: str
    command: str
    answer: str


@dataclass(frozen=True)
class ResourceSection:
    """What the README says of one resource."""

    view: ResourceView

    @property
    def endpoints(self) -> Iterator[tuple[str, str, str]]:
        """Give each endpoint, who may call it, and what it answers."""
        for one in self.view.endpoints:
            operation = {"nested": "list"}.get(one.operation, one.operation)
            who = self.view.people(operation.removesuffix("_own"))
            yield f"{one.method.upper()} {one.path}", who, self._answers(one)

    def _answers(self, one: Endpoint) -> str:
        found = [self._done(one)]
        if ITEM in one.path or self.view.may_miss(one):
            found.append("404")
        if reasons := list(self._conflicts(one)):
            found.append(f"409 {' or '.join(reasons)}")
        return "; ".join(found)

    def _done(self, one: Endpoint) -> str:
        """Return how an operation is answered when it is done, and what that means."""
        operation = one.operation.removesuffix("_own")
        if operation in {"list", "nested"}:
            is_part = self.view.listing_way.visible != "true()"
            return "200, with those that the caller may see" if is_part else "200"
        if operation == "delete":
            gone = self.view.gone_along
            return f"204; its {gone} go with it" if gone else "204"
        return "201" if operation == "create" else "200"

    def _conflicts(self, one: Endpoint) -> Iterator[str]:
        """Give when a request is at odds with what is stored."""
        resource = self.view.subject.resource
        operation = one.operation.removesuffix("_own")
        moves = resource.states.transitions if resource.states else {}
        if operation in {"create", "update", "replace"} and self.unique:
            yield "if another has it already"
        if operation == "create" and any(self.view.creation.limits):
            yield "if there are too many"
        if operation in moves:
            source = joined(list(map(label, moves[operation].from_)), "or")
            yield f"unless it is {source}"
            if needs := moves[operation].requires:
                yield f"if it has no {joined(list(map(label, needs)), 'or')}"
        rules = [r for r in resource.rules if isinstance(r, Frozen)]
        if any(operation in rule.frozen for rule in rules):
            yield "if it is frozen"
        if any(self._overlaps(operation, o) for o in self.view.rules.overlaps()):
            yield "if it overlaps"

    def _overlaps(self, operation: str, overlap: Overlap) -> bool:
        """Say whether an operation can make a row lie in time with another one."""
        moves = [move for move in self.view.moves if move.action == operation]
        if moves or operation in {"create", "update", "replace"}:
            return self.view.overlaps_in(overlap, operation, *moves)
        return False

    @property
    def unique(self) -> list[str]:
        """Return what is said of rows that must not be alike."""
        return [c.conflict for c in self.view.constraints if c.is_unique]

    @property
    def fields(self) -> Iterator[tuple[str, str, str, str]]:
        """Give each field: its name, its type, whether it is sent, its limits."""
        for parent in self.view.parents:
            sent = "optional" if parent.link.optional else "required"
            yield parent.column, "UUID", sent, f"the {parent.label} that it belongs to"
        for one in self.view.fields:
            yield (
                one.name,
                type_of(one.spec),
                _sent(one),
                "; ".join(limits_of(one.spec)),
            )
        for link in self.view.links:
            yield link.ids, "list of UUIDs", "optional", f"its {link.label}"
        for computed in self.view.rules.computed():
            spec = self.view.subject.resource.fields[computed.name]
            said = f"is {spec.value}" if isinstance(spec, ComputedField) else ""
            yield computed.name, computed.type, "never", said

    @property
    def questions(self) -> Iterator[str]:
        """Give what its lists can be asked for."""
        if not self.view.has("list"):
            return
        listing = self.view.listing
        if names := self.view.filters:
            yield f"Filters: {_codes(names)}{self._operators()}."
        if listing.search:
            words = joined(list(map(label, listing.search)), "or")
            yield f"`search` looks for a part of the {words}."
        keys = joined([f"`{key}`" for key in self.view.sorts[::2]], "or")
        yield (
            f"`sort` is {keys}, with a `-` for the other direction; "
            f"`{listing.default_sort}` if it is not said."
        )
        more = ", and `total`, how many there are in all" * listing.total
        yield (
            "A page has `limit` rows, 1 to 100, and 20 if it is not said. The answer "
            f"holds `items`, and `next`{more}: ask again with `cursor` for the rest."
        )

    def _operators(self) -> str:
        named = [
            p.partition(":")[0] for one in self.view.filtered for p in one.query_lines
        ]
        names = [name for name in named if name not in self.view.filters]
        return (
            f"; for the same with another comparison, {_codes(names)}" if names else ""
        )

    @property
    def states(self) -> Iterator[tuple[str, str, str, str]]:
        """Give each action: from where, to where, by whom, with what it needs."""
        states = self.view.subject.resource.states
        for action, move in states.transitions.items() if states else ():
            needs = [_codes(move.requires)] if move.requires else []
            needs += [f"`{move.when}`"] if move.when else []
            source = joined([label(state) for state in move.from_], "or")
            yield action, source, label(move.to), joined(needs)

    @property
    def rules(self) -> Iterator[str]:
        """Give what is always true of its rows, as the API says it."""
        resource = self.view.subject.resource
        for rule in resource.rules:
            is_once = isinstance(rule, Check) and not rule.lasts
            when = ", at creation alone" if is_once else ""
            yield f"{sentence(rule.message)} ({_status(rule)}{when})"
        yield from (f"{text} (409)" for text in self.unique)
        for move in self.view.moves:
            yield from (f"{refusal.said} (409)" for refusal in move.refusals)
        for limit in self.view.creation.limits:
            yield f"{limit.said.format(limit.number)} (409)"


@dataclass(frozen=True)
class Readme:
    """What the README of a feature says."""

    package: str
    views: Sequence[ResourceView]
    testing: Testing

    @property
    def sections(self) -> list[ResourceSection]:
        """Return what it says of each resource."""
        return [ResourceSection(view) for view in self.views]

    @lazy
    def walkthrough(self) -> Walkthrough:
        """Return the way through the feature that its examples go."""
        kinds = self.testing.all
        closed = frozenset(
            t.view.name for t in kinds if t.cast.maker == SECOND or t.view.is_for_others
        )
        return Walkthrough(self.views, self.testing.solutions, closed)

    @property
    def clocks(self) -> list[str]:
        """Return the functions that the examples need."""
        return list(clocks(self.walkthrough.steps))

    @lazy
    def needed(self) -> frozenset[str]:
        """Return the roles that the examples need, beyond what each user has."""
        steps = self.walkthrough.steps
        return frozenset(role for step in steps for role in _needed(step))

    @property
    def roles(self) -> list[str]:
        """Return those among them that an admin has to give."""
        return sorted(self.needed - {"admin"})

    @property
    def examples(self) -> Iterator[Example]:
        """Give the examples, in the order in which they can be tried."""
        for step in self.walkthrough.steps:
            status = f"{step.status.value} {_phrase(step)}"
            yield Example(step.title, status, command(step), _answer(step))

    @property
    def log_lines(self) -> list[str]:
        """Return what the log shows after the examples."""
        logger = f"INFO:{self.package.replace('/', '.')}.service"
        return [f"{logger}:{event}" for event in self._logged()]

    def _logged(self) -> list[str]:
        own = {view.name for view in self.views}
        steps = [step for step in self.walkthrough.steps if step.view.name in own]
        said = (_event(step) for step in steps if not step.broken)
        return list(dict.fromkeys(filter(None, said)))

    @property
    def other_events(self) -> list[str]:
        """Return the events that the examples do not make."""
        known = self._logged()
        events = (
            event
            for view in self.views
            for one in view.endpoints
            if (event := _event_of(view, one.operation))
        )
        return [event for event in dict.fromkeys(events) if event not in known]


def _needed(step: Step) -> Iterator[str]:
    """Give the roles that a step needs; one of them would do, but all do no harm."""
    operation = step.endpoint.operation.removesuffix("_own")
    grants = grants_of(step.view.subject.resource, operation)
    people = {grant.who for grant in grants if grant.when is None}
    if not people & EVERYBODY:
        yield from people
    for one in step.view.guarded:
        if one.name in (step.body or {}) and OWNER not in (one.spec.write or ()):
            yield from one.spec.write or ()


def _event(step: Step) -> str:
    return _event_of(step.view, step.endpoint.operation)


def _event_of(view: ResourceView, operation: str) -> str:
    """Return what the log calls an operation that changes something."""
    verbs = {
        "create": "created",
        "update": "updated",
        "replace": "replaced",
        "delete": "deleted",
        **{move.action: move.event for move in view.moves},
    }
    verb = verbs.get(operation.removesuffix("_own"))
    return f"{view.name}.{verb}" if verb else ""


def _answer(step: Step) -> str:
    if step.broken:
        return step.broken
    if step.endpoint.operation != "create":
        return ""
    return json.dumps(answer(step), indent=2, ensure_ascii=False)


def _phrase(step: Step) -> str:
    """Return how RFC 9110 calls a status; Python changed its mind about 422."""
    return (
        "Unprocessable Content"
        if step.status == HTTPStatus.UNPROCESSABLE_ENTITY
        else step.status.phrase
    )


def _sent(one: FieldView) -> str:
    if one.spec.read_only:
        return "never"
    if one.spec.write is not None:
        return f"by {joined([label(who) for who in one.spec.write], 'or')}"
    has_value = one.default or one.is_dynamic
    return "optional" if one.spec.optional or has_value else "required"


def _status(rule: Check | Frozen | NoOverlap) -> HTTPStatus:
    broken = isinstance(rule, Check)
    return HTTPStatus.UNPROCESSABLE_ENTITY if broken else HTTPStatus.CONFLICT


def _codes(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)
