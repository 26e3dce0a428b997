"""The next time a clock shows an hour, and hours of the day whatever the date: in every odd night, too."""

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from planner.wallclock import hours_since, is_at_hours, next_clock

MINUTE = timedelta(minutes=1)
zones = st.sampled_from(["Asia/Baghdad", "Europe/London", "America/New_York", "Australia/Lord_Howe"]).map(ZoneInfo)
instants = st.datetimes(datetime(2015, 1, 1), datetime(2035, 12, 31)).map(  # noqa: DTZ001
    lambda moment: moment.replace(second=0, microsecond=0, tzinfo=UTC)
)


def test_in_autumn_the_night_is_an_hour_longer_and_in_spring_a_skipped_hour_ends_at_the_jump():
    london = ZoneInfo("Europe/London")
    assert next_clock(datetime(2026, 10, 24, 16, tzinfo=UTC), time(8), london) == datetime(2026, 10, 25, 8, tzinfo=UTC)
    assert next_clock(datetime(2026, 10, 24, 16, tzinfo=UTC), time(1, 30), london) == datetime(
        2026, 10, 25, 0, 30, tzinfo=UTC
    )
    assert next_clock(datetime(2026, 3, 28, 20, tzinfo=UTC), time(1, 30), london) == datetime(
        2026, 3, 29, 1, tzinfo=UTC
    )


@given(instants, st.times().map(lambda at: at.replace(second=0, microsecond=0)), zones)
def test_the_next_clock_lies_ahead_within_a_day_and_shows_the_hour_or_the_end_of_a_jump(now, at, tz):
    found = next_clock(now, at, tz)
    assert now < found <= now + timedelta(hours=25)
    wall = found.astimezone(tz)
    jumped = (found - MINUTE).astimezone(tz).utcoffset() != wall.utcoffset()
    assert wall.time() == at or jumped


@given(instants, instants, st.integers(1, 1500), zones)
def test_hours_of_the_day_are_those_that_the_clocks_show(at, start, minutes, tz):
    end = start + MINUTE * minutes
    first, last, shown = (moment.astimezone(tz).time() for moment in (start, end, at))
    on_the_wall = end.astimezone(tz).replace(tzinfo=None) - start.astimezone(tz).replace(tzinfo=None)
    if minutes >= 1440 or on_the_wall >= timedelta(days=1):
        assert is_at_hours(at, start, end, tz)
    elif first < last:
        assert is_at_hours(at, start, end, tz) == (first <= shown < last)
    else:
        assert is_at_hours(at, start, end, tz) == (first != last and (shown >= first or shown < last))
    assert timedelta(0) <= hours_since(at, start, tz) < timedelta(days=1)
