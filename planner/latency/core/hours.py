"""Office hours and off-hours: when the desk was staffed, as far as a roster tells; else a working week by convention.

A moment is in office hours when people at the desk (not on call) could see, draft and clear. Outside the stretch that
the roster's desk shifts span, or without any, Monday to Friday 08:00-18:00 in the theatre's zone stands in.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import Watch
from planner.rosters.core.duty import Duty
from planner.spans import SpanSet, count_at_least
from planner.wallclock import WeeklyRule, occurrences

DESK_LINKS = (Link.SEEN, Link.DRAFTED, Link.CLEARED)
NIGHT = (22 * 60, 4 * 60)


class OfficeHours(NamedTuple):
    """`spans`: when the office was there. `by_roster`: whether the roster says so for all of the stretch asked for."""

    spans: SpanSet
    by_roster: bool


def office_hours(duties: Sequence[Duty], start: datetime, end: datetime, zone: str) -> OfficeHours:
    """The office hours within [start, end), aware instants, see above. `duties`: those that touch it."""
    week = occurrences(WeeklyRule(frozenset(range(5)), 8 * 60, 18 * 60, zone), start, end)
    desk = [duty for duty in duties if duty.is_desk]
    if not desk:
        return OfficeHours(week, False)
    extent = SpanSet([(min(duty.span.start for duty in desk), max(duty.span.end for duty in desk))])
    watch = Watch(desk, [])
    staffed = count_at_least([watch.staffed(link) for link in DESK_LINKS], len(DESK_LINKS))
    beyond = week - extent
    return OfficeHours(staffed.clip(start, end) | beyond, not beyond)


def nights(start: datetime, end: datetime, zone: str) -> SpanSet:
    """22:00-04:00 on the theatre's clocks within [start, end)."""
    return occurrences(WeeklyRule(frozenset(range(7)), *NIGHT, zone), start, end)
