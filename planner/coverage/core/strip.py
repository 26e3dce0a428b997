"""The week as a stack of nights, noon to noon: where claims are expected, and which links are missing there."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.coverage.core.gaps import Gap
from planner.coverage.core.links import Link
from planner.spans import Span
from planner.tempo.core.rates import Hour
from planner.wallclock import night_of

WIDTH = 1000.0  # of a row, in user units; a night of 23 or 25 hours fills it all the same
LANES = tuple(Link)


class Box(NamedTuple):
    """Part of a row: from `x`, `width` wide; `lane` is the place of a link in the chain."""

    x: float
    width: float
    lane: int = 0
    heat: float = 0.0
    is_accepted: bool = False


@dataclass(frozen=True)
class Row:
    """One night: its noons (UTC), a box for each hour with its heat (0..1 of the busiest), a box for each missing link.

    `outside`: parts that the period does not hold. `loss`: audiences lost in gaps that begin in it.
    """

    start: datetime
    end: datetime
    hours: tuple[Box, ...]
    missing: tuple[Box, ...]
    outside: tuple[Box, ...]
    loss: float


def rows(
    gaps: Sequence[tuple[Gap, bool, float]], hours: Sequence[Hour], period: Span, zone: ZoneInfo, *, rtl: bool = False
) -> list[Row]:
    """The nights that the period touches. `gaps`: each with whether it is accepted and its loss. `rtl` mirrors."""
    busiest = max((hour.expected for hour in hours), default=0.0) or 1.0
    found: list[Row] = []
    night = night_of(period.start, zone)
    while night.start < period.end:
        found.append(_row(gaps, hours, period, night, busiest, rtl))
        night = night_of(night.end, zone)
    return found


def _row(
    gaps: Sequence[tuple[Gap, bool, float]],
    hours: Sequence[Hour],
    period: Span,
    night: Span,
    busiest: float,
    rtl: bool,
) -> Row:
    warm = [
        _box(night, hour.start, hour.start + timedelta(hours=1), rtl, heat=hour.expected / busiest)
        for hour in hours
        if night.start <= hour.start < night.end
    ]
    missing = [
        _box(night, max(gap.start, night.start), min(gap.end, night.end), rtl, lane=lane, is_accepted=accepted)
        for gap, accepted, _ in gaps
        if gap.start < night.end and night.start < gap.end
        for lane, link in enumerate(LANES)
        if link in gap.missing
    ]
    edges = ((night.start, min(period.start, night.end)), (max(period.end, night.start), night.end))
    outside = [_box(night, start, end, rtl) for start, end in edges if start < end]
    loss = sum(loss for gap, accepted, loss in gaps if not accepted and night.start <= gap.start < night.end)
    return Row(night.start, night.end, tuple(warm), tuple(missing), tuple(outside), loss)


def _box(
    night: Span, start: datetime, end: datetime, rtl: bool, *, lane: int = 0, heat: float = 0, is_accepted: bool = False
) -> Box:
    left = (start - night.start) / night.duration * WIDTH
    width = (min(end, night.end) - start) / night.duration * WIDTH
    x = WIDTH - left - width if rtl else left
    return Box(round(x, 1), round(width, 1), lane, round(heat, 3), is_accepted)
