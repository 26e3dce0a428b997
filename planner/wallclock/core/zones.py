"""Wall time ↔ instants, with both odd nights of the year written out as a policy (docs/time.md)."""

from datetime import UTC, datetime, time, timedelta, tzinfo
from difflib import get_close_matches
from functools import cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError, available_timezones


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of an IANA name such as "Asia/Baghdad". Raises ValueError that names close spellings."""
    try:
        if name in _names():
            return ZoneInfo(name)
    except (ZoneInfoNotFoundError, OSError):
        pass
    raise ValueError(f"“{name}” is not a time zone of the IANA database{_suggestion(name)}")


@cache
def _names() -> frozenset[str]:
    return frozenset(available_timezones())


def _suggestion(name: str) -> str:
    by_lower = {known.lower(): known for known in sorted(_names())}
    by_city = {known.rsplit("/", 1)[-1].lower(): known for known in sorted(_names(), reverse=True)}
    sought = str(name).strip().replace(" ", "_").lower()
    places = {**by_city, **by_lower}
    close = dict.fromkeys(places[match] for match in get_close_matches(sought, places, n=3, cutoff=0.7))
    return f"; did you mean {' or '.join(close)}?" if close else "; expected a name like Asia/Baghdad or Europe/London"


def is_nonexistent(local: datetime, tz: tzinfo) -> bool:
    """Whether the clocks of the zone jump over this naive wall time (spring)."""
    before, after = _by_both_offsets(local, tz)
    return before > after


def is_ambiguous(local: datetime, tz: tzinfo) -> bool:
    """Whether the clocks of the zone show this naive wall time twice (autumn)."""
    before, after = _by_both_offsets(local, tz)
    return before < after


def to_instant(local: datetime, tz: tzinfo, *, fold: int = 0) -> datetime:
    """The UTC instant of a naive wall time.

    A time that the clocks skip becomes the first instant after the jump. A time that they show twice is the first of
    the two; fold=1 asks for the second. For either fold a later wall time never gives an earlier instant, so starts
    and ends use the same call (docs/time.md). Raises ValueError when `local` carries a zone already.
    """
    before, after = _by_both_offsets(local, tz)
    if before > after:
        return _jump_between(after, before, tz)
    return after if fold else before


def next_clock(after: datetime, at: time, tz: tzinfo) -> datetime:
    """The next instant (UTC) later than the aware instant `after` at which the zone's clocks show `at`.

    Where they show it twice, the first time; where they skip it, the first instant after the jump.
    """
    today = after.astimezone(tz).date()
    moments = (to_instant(datetime.combine(today + timedelta(days=days), at), tz) for days in range(3))
    return next(moment for moment in moments if moment > after)


def hours_since(at: datetime, start: datetime, tz: tzinfo) -> timedelta:
    """How long before `at` the zone's clocks last showed the time of day that they show at `start`: under 24 h.

    Wall time on both sides, so that 22:30 is half an hour after 22:00 in every night, also when the clocks change.
    """
    wall, first = (moment.astimezone(tz).replace(tzinfo=None) for moment in (at, start))
    return (wall - first) % timedelta(days=1)


def is_at_hours(at: datetime, start: datetime, end: datetime, tz: tzinfo) -> bool:
    """Whether the time of day of `at` lies within that of [start, end), on the zone's clocks, of whatever date.

    A stretch of a day or more, by the clock on the wall or by the sun, holds every time of day.
    """
    first, last = (moment.astimezone(tz).replace(tzinfo=None) for moment in (start, end))
    if max(end - start, last - first) >= timedelta(days=1):
        return True
    return hours_since(at, start, tz) < hours_since(end, start, tz)


def _by_both_offsets(local: datetime, tz: tzinfo) -> tuple[datetime, datetime]:
    """The instants that the offset before and the offset after a change of clocks give; equal on ordinary days."""
    if local.tzinfo is not None:
        raise ValueError(f"a wall time carries no zone of its own: {local.isoformat()} does")
    aware = local.replace(tzinfo=UTC)
    before, after = tz.utcoffset(local.replace(fold=0)), tz.utcoffset(local.replace(fold=1))
    if before is None or after is None:
        raise ValueError(f"{tz} is not a zone with clocks")
    return aware - before, aware - after


def _jump_between(early: datetime, late: datetime, tz: tzinfo) -> datetime:
    """The first whole second in (early, late] at which the zone's offset is already that of `late`."""
    offset = late.astimezone(tz).utcoffset()
    low, high = early.replace(microsecond=0), late.replace(microsecond=0) + timedelta(seconds=1)
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(tz).utcoffset() == offset:
            high = middle
        else:
            low = middle
    return high
