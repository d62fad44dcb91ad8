"""What stands in the way of a feature with data in one backend."""

import re
from collections.abc import Callable, Iterator

from petsage_builder.analyze.expressions import read_condition, read_expression
from petsage_builder.analyze.vocabulary import Subject
from petsage_builder.blueprint.routes import clashing_routes
from petsage_builder.compiler import CompileError, criterion, fails, holds, value
from petsage_builder.errors import Problem
from petsage_builder.plan.attributes import attributes
from petsage_builder.plan.feature import ResourcesPlan
from petsage_builder.plan.relations import LinkView, ParentView
from petsage_builder.plan.requests import unanswered
from petsage_builder.spec.fields import AnyField, ComputedField
from petsage_builder.spec.resources import Check, Frozen, NoOverlap, Resource

TABLE = re.compile(r'(?:__tablename__ = |\bTable\(\s*)"(\w+)"')
SEARCHED, ASKED, BROKEN, MADE = "searched", "asked", "broken", "made"
COMPILERS: dict[str, Callable[..., object]] = {
    SEARCHED: criterion,
    ASKED: holds,
    BROKEN: fails,
    MADE: value,
}


def obstacles(plan: ResourcesPlan) -> Iterator[Problem]:
    """Give each table and route that is taken, and each rule that has no code.

    Scenarios whose requests no route answers are given too.
    """
    problems = [*_circles(plan), *_uncompiled(plan)]
    yield from problems
    if not problems:
        yield from _taken_tables(plan)
        yield from _taken_routes(plan)
        yield from unanswered(plan.views, plan.spec.requirements.scenarios)


def _circles(plan: ResourcesPlan) -> Iterator[Problem]:
    """Give each parent whose table would have to be made before and after this one."""
    made: set[str] = set()
    for view in plan.views:
        made.add(view.name)
        embedded = view.subject.resource.embed
        relations: tuple[ParentView | LinkView, ...] = (*view.parents, *view.links)
        for relation in relations:
            early = isinstance(relation, ParentView) or relation.role in embedded
            if (
                early
                and not relation.link.feature
                and relation.subject.name not in made
            ):
                what = f"{relation.subject.name} leads back to {view.name}"
                where = f"{view.subject.where}.belongs_to.{relation.role}"
                yield Problem(where, what, "a relation in one direction only")


def _taken_tables(plan: ResourcesPlan) -> Iterator[Problem]:
    own = f"{plan.names.package}/"
    taken = {
        name: path
        for path, text in plan.backend.modules()
        if path.startswith("app/") and not path.startswith(own)
        for name in TABLE.findall(text)
    }
    seen: dict[str, str] = {}
    for view in plan.views:
        places = {view.plural: view.subject.where}
        for link in view.links:
            places[link.table] = f"{view.subject.where}.many_to_many.{link.role}"
        for table, where in places.items():
            if owner := taken.get(table) or seen.get(table):
                what = f"the table {table!r} is that of {owner} already"
                yield Problem(where, what, "another name, or another `plural`")
        seen |= places


def _taken_routes(plan: ResourcesPlan) -> Iterator[Problem]:
    places = {e.path: view.subject.where for view in plan.views for e in view.endpoints}
    taken = clashing_routes(plan.backend, plan.names.feature, places)
    for path, route in dict(taken).items():
        what = f"the route {path} would clash with {route}"
        yield Problem(places[path], what, "another name or `plural`")


def _uncompiled(plan: ResourcesPlan) -> Iterator[Problem]:
    for name in plan.vocabulary.resources:
        subject = Subject(plan.vocabulary, name)
        names = attributes(subject, name)
        for place, text, way in _rules(subject):
            read = read_expression if way == MADE else read_condition
            try:
                COMPILERS[way](read(text, subject.scope), names)
            except CompileError as error:
                yield Problem(f"{subject.where}.{place}", error.what, error.accepted)


def _rules(subject: Subject) -> Iterator[tuple[str, str, str]]:
    """Give the place and the text of each rule, and what is made of it."""
    resource = subject.resource
    moves = resource.states.transitions.items() if resource.states else ()
    granted = {
        **{f"access.{name}": grants for name, grants in resource.access.items()},
        **{f"states.transitions.{action}.by": move.by for action, move in moves},
    }
    for place, grants in granted.items():
        for index, grant in enumerate(grants):
            if grant.when:
                yield f"{place}[{index}].when", grant.when, SEARCHED
    for action, move in moves:
        if move.when:
            yield f"states.transitions.{action}.when", move.when, ASKED
    yield from _conditions(resource)
    for name, field in resource.fields.items():
        if isinstance(field, ComputedField):
            yield f"fields.{name}.value", field.value, MADE
        elif isinstance(field, AnyField) and field.default_expression:
            yield f"fields.{name}.default_expression", field.default_expression, MADE


def _conditions(resource: Resource) -> Iterator[tuple[str, str, str]]:
    for index, rule in enumerate(resource.rules):
        match rule:
            case Check():
                yield f"rules[{index}].check", rule.check, BROKEN
            case Frozen():
                yield f"rules[{index}].when", rule.when, ASKED
            case NoOverlap() if rule.when:
                yield f"rules[{index}].when", rule.when, ASKED
                yield f"rules[{index}].when", rule.when, SEARCHED
