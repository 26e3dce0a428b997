"""What was seen of them over a stretch of time: instants with weights, and the same by day and hour of the week."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from hashlib import blake2b
from zoneinfo import ZoneInfo

import numpy as np

from planner.tempo.core.week import DAY, HOURS, epoch, exposure, hours_of_week, quarters


class Basis(StrEnum):
    """What the level was counted from, best first."""

    CLAIMS = "claims"
    FLOODS = "floods"
    MESSAGES = "messages"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Days:
    """Counts and exposure (hours) by age in days and hour of the week, (n, 168) each.

    Day 0 is the 24 hours before the end of the watch, whatever the clocks did; the oldest may be a part of a day.
    """

    counts: np.ndarray
    hours: np.ndarray

    def __len__(self) -> int:
        return len(self.hours)


@dataclass(frozen=True)
class Observed:
    """What happened in [start, end): instants (seconds since 1970 UTC, ascending) inside it, one weight each."""

    instants: np.ndarray
    weights: np.ndarray
    start: datetime
    end: datetime

    @property
    def unit(self) -> float:
        """The size of a compound count's steps that keeps both its mean and its variance: E[w²] / E[w]."""
        return float((self.weights**2).sum() / self.weights.sum()) if self.weights.sum() > 0 else 1.0

    @property
    def lived(self) -> float:
        """Length of the watch in hours."""
        return max(epoch(self.end) - epoch(self.start), 0.0) / 3600

    def before(self, moment: datetime) -> "Observed":
        """The part of it that lies before an instant."""
        keep = self.instants < moment.timestamp()
        return Observed(self.instants[keep], self.weights[keep], self.start, max(self.start, min(self.end, moment)))

    def since(self, moment: datetime) -> "Observed":
        """The part of it from an instant on."""
        keep = self.instants >= moment.timestamp()
        return Observed(self.instants[keep], self.weights[keep], min(self.end, max(self.start, moment)), self.end)

    def by_hour_of_week(self, zone: ZoneInfo) -> tuple[np.ndarray, np.ndarray]:
        """(weighted counts, exposure in hours), 168 each."""
        bins = hours_of_week(self.instants, zone)
        counts = np.bincount(bins, weights=self.weights, minlength=HOURS)
        return counts, exposure(self.start, self.end, zone)

    def by_day(self, zone: ZoneInfo, weights: np.ndarray | None = None) -> Days:
        """Counts and exposure by age in days and hour of the week; `weights` in place of the events' own."""
        end, lived = epoch(self.end), max(int(np.ceil(self.lived * 3600 / DAY)), 1)
        starts, lengths = quarters(epoch(self.start), end)
        hours = _table(end - starts, hours_of_week(starts, zone), lengths / 3600, lived)
        own = self.weights if weights is None else weights
        return Days(_table(end - self.instants, hours_of_week(self.instants, zone), own, lived), hours)


@dataclass(frozen=True)
class Evidence:
    """What was observed before some moment: `level` says how much, `shape` (None: the same) says when.

    `whole`: for one source, language or narrative, the evidence for all of them, towards which a thin part is drawn.
    """

    level: Observed
    shape: Observed | None
    basis: Basis
    whole: "Evidence | None" = None

    @property
    def messages(self) -> Observed:
        """The most numerous of the two: distinct messages where there are any."""
        return self.shape or self.level

    @property
    def digest(self) -> bytes:
        """Equal for equal evidence."""
        found = blake2b(repr((self.basis, self.level.start, self.level.end)).encode(), digest_size=16)
        for seen in (self.level, self.shape):
            if seen:
                found.update(repr((seen.start, seen.end)).encode())
                found.update(seen.instants.tobytes())
                found.update(seen.weights.tobytes())
        found.update(self.whole.digest if self.whole else b"")
        return found.digest()

    def before(self, moment: datetime) -> "Evidence":
        """What was known of it at an earlier moment."""
        shape = self.shape.before(moment) if self.shape else None
        whole = self.whole.before(moment) if self.whole else None
        return Evidence(self.level.before(moment), shape, self.basis, whole)


def _table(ages: np.ndarray, bins: np.ndarray, weights: np.ndarray, lived: int) -> np.ndarray:
    """Sums of `weights` by age in days (from seconds before the end, above 0) and bin, shape (lived, 168)."""
    days = np.clip(np.ceil(ages / DAY).astype(int) - 1, 0, lived - 1)
    return np.bincount(days * HOURS + bins, weights=weights, minlength=lived * HOURS).reshape(lived, HOURS)
