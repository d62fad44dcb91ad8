"""What the OpenAPI document shows as an example of each new row."""

from collections.abc import Iterator

from petsage_builder.plan.answers import some_id
from petsage_builder.plan.sources import source
from petsage_builder.plan.testing import Testing
from petsage_builder.plan.trials import Trials
from petsage_builder.solver import FromNow, FromToday, Row


def examples(testing: Testing) -> Iterator[tuple[str, str]]:
    """Give by resource what makes its first sample, as source.

    One that lies in time as seen from today would be right for a day, and is left out.
    """
    for trials in testing.own:
        if trials.cast.maker and trials.view.has_body:
            body = _body(trials)
            moving = (isinstance(v, FromToday | FromNow) for v in body.values())
            if not any(moving):
                yield trials.view.name, source(body)


def _body(t: Trials) -> Row:
    ids = {parent.column: some_id(parent.role) for parent in t.view.parents}
    links: Row = {link.ids: [some_id(link.one)] for link in t.view.links}
    return {**ids, **next(iter(t.changes.rows)), **links}
