"""The tempo in words that a press officer says: how good the forecast was, what changed, what a date did before."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple
from zoneinfo import ZoneInfo

from django.utils.formats import number_format
from django.utils.translation import gettext_lazy as _

from planner.tempo.calendars import Overlay
from planner.tempo.core.arcs import shortest_arcs
from planner.tempo.core.changes import Change
from planner.tempo.core.dates import HOLIDAY, Factor
from planner.tempo.core.dates import KnownDate as Marked
from planner.tempo.core.observed import Basis
from planner.tempo.core.offhours import Watch
from planner.tempo.core.picture import Cell, Week, is_even
from planner.tempo.core.rates import Hour
from planner.tempo.models import KnownDate
from planner.tempo.studies import Study

WATCH_WORDS = {Watch.DESK: _("at the desk"), Watch.ON_CALL: _("on call"), Watch.NOBODY: _("nobody")}
# Whom the forecast must beat, by the name of their score.
BASIS_WORDS = {
    Basis.CLAIMS: _("claims"),
    Basis.FLOODS: _("floods"),
    Basis.MESSAGES: _("messages"),
    Basis.NOTHING: _("nothing"),
}
OPPONENTS = {
    "uniform": _("every hour alike"),
    "histogram": _("counting each hour of the week as it was"),
    "last_week": _("last week over again"),
    "seasonal": _("a seasonal model of hourly counts"),
}
PROMISED = 0.8
SLACK = 0.07  # 168 hours held out leave so much to chance
CLEARLY = 0.005


class Against(NamedTuple):
    """How many times the probability that an opponent gave to the hours in which something happened."""

    name: Any
    times: float
    better: bool
    even: bool


@dataclass(frozen=True)
class Verdict:
    """How the forecast did on time held out; `calibration`: "kept", "narrow" (too sure) for its 80 % interval."""

    events: int
    against: list[Against]
    inside: float
    calibration: str


class Moved(NamedTuple):
    """A change, whose it is ("" for all), the shortest arcs that hold most of the day before and after, and how many
    times as much is posted since.
    """

    name: str
    change: Change
    before: tuple[int, int]
    after: tuple[int, int]
    ratio: float | None


class Date(NamedTuple):
    """A known date with what was learned of it."""

    row: KnownDate | None
    factor: Factor | None


class Day(NamedTuple):
    """One day of the forecast: its claims, those while nobody is at the desk, what falls on it.

    `busiest`: its busiest hour, None where all hours are alike.
    """

    date: date
    dates: list[Marked]
    expected: float
    off_desk: float
    busiest: Hour | None


class Box(NamedTuple):
    """A cell of the table: its figure and who is there."""

    figure: str
    who: Any


def days(week: Week, hours: Sequence[Hour], overlay: Overlay, zone: ZoneInfo) -> list[Day]:
    """The forecast by day, on the zone's calendar."""
    found = []
    for row in week.rows:
        own = [hour for hour in hours if hour.start.astimezone(zone).date() == row.day]
        off_desk = sum(cell.expected for cell in row.cells if cell.watch < Watch.DESK)
        values = [hour.expected for hour in own]
        busiest = None if is_even(values) else max(own, key=lambda hour: hour.expected)
        found.append(Day(row.day, overlay.calendar.days.get(row.day, []), sum(values), off_desk, busiest))
    return found


def by_hour(week: Week) -> list[tuple[str, list[Box | None]]]:
    """The heat map as a table: a row for each hour of the day, a cell for each date; None where it is skipped."""
    columns = [{cell.hour: cell for cell in row.cells} for row in week.rows]
    return [(f"{hour:02}:00", [_box(column.get(hour)) for column in columns]) for hour in range(24)]


def _box(cell: Cell | None) -> Box | None:
    return Box(figure(cell.expected), WATCH_WORDS[cell.watch]) if cell else None


def verdict(scores: object | None) -> Verdict | None:
    """Scores as comparisons; None where nothing was held out."""
    if scores is None:
        return None
    known: dict[str, Any] = asdict(scores)  # type: ignore[call-overload]
    against = []
    for key, name in OPPONENTS.items():
        if isinstance(known.get(key), float):
            gain = known["model"] - known[key]
            against.append(Against(name, math.exp(gain), gain > 0, abs(gain) < CLEARLY))
    calibration = "narrow" if known["inside"] < PROMISED - SLACK else "kept"
    return Verdict(known["events"], against, known["inside"], calibration)


def changes(found: Study) -> list[Moved]:
    """Every change of all of them and of the sources listed, the latest first."""
    whose = [(habits.name, change) for habits in (found.habits, *found.sources) for change in habits.changes]
    told = [Moved(name, change, _arc(change.before), _arc(change.after), _ratio(change)) for name, change in whose]
    return sorted(told, key=lambda moved: moved.change.day, reverse=True)


def _ratio(change: Change) -> float | None:
    """How many times as much; None where there was next to nothing before."""
    return change.rate_after / change.rate_before if change.rate_before >= 0.05 else None


def _arc(profile: Any) -> tuple[int, int]:
    """From and to, as hours of the day."""
    start, length = (int(found[0]) for found in shortest_arcs(profile[None, :]))
    return start, (start + length) % 24


def dates(rows: Iterable[KnownDate], overlay: Overlay) -> list[Date]:
    """Known dates with their effect; holidays, learned together, come first where there were any."""
    found = [Date(row, overlay.learned.get(f"date:{row.name}")) for row in rows]
    holidays = overlay.learned.get(HOLIDAY)
    return [Date(None, holidays), *found] if holidays else found


def figure(value: float) -> str:
    """Claims as a short figure: 12, 3.4, 0.12; a middle dot for next to nothing."""
    if value < 0.005:
        return "·"
    return rounded(value, 0 if value >= 9.95 else 1 if value >= 0.995 else 2)


def rounded(value: float, places: int) -> str:
    """A number in the reader's way of writing it; Django's own number_format cuts a float off instead of rounding."""
    return str(number_format(Decimal(value).quantize(Decimal(1).scaleb(-places)), decimal_pos=places))


def clock(hours: float) -> str:
    """Hours after midnight as "09:30"."""
    minutes = timedelta(hours=hours % 24) // timedelta(minutes=1)
    return f"{minutes // 60:02}:{minutes % 60:02}"


def utc_offset(hours: float) -> str:
    """An offset as "UTC+3" or "UTC−4:30"."""
    sign, minutes = "−" if hours < 0 else "+", round(abs(hours) * 60)
    return f"UTC{sign}{minutes // 60}" + (f":{minutes % 60:02}" if minutes % 60 else "")
