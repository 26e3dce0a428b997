"""Durations, zones and ambiguous hours are said the way a press officer says them."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.desk.core.words import Unit, city, is_ambiguous, offset, plain, spoken


@pytest.mark.parametrize(
    ("minutes", "said"),
    [
        (0, "under a minute"),
        (0.9, "under a minute"),
        (1, "1 min"),
        (47, "47 min"),
        (59.99, "59 min"),
        (60, "1 h"),
        (138, "2 h 18 min"),
        (359, "5 h 59 min"),
        (360, "6 h"),
        (361, "over 6 h"),
        (47 * 60 + 59, "over 47 h"),
        (48 * 60, "2 days"),
        (73 * 60, "over 3 days"),
        (-47, "47 min"),
    ],
)
def test_a_duration_is_said_in_the_unit_one_steers_by(minutes, said):
    assert plain(timedelta(minutes=minutes)) == said


@given(st.timedeltas(timedelta(0), timedelta(days=400)))
def test_what_is_said_is_never_more_than_what_it_was(length):
    said = spoken(length)
    unit = {Unit.MOMENT: 0, Unit.MINUTES: 1, Unit.HOURS: 60, Unit.DAYS: 1440}[said.unit]
    minutes = said.count * unit + said.minutes
    assert minutes <= length / timedelta(minutes=1)
    if not said.over:
        assert length - timedelta(minutes=minutes) < timedelta(minutes=1)


def test_a_zone_is_named_by_its_city():
    assert [city(zone) for zone in ("Asia/Baghdad", "America/Argentina/Buenos_Aires", "UTC")] == [
        "Baghdad",
        "Buenos Aires",
        "UTC",
    ]


def test_the_hour_that_happens_twice_is_known_both_times_and_only_then():
    first = datetime(2014, 10, 26, 0, 30, tzinfo=UTC)
    assert is_ambiguous(first, "Europe/Berlin")
    assert is_ambiguous(first + timedelta(hours=1), "Europe/Berlin")
    assert not is_ambiguous(first + timedelta(hours=2), "Europe/Berlin")
    assert not is_ambiguous(datetime(2014, 3, 30, 1, 30, tzinfo=UTC), "Europe/Berlin")
    assert (offset(first, "Europe/Berlin"), offset(first, "Asia/Kathmandu")) == ("UTC+2", "UTC+5:45")
    assert offset(first, "America/St_Johns") == "UTC-2:30"
