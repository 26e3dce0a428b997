"""One stretch of time."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest

from planner.spans import Span
from tests.spans.strategies import minute


def test_a_span_holds_its_start_but_not_its_end() -> None:
    span = Span(minute(0), minute(10))
    assert span.contains(minute(0))
    assert span.contains(minute(10) - timedelta(microseconds=1))
    assert not span.contains(minute(10))


def test_spans_that_touch_do_not_overlap() -> None:
    assert not Span(minute(0), minute(10)).overlaps(Span(minute(10), minute(20)))
    assert Span(minute(0), minute(11)).overlaps(Span(minute(10), minute(20)))


def test_any_zone_is_taken_and_turned_into_utc() -> None:
    baghdad = timezone(timedelta(hours=3))
    span = Span(datetime(2014, 6, 10, 1, tzinfo=baghdad), datetime(2014, 6, 10, 4, tzinfo=baghdad))
    assert span == Span(datetime(2014, 6, 9, 22, tzinfo=UTC), datetime(2014, 6, 10, 1, tzinfo=UTC))
    assert span.start.tzinfo is UTC


def test_a_span_over_the_autumn_night_lasts_as_long_as_it_lasts() -> None:
    # Python subtracts two times of one zone on the wall: an hour would be lost here.
    berlin = ZoneInfo("Europe/Berlin")
    span = Span(datetime(2024, 10, 27, 0, tzinfo=berlin), datetime(2024, 10, 27, 6, tzinfo=berlin))
    assert span.duration == timedelta(hours=7)


def test_a_naive_time_is_refused_by_name() -> None:
    with pytest.raises(ValueError, match="the end must carry a time zone: 2014-06-10T02:00:00 has none"):
        Span(minute(0), datetime(2014, 6, 10, 2))  # noqa: DTZ001


@pytest.mark.parametrize("end", [0, -1])
def test_a_span_that_does_not_end_after_it_starts_is_refused(end: int) -> None:
    with pytest.raises(ValueError, match="a span must end after it starts: 2014-06-09T00:00:00"):
        Span(minute(0), minute(end))


def test_something_that_is_no_time_is_refused() -> None:
    with pytest.raises(ValueError, match="the start must be a datetime, not '22:00'"):
        Span("22:00", minute(0))  # type: ignore[arg-type]
