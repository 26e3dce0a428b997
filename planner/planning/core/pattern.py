"""A week (or a few) of a roster, again and again: the same people at the same wall times, through both changeovers."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planner.rosters.core.duty import Duty
from planner.rosters.core.week import week_of
from planner.spans import Span, SpanSet
from planner.wallclock import to_instant

WEEK = timedelta(days=7)


def repeat(duties: Iterable[Duty], start: datetime, end: datetime, zone: ZoneInfo, *, weeks: int = 1) -> list[Duty]:
    """The duties of so many weeks on the wall of `zone`, in every such stretch of [start, end), clipped to it.

    A duty that the edge of a week cut in two is whole again where two meet.
    """
    period = WEEK * weeks
    whole: dict[Duty, list[Span]] = defaultdict(list)
    for duty in duties:
        own = week_of(duty.span.start.astimezone(zone).date(), zone)
        alike = replace(duty, span=own, source="")
        first = (start - duty.span.end) // period
        for number in range(first - 1, (end - duty.span.start) // period + 2):
            moved = Span(*(_moved(edge, number * weeks, zone) for edge in (duty.span.start, duty.span.end)))
            whole[alike].append(moved)
    return [replace(duty, span=span) for duty, spans in whole.items() for span in SpanSet(spans).clip(start, end)]


def _moved(moment: datetime, weeks: int, zone: ZoneInfo) -> datetime:
    return to_instant(moment.astimezone(zone).replace(tzinfo=None) + WEEK * weeks, zone)
