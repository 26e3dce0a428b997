"""The hours of the week as wall clocks show them, on both odd days of the year."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.tempo.core.week import HOURS, exposure, hour_grid, hours_of_week

LONDON = ZoneInfo("Europe/London")
ZONES = [
    "Asia/Baghdad",
    "Europe/London",
    "Australia/Lord_Howe",
    "Asia/Kathmandu",
    "America/St_Johns",
    "Africa/Casablanca",
]
moments = st.floats(1420070400, 2051222400).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))  # 2015..2035


def _by_hand(moment, zone):
    local = moment.astimezone(zone)
    return local.weekday() * 24 + local.hour


@given(st.lists(moments, min_size=1, max_size=8), st.sampled_from(ZONES))
@settings(max_examples=150, deadline=None)
def test_an_instant_falls_in_the_hour_that_the_wall_clock_shows(instants, zone):
    zone = ZoneInfo(zone)
    found = hours_of_week(np.array([moment.timestamp() for moment in instants]), zone)
    assert found.tolist() == [_by_hand(moment, zone) for moment in instants]


@given(moments, st.integers(1, 40 * 96), st.sampled_from(ZONES))
@settings(max_examples=40, deadline=None)
def test_exposure_adds_up_to_the_time_that_passed(start, quarters, zone):
    end = start + timedelta(minutes=15 * quarters)
    lived = exposure(start, end, ZoneInfo(zone))
    assert lived.shape == (HOURS,)
    assert lived.sum() == pytest.approx((end - start) / timedelta(hours=1))


def test_the_hour_that_spring_skips_is_not_lived_and_the_autumn_one_is_lived_twice():
    sunday, two_in_the_morning = 6 * 24, 1
    spring = exposure(datetime(2026, 3, 29, tzinfo=LONDON), datetime(2026, 3, 30, tzinfo=LONDON), LONDON)
    autumn = exposure(datetime(2026, 10, 25, tzinfo=LONDON), datetime(2026, 10, 26, tzinfo=LONDON), LONDON)
    assert spring[sunday + two_in_the_morning] == 0
    assert autumn[sunday + two_in_the_morning] == 2
    assert (spring.sum(), autumn.sum()) == (23, 25)


@pytest.mark.parametrize(("month", "day", "hours"), [(3, 29, 23), (10, 25, 25), (6, 1, 24)])
def test_a_local_day_has_as_many_hours_as_the_clocks_give_it(month, day, hours):
    start = datetime(2026, month, day, tzinfo=LONDON)
    starts, bins = hour_grid(start, start + timedelta(days=1), LONDON)  # wall-clock arithmetic: to the next midnight
    assert len(starts) == hours
    assert bins.shape == (hours, 4)
    assert np.all(np.diff(starts) == 3600)


def test_hours_begin_where_the_zone_begins_them():
    kathmandu = ZoneInfo("Asia/Kathmandu")  # UTC+5:45
    starts, bins = hour_grid(datetime(2026, 6, 1, 0, 20, tzinfo=UTC), datetime(2026, 6, 1, 2, tzinfo=UTC), kathmandu)
    assert datetime.fromtimestamp(starts[0], kathmandu).strftime("%H:%M") == "06:00"
    assert all(len(set(row)) == 1 for row in bins.tolist())
