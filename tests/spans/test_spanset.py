"""Sets of instants, against a minute grid that cannot be wrong because it is so dull."""

from datetime import timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.spans import Span, SpanSet, count_at_least
from tests.spans.strategies import GRID_MINUTES, minute, on_grid, pairs, span_lists, span_sets

MINUTES = range(GRID_MINUTES + 1)


@given(span_lists)
def test_a_set_is_sorted_disjoint_and_merged_where_spans_touch(spans: list[Span]) -> None:
    made = SpanSet(spans)
    ordered = made.spans
    assert all(one.end < next_one.start for one, next_one in pairwise(ordered))
    assert on_grid(made) == {n for n in MINUTES if any(span.contains(minute(n)) for span in spans)}


@given(span_lists, st.randoms())
def test_the_order_in_which_spans_are_given_does_not_matter(spans: list[Span], random: object) -> None:
    shuffled = list(spans)
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    assert SpanSet(spans) == SpanSet(shuffled)
    assert hash(SpanSet(spans)) == hash(SpanSet(shuffled))


@given(span_sets, span_sets)
def test_algebra_agrees_with_the_minute_grid(one: SpanSet, other: SpanSet) -> None:
    assert on_grid(one | other) == on_grid(one) | on_grid(other)
    assert on_grid(one & other) == on_grid(one) & on_grid(other)
    assert on_grid(one - other) == on_grid(one) - on_grid(other)


@given(span_sets, span_sets)
def test_every_result_is_in_its_one_normal_form(one: SpanSet, other: SpanSet) -> None:
    for made in (one | other, one & other, one - other):
        assert made == SpanSet(made.spans)


@given(span_sets)
def test_the_total_is_the_number_of_minutes_covered(one: SpanSet) -> None:
    assert one.total() == timedelta(minutes=len(on_grid(one)))
    assert one.total() == sum((span.duration for span in one), timedelta())


@given(span_sets, pairs)
def test_a_stretch_is_the_part_covered_and_its_gaps(one: SpanSet, edges: tuple[int, int]) -> None:
    start, end = minute(min(edges)), minute(max(edges))
    inside, gaps = one.clip(start, end), one.gaps_within(start, end)
    assert inside | gaps == SpanSet([(start, end)])
    assert not inside & gaps
    assert on_grid(inside) == {n for n in on_grid(one) if start <= minute(n) < end}


@given(st.lists(span_sets, max_size=6), st.integers(1, 4))
def test_at_least_n_agrees_with_counting_on_the_grid(sets: list[SpanSet], n: int) -> None:
    grids = [on_grid(one) for one in sets]
    made = count_at_least(sets, n)
    assert on_grid(made) == {m for m in MINUTES if sum(m in grid for grid in grids) >= n}
    assert made == SpanSet(made.spans)


@given(span_sets, st.integers(0, GRID_MINUTES))
def test_points_are_asked_as_on_the_grid(one: SpanSet, number: int) -> None:
    grid = on_grid(one)
    assert one.contains(minute(number)) == (number in grid)
    later = [n for n in grid if n >= number]
    assert one.next_start(minute(number)) == (minute(min(later)) if later else None)
    after = min(n for n in range(number, GRID_MINUTES + 2) if n not in grid)
    assert one.end_of(minute(number)) == (minute(after) if number in grid else None)


@given(span_sets, pairs)
def test_a_set_covers_a_span_when_the_span_leaves_nothing_open(one: SpanSet, edges: tuple[int, int]) -> None:
    span = Span(minute(min(edges)), minute(max(edges)))
    assert one.covers(span) == (not one.gaps_within(span.start, span.end))


def test_microseconds_are_kept_exactly() -> None:
    start = minute(0) + timedelta(microseconds=1)
    assert SpanSet([(start, minute(1))]).spans == (Span(start, minute(1)),)


def test_a_shift_that_ends_when_the_next_begins_leaves_no_hole() -> None:
    assert SpanSet([(minute(0), minute(10)), (minute(10), minute(20))]) == SpanSet([(minute(0), minute(20))])


def test_two_who_hand_over_are_never_there_together() -> None:
    assert not SpanSet([(minute(0), minute(10))]) & SpanSet([(minute(10), minute(20))])


def test_the_empty_set_is_falsy_and_total_zero() -> None:
    empty = SpanSet.empty()
    assert not empty
    assert len(empty) == 0
    assert empty.total() == timedelta(0)
    assert empty.next_start(minute(0)) is None
    assert SpanSet.union([]) == empty


def test_less_than_one_set_cannot_be_asked_for() -> None:
    with pytest.raises(ValueError, match="at least 1 set must be asked for, not 0"):
        count_at_least([], 0)


def test_a_set_says_what_it_holds() -> None:
    assert repr(SpanSet([(minute(0), minute(1))])) == (
        "SpanSet([2014-06-09T00:00:00+00:00 … 2014-06-09T00:01:00+00:00])"
    )


def test_a_set_cannot_be_compared_with_a_list() -> None:
    assert SpanSet.empty() != []
