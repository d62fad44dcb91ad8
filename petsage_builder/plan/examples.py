"""What the OpenAPI document shows as an example of each new row."""

from collections.abc import Iterator
from itertools import islice

from petsage_builder.plan.answers import some_id
from petsage_builder.plan.sources import source
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import FromNow, FromToday, Person, Row


def examples(testing: Testing) -> Iterator[tuple[str, str]]:
    """Give by resource what makes its first sample, as source.

    One that lies in time as seen from today would be right for a day, and is left out,
    as is one with somebody's id.
    """
    for trials in testing.own:
        if trials.cast.maker and trials.view.has_body:
            lasting = (body for body in _bodies(trials) if not _is_moving(body))
            for body in islice(lasting, 1):
                yield trials.view.name, source(body)


def _bodies(t: Trials) -> Iterator[Row]:
    """Give the first sample, and what it would be if only its own rules mattered."""
    ids = {parent.column: some_id(parent.role) for parent in t.view.parents}
    links: Row = {link.ids: [some_id(link.one)] for link in t.view.links}
    usual = t.people.solutions.usual(t.view.subject).rows[0]
    sendable = {n: v for n, v in usual.items() if t.people.sets(t.cast.maker, n)}
    for row in (next(t.changes.rows), sendable):
        yield {**ids, **row, **links}


def _is_moving(body: Row) -> bool:
    return any(
        isinstance(value, FromToday | FromNow | Person) for value in body.values()
    )
