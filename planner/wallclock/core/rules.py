"""Intentions as people state them, "mon-fri 22:00 to 06:00 in Baghdad", and the stretches of time they mean."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from dateutil.rrule import rrule, rrulestr

from planner.spans import Span, SpanSet
from planner.wallclock.core.zones import to_instant, zone

DAY_MINUTES = 24 * 60
LONGEST = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)  # days a month can have
DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_FULL = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_DAY_NUMBERS = {name: number for names in (DAYS, _FULL) for number, name in enumerate(names)}
# A night that begins on one local date ends on the next, and a zone may skip a whole date (Apia, 30 December 2011).
_REACH = timedelta(days=2)


@dataclass(frozen=True, slots=True)
class WeeklyRule:
    """Every given weekday (Monday is 0) from `start` to `end`, minutes after midnight on the wall of `zone`.

    An end at or before the start lies on the next day; 1440 is midnight at the end of the day. Raises ValueError.
    """

    days: frozenset[int]
    start: int
    end: int
    zone: str

    def __post_init__(self) -> None:
        if not self.days or not self.days <= frozenset(range(7)):
            raise ValueError(f"days must be numbers from 0 (Monday) to 6 (Sunday), got {sorted(self.days)}")
        if not 0 <= self.start < DAY_MINUTES:
            raise ValueError(f"start must be 0 to {DAY_MINUTES - 1} minutes after midnight, got {self.start}")
        if not 0 <= self.end <= DAY_MINUTES:
            raise ValueError(f"end must be 0 to {DAY_MINUTES} minutes after midnight, got {self.end}")
        zone(self.zone)


def occurrences(rule: WeeklyRule, start: datetime, end: datetime) -> SpanSet:
    """When the rule holds within [start, end), aware instants: clipped, touching nights merged."""
    tz = zone(rule.zone)
    length = rule.end - rule.start if rule.end > rule.start else rule.end + DAY_MINUTES - rule.start
    from_midnight, minutes = timedelta(minutes=rule.start), timedelta(minutes=length)
    starts = (midnight + from_midnight for midnight in _midnights(start, end, tz) if midnight.weekday() in rule.days)
    return SpanSet(_spans(starts, minutes, tz)).clip(start, end)


def rrule_spans(
    text: str, local_start: datetime, duration_minutes_wall: int, tz: ZoneInfo, start: datetime, end: datetime
) -> tuple[Span, ...]:
    """The single shifts of a recurrence rule that touch [start, end): whole, unmerged, in order of time.

    `text` is the value of an iCalendar RRULE ("FREQ=WEEKLY;BYDAY=MO,FR"), read on the wall of `tz` from the naive
    `local_start`; each shift lasts that many minutes on the wall. Raises ValueError that says what was expected.
    """
    if duration_minutes_wall <= 0:
        raise ValueError(f"the duration must be a positive number of minutes, got {duration_minutes_wall}")
    window, minutes = Span(start, end), timedelta(minutes=duration_minutes_wall)
    first = window.start.astimezone(tz).replace(tzinfo=None) - minutes - _REACH
    last = window.end.astimezone(tz).replace(tzinfo=None) + _REACH
    starts = _rule(text, local_start, tz, last).between(first, last, inc=True)
    return tuple(span for span in _spans(iter(starts), minutes, tz) if span.overlaps(window))


def rrule_occurrences(
    text: str, local_start: datetime, duration_minutes_wall: int, tz: ZoneInfo, start: datetime, end: datetime
) -> SpanSet:
    """When a recurrence rule holds within [start, end): as `rrule_spans`, but clipped and merged."""
    return SpanSet(rrule_spans(text, local_start, duration_minutes_wall, tz, start, end)).clip(start, end)


def parse_days(text: str) -> frozenset[int]:
    """Weekdays from "mon-fri", "sat-mon", "mon;wed", "Friday": Monday is 0. Raises ValueError."""
    parts = [part for part in re.split(r"[;,\s]+", re.sub(r"\s*-\s*", "-", text.strip().lower())) if part]
    if not parts:
        raise ValueError("no day given; expected names such as mon or a range such as mon-fri")
    days: set[int] = set()
    for part in parts:
        first, dash, last = part.partition("-")
        begin = _day(first, text)
        finish = _day(last, text) if dash else begin
        days.update((begin + step) % 7 for step in range((finish - begin) % 7 + 1))
    return frozenset(days)


def parse_time(text: str) -> int:
    """Minutes after midnight from "22:00"; "24:00" is 1440. Raises ValueError."""
    found = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text.strip())
    minutes = int(found[1]) * 60 + int(found[2]) if found and int(found[2]) < 60 else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        raise ValueError(
            f"“{text}” is not a time of day; expected hours and minutes from 00:00 to 24:00, such as 22:00"
        )
    return minutes


def night_of(instant: datetime, tz: ZoneInfo) -> Span:
    """The night around an aware instant: from noon to the next noon on the wall of `tz`."""
    local = instant.astimezone(tz).replace(tzinfo=None)
    day = local.date() if local.hour >= 12 else local.date() - timedelta(days=1)
    noon = datetime.combine(day, time(12))
    return Span(to_instant(noon, tz), to_instant(noon + timedelta(days=1), tz))


def hour_of_week(instant: datetime, tz: ZoneInfo) -> int:
    """The hour of the week of an aware instant on the wall of `tz`: 0 is Monday 00:00, 167 is Sunday 23:00."""
    local = instant.astimezone(tz)
    return local.weekday() * 24 + local.hour


def _midnights(start: datetime, end: datetime, tz: ZoneInfo) -> Iterator[datetime]:
    day: date = (start.astimezone(tz) - _REACH).date()
    last: date = (end.astimezone(tz) + _REACH).date()
    while day <= last:
        yield datetime.combine(day, time())
        day += timedelta(days=1)


def _spans(local_starts: Iterator[datetime], minutes: timedelta, tz: ZoneInfo) -> Iterator[Span]:
    for local in local_starts:
        start, end = to_instant(local, tz), to_instant(local + minutes, tz)
        if start < end:  # a shift wholly inside the hour that spring skips has no time that night
            yield Span(start, end)


def _rule(text: str, local_start: datetime, tz: ZoneInfo, last: datetime) -> rrule:
    if local_start.tzinfo is not None:
        raise ValueError(f"a rule starts at a wall time without a zone, got {local_start.isoformat()}")
    line = re.sub(r"(?i)^RRULE:", "", text.strip())
    if not re.match(r"(?i)(.*;)?FREQ=(DAILY|WEEKLY|MONTHLY|YEARLY)(;|$)", line) or "\n" in line:
        raise ValueError(f"“{text}” is not a rule for shifts; expected one such as FREQ=WEEKLY;BYDAY=MO,TU")
    try:
        line = re.sub(r"(?i)UNTIL=([0-9]{8}T[0-9]{6})Z", lambda found: f"UNTIL={_local_text(found[1], tz)}", line)
        rule = rrulestr(line, dtstart=local_start)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise ValueError(f"“{text}” is not a recurrence rule: {error}") from error
    if rule._interval < 1:
        raise ValueError(f"“{text}” is not a recurrence rule: INTERVAL must be 1 or more")
    if not _may_happen(rule):
        raise ValueError(f"“{text}” never happens: none of its months has such a day")
    endless = rule._count is None and (rule._until is None or rule._until > last)
    return rule.replace(until=last) if endless else rule


def _may_happen(rule: rrule) -> bool:
    # dateutil would look for a 30 February until the year 9999, which takes seconds.
    days = {abs(day) for day in (*rule._bymonthday, *rule._bynmonthday)}
    longest = max(LONGEST[month - 1] for month in rule._bymonth or range(1, 13))
    return not days or min(days) <= longest


def _local_text(utc_text: str, tz: ZoneInfo) -> str:
    instant = datetime.strptime(utc_text, "%Y%m%dT%H%M%S").replace(tzinfo=UTC)
    return f"{instant.astimezone(tz):%Y%m%dT%H%M%S}"


def _day(name: str, text: str) -> int:
    if name not in _DAY_NUMBERS:
        raise ValueError(f"“{name}” in “{text}” is not a day; expected mon, tue, wed, thu, fri, sat or sun")
    return _DAY_NUMBERS[name]
