"""Requirements as a week that a person fills in: a row for each link, role and language; hours in a cell a day."""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from planner.wallclock import parse_time

DAY = 1440
Hours = tuple[int, int]  # minutes after midnight; an end at or before the start lies on the next day


@dataclass(frozen=True, slots=True)
class Ask:
    """What one row asks for. `people` of the `role` who do the `link` in the `language`, on the clocks of `zone`."""

    link: str
    role: str
    language: str
    people: int
    zone: str

    @property
    def matter(self) -> tuple[str, str, str]:
        """What it is about, however many people and whosever clocks."""
        return (self.link, self.role, self.language)


@dataclass(frozen=True)
class Row:
    """A row of the week: its cells hold the hours of Monday to Sunday."""

    ask: Ask
    cells: Sequence[Sequence[Hours]] = field(default_factory=lambda: [[] for _day in range(7)])

    def rules(self) -> dict[Hours, frozenset[int]]:
        """Each stretch of hours with the days on which it holds: what is stored."""
        days: dict[Hours, set[int]] = defaultdict(set)
        for day, cell in enumerate(self.cells):
            for hours in cell:
                days[hours].add(day)
        return {hours: frozenset(found) for hours, found in days.items()}


@dataclass(frozen=True, slots=True)
class Clash:
    """Two stretches that ask for the same thing at the same time: in these rows (from 0), on this day."""

    first: int
    second: int
    day: int
    one: Hours
    other: Hours


def parse_hours(text: str) -> list[Hours]:
    """Stretches from "08:00-18:00; 22:00-04:00". Raises ValueError that says what was expected."""
    found = []
    for part in filter(None, (part.strip() for part in re.split(r"[;,]", text))):
        ends = re.split(r"\s*[-–—]\s*", part)
        if len(ends) != 2:
            raise ValueError(f"“{part}” is not a stretch of hours; expected one such as 08:00-18:00")
        start, end = (parse_time(one) for one in ends)
        if start == DAY:
            raise ValueError(f"“{part}”: a day starts at 00:00; write that, or the time before midnight")
        if start == end:
            raise ValueError(f"“{part}” is no time at all; for the whole day write 00:00-24:00")
        found.append((start, end))
    return sorted(found)


def hours_text(cell: Iterable[Hours]) -> str:
    """The hours of a day as `parse_hours` reads them."""
    return "; ".join(f"{_clock(start)}-{_clock(end)}" for start, end in sorted(cell))


def grid(rules: Iterable[tuple[Ask, Hours, Iterable[int]]]) -> list[Row]:
    """Stored rules as rows of a week, in the order in which their asks first come."""
    cells: dict[Ask, list[list[Hours]]] = {}
    for ask, hours, days in rules:
        row = cells.setdefault(ask, [[] for _day in range(7)])
        for day in days:
            row[day].append(hours)
    return [Row(ask, [sorted(cell) for cell in row]) for ask, row in cells.items()]


def copied(cells: Sequence[str], day: int, to: Iterable[int]) -> list[str]:
    """The texts of a week with one day's hours written into other days."""
    targets = set(to)
    return [cells[day] if number in targets else text for number, text in enumerate(cells)]


def clashes(rows: Sequence[Row]) -> Iterator[Clash]:
    """Stretches that overlap although they ask for the same matter in the same zone: one of them says nothing new.

    A stretch past midnight meets the hours of the next day, and Sunday's those of Monday.
    """
    told = [
        (index, row.ask, day, hours)
        for index, row in enumerate(rows)
        for day, cell in enumerate(row.cells)
        for hours in cell
    ]
    for (first, ask, day, one), (second, other_ask, other_day, other) in combinations(told, 2):
        if (ask.matter, ask.zone) == (other_ask.matter, other_ask.zone) and _meet(day, one, other_day, other):
            yield Clash(first, second, other_day, one, other)


def _meet(day: int, one: Hours, other_day: int, other: Hours) -> bool:
    start, end = _stretch(day, one)
    begin, finish = _stretch(other_day, other)
    return any(start < finish + week and begin + week < end for week in (-7 * DAY, 0, 7 * DAY))


def _stretch(day: int, hours: Hours) -> tuple[int, int]:
    start, end = hours
    return day * DAY + start, day * DAY + end + (DAY if end <= start else 0)


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"
