"""The 168 hours of a week as a zone's wall clocks show them: which one an instant falls in, how often each occurred.

Arrays of instants are float64 seconds since 1970 UTC. Bin 0 is Monday 00:00-01:00 local time, bin 167 Sunday
23:00-24:00. Today's offsets in the IANA database are multiples of a quarter of an hour: time is counted in quarters.
"""

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import numpy as np

HOURS = 168
QUARTER = 900
DAY = 86_400
_MONDAY = 3  # 1970-01-01 was a Thursday: three days after Monday


def epoch(moment: datetime) -> float:
    """Seconds since 1970 UTC of an aware instant. Raises ValueError on a naive one."""
    if moment.tzinfo is None:
        raise ValueError(f"an instant needs a time zone, got the naive {moment.isoformat()}")
    return moment.timestamp()


def instant(seconds: float) -> datetime:
    """The aware UTC instant of seconds since 1970."""
    return datetime.fromtimestamp(seconds, UTC)


def offsets(instants: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """UTC offset in seconds that holds in `zone` at each instant; exact at changeovers, asked once a day elsewhere."""
    days, where = np.unique(np.floor_divide(instants, DAY), return_inverse=True)
    first = np.array([_offset(day * DAY, zone) for day in days])
    last = np.array([_offset((day + 1) * DAY, zone) for day in days])
    result = first[where]
    for index in np.flatnonzero((first != last)[where]):
        result[index] = _offset(float(instants[index]), zone)
    return result


def _offset(seconds: float, zone: ZoneInfo) -> float:
    offset = datetime.fromtimestamp(seconds, zone).utcoffset()
    return offset.total_seconds() if offset is not None else 0.0


def hours_of_week(instants: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """The bin 0..167 in which each instant falls on the wall clocks of `zone`; shape as given, dtype int."""
    if instants.size == 0:
        return np.zeros(instants.shape, dtype=int)
    local = instants + offsets(instants, zone)
    return (np.floor_divide(local, 3600).astype(np.int64) + _MONDAY * 24) % HOURS


def exposure(start: datetime, end: datetime, zone: ZoneInfo) -> np.ndarray:
    """How many hours of [start, end) each bin was lived through: 168 floats whose sum is the length in hours.

    A spring changeover leaves one bin out, an autumn one counts it twice; ragged ends count by the quarter of an hour.
    """
    starts, lengths = quarters(epoch(start), epoch(end))
    return np.bincount(hours_of_week(starts, zone), weights=lengths / 3600, minlength=HOURS)


def quarters(start: float, end: float) -> tuple[np.ndarray, np.ndarray]:
    """Starts of the quarters that [start, end) touches, and how many seconds of each lie inside."""
    if end <= start:
        return np.zeros(0), np.zeros(0)
    starts = np.arange(np.floor(start / QUARTER) * QUARTER, end, QUARTER)
    return starts, np.minimum(starts + QUARTER, end) - np.maximum(starts, start)


def hour_grid(start: datetime, end: datetime, zone: ZoneInfo) -> tuple[np.ndarray, np.ndarray]:
    """Sixty-minute steps that cover [start, end), from the last full hour on the zone's clocks at or before `start`.

    Returns their starts, shape (n,), and the bin of each of their four quarters, shape (n, 4). A local day has 23 or 25
    of them at a changeover.
    """
    begin = epoch(start)
    begin -= (begin + _offset(begin, zone)) % 3600
    starts = np.arange(begin, epoch(end), 3600.0)
    within = starts[:, None] + np.arange(4) * QUARTER
    return starts, hours_of_week(within.ravel(), zone).reshape(within.shape)
