"""The coming week as one curve: what is expected by the hour, how well that is known, and who is there then."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from planner.desk.core.heat import DESK, ON_CALL
from planner.desk.core.night_line import Drawing
from planner.desk.core.svg import Pen, hatch, shorten, text_width

WIDTHS = {"wide": 860.0, "narrow": 326.0}
HEIGHTS = {"wide": 210.0, "narrow": 190.0}
FONT = 11.0
STRIP = 10.0


class Mark(NamedTuple):
    """One hour of the curve; watch as in heat."""

    expected: float
    low: float
    high: float
    watch: int


class Day(NamedTuple):
    """A day begins at hour `at` of the curve; its name, and what falls on it."""

    at: int
    name: str
    note: str


@dataclass(frozen=True)
class WeekCurve:
    """`unit`: what is counted, beside the axis; `staff`: the name of the strip beneath."""

    marks: tuple[Mark, ...]
    days: tuple[Day, ...]
    title: str
    desc: str
    unit: str
    staff: str


class _Field(NamedTuple):
    left: float
    right: float
    top: float
    bottom: float
    hours: int
    most: float

    def x(self, hour: float) -> float:
        return self.left + (self.right - self.left) * hour / max(self.hours, 1)

    def y(self, value: float) -> float:
        return self.bottom - (self.bottom - self.top) * min(value / self.most, 1.0)


def draw_week(curve: WeekCurve, *, size: str = "wide", rtl: bool = False, prefix: str = "wk") -> Drawing:
    """Draw it "wide" (860 by 210 user units) or "narrow" (326 by 190)."""
    pen, height = Pen(WIDTHS[size], rtl, prefix), HEIGHTS[size]
    most = _round_up(max((mark.high for mark in curve.marks), default=0.0))
    values = (0.0, most / 2, most)
    left = max(34.0, *(text_width(f"{value:g}", FONT) + 6 for value in values))  # 0.025 is wider than 15
    area = _Field(left, pen.width - 2, 34.0, height - 26 - STRIP, len(curve.marks), most)
    pen.text(0, 12, shorten(curve.unit, pen.width, FONT), "nl-faint", FONT)
    for value in values:
        pen.line(area.left, area.y(value), area.right, area.y(value), "nl-floor" if value == 0 else "nl-tick")
        pen.text(area.left - 5, area.y(value) + 4, f"{value:g}", "nl-faint", FONT, anchor="end")
    _draw_days(pen, area, curve.days)
    middles = [area.x(number + 0.5) for number in range(len(curve.marks))]
    pairs = list(zip(middles, curve.marks, strict=True))
    upper = [(x, area.y(mark.high)) for x, mark in pairs]
    lower = [(x, area.y(mark.low)) for x, mark in pairs]
    pen.shape(upper + lower[::-1], "nl-interval")
    pen.shape([(x, area.y(mark.expected)) for x, mark in pairs], "nl-curve", closed=False)
    _draw_staff(pen, area, curve)
    svg = pen.document(height, f"nl wk at-{size}", curve.title, curve.desc, is_image=True)
    return Drawing(svg, pen.width, height, pen.labels)


def _draw_days(pen: Pen, area: _Field, days: tuple[Day, ...]) -> None:
    ends = [*(day.at for day in days[1:]), area.hours]
    for day, end in zip(days, ends, strict=True):
        left, right = area.x(day.at), area.x(end)
        pen.line(left, area.top - 14, left, area.bottom, "nl-tick nl-midnight")
        room = right - left - 5
        name = day.name if text_width(day.name, FONT, bold=True) <= room else day.name.split()[0]
        pen.text(left + 4, area.top - 5, shorten(name, room, FONT, True), "nl-name", FONT, bold=True)
        if day.note:
            pen.rect(left, area.top, right - left, area.bottom - area.top, "hm-date")
            pen.text(left + 4, area.top + 11, shorten(day.note, room, FONT), "hm-note", FONT)


def _draw_staff(pen: Pen, area: _Field, curve: WeekCurve) -> None:
    """A strip beneath: full height at the desk, half on call, hatched where there is nobody."""
    fill, top = hatch(pen, "nobody", "nl-hatch", 5), area.bottom + 4
    start = 0
    for hour in range(1, len(curve.marks) + 1):
        if hour == len(curve.marks) or curve.marks[hour].watch != curve.marks[start].watch:
            left, width = area.x(start), area.x(hour) - area.x(start)
            watch = curve.marks[start].watch
            if watch == DESK:
                pen.rect(left, top, width, STRIP, "hm-bar")
            elif watch == ON_CALL:
                pen.rect(left, top + STRIP / 2, width, STRIP / 2, "hm-bar")
            else:
                pen.rect(left, top, width, STRIP, "hm-nobody", fill=fill)
            start = hour
    pen.text(area.left, top + STRIP + 13, shorten(curve.staff, pen.width - area.left, FONT), "nl-faint", FONT)


def _round_up(value: float) -> float:
    """The next of 1, 2, 3, 5, 10 … that holds the value: an axis that can be read."""
    if value <= 0:
        return 1.0
    step = 10.0 ** math.floor(math.log10(value))
    return next(factor * step for factor in (1.0, 2.0, 3.0, 5.0, 10.0) if factor * step >= value)
