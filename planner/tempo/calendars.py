"""Holidays and known dates → what falls on which day, what was learned of it, and the forecast that counts with it."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from planner.tempo import selectors
from planner.tempo.adapters.public_holidays import public_holidays
from planner.tempo.core import dates
from planner.tempo.core.dates import Factor
from planner.tempo.core.observed import Evidence, Observed
from planner.tempo.core.offhours import local_days
from planner.tempo.core.week import hour_grid, instant
from planner.tempo.models import KnownDate
from planner.tempo.selectors import Forecast, theatre

AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Calendar:
    """What falls on which local day, the days without anything left out. `fault` says why holidays are missing."""

    days: dict[date, list[dates.KnownDate]]
    fault: str = ""


@dataclass(frozen=True)
class Overlay:
    """`learned` by key; `factor`: a multiplier for each hour (`week.hour_grid`), None without any date."""

    calendar: Calendar
    learned: dict[str, Factor]
    factor: np.ndarray | None


def standing_dates() -> QuerySet[KnownDate]:
    """Known dates that were not ended, in order of their first day."""
    return KnownDate.objects.filter(ended_at=None).select_related("added_by")


def calendar(start: date, end: date) -> Calendar:
    """Holidays of PLANNER_HOLIDAYS and known dates within [start, end), on the theatre's calendar."""
    fault, free = "", list[tuple[date, str]]()
    try:
        years = tuple(range(start.year, end.year + 1))
        free = public_holidays(settings.PLANNER_HOLIDAYS, years, (get_language() or "en").partition("-")[0])
    except ValueError as unknown:
        fault = _("Public holidays are not shown. The setting PLANNER_HOLIDAYS: %(fault)s.") % {"fault": unknown}
    reach = Q(yearly=True) | Q(last_day__gte=start)
    rows = standing_dates().filter(reach, first_day__lt=end)
    known = [dates.holiday(day, name) for day, name in free]
    known += [dates.KnownDate(f"date:{row.name}", row.name, row.first_day, row.last_day, row.yearly) for row in rows]
    return Calendar(dates.by_day(known, start, end), fault)


def next_holidays(day: date) -> list[tuple[date, str]]:
    """The public holidays of the two months from a day on, by date; none where the setting cannot be read."""
    found = calendar(day, day + AHEAD).days
    return [(day, one.name) for day, all_of in found.items() for one in all_of if one.key == dates.HOLIDAY]


def overlay(start: datetime, end: datetime, known: Evidence) -> Overlay:
    """What falls into [start, end), what was learned of it from all they posted, and the forecast's multipliers."""
    zone = theatre()
    starts, _bins = hour_grid(start, end, zone)
    days = [instant(at).astimezone(zone).date() for at in starts]
    ahead = calendar(days[0], days[-1] + timedelta(days=1)) if days else Calendar({})
    if not settings.PLANNER_HOLIDAYS and not standing_dates().exists():
        return Overlay(ahead, {}, None)
    effects = learned((known.whole or known).messages)
    return Overlay(ahead, effects, dates.factors(days, ahead.days, effects) if ahead.days else None)


def forecast(
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    source: str = "",
    language: str = "",
    narrative: str = "",
    sightings: bool = False,
    scored: bool = False,
) -> Forecast:
    """`selectors.forecast`, with holidays and known dates counted in; the same arguments."""
    known = selectors.evidence(now, source=source, language=language, narrative=narrative, sightings=sightings)
    factor = overlay(start, end, known).factor
    return selectors.forecast(start, end, now, factor=factor, scored=scored, known=known)


def learned(seen: Observed) -> dict[str, Factor]:
    """What was posted on holidays and known dates against ordinary days, by key, over the whole days watched."""
    zone = theatre()
    first = seen.start.astimezone(zone).date()
    last = seen.end.astimezone(zone).date()  # a day half done is left out
    length = (last - first).days
    if length < 1 or not len(seen.instants):
        return {}
    place = local_days(seen.instants, zone) - dates.day_number(first)
    counts = np.bincount(place[(place >= 0) & (place < length)], minlength=length) * 1.0
    return dates.learn(counts, first, calendar(first, last).days)
