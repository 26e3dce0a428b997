"""Hours along a line are local ones, rows keep marks apart, curves stay between their points."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.desk.core.axis import Axis, Lanes, changes, local_hours, smooth
from planner.desk.core.svg import clean, shorten, text_width, wrap

INTERVALS = st.tuples(st.floats(0, 900), st.floats(0, 200)).map(lambda pair: (pair[0], pair[0] + pair[1]))


def noon(year: int, month: int, day: int, zone: str) -> datetime:
    return datetime(year, month, day, 12, tzinfo=ZoneInfo(zone)).astimezone(UTC)


def test_equal_stretches_of_time_are_equally_long():
    start = datetime(2014, 6, 13, tzinfo=UTC)
    axis = Axis(start, start + timedelta(hours=25), 100, 600)
    assert axis.at(start + timedelta(hours=10)) == pytest.approx(300)
    assert axis.per_hour() == pytest.approx(20)
    assert axis.at(start - timedelta(days=9)) == 100
    assert axis.at(start + timedelta(days=9)) == 600


def test_a_zone_three_quarters_of_an_hour_off_has_full_hours_too():
    start = noon(2014, 6, 13, "Asia/Kathmandu")
    hours = local_hours(start, start + timedelta(hours=24), "Asia/Kathmandu", 6)
    assert [f"{at.astimezone(ZoneInfo('Asia/Kathmandu')):%H:%M}" for at in hours] == [
        "12:00",
        "18:00",
        "00:00",
        "06:00",
        "12:00",
    ]


def test_the_repeated_hour_is_ticked_twice_and_the_missing_one_not_at_all():
    for (month, day), count in {(10, 25): 2, (3, 29): 0}.items():
        start = noon(2014, month, day, "Europe/Berlin")
        wall = [
            at.astimezone(ZoneInfo("Europe/Berlin")).hour
            for at in local_hours(start, start + timedelta(hours=24), "Europe/Berlin", 1)
        ]
        assert wall.count(2) == count


def test_a_change_of_half_an_hour_is_found():
    start = noon(2014, 10, 4, "Australia/Lord_Howe")
    (change,) = changes(start, start + timedelta(hours=24), "Australia/Lord_Howe")
    assert change.by == timedelta(minutes=30)


@given(st.lists(INTERVALS, max_size=40))
def test_marks_in_one_row_never_touch(intervals):
    lanes = Lanes(gap=5)
    for left, right in intervals:
        lanes.place(left, right)
    for row in lanes.rows:
        ordered = sorted(row)
        assert all(b[0] - a[1] >= 5 - 1e-9 for a, b in pairwise(ordered))


def test_a_full_sheet_takes_no_further_mark():
    lanes = Lanes()
    assert [lanes.place(0, 10, limit=2) for _ in range(3)] == [0, 1, None]


@given(st.lists(st.floats(0, 100), min_size=1, max_size=25), st.floats(-5, 30))
def test_a_curve_never_leaves_the_range_of_its_neighbours(values, x):
    y = smooth(list(map(float, range(len(values)))), values)(x)
    at = min(max(int(x), 0), len(values) - 1)
    near = values[max(at - 1, 0) : at + 2]
    assert min(near) - 1e-6 <= y <= max(near) + 1e-6


@given(st.text(max_size=60), st.floats(5, 300))
def test_a_shortened_text_fits(text, room):
    assert text_width(shorten(text, room, 12), 12) <= room


@given(st.text(max_size=120), st.integers(1, 3))
def test_wrapped_lines_fit_and_lose_nothing_before_the_last(text, lines):
    wrapped = wrap(text, 400, 12, lines)
    assert len(wrapped) <= lines
    assert all(text_width(line, 12) <= 400 for line in wrapped)


def test_what_xml_cannot_carry_is_left_out():
    assert clean("a\x00b\ud800c\uffffd\ne") == "abcd e"
