"""When a channel's credential is rehearsed, and how long before its end people are warned."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.wallclock import next_clock, to_instant

HOUR = timedelta(hours=1)
AT = time(16)  # an hour before the readiness page is read: what is broken can still be mended by day
AGAIN = HOUR  # after a rehearsal that failed
WARNED_DAYS = (14, 7, 3, 1, 0)
STALE = timedelta(hours=26)  # a rehearsal older than this says nothing about tonight


def next_rehearsal(now: datetime, tz: ZoneInfo, *, works: bool) -> datetime:
    """The next 16:00 of the theatre's wall clock after `now`; within an hour while it does not work. Aware."""
    nightly = next_clock(now, AT, tz)
    return nightly if works else min(nightly, now + AGAIN)


def ends_at(told: datetime | None, entered: date | None, tz: ZoneInfo) -> datetime | None:
    """When a credential ends: what the platform told or a person entered (the start of that day), the earlier one."""
    by_hand = to_instant(datetime.combine(entered, time()), tz) if entered else None
    return min((one for one in (told, by_hand) if one), default=None)


def warning_of(ends: datetime | None, *, now: datetime) -> int | None:
    """The narrowest of WARNED_DAYS within which the credential ends (0: it has ended); None while there is time."""
    if ends is None:
        return None
    within = [days for days in WARNED_DAYS if ends - now <= timedelta(days=days)]
    return min(within, default=None)
