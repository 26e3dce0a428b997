"""The tempo's values as pictures in the reader's language: figures, names of days, words for who is there."""

from collections.abc import Iterable, Mapping
from datetime import date
from zoneinfo import ZoneInfo

from django.utils.formats import date_format
from django.utils.translation import gettext as _

from planner.desk.core.heat import HeatMap, Line, Square
from planner.desk.core.svg import isolate
from planner.desk.core.week_curve import Day, Mark, WeekCurve
from planner.tempo.core.dates import KnownDate
from planner.tempo.core.picture import Cell, Row, Week
from planner.tempo.words import WATCH_WORDS, figure

Days = Mapping[date, Iterable[KnownDate]]


def heat_map(week: Week, days: Days) -> HeatMap:
    """The cells with their figures; each says its day, hour, claims and staffing in words."""
    lines = tuple(_line(row, names(days, row.day)) for row in week.rows)
    words = {"expected": figure(week.expected), "off_desk": figure(week.off_desk)}
    desc = _("%(expected)s claims are expected this week, %(off_desk)s of them while nobody is at the desk.") % words
    key = (_("somebody at the desk"), _("on call only"), _("nobody, and they speak"))
    return HeatMap(lines, _("Expected claims by hour of the week, and who is there"), desc, key)


def week_curve(week: Week, days: Days, zone: str) -> WeekCurve:
    """The same hours as a curve."""
    clocks = ZoneInfo(zone)
    marks = tuple(Mark(point.expected, point.low, point.high, int(point.watch)) for point in week.points)
    begins: list[Day] = []
    last = None
    for place, point in enumerate(week.points):
        day = point.start.astimezone(clocks).date()
        if day != last:
            begins.append(Day(place, date_format(day, "D j"), names(days, day)))
            last = day
    words = {"expected": figure(week.expected)}
    desc = _("%(expected)s claims are expected in these seven days.") % words
    unit, staff = (
        _("claims an hour, with the 80 % band of the rate"),
        _("whole: desk; half: on call; hatched: nobody"),
    )
    return WeekCurve(marks, tuple(begins), _("Forecast for the coming week"), desc, unit, staff)


def names(days: Days, day: date) -> str:
    """What falls on a day, "" for nothing."""
    return ", ".join(isolate(one.name) for one in days.get(day, ()))


def _line(row: Row, note: str) -> Line:
    day = date_format(row.day, "D j M")
    return Line(
        day, date_format(row.day, "D"), date_format(row.day, "j"), note, tuple(_square(day, cell) for cell in row.cells)
    )


def _square(day: str, cell: Cell) -> Square:
    words = {
        "day": day,
        "hour": f"{cell.hour:02}:00",
        "claims": figure(cell.expected),
        "watch": WATCH_WORDS[cell.watch],
    }
    said = _("%(day)s %(hour)s: %(claims)s claims expected, %(watch)s") % words
    return Square(cell.hour, figure(cell.expected), cell.heat, int(cell.watch), said)
