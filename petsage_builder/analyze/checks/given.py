"""The rows that a scenario begins with: each could be made, and has its own name."""

from collections.abc import Iterator, Mapping

from petsage_builder.analyze.checks.names import IDENTIFIER
from petsage_builder.analyze.references import moment, reference
from petsage_builder.analyze.structured import nearest
from petsage_builder.analyze.values import refusal
from petsage_builder.analyze.vocabulary import Subject, Vocabulary
from petsage_builder.decode import JsonValue
from petsage_builder.errors import Problem
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import Given, Scenario
from petsage_builder.wording import article

PEOPLE = ("public", "owner", "other")
CLOCKS = ("today", "now")
TIMES = "{today + 3 days}, {now - 2 hours}"
OPTIONS = ("as", "called", "after")


def check_given(
    vocabulary: Vocabulary, scenario: Scenario, where: str
) -> Iterator[Problem]:
    """Give each row that cannot be there."""
    before: dict[str, str] = {}
    for index, given in enumerate(scenario.given):
        place = f"{where}.given[{index}]"
        yield from _resource(vocabulary, given, place)
        yield from _name(given, before, place)
        if given.as_ is not None:
            yield from check_person(vocabulary, given.as_, f"{place}.as")
        subject = vocabulary.givable.get(given.resource)
        if subject:
            place_of_row = f"{place}.{given.resource}"
            yield from _values(subject, given.values, before, place_of_row)
            yield from _unmade(subject, given, place)
            yield from _moves(subject, given.after, f"{place}.after")
        before[given.name] = given.resource


def check_person(vocabulary: Vocabulary, who: str, where: str) -> Iterator[Problem]:
    """Give somebody who does not exist; `user` is `owner` or `other` here."""
    known = [*PEOPLE, *(role for role in vocabulary.roles if role != "user")]
    if who not in known:
        what = f"nobody is called {who[:80]!r}"
        near = "owner or other" if who == "user" else nearest(who, known)
        yield Problem(where, what, ", ".join(known), near)


def unknown_reference(
    text: str, names: Mapping[str, str], where: str
) -> Iterator[Problem]:
    """Give a reference to nothing: to no row of `names`, and to no time."""
    if text not in names and moment(text) is None:
        what = f"{text[:80]!r} is not given"
        accepted = ", ".join([*(f"{{{name}}}" for name in names), TIMES])
        yield Problem(where, what, accepted, nearest(text, names))


def _resource(vocabulary: Vocabulary, given: Given, where: str) -> Iterator[Problem]:
    known = vocabulary.givable
    for name, said in given.rows.items():
        if name not in known:
            near = nearest(name, [*known, *OPTIONS])
            accepted = f"{', '.join(known)}; beside it {', '.join(OPTIONS)}"
            yield Problem(f"{where}.{name[:80]}", "is no resource", accepted, near)
        elif said is not None and not isinstance(said, dict):
            yield Problem(f"{where}.{name}", "is no object", "fields, such as {}")
    rows = [name for name in given.rows if name in known]
    if not given.rows or len(rows) > 1:
        what = f"is a row of {' and '.join(rows) or 'no resource'}"
        yield Problem(where, what, "one resource, such as {pet: {name: Miso}}")


def _name(given: Given, before: Mapping[str, str], where: str) -> Iterator[Problem]:
    if given.called is not None and (
        not IDENTIFIER.fullmatch(given.called) or given.called in CLOCKS
    ):
        what = f"{given.called[:80]!r} is no name of a row"
        yield Problem(f"{where}.called", what, "a snake_case name, such as first_pet")
    if given.name in before:
        what = f"another row is called {given.name[:80]!r}"
        yield Problem(where, what, "`called`, with a name of its own")


def _unmade(subject: Subject, given: Given, where: str) -> Iterator[Problem]:
    """Give a row that nobody makes, and that is not there from the beginning."""
    if "create" in subject.resource.access:
        return
    if given.as_ is not None:
        what = f"nobody makes {article(subject.name)}"
        yield Problem(f"{where}.as", what, "a row that is there from the beginning")
    seeds = subject.resource.seed
    said = given.values.items()
    if not any(all(row.get(n) == value for n, value in said) for row in seeds):
        what = "no such row is there from the beginning, and nobody makes one"
        accepted = f"what a row of `seed` says of {article(subject.name)}"
        yield Problem(f"{where}.{subject.name}", what, accepted)


def _values(
    subject: Subject,
    values: Mapping[str, JsonValue],
    before: Mapping[str, str],
    where: str,
) -> Iterator[Problem]:
    fields = {n: f for n, f in subject.stored.items() if isinstance(f, AnyField)}
    parents = {f"{role}_id": role for role in subject.resource.belongs_to}
    settable = [n for n, field in fields.items() if not field.read_only]
    for name, value in values.items():
        place, text = f"{where}.{name[:80]}", reference(value)
        if name in parents:
            yield from _parent(subject, parents[name], value, before, place)
        elif name not in settable:
            yield from _unset(subject, name, [*settable, *parents], place)
        elif text is not None:
            unknown = list(unknown_reference(text, before, place))
            yield from unknown or _misplaced(fields[name], text, place)
        elif why := refusal(fields[name], value):
            yield Problem(place, *why)


def _misplaced(field: AnyField, text: str, where: str) -> Iterator[Problem]:
    """Give a time where no time stands, or an id where no id does."""
    time = moment(text)
    wanted = ("date" if time.is_day else "datetime") if time else "uuid"
    kind = getattr(field, "type", "")
    if kind != wanted:
        yield Problem(
            where, f"is {article(wanted)}, in a field of type {kind}", article(kind)
        )


def _unset(
    subject: Subject, name: str, known: list[str], where: str
) -> Iterator[Problem]:
    """Give what a row has and nobody sets, or what it does not have."""
    states, accepted = subject.resource.states, ", ".join(known)
    if states and name == states.field:
        moves = ", ".join(states.transitions)
        yield Problem(where, "is set by moves alone", f"`after`, with some of {moves}")
    elif name in subject.resource.fields:
        yield Problem(where, "is set by nobody", accepted)
    else:
        what = f"is no field of {subject.name}"
        yield Problem(where, what, accepted, nearest(name, known))


def _parent(
    subject: Subject, role: str, value: JsonValue, before: Mapping[str, str], where: str
) -> Iterator[Problem]:
    parent, text = subject.resource.belongs_to[role], reference(value)
    if value is None and parent.optional:
        return
    target = parent.to or role
    rows = {name: of for name, of in before.items() if of == target}
    if text is None or text not in rows:
        what = f"is no {target} that is given before"
        accepted = (
            ", ".join(f"{{{name}}}" for name in rows) or f"{article(target)} before it"
        )
        yield Problem(where, what, accepted, nearest(text or "", rows))


def _moves(subject: Subject, actions: list[str], where: str) -> Iterator[Problem]:
    states = subject.resource.states
    known = states.transitions if states else {}
    state = states.initial if states else ""
    for index, action in enumerate(actions):
        place = f"{where}[{index}]"
        if action not in known:
            what = f"{action[:80]!r} is no move of {article(subject.name)}"
            accepted = ", ".join(known) or "no moves: it has no states"
            yield Problem(place, what, accepted, nearest(action, known))
            return
        if state not in known[action].from_:
            open_ = [name for name, move in known.items() if state in move.from_]
            what = f"{article(subject.name)} that is {state} cannot {action}"
            yield Problem(place, what, ", ".join(open_) or "no further move")
            return
        state = known[action].to
