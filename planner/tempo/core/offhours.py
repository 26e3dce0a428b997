"""They post off-hours: the share of what they post while nobody is on watch, and what an even week would give.

Staffing is kept by the quarter of the week on the theatre's clocks: 672 quarters, the first from Monday 00:00.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import IntEnum
from zoneinfo import ZoneInfo

import numpy as np
from scipy import stats

from planner.spans import Span
from planner.tempo.core.week import DAY, QUARTER, epoch, offsets

QUARTERS = 672
_MONDAY = 3  # 1970-01-01 was a Thursday: three days after Monday
CONFIDENCE = 0.95
STRATA_FROM = 21  # days: three of each weekday, so that a spread within a weekday can be told


class Watch(IntEnum):
    """How a quarter of the week is staffed."""

    NOBODY = 0
    ON_CALL = 1
    DESK = 2


@dataclass(frozen=True, slots=True)
class Share:
    """Which part of their posting falls into the hours asked about, with its 95 % interval.

    `even`: what a source that posts evenly around the clock would give. `events` were counted; because they come in
    bursts they weigh only as much as `effective` independent ones.
    """

    share: float
    low: float
    high: float
    even: float
    events: int
    effective: float

    @property
    def is_clear(self) -> bool:
        """Whether the interval leaves the even share out."""
        return not self.low <= self.even <= self.high


def quarters_of_week(instants: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """The quarter 0..671 of the week in which each instant (seconds since 1970) falls on the wall clocks of `zone`."""
    if not instants.size:
        return np.zeros(instants.shape, dtype=int)
    local = instants + offsets(instants, zone)
    return (np.floor_divide(local, QUARTER).astype(np.int64) + _MONDAY * 96) % QUARTERS


def local_days(instants: np.ndarray, zone: ZoneInfo) -> np.ndarray:
    """The local date on which each instant falls, as days since 1970-01-01."""
    if not instants.size:
        return np.zeros(instants.shape, dtype=int)
    return np.floor_divide(instants + offsets(instants, zone), DAY).astype(np.int64)


def quarter_grid(start: datetime, end: datetime) -> np.ndarray:
    """The starts of the quarters of an hour from `start` (rounded down to one) to `end`."""
    return np.arange(np.floor(epoch(start) / QUARTER) * QUARTER, epoch(end), QUARTER)


def staffing(desk: Iterable[Span], any_kind: Iterable[Span], week: Span, zone: ZoneInfo) -> np.ndarray:
    """How each quarter of the week is staffed in the seven days of `week`: 672 values of Watch.

    A quarter counts as staffed when somebody is there at its start and at its end. A quarter that the clocks show
    twice counts as its worse showing, one that they skip as the quarter before it.
    """
    grid = quarter_grid(week.start, week.end)
    level = np.where(_inside(grid, any_kind), int(Watch.ON_CALL), int(Watch.NOBODY))
    level = np.where(_inside(grid, desk), int(Watch.DESK), level)
    found = np.full(QUARTERS, 9)
    np.minimum.at(found, quarters_of_week(grid, zone), level)
    for place in np.flatnonzero(found == 9):
        found[place] = found[place - 1]
    return found


def _inside(grid: np.ndarray, spans: Iterable[Span]) -> np.ndarray:
    inside = np.zeros(len(grid), dtype=bool)
    for span in spans:
        inside |= (grid >= epoch(span.start)) & (grid + QUARTER <= epoch(span.end))
    return inside


def share(instants: np.ndarray, watched: tuple[datetime, datetime], asked: np.ndarray, zone: ZoneInfo) -> Share | None:
    """The share of `instants` (seconds since 1970, within `watched`) that falls into the quarters where `asked` holds.

    `asked`: 672 truth values. None without events. The interval takes whole days as the units of chance, since what
    is posted within a day hangs together: the variance of the ratio is linearised over days, within weekdays once
    there are three of each (Cochran, Sampling Techniques, 1977, 6.3 and 5.3); the number of events is cut down to the
    number of independent ones that would have this variance, and the exact binomial interval is taken for it
    (Korn & Graubard, Survey Methodology 24, 1998). It stays inside 0..1 and is wide where evidence is thin.
    """
    if not len(instants):
        return None
    inside = asked[quarters_of_week(instants, zone)]
    days = local_days(instants, zone)
    grid = quarter_grid(*watched)
    all_days = local_days(grid, zone)
    first, last = min(days.min(), all_days.min()), max(days.max(), all_days.max())
    part = float(inside.mean())
    residual = np.bincount(days - first, weights=inside - part, minlength=last - first + 1)
    active = len(np.unique(days))
    effective = _effective(part, residual, first, len(instants), active)
    low, high = _exact(part, effective)
    even = float(asked[quarters_of_week(grid, zone)].mean())
    return Share(part, low, high, even, len(instants), effective)


def _effective(part: float, residual: np.ndarray, first: int, events: int, active: int) -> float:
    """How many independent events are worth as much as these: never more than there are, never less than one."""
    strata = (first + np.arange(len(residual)) + _MONDAY) % 7 if len(residual) >= STRATA_FROM else None
    groups = [residual] if strata is None else [residual[strata == day] for day in range(7)]
    spread = sum(len(group) * float(group.var(ddof=1)) for group in groups if len(group) > 1)
    freedom = max(sum(len(group) - 1 for group in groups), 1)
    if spread <= 0:
        return float(min(events, active))  # all inside or all outside: a day is worth one event
    effective = part * (1 - part) * events**2 / spread
    quantile = (1 + CONFIDENCE) / 2
    effective *= (stats.norm.ppf(quantile) / stats.t.ppf(quantile, freedom)) ** 2
    return float(np.clip(effective, 1.0, events))


def _exact(part: float, events: float) -> tuple[float, float]:
    """Clopper-Pearson for a number of events that need not be whole."""
    hits, tail = part * events, (1 - CONFIDENCE) / 2
    low = stats.beta.ppf(tail, hits, events - hits + 1) if hits > 0 else 0.0
    high = stats.beta.ppf(1 - tail, hits + 1, events - hits) if hits < events else 1.0
    return float(low), float(high)
