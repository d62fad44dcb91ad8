"""What a row that others belong to could be, as far as their rules ask for it."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from petsage_builder.analyze.expressions import read_condition
from petsage_builder.compiler import fields_of
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row, Value
from petsage_builder.solver.acceptance import accepts
from petsage_builder.solver.evaluation import Scene
from petsage_builder.solver.inversion import turning_points
from petsage_builder.solver.likely import likely
from petsage_builder.solver.search import USUAL, around
from petsage_builder.solver.worlds import WORLDS
from petsage_builder.spec.resources import Check

MOST_TRIED = 200


def options(t: Trials, role: str, above: Trials) -> dict[str, tuple[Value, ...]]:
    """Return values of the fields of a parent that rules ask for.

    At the first of them a rule turns.
    """
    row, maker = above.people.scenery.row, above.cast.maker
    return {
        name: (
            *_turning(t, role, above, name),
            row[name],
            *_usual(above, name),
        )
        for name in sorted(_asked(t, role) & row.keys())
        if above.people.writes(maker, name, maker)
    }


def later_options(t: Trials, role: str, above: Trials) -> dict[str, tuple[Value, ...]]:
    """Return values at which a rule turns, of fields that others set in a parent."""
    maker, changeable = above.cast.maker, above.changes.changeable
    return {
        name: tuple(_turning(t, role, above, name))
        for name in sorted(_asked(t, role) & changeable)
        if not above.people.sets(maker, name)
    }


def _asked(t: Trials, role: str) -> set[str]:
    """Return the fields of a parent that rules ask for."""
    return {
        path[1]
        for paths in t.view.rules.checked()
        for path in paths
        if len(path) > 1 and path[0] == role
    }


def _usual(t: Trials, name: str) -> Iterator[Value]:
    """Give the likely values of a field that it takes."""
    spec = t.view.field(name).spec
    usual = likely(t.view.name, name, spec, clock=False)
    return (value for value in usual if accepts(spec, value))


def _turning(t: Trials, role: str, above: Trials, name: str) -> Iterator[Value]:
    """Give the values of a field at which a rule turns, and those beside them."""
    spec, owner = above.view.field(name).spec, t.people.owner_of(t.cast.maker)
    scenery = t.people.scenery
    for rule in t.resource.rules:
        if not isinstance(rule, Check):
            continue
        tree = read_condition(rule.check, t.view.subject.scope)
        readers = (t.people.reader(scenery, owner, world) for world in WORLDS)
        points = (
            turning_points(tree, (role, name), Scene(reader.world, reader.field))
            for reader in readers
        )
        for point, *others in zip(*points, strict=True):
            relative = any(other != point for other in others)
            for rank, value in around(spec, point, relative=relative):
                if rank != USUAL and accepts(spec, value):
                    yield value


def breaking(t: Trials, role: str, above: Trials, rule: Check) -> Iterator[Row]:
    """Give changes of a parent with which a row that belongs to it breaks a rule."""
    scenery = above.people.scenery
    for changes in islice(_wrong(t, role, above, rule), MOST_TRIED):
        row = {**scenery.row, **changes}
        below = t.beside(role, replace(scenery, row=row))
        if above.changes.are_lasting_kept_by(row) and (
            below.changes.broken_first(t.cast.made) == rule
        ):
            yield changes


def _wrong(t: Trials, role: str, above: Trials, rule: Check) -> Iterator[Row]:
    """Give changes of one field of a parent, then of another with it."""
    asked = {p[1] for p in fields_of(t.view.rules.condition(rule.check)) if p[1:]}
    found = [
        {name: value}
        for name, values in options(t, role, above).items()
        for value in values
        if name in asked
    ]
    yield from found
    for changes in found:
        for field in above.view.changeable:
            if field.name not in changes:
                usual = _usual(above, field.name)
                yield from ({**changes, field.name: value} for value in usual)
