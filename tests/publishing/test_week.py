"""A week of posts as a calendar."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from planner.publishing.core.week import bounds, dates, rows

HOUR = timedelta(hours=1)
LONDON = ZoneInfo("Europe/London")
MONDAY = date(2027, 10, 25)  # the clocks go back on Sunday


@dataclass(frozen=True)
class Due:
    due_at: datetime
    channel: str = "website"


def test_a_week_is_seven_days_even_where_the_clocks_change():
    start, end = bounds(MONDAY, LONDON)
    assert end - start == timedelta(days=7, hours=1)


def test_the_hour_that_happens_twice_stands_in_order():
    first, second = (Due(datetime(2027, 10, 31, hour, 30, tzinfo=UTC)) for hour in (0, 1))
    [row] = rows([second, first], [], MONDAY, LONDON)
    assert row.days[6] == (date(2027, 10, 31), [first, second])


def test_posts_stand_on_the_day_of_the_theatre():
    baghdad = ZoneInfo("Asia/Baghdad")
    [row] = rows([Due(datetime(2014, 6, 9, 21, 30, tzinfo=UTC))], ["website"], date(2014, 6, 9), baghdad)
    assert [len(posts) for _day, posts in row.days] == [0, 1, 0, 0, 0, 0, 0]


@given(st.lists(st.tuples(st.integers(0, 168), st.sampled_from("abc")), max_size=20), st.sets(st.sampled_from("bcd")))
def test_every_post_of_the_week_stands_once_in_its_channels_row_and_every_channel_has_one(given, channels):
    start, end = bounds(MONDAY, LONDON)
    posts = [Due(start + hours * HOUR, channel) for hours, channel in given]
    found = rows(posts, sorted(channels), MONDAY, LONDON)
    assert [row.channel for row in found][: len(channels)] == sorted(channels)
    assert {row.channel for row in found} == channels | {post.channel for post in posts}
    shown = [(row.channel, day, post) for row in found for day, there in row.days for post in there]
    assert sorted((post.due_at, post.channel) for _channel, _day, post in shown) == sorted(
        (post.due_at, post.channel) for post in posts if start <= post.due_at < end
    )
    assert all(post.channel == channel and post.due_at.astimezone(LONDON).date() == day for channel, day, post in shown)
    assert all([day for day, _posts in row.days] == dates(MONDAY) for row in found)
