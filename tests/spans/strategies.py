"""Random spans on a coarse grid, so that touching, nesting and equal edges happen all the time."""

from datetime import UTC, datetime, timedelta

from hypothesis import strategies as st

from planner.spans import Span, SpanSet

ORIGIN = datetime(2014, 6, 9, tzinfo=UTC)
GRID_MINUTES = 60


def minute(number: int) -> datetime:
    """The instant `number` minutes after the origin."""
    return ORIGIN + timedelta(minutes=number)


pairs = st.tuples(st.integers(0, GRID_MINUTES), st.integers(0, GRID_MINUTES)).filter(lambda pair: pair[0] != pair[1])
span_lists = st.lists(pairs.map(lambda pair: Span(minute(min(pair)), minute(max(pair)))), max_size=8)
span_sets = span_lists.map(SpanSet)


def on_grid(spans: SpanSet) -> set[int]:
    """The oracle's view of a set: the minutes whose first instant lies in it, asked span by span."""
    return {n for n in range(GRID_MINUTES + 1) if any(span.start <= minute(n) < span.end for span in spans)}
