"""Nights, weeks and quarters on the theatre's clocks: the periods in which a plan counts what it asks of people."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planner.planning.core.policy import NIGHT
from planner.planning.core.problem import Quarter
from planner.rosters.core.week import week_of
from planner.spans import Span
from planner.wallclock import WeeklyRule, occurrences

WEEK, DAY = timedelta(days=7), timedelta(days=1)


def nights(start: datetime, end: datetime, zone: ZoneInfo) -> list[Span]:
    """Every night that touches [start, end), whole, in order of time."""
    rule = WeeklyRule(frozenset(range(7)), NIGHT[0] * 60, NIGHT[1] * 60, zone.key)
    return [span for span in occurrences(rule, start - DAY, end + DAY) if span.start < end and start < span.end]


def quarter_of(night: Span, zone: ZoneInfo) -> Quarter:
    """The quarter of the year in which a night begins."""
    local = night.start.astimezone(zone)
    return local.year, (local.month + 2) // 3


def weeks(start: datetime, end: datetime, zone: ZoneInfo) -> list[Span]:
    """Every week, Monday to Sunday, that touches [start, end), in order of time."""
    found = [week_of(start.astimezone(zone).date(), zone)]
    while found[-1].end < end:
        found.append(week_of(found[-1].end.astimezone(zone).date(), zone))
    return found
