"""The tables of a feature's tests: each row is the arguments of one test, as source.

fact       one row of a table, and which parts of the request it tests
parts      where the parts of a resource stand
pasts      what can have happened to a row before somebody asks for it
fields     what each field takes, refuses, and is if nothing is sent
guards     who may set and read which field
shown      what answers show beside what was sent
rules      what breaks a rule, and what is frozen
later      what a rule refuses only later, and what nothing refuses yet
overlaps   rows that lie in time at once
states     moves, and what they need
limits     how many rows there may be
parents    parents that a row cannot belong to
unseen     parents that somebody does not see
barred     parents below which not everybody makes a row
handed     whose a row becomes, and whose id it gets
children   what becomes of a row when its parent or owner goes, and where it is shown
access     how everybody is answered, and what is logged
lists      what is in a list, and in which order
filters    what is kept of a list
scenarios  what the payload tells, as a request and its answer
"""

from collections.abc import Iterable, Iterator

from petsage_builder.errors import Problem, RefusedError
from petsage_builder.plan.facts.access import access
from petsage_builder.plan.facts.barred import barred
from petsage_builder.plan.facts.children import children, shown_below
from petsage_builder.plan.facts.fact import Fact
from petsage_builder.plan.facts.fields import fields, of_seeds
from petsage_builder.plan.facts.guards import guards
from petsage_builder.plan.facts.limits import limits
from petsage_builder.plan.facts.lists import lists
from petsage_builder.plan.facts.overlaps import overlaps
from petsage_builder.plan.facts.parents import parents
from petsage_builder.plan.facts.rules import rules
from petsage_builder.plan.facts.scenarios import scenarios, ungivable
from petsage_builder.plan.facts.shown import shown
from petsage_builder.plan.facts.states import states
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials

# The tables that are about single fields.
OF_FIELDS = frozenset(
    {
        "ACCEPTED",
        "APART",
        "CONFLICTS",
        "COPIED",
        "CREATED",
        "DEFAULTS",
        "ENDLESS",
        "GIVEN",
        "ISSUED",
        "REFUSED",
        "REPLACED",
        "REQUIRED",
        "RESET",
        "TAKEN",
        "TAKEN_LATER",
        "UNKNOWN",
        "UPDATES",
    }
)
OF_SCENARIOS = frozenset({"FOUND", "SCENARIOS"})
# Those that are about who is answered how, after what.
OF_REQUESTS = frozenset(
    {
        "ACCESS",
        "AGAIN",
        "BARRED",
        "EVENTS",
        "FROZEN",
        "LATER",
        "MISGIVEN",
        "MOVERS",
        "MOVES",
        "OVERTAKEN",
        "PREVENTED",
        "SEEN",
        "STILL",
    }
)


def facts_of_all(testing: Testing) -> dict[str, tuple[Fact, ...]]:
    """Return what is true of each kind of rows, by the plural of its name.

    Raise `RefusedError` for a resource of which nobody can make a row: nothing of it
    would be proven. A row that a scenario begins with has to be possible, too.
    """
    if unmade := [t for t in testing.own if t.view.has("create") and not t.cast.maker]:
        raise RefusedError([_nobody_makes(t) for t in unmade])
    if problems := list(ungivable(testing)):
        raise RefusedError(problems)
    return {t.view.plural: tuple(facts_of(testing, t)) for t in testing.own}


def tables(facts: Iterable[Fact]) -> dict[str, list[str]]:
    """Return the tables that have rows, by their names."""
    found: dict[str, list[str]] = {}
    for fact in facts:
        found.setdefault(fact.table, []).append(fact.row)
    return found


def _nobody_makes(t: Trials) -> Problem:
    return Problem(
        f"{t.view.subject.where}.access.create",
        f"names nobody who was found to be able to make {t.view.a}",
        "somebody who sees what it belongs to, and conditions that a row can fulfil",
    )


def facts_of(testing: Testing, trials: Trials) -> Iterator[Fact]:
    """Give each row of each table about one kind of rows, in the order of the table."""
    if trials.cast.maker:
        for group in (fields, guards, overlaps, limits):
            yield from group(trials)
        yield from shown(testing, trials)
        yield from rules(testing, trials)
        yield from states(testing, trials)
        yield from parents(testing, trials)
        yield from barred(testing, trials)
        yield from children(testing, trials)
        yield from shown_below(testing, trials)
    elif trials.cast.lister:
        yield from of_seeds(trials)
    if trials.cast.maker or trials.cast.lister:
        yield from access(testing, trials)
    if trials.cast.lister:
        yield from lists(testing, trials)
    yield from scenarios(testing, trials)
