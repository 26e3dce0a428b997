"""The manners of a channel: its quiet hours, and how far apart its posts should stand. They warn, they never refuse."""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo


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
