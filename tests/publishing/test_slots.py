"""Where a post would help most, and a week as a calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.publishing.core.slots import Hole, slots
from planner.publishing.core.week import bounds, days

HOUR = timedelta(hours=1)
NOW = datetime(2014, 6, 9, 18, 2, tzinfo=UTC)
START = datetime(2014, 6, 9, 19, tzinfo=UTC)


@dataclass
class Due:
    due_at: datetime


def test_the_costliest_gap_comes_first_each_at_its_busiest_hour():
    small, large = Hole(START, START + 2 * HOUR, 0.4), Hole(START + 3 * HOUR, START + 6 * HOUR, 2.5)
    busiest = [(START + number * HOUR, expected) for number, expected in enumerate([1, 2, 9, 0, 3, 1])]
    found = slots([small, large], busiest, [], now=NOW)
    assert [(slot.hole, slot.at) for slot in found] == [(large, START + 4 * HOUR), (small, START + HOUR)]


def test_a_gap_that_has_begun_is_filled_from_five_minutes_on():
    hole = Hole(NOW - HOUR, NOW + HOUR, 1)
    [slot] = slots([hole], [(datetime(2014, 6, 9, 18, tzinfo=UTC), 5.0)], [], now=NOW)
    assert slot.at == datetime(2014, 6, 9, 18, 10, tzinfo=UTC)


def test_a_gap_that_ends_at_once_offers_nothing():
    assert slots([Hole(NOW - HOUR, NOW + timedelta(minutes=5), 1)], [], [], now=NOW) == []


def test_a_slot_says_when_another_post_is_due_within_the_hour():
    hole = Hole(START, START + HOUR, 1)
    assert [slots([hole], [], [START + delta], now=NOW)[0].taken for delta in (HOUR / 2, HOUR)] == [True, False]


def test_a_week_is_seven_days_even_where_the_clocks_change():
    london = ZoneInfo("Europe/London")
    start, end = bounds(date(2027, 10, 25), london)
    assert end - start == timedelta(days=7, hours=1)


def test_the_hour_that_happens_twice_stays_two_hours():
    london = ZoneInfo("Europe/London")
    posts = [Due(datetime(2027, 10, 31, hour, 30, tzinfo=UTC)) for hour in (0, 1)]
    sunday = days(posts, date(2027, 10, 25), london)[6]
    assert sunday.count == 2
    assert [hour.start for hour in sunday.hours] == [datetime(2027, 10, 31, hour, tzinfo=UTC) for hour in (0, 1)]


def test_posts_stand_on_the_day_of_the_theatre():
    baghdad = ZoneInfo("Asia/Baghdad")
    week = days([Due(datetime(2014, 6, 9, 21, 30, tzinfo=UTC))], date(2014, 6, 9), baghdad)
    assert [day.count for day in week] == [0, 1, 0, 0, 0, 0, 0]
