"""Say a spec again in sentences, so that a reader can see what was understood."""

import json
from collections.abc import Iterator, Mapping, Sequence

from petsage_builder.analyze.vocabulary import states_of
from petsage_builder.decode import JsonValue
from petsage_builder.spec.fields import AnyField, ComputedField, FieldSpec
from petsage_builder.spec.resources import (
    Check,
    Frozen,
    Given,
    Grant,
    Listing,
    NoOverlap,
    Requirements,
    Resource,
    Rule,
    Scenario,
)

VERBS = {"list": "list", "get": "see"}
SHOWN_BY_TYPE = {"type", "description", "example", "values", "items"}


def sentences(requirements: Requirements) -> Iterator[str]:
    """Give the sentences, resource by resource, then those of the scenarios."""
    for name, resource in requirements.resources.items():
        yield from _resource(name, resource)
    yield from map(_scenario, requirements.scenarios)


def _resource(name: str, resource: Resource) -> Iterator[str]:
    a = _a(name)
    if resource.owned_by:
        yield f"{a} belongs to a user{', one to each' * resource.one_per_user}."
    for role, parent in resource.belongs_to.items():
        target = _a(parent.to or role).lower()
        named = "" if (parent.to or role) == role else f", its {_label(role)}"
        maybe = " or to none" * parent.optional
        on_delete = {
            "cascade": "goes with it",
            "restrict": "keeps it from being deleted",
            "set_null": "outlives it",
        }[parent.on_delete]
        yield f"{a} belongs to {target}{named}{maybe}, and {on_delete}."
    for role, link in resource.many_to_many.items():
        yield f"{a} has many {_label(role)}, each {_a(link.to or role).lower()}."
    for field, spec in resource.fields.items():
        yield f"{a} has {_field(field, spec)}."
    if resource.embed:
        shown = _all([_label(role) for role in resource.embed])
        yield f"{a} is shown with its {shown}."
    for operation, grants in resource.access.items():
        yield f"{_people(grants)} can {VERBS.get(operation, operation)} {a.lower()}."
    yield from _states(name, resource)
    for rule in resource.rules:
        is_once = isinstance(rule, Check) and not rule.lasts
        row = f"A new {_label(name)}, and no other," if is_once else a
        yield f"{row} keeps the rule: {_rule(rule)}"
    if resource.listing:
        yield from _listing(a, resource.listing)
    yield from _limits(name, resource)
    if resource.seed:
        yield f"{len(resource.seed)} of them are there from the beginning."


def _states(name: str, resource: Resource) -> Iterator[str]:
    if resource.states is None:
        return
    first = resource.states.initial
    yield f"{_a(name)} is {_either(states_of(resource))}; {first} first."
    for action, move in resource.states.transitions.items():
        needs = f" that has {_all(move.requires)}" if move.requires else ""
        when = f" if {move.when}" if move.when else ""
        verb, row = _label(action), f"{_a(_either(move.from_))} {_label(name)}".lower()
        else_said = f" ({move.message})" if move.message else ""
        done = f"{move.to} then{else_said}."
        yield f"{_people(move.by)} can {verb} {row}{needs}{when}: {done}"


def _listing(a: str, listing: Listing) -> Iterator[str]:
    asked = {
        "filtered by": listing.filter,
        "sorted by": listing.sort,
        "searched for a part of its": listing.search,
    }
    for verb, names in asked.items():
        if names:
            yield f"{a} can be {verb} {_all([_label(name) for name in names])}."
    order = listing.default_sort
    last = " backwards" if order.startswith("-") else ""
    total = ", with how many there are" * listing.total
    yield f"A list is in the order of {_label(order.removeprefix('-'))}{last}{total}."


def _limits(name: str, resource: Resource) -> Iterator[str]:
    if resource.limits.per_owner is not None:
        yield f"A user has at most {resource.limits.per_owner} of them."
    for role, limit in resource.limits.per_parent.items():
        most = str(limit) if isinstance(limit, int) else f"as many as its {limit}"
        kind = _label(name)
        yield f"{_a(role)} has at most {most} of the kind {kind}."


def _field(name: str, spec: FieldSpec) -> str:
    if isinstance(spec, ComputedField):
        return f"{_label(name)}, which is {spec.value}"
    words = [str(getattr(spec, "type", "")), *getattr(spec, "values", ())]
    return f"{_label(name)} ({', '.join([*words, *_constraints(spec)])})"


def _constraints(spec: AnyField) -> Iterator[str]:
    said: Mapping[str, object] = spec.model_dump(mode="json", exclude_defaults=True)
    for name, value in said.items():
        if name not in SHOWN_BY_TYPE:
            shown = " and ".join(value) if isinstance(value, list) else value
            yield _label(name) if value is True else f"{_label(name)} {shown}"


def _rule(rule: Rule) -> str:
    match rule:
        case Check():
            return f"{rule.check} ({rule.message})"
        case Frozen():
            what = _all(rule.fields) if rule.fields else "it"
            return (
                f"no {_either(rule.frozen)} of {what} when {rule.when} ({rule.message})"
            )
        case NoOverlap():
            per, when = _all(rule.per), f" when {rule.when}" if rule.when else ""
            span = " to ".join(rule.no_overlap)
            return f"no two of one {per} overlap from {span}{when} ({rule.message})"


def _scenario(scenario: Scenario) -> str:
    rows = _all([_given(given) for given in scenario.given])
    given = f"given {rows}, " if rows else ""
    sent = "" if scenario.body is None else f" with {_json(scenario.body)}"
    then = scenario.then
    body = "" if then.body is None else f" with {_json(then.body)}"
    told = f", and says {_json(then.message)}" if then.message else ""
    logged = f", and logs {then.log}" if then.log else ""
    return (
        f"Scenario {_json(scenario.name)}: {given}{scenario.when}{sent} "
        f"as {_label(scenario.as_)} answers {then.status}{body}{told}{logged}."
    )


def _given(given: Given) -> str:
    row = _a(given.resource)
    called = f" called {given.called}" if given.called else ""
    said = [f"{_label(name)} {_json(value)}" for name, value in given.values.items()]
    having = f" with {_all(said)}" if said else ""
    maker = f" made by {_label(given.as_)}" if given.as_ else ""
    moved = f" after {_all(list(map(_label, given.after)))}" if given.after else ""
    return f"{row[:1].lower()}{row[1:]}{called}{having}{maker}{moved}"


def _json(value: JsonValue) -> str:
    return json.dumps(value, ensure_ascii=False)


def _people(grants: Sequence[Grant]) -> str:
    named = (
        f"{_label(grant.who)}{f' if {grant.when}' if grant.when else ''}"
        for grant in grants
    )
    text = _either(list(named))
    return text[:1].upper() + text[1:]


def _a(name: str) -> str:
    return f"{'An' if name[0] in 'aeiou' else 'A'} {_label(name)}"


def _label(name: str) -> str:
    return name.replace("_", " ")


def _either(words: Sequence[str]) -> str:
    return " or ".join(filter(None, [", ".join(words[:-1]), words[-1]]))


def _all(words: Sequence[str]) -> str:
    if not words:
        return ""
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]]))
