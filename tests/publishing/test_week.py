"""A week of posts as a calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.publishing.core.week import bounds, days

HOUR = timedelta(hours=1)


@dataclass
class Due:
    due_at: datetime


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
