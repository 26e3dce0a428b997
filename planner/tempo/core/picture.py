"""The week as values for its drawings: what the tags `{% heat_map %}` and `{% week_curve %}` read, by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

import numpy as np

from planner.tempo.core.offhours import Watch
from planner.tempo.core.rates import Hour

STEPS = 5
EVEN, EVEN_HEAT = 1.15, 1
_QUARTERS_OF_A_DAY = 96


class Cell(NamedTuple):
    """One hour on the clocks: expected claims, heat 0 to 4 against the busiest hour, staffing (its worst quarter)."""

    hour: int
    expected: float
    heat: int
    watch: Watch


class Row(NamedTuple):
    """One date with its cells in order; an hour that the clocks skip has none, one that comes twice is summed."""

    day: date
    cells: tuple[Cell, ...]


class Point(NamedTuple):
    """One hour of the curve."""

    start: datetime
    expected: float
    low: float
    high: float
    watch: Watch


@dataclass(frozen=True)
class Week:
    """Seven dates by the hour."""

    rows: tuple[Row, ...]
    points: tuple[Point, ...]

    @property
    def expected(self) -> float:
        """Claims expected over the week."""
        return sum(point.expected for point in self.points)

    @property
    def off_desk(self) -> float:
        """Those of them expected while nobody is at the desk."""
        return sum(point.expected for point in self.points if point.watch < Watch.DESK)


def is_even(values: Sequence[float]) -> bool:
    """Whether no hour stands out from the mean: then none is hot."""
    return bool(values) and max(values) <= EVEN * sum(values) / len(values)


def week(hours: Sequence[Hour], quarters: np.ndarray, zone: ZoneInfo) -> Week:
    """The forecast's hours by date and hour on the zone's clocks, each with its staffing (672 quarters of the week)."""
    sums: dict[date, dict[int, float]] = {}
    points = []
    for hour in hours:
        local = hour.start.astimezone(zone)
        of_day = sums.setdefault(local.date(), {})
        of_day[local.hour] = of_day.get(local.hour, 0.0) + hour.expected
        points.append(Point(hour.start, hour.expected, hour.rate_low, hour.rate_high, _watch(quarters, local)))
    values = [value for of_day in sums.values() for value in of_day.values()]
    busiest = max(values, default=0.0) or 1.0
    if is_even(values):
        busiest *= STEPS / (EVEN_HEAT + 0.5)
    rows = [
        Row(day, tuple(_cell(day, at, value, busiest, quarters) for at, value in of_day.items()))
        for day, of_day in sums.items()
    ]
    return Week(tuple(rows), tuple(points))


def _cell(day: date, hour: int, expected: float, busiest: float, quarters: np.ndarray) -> Cell:
    heat = min(int(expected / busiest * STEPS), STEPS - 1)
    return Cell(hour, expected, heat, _worst(quarters, day.weekday(), hour))


def _watch(quarters: np.ndarray, local: datetime) -> Watch:
    return _worst(quarters, local.weekday(), local.hour)


def _worst(quarters: np.ndarray, weekday: int, hour: int) -> Watch:
    first = weekday * _QUARTERS_OF_A_DAY + hour * 4
    return Watch(int(quarters[first : first + 4].min()))
