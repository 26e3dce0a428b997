"""The frontier as a picture: paid hours to the right, audiences lost upwards, on a canvas of 600 by 260."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.planning.core.frontier import Point

WIDTH, HEIGHT = 600.0, 260.0
LEFT, RIGHT, TOP, BOTTOM = 60.0, 580.0, 16.0, 226.0


@dataclass(frozen=True, slots=True)
class Mark:
    """A point on the canvas, with its figures; `is_plan`: the plan that is shown, `is_knee`: where the line bends."""

    x: float
    y: float
    point: Point
    is_plan: bool
    is_knee: bool


@dataclass(frozen=True)
class Picture:
    """Marks in order of hours; `line` and `bound` are paths; ticks are (place, figure)."""

    marks: list[Mark]
    line: str
    bound: str
    x_ticks: list[tuple[float, float]]
    y_ticks: list[tuple[float, float]]


def picture(points: Sequence[Point], plan_hours: float, knee: Point | None, *, rtl: bool = False) -> Picture | None:
    """The picture, mirrored for scripts from right to left; None with fewer than two points."""
    if len(points) < 2:
        return None
    most, top = max(point.hours for point in points), max(point.loss for point in points) or 1.0

    def x(hours: float) -> float:
        along = hours / most * (RIGHT - LEFT)
        return round(WIDTH - LEFT - along if rtl else LEFT + along, 1)

    def y(loss: float) -> float:
        return round(BOTTOM - loss / top * (BOTTOM - TOP), 1)

    marks = [
        Mark(x(point.hours), y(point.loss), point, abs(point.hours - plan_hours) < 1e-6, point == knee)
        for point in points
    ]
    return Picture(
        marks=marks,
        line=_path([(mark.x, mark.y) for mark in marks]),
        bound=_path([(mark.x, y(min(mark.point.bound, mark.point.loss))) for mark in marks]),
        x_ticks=[(x(most * share), most * share) for share in (0, 0.25, 0.5, 0.75, 1)],
        y_ticks=[(y(top * share), top * share) for share in (0, 0.5, 1)],
    )


def _path(places: Sequence[tuple[float, float]]) -> str:
    return "M" + " L".join(f"{x:g} {y:g}" for x, y in places)
