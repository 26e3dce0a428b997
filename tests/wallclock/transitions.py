"""Every change of clocks in every zone of the IANA database, found by asking each zone week by week."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import NamedTuple
from zoneinfo import ZoneInfo, available_timezones

FIRST, LAST = datetime(2015, 1, 1, tzinfo=UTC), datetime(2036, 1, 1, tzinfo=UTC)
# "localtime" is whatever the machine is set to; posix/ and right/ repeat the others (right/ with leap seconds).
ZONES = sorted(name for name in available_timezones() if not name.startswith(("posix", "right", "localtime")))


class Change(NamedTuple):
    """At `instant` the wall of `zone` jumps by `jump` from `wall_before` (the wall time that the old offset gives)."""

    zone: str
    instant: datetime
    wall_before: datetime
    jump: timedelta

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)


@cache
def changes() -> tuple[Change, ...]:
    """All changes of clocks from 2015 to 2035."""
    return tuple(change for name in ZONES for change in _of_zone(name))


@cache
def distinct() -> tuple[Change, ...]:
    """One change of each kind: dozens of zones jump at the same instant from and to the same wall time."""
    return tuple({change[1:]: change for change in changes()}.values())


def _of_zone(name: str) -> Iterator[Change]:
    tz, week = ZoneInfo(name), timedelta(days=7)
    moment = FIRST
    while moment < LAST:
        before, after = _offset(moment, tz), _offset(moment + week, tz)
        if before != after:
            instant = _bisected(moment, moment + week, before, tz)
            jump = _offset(instant, tz) - before
            yield Change(name, instant, (instant + before).replace(tzinfo=None), jump)
        moment += week


def _bisected(low: datetime, high: datetime, before: timedelta, tz: ZoneInfo) -> datetime:
    while high - low > timedelta(seconds=1):
        middle = low + (high - low) // 2
        middle = middle.replace(microsecond=0)
        low, high = (middle, high) if _offset(middle, tz) == before else (low, middle)
    return high


def _offset(instant: datetime, tz: ZoneInfo) -> timedelta:
    offset = instant.astimezone(tz).utcoffset()
    assert offset is not None
    return offset
