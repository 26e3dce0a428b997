"""Their working hours: the shortest arc of the day that holds most of what a source posts.

The day is a ring of 48 half hours on the clocks of a zone.
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np

from planner.tempo.core.offhours import local_days
from planner.tempo.core.week import offsets

HALF_HOURS = 48
MOST = 0.75
FEWEST_EVENTS, FEWEST_DAYS = 40, 7
ROUND_THE_CLOCK = 16.0  # hours: an even day would need 18 for three quarters of its posts
RESAMPLED = 200
SEED = 20140610


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """From `start`, `length` hours long, on the clocks of a zone: `share` of the posts lie inside.

    `start` and the ends of the intervals are hours after midnight, 0 to 24; `start_low`..`start_high` and
    `end_low`..`end_high` hold 95 % of the arcs found when whole days are drawn again.
    """

    start: float
    length: float
    share: float
    start_low: float
    start_high: float
    end_low: float
    end_high: float
    events: int
    days: int

    @property
    def end(self) -> float:
        """Hours after midnight, 0 to 24."""
        return (self.start + self.length) % 24

    @property
    def is_round_the_clock(self) -> bool:
        """Whether the day has no rest worth the name."""
        return self.length >= ROUND_THE_CLOCK


def working_hours(instants: np.ndarray, zone: ZoneInfo) -> WorkingHours | None:
    """The working hours that these posts (seconds since 1970) show on the clocks of `zone`.

    None where evidence is thin: fewer than 40 posts or 7 days with posts. Uncertainty by a bootstrap over days
    (Efron & Tibshirani 1993, chapter 8: blocks, because posts of one day hang together), with a fixed seed, so that a
    page shows the same twice.
    """
    if len(instants) < FEWEST_EVENTS:
        return None
    days, day_of = np.unique(local_days(instants, zone), return_inverse=True)
    if len(days) < FEWEST_DAYS:
        return None
    local = instants + offsets(instants, zone)
    bins = (np.floor_divide(local, 1800) % HALF_HOURS).astype(int)
    table = np.bincount(day_of * HALF_HOURS + bins, minlength=len(days) * HALF_HOURS).reshape(len(days), HALF_HOURS)
    counts = table.sum(axis=0)
    start, length = (int(found[0]) for found in shortest_arcs(counts[None, :]))
    draws = np.random.default_rng(SEED).multinomial(len(days), np.full(len(days), 1 / len(days)), size=RESAMPLED)
    starts, lengths = shortest_arcs(draws @ table)
    inside = np.take(counts, np.arange(start, start + length), mode="wrap").sum() / counts.sum()
    return WorkingHours(
        start / 2,
        length / 2,
        float(inside),
        *_circular_interval(starts, start),
        *_circular_interval(starts + lengths, start + length),
        len(instants),
        len(days),
    )


def shortest_arcs(counts: np.ndarray, most: float = MOST) -> tuple[np.ndarray, np.ndarray]:
    """For each row of counts around a ring, shape (rows, bins): start and length in bins of the shortest arc.

    It holds at least `most` of the row's sum; among arcs of one length the one with most counts, then the earliest.
    """
    rows, size = counts.shape
    ring = np.concatenate([np.zeros((rows, 1)), np.cumsum(np.tile(counts, 2), axis=1)], axis=1)
    target = most * counts.sum(axis=1) - 1e-9
    starts, lengths = np.zeros(rows, dtype=int), np.full(rows, size)
    open_rows = np.ones(rows, dtype=bool)
    for length in range(1, size):
        held = ring[:, length : length + size] - ring[:, :size]
        best = held.argmax(axis=1)
        done = open_rows & (held[np.arange(rows), best] >= target)
        starts[done], lengths[done] = best[done], length
        open_rows &= ~done
    return starts, lengths


def _circular_interval(found: np.ndarray, centre: int) -> tuple[float, float]:
    """The 2.5 % and 97.5 % quantiles of places on the ring, read as distances from `centre`; hours after midnight."""
    away = (found - centre + HALF_HOURS // 2) % HALF_HOURS - HALF_HOURS // 2
    low, high = np.quantile(away, (0.025, 0.975), method="nearest")
    return float((centre + low) % HALF_HOURS / 2), float((centre + high) % HALF_HOURS / 2)
