"""Tests of spans of time: the builder writes them as the API does."""

from datetime import timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from app.core.spans import LONGEST, parse_span, write_span
from petsage_builder.solver.acceptance import LONGEST_DURATION
from petsage_builder.solver.spans import written_duration

SPANS = st.timedeltas(min_value=-LONGEST, max_value=LONGEST)


@given(SPANS)
@example(timedelta())
@example(LONGEST)
@example(timedelta(days=1, microseconds=20))
def test_a_span_is_written_as_the_api_writes_it(span: timedelta) -> None:
    assert written_duration(span) == write_span(span)
    assert parse_span(written_duration(abs(span))) == abs(span)


def test_the_longest_span_is_that_of_the_api() -> None:
    assert LONGEST_DURATION == LONGEST
