"""Wall time → instant: every change of clocks in every zone, and points between them."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.wallclock import is_ambiguous, is_nonexistent, to_instant, zone
from tests.wallclock.transitions import ZONES, changes, distinct

SECOND = timedelta(seconds=1)
SPRING = [change for change in changes() if change.jump > timedelta(0)]
AUTUMN = [change for change in changes() if change.jump < timedelta(0)]
walls = st.datetimes(datetime(2015, 1, 1), datetime(2035, 12, 31))  # noqa: DTZ001


def wall(instant: datetime, tz: ZoneInfo) -> datetime:
    return instant.astimezone(tz).replace(tzinfo=None, fold=0)


def test_the_database_has_changes_to_test_with() -> None:
    assert len(ZONES) > 450
    assert len(SPRING) > 3000
    assert len(AUTUMN) > 3000


def test_every_skipped_time_in_every_zone_becomes_the_moment_of_the_jump() -> None:
    for change in SPRING:
        for into in (timedelta(0), change.jump // 2, change.jump - SECOND):
            skipped = change.wall_before + into
            assert is_nonexistent(skipped, change.tz), change
            assert not is_ambiguous(skipped, change.tz), change
            assert to_instant(skipped, change.tz) == change.instant, change
            assert to_instant(skipped, change.tz, fold=1) == change.instant, change


def test_the_seconds_around_every_jump_are_ordinary() -> None:
    for change in SPRING:
        last, first = change.wall_before - SECOND, change.wall_before + change.jump
        assert not is_nonexistent(last, change.tz), change
        assert not is_nonexistent(first, change.tz), change
        assert to_instant(last, change.tz) == change.instant - SECOND, change
        assert to_instant(first, change.tz) == change.instant, change


def test_every_repeated_time_in_every_zone_is_its_first_showing_unless_the_second_is_asked_for() -> None:
    for change in AUTUMN:
        length = -change.jump
        for back in (SECOND, length // 2, length):
            repeated = change.wall_before - back
            assert is_ambiguous(repeated, change.tz), change
            assert not is_nonexistent(repeated, change.tz), change
            assert to_instant(repeated, change.tz) == change.instant - back, change
            assert to_instant(repeated, change.tz, fold=1) == change.instant - back + length, change


def test_the_seconds_around_every_repeated_hour_are_ordinary() -> None:
    for change in AUTUMN:
        before, after = change.wall_before + change.jump - SECOND, change.wall_before
        assert not is_ambiguous(before, change.tz), change
        assert not is_ambiguous(after, change.tz), change
        assert to_instant(after, change.tz) == change.instant - change.jump, change


def test_a_later_wall_time_is_never_an_earlier_instant_around_any_change() -> None:
    quarter = timedelta(minutes=15)
    for change in distinct():
        for fold in (0, 1):
            row = [to_instant(change.wall_before + step * quarter, change.tz, fold=fold) for step in range(-12, 13)]
            assert row == sorted(row), change


@given(st.sampled_from(ZONES), walls)
def test_a_wall_time_is_the_first_moment_at_which_the_clock_shows_it_or_later(name: str, local: datetime) -> None:
    tz = zone(name)
    instant = to_instant(local, tz)
    assert wall(instant, tz) == local or is_nonexistent(local, tz)
    assert wall(instant, tz) >= local
    for earlier in (SECOND, timedelta(minutes=30), timedelta(hours=1), timedelta(hours=3)):
        assert wall(instant - earlier, tz) < local


@given(st.sampled_from(ZONES), st.datetimes(datetime(2015, 1, 1), datetime(2035, 12, 31), timezones=st.just(UTC)))  # noqa: DTZ001
def test_every_instant_comes_back_from_its_wall_time_by_one_of_the_two_folds(name: str, instant: datetime) -> None:
    tz = zone(name)
    assert instant in {to_instant(wall(instant, tz), tz, fold=fold) for fold in (0, 1)}


def test_the_day_that_samoa_skipped_becomes_the_moment_it_was_skipped() -> None:
    noon = datetime(2011, 12, 30, 12)  # noqa: DTZ001
    assert to_instant(noon, zone("Pacific/Apia")) == datetime(2011, 12, 30, 10, tzinfo=UTC)


def test_a_wall_time_with_a_zone_of_its_own_is_refused() -> None:
    with pytest.raises(ValueError, match="a wall time carries no zone of its own: 2024-01-01T00:00:00"):
        to_instant(datetime(2024, 1, 1, tzinfo=UTC), zone("Asia/Baghdad"))


@pytest.mark.parametrize(
    ("wrong", "meant"),
    [
        ("Asia/Bagdad", "Asia/Baghdad"),
        ("Baghdad", "Asia/Baghdad"),
        ("europe/london", "Europe/London"),
        ("New York", "America/New_York"),
    ],
)
def test_an_unknown_zone_is_refused_with_the_one_that_was_probably_meant(wrong: str, meant: str) -> None:
    with pytest.raises(ValueError, match=f"“{wrong}” is not a time zone of the IANA database; did you mean .*{meant}"):
        zone(wrong)


@pytest.mark.parametrize("wrong", ["", "../../etc/passwd", "qqqqqq", "/usr/share/zoneinfo/UTC"])
def test_nonsense_is_refused_as_a_zone_with_an_example(wrong: str) -> None:
    with pytest.raises(ValueError, match="expected a name like Asia/Baghdad"):
        zone(wrong)
