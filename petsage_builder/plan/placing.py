"""The states in which sample parents are when rows come to belong to them."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from http import HTTPStatus
from itertools import islice, product

from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.plan.people import People
from petsage_builder.plan.samples import AS_MADE, Placed, Solutions, conditions_of
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.spec.resources import Check, Resource

MOST = 100  # combinations of states


def place_parents(
    subject: Subject,
    solutions: Solutions,
    roles: tuple[str, ...],
    above: Sequence[Trials],
) -> None:
    """Let each sample parent be in the state in which most can be done with a row.

    `above` are the kinds that the rows of `subject` can belong to. Somebody must be
    able to make the row; then as many conditions as can be are true of it.
    """
    choices = dict(_choices(subject, above))
    best = (-1, 0)
    chosen: tuple[Placed, ...] = ()
    for combination in islice(product(*choices.values()), MOST) if choices else ():
        _put(subject, solutions, choices, combination)
        score = _score(People(subject, solutions, roles))
        if score[1]:
            solutions.keep_nearest(subject)
        if score > best:
            best, chosen = score, combination
    _put(subject, solutions, choices, chosen)


def _put(
    subject: Subject,
    solutions: Solutions,
    roles: Iterable[str],
    chosen: Sequence[Placed],
) -> None:
    for role, placed in zip(roles, chosen, strict=True):
        solutions.put(subject, role, placed)


def _choices(
    subject: Subject, above: Sequence[Trials]
) -> Iterator[tuple[str, list[Placed]]]:
    """Give the roles that rules speak of, and the states that each can be in."""
    said = " ".join(_texts(subject.resource))
    for role, link in subject.resource.belongs_to.items():
        target = subject.vocabulary.target(role, link)
        trials = next((t for t in above if t.view.subject == target), None)
        if trials and f"{role}." in said and not link.optional and trials.cast.maker:
            names = [name for name in trials.cast.first if f"{role}.{name}" in said]
            moved = [Placed(state, tuple(w)) for state, w in trials.states.ways.items()]
            changed = [*_changed(trials, names)]
            found = [*(moved or [AS_MADE]), *changed]
            higher = [*_higher(trials, role, said, above)]
            found += [replace(p, above=(h,)) for h in higher for p in found]
            if moved or changed or higher:
                yield role, found


def _higher(
    trials: Trials, role: str, said: str, above: Sequence[Trials]
) -> Iterator[tuple[str, Placed]]:
    """Give where a parent's own parents, which rules speak of, can go on to."""
    for parent in trials.view.parents:
        far = next((t for t in above if t.view.subject == parent.subject), None)
        if far and f"{role}.{parent.role}." in said and not parent.link.optional:
            there = trials.people.above(parent.role, parent.subject).scenery
            for scenery, way in far.states.onward(there) if far.cast.maker else ():
                yield parent.role, Placed(scenery.state, tuple(way))


def _changed(t: Trials, names: Iterable[str]) -> Iterator[Placed]:
    """Give a row that somebody has changed: its maker may not set all that is asked.

    They change it in some state, or before it moves there.
    """
    missing = {n: v for n in names if (v := t.cast.first[n]) is not None}
    missing = {n: v for n, v in missing.items() if n not in t.cast.made}
    for scenery, way in t.states.reached if missing else ():
        now = t.at(scenery)
        who = now.cast.updater_of(missing)
        if not who or not now.answers.is_done("update", who):
            continue
        if now.answers.is_kept(missing) or not now.changes.keeps_lasting(missing):
            continue
        changed: tuple[str | tuple[str, Row], ...] = (*way, (who, missing))
        yield Placed(scenery.state, changed)
        if not way:
            ways = now.after(missing).states.ways.items()
            yield from (
                Placed(s, (*changed, *further)) for s, further in ways if further
            )


def _texts(resource: Resource) -> Iterator[str]:
    yield from conditions_of(resource)
    yield from (rule.check for rule in resource.rules if isinstance(rule, Check))


def _score(people: People) -> tuple[int, int]:
    """Return how many conditions can be true of the row, and how many people make it.

    Nothing is true of a row that nobody can make.
    """
    made = [w for w in people.all if people.create(w) == HTTPStatus.CREATED]
    if not people.maker:
        return 0, 0
    texts = dict.fromkeys(conditions_of(people.subject.resource))
    true = sum(
        any(people.holds(text, people.scenery, who) for who in people.all)
        for text in texts
    )
    return true, max(len(made), 1)
