"""Who is on watch: shifts, less leave. Whatever a shift says, a person who is away is not there."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from planner.rosters.core.duty import Duty
from planner.spans import SpanSet

Away = Mapping[int, SpanSet]  # leave by person


def watch(shifts: Iterable[Duty], away: Away, start: datetime, end: datetime) -> list[Duty]:
    """The duties that hold within [start, end), aware instants: clipped to it, less leave, in order of time and person.

    A shift with leave in its middle comes back as two duties, one that leave covers not at all.
    """
    nobody_away = SpanSet.empty()
    left = [
        replace(shift, span=span)
        for shift in shifts
        for span in SpanSet([shift.span]).clip(start, end) - away.get(shift.person_id, nobody_away)
    ]
    return sorted(left, key=lambda duty: (duty.span, duty.person_id))


def on_watch(shifts: Iterable[Duty], away: Away, at: datetime) -> list[Duty]:
    """Everybody on watch at one aware instant, the end of a shift excluded; the duties are whole, not clipped."""
    nobody_away = SpanSet.empty()
    there = [
        shift for shift in shifts if shift.span.contains(at) and not away.get(shift.person_id, nobody_away).contains(at)
    ]
    return sorted(there, key=lambda duty: (duty.span, duty.person_id))
