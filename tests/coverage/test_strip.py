"""The stack of nights: every gap lies where its hours lie, in both directions of writing."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.coverage.core.bands import STRENGTH, chain
from planner.coverage.core.gaps import Gap
from planner.coverage.core.links import Link
from planner.coverage.core.staffing import Watch
from planner.coverage.core.strip import rows
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour
from tests.coverage.test_gaps import channel, duty, line

BAGHDAD, LONDON = ZoneInfo("Asia/Baghdad"), ZoneInfo("Europe/London")
NOON = datetime(2014, 6, 10, 9, tzinfo=UTC)
HOUR = timedelta(hours=1)


def _gap(start, end, *links):
    return Gap(NOON + start * HOUR, NOON + end * HOUR, frozenset(links))


def test_a_gap_over_two_noons_is_drawn_in_both_nights_and_counted_in_the_first():
    gap = _gap(18, 30, Link.SEEN, Link.CLEARED)
    first, second = rows([(gap, False, 2.5)], [], Span(NOON, NOON + 48 * HOUR), BAGHDAD)
    assert [(box.x, box.width, box.lane) for box in first.missing] == [(750, 250, 0), (750, 250, 2)]
    assert [(box.x, box.width, box.lane) for box in second.missing] == [(0, 250, 0), (0, 250, 2)]
    assert (first.loss, second.loss) == (2.5, 0)


def test_an_accepted_gap_is_drawn_and_costs_nothing_there():
    (row,) = rows([(_gap(1, 2, Link.SEEN), True, 2.5)], [], Span(NOON, NOON + 24 * HOUR), BAGHDAD)
    assert row.missing[0].is_accepted
    assert row.loss == 0


def test_right_to_left_is_the_mirror_image():
    (row,) = rows([(_gap(0, 6, Link.SEEN), False, 1)], [], Span(NOON, NOON + 24 * HOUR), BAGHDAD, rtl=True)
    assert (row.missing[0].x, row.missing[0].width) == (750, 250)


def test_parts_outside_the_period_are_marked():
    middle, last = rows([], [], Span(NOON + 6 * HOUR, NOON + 30 * HOUR), BAGHDAD)
    assert [(box.x, box.width) for box in middle.outside] == [(0, 250)]
    assert [(box.x, box.width) for box in last.outside] == [(250, 750)]


def test_a_night_of_25_hours_fills_its_row():
    noon = datetime(2026, 10, 24, 11, tzinfo=UTC)
    hours = [Hour(noon + n * HOUR, 1.0 + n, 0, 9) for n in range(25)]
    (row,) = rows([], hours, Span(noon, noon + 25 * HOUR), LONDON)
    assert len(row.hours) == 25
    assert row.hours[-1].x + row.hours[-1].width == pytest.approx(1000, abs=0.2)
    assert (row.hours[0].heat, row.hours[-1].heat) == (pytest.approx(1 / 25), 1)


def test_the_bands_hold_exactly_what_is_staffed_and_name_the_strongest():
    desk = [duty(1, ["analyst", "officer", "approver"], 0, 240), duty(2, ["duty", "officer"], 120, 360)]
    watch = Watch(desk, [channel(60, 300), line(0, 300)])
    for link, pieces in chain(watch).items():
        assert SpanSet((piece.start, piece.end) for piece in pieces) == watch.staffed(link)
        assert {piece.kind for piece in pieces} <= set(STRENGTH)
    assert [piece.label for piece in chain(watch)[Link.SEEN]] == ["p1", "p1, p2", "p2"]
    assert [piece.kind for piece in chain(watch)[Link.CLEARED]] == ["cleared_line", "desk", "cleared_line"]
