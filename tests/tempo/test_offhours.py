"""The share outside of our hours: what it counts, and whether its interval holds what it says."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.spans import Span
from planner.tempo.core.offhours import QUARTERS, Watch, quarters_of_week, share, staffing
from tests.tempo.posting import BAGHDAD, DAY, START, posts

OFFICE = (np.arange(QUARTERS) // 96 < 5) & (np.arange(QUARTERS) % 96 >= 32) & (np.arange(QUARTERS) % 96 < 72)


def watched(days: int) -> tuple[datetime, datetime]:
    return START, START + timedelta(days=days)


def test_nothing_posted_has_no_share():
    assert share(np.zeros(0), watched(7), ~OFFICE, BAGHDAD) is None


def test_an_even_week_gives_the_share_of_the_hours():
    every_quarter = START.timestamp() + np.arange(QUARTERS * 4) * 900.0
    found = share(every_quarter, watched(28), ~OFFICE, BAGHDAD)
    assert found.share == pytest.approx(118 / 168)
    assert found.even == pytest.approx(118 / 168)
    assert not found.is_clear


@pytest.mark.parametrize("habit", [{}, {"burst": 0.5, "spread": 0.5}, {"opens": 19, "burst": 0.3}], ids=str)
@pytest.mark.parametrize("days", [14, 28, 90])
def test_the_interval_holds_the_truth_as_often_as_it_says_also_when_they_post_in_bursts(habit: dict, days: int):
    many = posts(np.random.default_rng(99), 3500, 30, **habit)
    truth = (~OFFICE)[quarters_of_week(many, BAGHDAD)].mean()
    tries = 200
    found = [
        share(posts(np.random.default_rng(n), days, 30, **habit), watched(days), ~OFFICE, BAGHDAD) for n in range(tries)
    ]
    assert sum(one.low <= truth <= one.high for one in found) >= 0.90 * tries  # 95 % less the chance of 200 tries
    assert all(one.effective <= one.events for one in found)


def test_everything_off_hours_is_not_certainty():
    nights = START.timestamp() + np.repeat(np.arange(10), 50) * DAY + 3600.0
    found = share(nights, watched(10), ~OFFICE, BAGHDAD)
    assert (found.share, found.high) == (1.0, 1.0)
    assert found.low < 0.75  # ten nights, not five hundred posts
    assert found.is_clear


@given(
    st.lists(st.tuples(st.integers(0, 167), st.integers(1, 40)), max_size=6),
    st.lists(st.tuples(st.integers(0, 167), st.integers(1, 40)), max_size=6),
    st.sampled_from(["Asia/Baghdad", "Europe/London", "Asia/Kathmandu"]),
)
def test_staffing_is_what_somebody_walking_through_the_week_sees(desk, on_call, name):
    zone = ZoneInfo(name)
    monday = datetime(2026, 6, 8, tzinfo=zone).astimezone(UTC)
    week = Span(monday, monday + timedelta(days=7))
    spans = [
        [Span(monday + timedelta(hours=at), monday + timedelta(hours=at + length)) for at, length in some]
        for some in (desk, on_call)
    ]
    found = staffing(spans[0], [*spans[0], *spans[1]], week, zone)
    for quarter in range(0, QUARTERS, 5):
        moment = monday + timedelta(minutes=15 * quarter)
        there = [any(span.contains(moment) for span in some) for some in spans]
        assert found[quarter] == (Watch.DESK if there[0] else Watch.ON_CALL if there[1] else Watch.NOBODY)


def test_the_hour_that_comes_twice_counts_as_its_worse_showing_and_the_skipped_one_as_the_one_before():
    london = ZoneInfo("Europe/London")
    autumn = datetime(2026, 10, 19, tzinfo=london).astimezone(UTC)
    first_showing = datetime(2026, 10, 25, 0, 0, tzinfo=UTC)  # 01:00 summer time
    found = staffing(
        [],
        [Span(first_showing, first_showing + timedelta(hours=1))],
        Span(autumn, autumn + timedelta(hours=169)),
        london,
    )
    assert not found.any()
    spring = datetime(2026, 3, 23, tzinfo=london).astimezone(UTC)
    all_week = Span(spring, spring + timedelta(hours=167))
    found = staffing([], [all_week], all_week, london)
    assert (found == Watch.ON_CALL).all()
