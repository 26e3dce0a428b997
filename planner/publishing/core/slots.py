"""Where a post would help most: one moment in each gap, the gap that loses most first."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

STEP = timedelta(minutes=5)
SOONEST = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Hole:
    """A gap on [start, end) with its loss (claims' audience expected to be reached unanswered)."""

    start: datetime
    end: datetime
    loss: float


@dataclass(frozen=True, slots=True)
class Slot:
    """A moment at which a post would stand in a gap. `taken`: another post is due within the same hour."""

    at: datetime
    hole: Hole
    taken: bool


def slots(
    holes: Iterable[Hole],
    busiest: Iterable[tuple[datetime, float]],
    booked: Iterable[datetime],
    *,
    now: datetime,
    most: int = 3,
) -> list[Slot]:
    """Up to `most` slots, the costliest gap first: in each gap the start of its busiest hour, 5 min off at least.

    `busiest`: (start of an hour, expected claims) for the hours around; `booked`: when other posts are due.
    """
    hours, taken = sorted(busiest), list(booked)
    found = []
    for hole in sorted(holes, key=lambda hole: (-hole.loss, hole.start)):
        first = max(hole.start, _rounded_up(now + SOONEST))
        if first >= hole.end:
            continue
        inside = [(-expected, start) for start, expected in hours if first <= start < hole.end]
        here = [(-expected, first) for start, expected in hours if start < first < start + timedelta(hours=1)]
        _expected, at = min(inside + here, default=(0.0, first))
        found.append(Slot(at, hole, any(abs(other - at) < timedelta(hours=1) for other in taken)))
    return found[:most]


def _rounded_up(at: datetime) -> datetime:
    past = timedelta(minutes=at.minute % 5, seconds=at.second, microseconds=at.microsecond)
    return at + (STEP - past) if past else at
