"""The share answered over time as step curves, with their bands: how fast, with the open ones still counted."""

import math
from dataclasses import dataclass
from typing import NamedTuple

from planner.desk.core.axis import Lanes
from planner.desk.core.night_line import Drawing
from planner.desk.core.svg import Pen, Point, shorten, text_width
from planner.desk.core.tongue import Tongue

WIDTHS = {"wide": 860.0, "narrow": 326.0}
HEIGHTS = {"wide": 300.0, "narrow": 240.0}
FONT = 12.0
# The marks of the axis in minutes, those that people name first: where two collide the earlier one is written.
MARKS = (60, 240, 1440, 15, 4320, 10080, 30, 120, 480, 5)


class Step(NamedTuple):
    """From `minutes` after the break on, this share (0-1) was answered; low and high are the interval's ends."""

    minutes: float
    share: float
    low: float
    high: float


class Series(NamedTuple):
    """One curve: steps by ascending minutes. At most four on one chart; they differ in dash as well as in colour."""

    name: str
    steps: tuple[Step, ...]


class Target(NamedTuple):
    """A promise: a moment (minutes) drawn as a line with its words."""

    minutes: float
    label: str


@dataclass(frozen=True)
class Curve:
    """`horizon` is the last minute shown; `title` and `desc` are read out."""

    series: tuple[Series, ...]
    horizon: float = 1440
    targets: tuple[Target, ...] = ()
    title: str = "Share answered by time since the claim broke"
    desc: str = ""


@dataclass(frozen=True)
class _Field:
    """Where minutes and shares lie. Minutes run evenly at first and then ever closer (log of 1 + m/10)."""

    left: float
    right: float
    top: float
    bottom: float
    horizon: float

    def x(self, minutes: float) -> float:
        span = math.log1p(max(self.horizon, 1) / 10)
        share = math.log1p(min(max(minutes, 0), self.horizon) / 10) / span
        return self.left + (self.right - self.left) * share

    def y(self, share: float) -> float:
        return self.bottom - (self.bottom - self.top) * min(max(share, 0.0), 1.0)


def draw_curve(
    curve: Curve, *, size: str = "wide", rtl: bool = False, tongue: Tongue | None = None, prefix: str = "cv"
) -> Drawing:
    """Draw it "wide" (860 by 300 user units) or "narrow" (326 by 240, with the names of the curves beneath)."""
    tongue, width, height = tongue or Tongue(), WIDTHS[size], HEIGHTS[size]
    pen = Pen(width, rtl, prefix)
    names = max((text_width(s.name, FONT, bold=True) for s in curve.series), default=0)
    beside = size == "wide"
    area = _Field(42, width - (min(names, 190) + 42 if beside else 12), 24, height - 26, curve.horizon)
    _draw_grid(pen, area, tongue)
    _draw_targets(pen, area, curve.targets)
    for index, series in enumerate(curve.series[:4]):
        _draw_series(pen, area, series, index)
    if beside:
        _name_beside(pen, area, curve.series[:4])
    else:
        height = _name_beneath(pen, height + 4, curve.series[:4])
    desc = curve.desc or ", ".join(series.name for series in curve.series)
    svg = pen.document(height, f"nl cv at-{size}", curve.title, desc, is_image=True)
    return Drawing(svg, width, height, pen.labels)


def _draw_grid(pen: Pen, area: _Field, tongue: Tongue) -> None:
    for share in (0, 0.25, 0.5, 0.75, 1):
        y = area.y(share)
        pen.line(area.left, y, area.right, y, "nl-floor" if share == 0 else "nl-tick")
        pen.text(area.left - 6, y + 4, f"{share * 100:.0f} %", "nl-faint", FONT - 1, anchor="end")
    row = Lanes(gap=6)
    for minutes in MARKS:
        if minutes <= area.horizon:
            x, text = area.x(minutes), tongue.text(f"minutes_{minutes}")
            half = text_width(text, FONT) / 2
            pen.line(x, area.top, x, area.bottom + 4, "nl-tick")
            x = min(x, pen.width - half - 1)
            if row.place(x - half, x + half, limit=1) is not None:
                pen.text(x, area.bottom + FONT + 7, text, "nl-hour", FONT, anchor="middle")


def _draw_targets(pen: Pen, area: _Field, targets: tuple[Target, ...]) -> None:
    free = area.left
    for target in sorted(targets):
        if target.minutes > area.horizon:
            continue
        x, text = area.x(target.minutes), shorten(target.label, 160, FONT - 1)
        half = text_width(text, FONT - 1) / 2
        pen.line(x, area.top - 4, x, area.bottom, "nl-change")
        middle = min(max(x, half + 1), pen.width - half - 1)
        if middle - half >= free:
            pen.text(middle, area.top - 9, text, "nl-change-text", FONT - 1, anchor="middle")
            free = middle + half + 8


def _draw_series(pen: Pen, area: _Field, series: Series, index: int) -> None:
    steps = [step for step in series.steps if step.minutes <= area.horizon]
    shares = [(step.minutes, step.share) for step in steps]
    with pen.group(f"cv-series cv-{index}", series.name):
        upper = _stairs(area, [(step.minutes, step.high) for step in steps])
        lower = _stairs(area, [(step.minutes, step.low) for step in steps])
        pen.shape(upper + lower[::-1], "cv-band")
        pen.shape(_stairs(area, shares), "cv-line", closed=False)


def _stairs(area: _Field, pairs: list[tuple[float, float]]) -> list[Point]:
    points: list[Point] = [(area.x(0), area.y(0))]
    for minutes, share in pairs:
        points += [(area.x(minutes), points[-1][1]), (area.x(minutes), area.y(share))]
    return [*points, (area.right, points[-1][1])]


def _name_beside(pen: Pen, area: _Field, series: tuple[Series, ...]) -> None:
    """Each curve's name at its end, moved apart where two end close together."""
    ends = [(area.y(s.steps[-1].share if s.steps else 0), i, s.name) for i, s in enumerate(series)]
    room, last = pen.width - area.right - 34, -100.0
    floor = area.bottom - (len(ends) - 1) * (FONT + 4)
    for index, (y, which, name) in enumerate(sorted(ends)):
        last = max(min(y, floor + index * (FONT + 4)), last + FONT + 4)
        with pen.group(f"cv-series cv-{which}"):
            pen.line(area.right + 4, last, area.right + 24, last, "cv-line")
            pen.text(area.right + 28, last + 4, shorten(name, room, FONT, True), "cv-name", FONT, bold=True)


def _name_beneath(pen: Pen, top: float, series: tuple[Series, ...]) -> float:
    y = top
    for index, one in enumerate(series):
        y += FONT + 6
        with pen.group(f"cv-series cv-{index}"):
            pen.line(4, y - 4, 28, y - 4, "cv-line")
            pen.text(36, y, shorten(one.name, pen.width - 40, FONT, True), "cv-name", FONT, bold=True)
    return y + 6
