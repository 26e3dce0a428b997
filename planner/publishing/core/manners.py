"""The manners of a channel: its quiet hours, and how far apart its posts should stand. They warn, they never refuse."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.spans import Span, SpanSet
from planner.wallclock import WeeklyRule, occurrences

EVERY_DAY = frozenset(range(7))
TICK = timedelta(microseconds=1)


def is_quiet(at: datetime, tz: ZoneInfo, quiet_from: time | None, quiet_to: time | None) -> bool:
    """Whether an aware instant falls into the quiet hours [from, to) of the zone's wall clock, past midnight, too."""
    if quiet_from is None or quiet_to is None:
        return False
    wall = at.astimezone(tz).time()
    if quiet_from <= quiet_to:
        return quiet_from <= wall < quiet_to
    return wall >= quiet_from or wall < quiet_to


def too_close(at: datetime, others: Iterable[datetime], spacing: timedelta) -> datetime | None:
    """The nearest of the other moments that lies within the spacing of `at`, or None."""
    near = [other for other in others if abs(other - at) < spacing]
    return min(near, key=lambda other: abs(other - at), default=None)


def nearest(at: datetime, others: Iterable[datetime], most: timedelta) -> timedelta:
    """How far the nearest of the other moments is from `at`, `most` when none is nearer."""
    return min((most, *(abs(other - at) for other in others)))


def unwelcome(
    start: datetime,
    end: datetime,
    tz: ZoneInfo,
    quiet_from: time | None,
    quiet_to: time | None,
    *,
    booked: Iterable[datetime],
    spacing: timedelta,
) -> SpanSet:
    """When no further post is wanted in [start, end), aware instants: its quiet hours, and too near to what is booked.

    An instant lies in it when `is_quiet` or `too_close` says so.
    """
    near = SpanSet(Span(moment - spacing + TICK, moment + spacing) for moment in booked if spacing)
    if quiet_from is None or quiet_to is None or quiet_from == quiet_to:
        return near.clip(start, end)
    minutes = [clock.hour * 60 + clock.minute for clock in (quiet_from, quiet_to)]
    quiet = occurrences(WeeklyRule(EVERY_DAY, minutes[0], minutes[1], tz.key), start, end)
    return near.clip(start, end) | quiet
