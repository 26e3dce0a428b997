"""The drawing of a week: bars where the watch is, gaps where nobody is, midnights where the wall has them."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.week import AXIS, bar, coverage, midnights, monday, place, week_of
from planner.spans import Span

BAGHDAD, BRUSSELS = ZoneInfo("Asia/Baghdad"), ZoneInfo("Europe/Brussels")
WEEK = week_of(date(2014, 6, 11), BAGHDAD)
HOUR = timedelta(hours=1)


def duty(start, hours, kind="desk", role="officer"):
    begin = WEEK.start + start * HOUR
    return Duty(1, "P", frozenset({role}), frozenset(), DutyKind(kind), Span(begin, begin + hours * HOUR))


def test_a_week_runs_from_monday_to_monday_on_the_wall():
    assert monday(date(2014, 6, 15)) == date(2014, 6, 9)
    assert Span(datetime(2014, 6, 8, 21, 0, tzinfo=UTC), datetime(2014, 6, 15, 21, 0, tzinfo=UTC)) == WEEK


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2014, 3, 26), 167), (date(2014, 10, 22), 169), (date(2014, 6, 11), 168)]
)
def test_the_weeks_in_which_clocks_change_are_as_long_as_they_are(day, hours):
    week = week_of(day, BRUSSELS)

    assert week.duration == hours * HOUR
    assert len(midnights(week, BRUSSELS)) == 7
    assert len(midnights(week, BAGHDAD)) == 7


def test_a_bar_is_cut_at_the_edges_of_the_week():
    assert bar(Span(WEEK.start - HOUR, WEEK.start), "desk", WEEK) is None
    assert bar(Span(WEEK.start - HOUR, WEEK.end + HOUR), "desk", WEEK).width == AXIS
    middle = bar(Span(WEEK.start + 84 * HOUR, WEEK.end), "desk", WEEK)
    assert (middle.x, middle.width) == (500, 500)


def test_a_role_is_at_the_desk_before_it_is_on_call_before_it_is_nobody():
    found = coverage("officer", [duty(0, 42, "on_call"), duty(21, 42), duty(126, 42, role="analyst")], WEEK)

    assert [(b.kind, b.x, b.width) for b in found.bars] == [("on_call", 0, 125), ("desk", 125, 250), ("gap", 375, 625)]
    assert found.open_time == 105 * HOUR


@given(st.lists(st.tuples(st.integers(-20, 180), st.integers(1, 60), st.sampled_from(["desk", "on_call"])), max_size=8))
def test_coverage_leaves_no_place_undrawn_and_draws_none_twice(stretches):
    found = coverage("officer", [duty(*stretch) for stretch in stretches], WEEK)

    at = 0.0
    for part in found.bars:
        assert part.x == pytest.approx(at, abs=0.02)
        at = part.x + part.width
    assert at == pytest.approx(AXIS, abs=0.02)


@given(st.datetimes(datetime(2014, 6, 1), datetime(2014, 6, 30)))  # noqa: DTZ001
def test_every_instant_has_its_place(moment):
    assert 0 <= place(moment.replace(tzinfo=UTC), WEEK) <= AXIS
