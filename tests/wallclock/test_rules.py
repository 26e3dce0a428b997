"""Weekly rules and recurrence rules, against the wall clock read minute by minute."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.spans import SpanSet
from planner.wallclock import (
    WeeklyRule,
    hour_of_week,
    night_of,
    occurrences,
    parse_days,
    parse_time,
    rrule_occurrences,
    rrule_spans,
    to_instant,
    zone,
)
from tests.wallclock.transitions import Change, changes, distinct

MINUTE = timedelta(minutes=1)
EVERY_DAY = frozenset(range(7))
around_changes = st.sampled_from(changes())
rule_parts = st.tuples(st.frozensets(st.integers(0, 6), min_size=1), st.integers(0, 1439), st.integers(0, 1440))


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)  # type: ignore[misc, arg-type]


def watched(change: Change, holds: Callable[[datetime], bool], start: datetime, minutes: int) -> SpanSet:
    """The oracle: somebody reads the wall clock every minute, and goes by the latest time it has shown so far.

    They began two days early, so that the time they go by is right when the window opens.
    """
    latest, kept = datetime(1, 1, 1), []  # noqa: DTZ001
    for number in range(-2 * 1440, minutes):
        instant = start + number * MINUTE
        latest = max(latest, instant.astimezone(change.tz).replace(tzinfo=None, fold=0))
        if number >= 0 and holds(latest):
            kept.append((instant, instant + MINUTE))
    return SpanSet(kept)


def says(rule: WeeklyRule) -> Callable[[datetime], bool]:
    """Whether a wall time lies in the rule, told from its weekday and minute alone."""

    def holds(wall: datetime) -> bool:
        minute, today, yesterday = wall.hour * 60 + wall.minute, wall.weekday(), (wall.weekday() - 1) % 7
        if rule.start < rule.end:
            return today in rule.days and rule.start <= minute < rule.end
        return (today in rule.days and minute >= rule.start) or (yesterday in rule.days and minute < rule.end)

    return holds


@settings(max_examples=150, deadline=None)
@given(around_changes, rule_parts, st.integers(-1500, 300))
def test_a_weekly_rule_agrees_with_the_wall_clock_around_every_kind_of_change(
    change: Change, parts: tuple[frozenset[int], int, int], shift: int
) -> None:
    rule = WeeklyRule(*parts, zone=change.zone)
    start = change.instant.replace(second=0) + shift * MINUTE
    assert occurrences(rule, start, start + 1800 * MINUTE) == watched(change, says(rule), start, 1800)


def test_two_shifts_that_share_the_day_leave_no_hole_and_no_overlap_at_any_change_of_any_zone() -> None:
    for change in distinct():
        start, end = change.instant - timedelta(days=1), change.instant + timedelta(days=1)
        at = change.wall_before.hour * 60 + change.wall_before.minute
        for cut in (at, (at + 30) % 1440, (at - 30) % 1440):
            day = occurrences(WeeklyRule(EVERY_DAY, cut, (cut + 720) % 1440, change.zone), start, end)
            night = occurrences(WeeklyRule(EVERY_DAY, (cut + 720) % 1440, cut, change.zone), start, end)
            assert day | night == SpanSet([(start, end)]), change
            assert not day & night, change


def test_a_night_shift_is_an_hour_shorter_in_spring_and_longer_in_autumn() -> None:
    rule = WeeklyRule(frozenset({5}), parse_time("22:00"), parse_time("06:00"), "Europe/Brussels")
    spring = occurrences(rule, utc(2024, 3, 30), utc(2024, 4, 1))
    autumn = occurrences(rule, utc(2024, 10, 26), utc(2024, 10, 28))
    assert spring == SpanSet([(utc(2024, 3, 30, 21), utc(2024, 3, 31, 4))])
    assert autumn == SpanSet([(utc(2024, 10, 26, 20), utc(2024, 10, 27, 5))])


def test_a_shift_inside_the_repeated_hour_keeps_its_length() -> None:
    rule = WeeklyRule(frozenset({6}), parse_time("02:15"), parse_time("02:45"), "Europe/Brussels")
    assert occurrences(rule, utc(2024, 10, 26), utc(2024, 10, 28)).total() == timedelta(minutes=30)


def test_a_shift_wholly_inside_the_skipped_hour_has_no_time_that_night() -> None:
    rule = WeeklyRule(EVERY_DAY, parse_time("02:15"), parse_time("02:45"), "Europe/Brussels")
    assert len(occurrences(rule, utc(2024, 3, 30), utc(2024, 4, 2))) == 2  # 30 March and 1 April


def test_around_the_clock_is_one_unbroken_span() -> None:
    window = utc(2024, 1, 1), utc(2025, 1, 1)
    for times in (("00:00", "24:00"), ("08:00", "08:00"), ("00:00", "00:00")):
        rule = WeeklyRule(EVERY_DAY, *map(parse_time, times), zone="America/New_York")
        assert occurrences(rule, *window) == SpanSet([window])


def test_a_recurrence_rule_is_read_on_the_wall_on_both_odd_nights() -> None:
    tz, first = zone("Europe/Brussels"), datetime(2024, 3, 2, 22)  # noqa: DTZ001
    for start, end in ((utc(2024, 3, 30), utc(2024, 4, 1)), (utc(2024, 10, 26), utc(2024, 10, 28))):
        rule = WeeklyRule(frozenset({5}), 22 * 60, 6 * 60, "Europe/Brussels")
        assert rrule_occurrences("FREQ=WEEKLY;BYDAY=SA", first, 480, tz, start, end) == occurrences(rule, start, end)


def test_single_shifts_come_whole_even_when_the_window_cuts_them() -> None:
    tz, first = zone("Asia/Baghdad"), datetime(2014, 6, 1, 22)  # noqa: DTZ001
    spans = rrule_spans("RRULE:FREQ=DAILY", first, 480, tz, utc(2014, 6, 10), utc(2014, 6, 10, 20))
    assert [(span.start, span.end) for span in spans] == [
        (utc(2014, 6, 9, 19), utc(2014, 6, 10, 3)),
        (utc(2014, 6, 10, 19), utc(2014, 6, 11, 3)),
    ]


def test_an_end_in_utc_is_understood() -> None:
    tz, first = zone("Asia/Baghdad"), datetime(2014, 6, 1, 22)  # noqa: DTZ001
    text = "FREQ=DAILY;UNTIL=20140603T190000Z"
    assert len(rrule_spans(text, first, 480, tz, utc(2014, 5, 1), utc(2014, 7, 1))) == 3


@pytest.mark.timeout(20)
@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is not a rule for shifts; expected one such as FREQ=WEEKLY;BYDAY=MO,TU"),
        ("every friday", "is not a rule for shifts"),
        ("FREQ=SECONDLY", "is not a rule for shifts"),
        ("FREQ=DAILY\nFREQ=WEEKLY", "is not a rule for shifts"),
        ("FREQ=WEEKLY;BYDAY=XX", "is not a recurrence rule: invalid 'BYDAY'"),
        ("FREQ=DAILY;BYMONTH=2;BYMONTHDAY=30", "never happens: none of its months has such a day"),
        ("FREQ=DAILY;INTERVAL=0", "INTERVAL must be 1 or more"),
        ("FREQ=DAILY;UNTIL=soon", "is not a recurrence rule"),
        ("FREQ=DAILY;UNTIL=20241301T000000Z", "is not a recurrence rule"),
    ],
)
def test_a_bad_recurrence_rule_is_refused_in_words(text: str, complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        rrule_spans(text, datetime(2014, 6, 1, 22), 480, zone("UTC"), utc(2014, 5, 1), utc(2014, 7, 1))  # noqa: DTZ001


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("mon-fri", {0, 1, 2, 3, 4}),
        ("mon-sun", set(range(7))),
        ("sat-mon", {5, 6, 0}),
        ("mon;wed", {0, 2}),
        ("Fri, Sat", {4, 5}),
        ("Monday - Wednesday", {0, 1, 2}),
        ("sun", {6}),
        ("thu-thu", {3}),
    ],
)
def test_days_are_read_as_people_write_them(text: str, days: set[int]) -> None:
    assert parse_days(text) == days


@pytest.mark.parametrize("text", ["", "  ", "mo", "mon-", "-fri", "mon-frx", "weekdays", "mon--fri", "1-5"])
def test_what_is_no_day_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="expected"):
        parse_days(text)


@pytest.mark.parametrize(("text", "minutes"), [("00:00", 0), ("7:05", 425), ("22:00", 1320), ("24:00", 1440)])
def test_times_of_day_are_minutes_after_midnight(text: str, minutes: int) -> None:
    assert parse_time(text) == minutes


@pytest.mark.parametrize("text", ["", "22", "22:60", "24:01", "25:00", "-1:00", "10pm", "٢٢:٠٠", "22:0", "22:00:00"])
def test_what_is_no_time_of_day_is_refused_with_what_was_expected(text: str) -> None:
    with pytest.raises(ValueError, match="is not a time of day; expected hours and minutes from 00:00 to 24:00"):
        parse_time(text)


@pytest.mark.parametrize(
    ("parts", "complaint"),
    [
        ((frozenset(), 0, 60, "UTC"), "days must be numbers from 0"),
        ((frozenset({7}), 0, 60, "UTC"), "days must be numbers from 0"),
        ((EVERY_DAY, 1440, 60, "UTC"), "start must be 0 to 1439"),
        ((EVERY_DAY, 0, 1441, "UTC"), "end must be 0 to 1440"),
        ((EVERY_DAY, 0, 60, "Mars/Base"), "is not a time zone"),
    ],
)
def test_an_impossible_rule_is_refused(parts: tuple[frozenset[int], int, int, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        WeeklyRule(*parts)


@settings(deadline=None)
@given(around_changes, st.integers(-4000, 4000))
def test_every_instant_lies_in_its_night_and_nights_follow_one_another(change: Change, shift: int) -> None:
    instant = change.instant + shift * MINUTE
    night = night_of(instant, change.tz)
    assert night.contains(instant)
    assert night.start.astimezone(change.tz).hour == 12
    assert night_of(night.end, change.tz).start == night.end


def test_the_night_of_mosul_is_one_night_before_and_after_midnight() -> None:
    baghdad = zone("Asia/Baghdad")
    evening, small_hours = utc(2014, 6, 9, 19, 30), utc(2014, 6, 10, 1)
    assert night_of(evening, baghdad) == night_of(small_hours, baghdad)
    assert night_of(evening, baghdad).start == utc(2014, 6, 9, 9)


@settings(deadline=None)
@given(around_changes, st.integers(-4000, 4000))
def test_the_hour_of_the_week_is_that_of_the_wall(change: Change, shift: int) -> None:
    wall = (change.instant + shift * MINUTE).astimezone(change.tz)
    assert divmod(hour_of_week(change.instant + shift * MINUTE, change.tz), 24) == (wall.weekday(), wall.hour)


def test_the_week_begins_on_monday_in_the_theatre() -> None:
    baghdad = zone("Asia/Baghdad")
    assert hour_of_week(to_instant(datetime(2014, 6, 9), baghdad), baghdad) == 0  # noqa: DTZ001
    assert hour_of_week(to_instant(datetime(2014, 6, 15, 23, 59), baghdad), baghdad) == 167  # noqa: DTZ001
