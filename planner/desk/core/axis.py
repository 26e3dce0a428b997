"""Time along a line: where an instant lies, where the local hours fall, and how marks share rows without touching."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

QUARTER = timedelta(minutes=15)


class Change(NamedTuple):
    """A moment at which a zone's clocks are put forward (positive) or back (negative)."""

    at: datetime
    by: timedelta


@dataclass(frozen=True)
class Axis:
    """Elapsed time from `start` to `end` (aware, start < end) laid evenly from x0 to x1, in user units."""

    start: datetime
    end: datetime
    x0: float
    x1: float

    def at(self, instant: datetime) -> float:
        """The x of an instant, held within the axis."""
        share = (instant - self.start) / (self.end - self.start)
        return self.x0 + (self.x1 - self.x0) * min(max(share, 0.0), 1.0)

    def has(self, instant: datetime) -> bool:
        """Whether the instant lies on the axis."""
        return self.start <= instant <= self.end

    def per_hour(self) -> float:
        """User units per elapsed hour."""
        return (self.x1 - self.x0) / ((self.end - self.start) / timedelta(hours=1))


def local_hours(start: datetime, end: datetime, zone: str, step: int) -> list[datetime]:
    """The instants from start to end at which a clock in `zone` shows a full hour divisible by `step`.

    Walks quarters of an hour of elapsed time, so that a night of 23 or 25 hours, and zones a half or a quarter of an
    hour off, come out right; on the night the clocks go back an hour may appear twice.
    """
    instant = start.replace(minute=start.minute // 15 * 15, second=0, microsecond=0)
    found = []
    while instant <= end:
        wall = instant.astimezone(ZoneInfo(zone))
        if wall.minute == 0 and wall.hour % step == 0 and instant >= start:
            found.append(instant)
        instant += QUARTER
    return found


def changes(start: datetime, end: datetime, zone: str) -> list[Change]:
    """The clock changes of a zone between start and end, found to the quarter of an hour."""
    local = ZoneInfo(zone)
    found, instant = [], start
    while instant < end:
        later = min(instant + QUARTER, end)
        before, after = instant.astimezone(local).utcoffset(), later.astimezone(local).utcoffset()
        if before is not None and after is not None and before != after:
            found.append(Change(later, after - before))
        instant = later
    return found


@dataclass
class Lanes:
    """Rows for marks that must not touch: each takes the first row in which it is free."""

    gap: float = 8
    rows: list[list[tuple[float, float]]] = field(default_factory=list)

    def place(self, left: float, right: float, limit: int | None = None) -> int | None:
        """The row for a mark from left to right; None when `limit` rows are full there."""
        for index, row in enumerate(self.rows):
            if all(right + self.gap <= a or left >= b + self.gap for a, b in row):
                row.append((left, right))
                return index
        if limit is not None and len(self.rows) >= limit:
            return None
        self.rows.append([(left, right)])
        return len(self.rows) - 1


def smooth(xs: Sequence[float], ys: Sequence[float]) -> Callable[[float], float]:
    """A curve through the points that never leaves their range between two of them (Fritsch and Carlson's cubic).

    xs strictly ascending, as many ys; beyond the ends the curve is level. No points: the curve is zero.
    """
    if not xs:
        return lambda x: 0.0
    slopes = [(ys[i + 1] - ys[i]) / (xs[i + 1] - xs[i]) for i in range(len(xs) - 1)]
    tangents = [0.0] * len(xs)
    for i in range(1, len(xs) - 1):
        if slopes[i - 1] * slopes[i] > 0:
            tangents[i] = 2 * slopes[i - 1] * slopes[i] / (slopes[i - 1] + slopes[i])

    def curve(x: float) -> float:
        if x <= xs[0]:
            return ys[0]
        if x >= xs[-1]:
            return ys[-1]
        i = bisect_right(xs, x) - 1
        width = xs[i + 1] - xs[i]
        t = (x - xs[i]) / width
        return (
            (2 * t**3 - 3 * t**2 + 1) * ys[i]
            + (t**3 - 2 * t**2 + t) * width * tangents[i]
            + (-2 * t**3 + 3 * t**2) * ys[i + 1]
            + (t**3 - t**2) * width * tangents[i + 1]
        )

    return curve
