"""Rows that lie in time at once, and rows that follow each other."""

from collections.abc import Iterator

from petsage_builder.plan.facts.fact import Fact, fact
from petsage_builder.plan.sources import source, text
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import Row
from petsage_builder.solver.acceptance import accepts
from petsage_builder.solver.spread import next_to
from petsage_builder.spec.fields import AnyField
from petsage_builder.spec.resources import NoOverlap


def overlaps(t: Trials) -> Iterator[Fact]:
    """Give the moves after which two rows must not lie in time at once.

    The second row has the time of the first, then those that touch that: they begin
    when it ends, or end when it begins. If nobody sets it, all rows of a moment have
    the same.
    """
    for index, rule in enumerate(t.resource.rules):
        if isinstance(rule, NoOverlap) and t.cast.maker:
            times = [name for name in rule.no_overlap if name in t.cast.first]
            if any(t.cast.first[name] is None for name in times):
                continue  # a row without an end lies in time with none
            same = source({name: t.cast.first[name] for name in times})
            for scenery, way in t.states.reached:
                if rule.when is None or t.people.holds(rule.when, scenery):
                    columns = source([f"{name}_id" for name in rule.per])
                    beside = source(list(_beside_first(t, rule)))
                    updater = _updater(t, times) if not way and beside != "[]" else ""
                    said = text(rule.message), same, beside, columns, text(updater)
                    of = [f"rules[{index}]"]
                    yield fact("OVERLAPS", t, source(way), *said, of=of)
                    break


def _updater(t: Trials, times: list[str]) -> str:
    """Return who can change when a row is; empty if nobody can."""
    who = t.cast.updater_of({name: t.cast.first[name] for name in times})
    return who if times and who and t.answers.is_done("update", who) else ""


def _beside_first(t: Trials, rule: NoOverlap) -> Iterator[Row]:
    """Give the first row's time, moved so that it begins when that ends, or ends so."""
    begin, end = rule.no_overlap
    fields = t.view.subject.stored
    for steps in (1, -1):
        moved = next_to(t.cast.first, begin, end, fields[begin].kind, steps)
        specs = ((fields[name], value) for name, value in moved.items())
        takes = all(isinstance(s, AnyField) and accepts(s, v) for s, v in specs)
        if moved and takes and t.changes.keeps_rules(moved):
            yield moved
