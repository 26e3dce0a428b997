"""Who can do what, when: the one answer that page, pager, iCalendar feed and report share.

Resolved in this order, each layer over the one before: shifts (single ones, those of series and the turns of
rotations), parts taken over by swap, overrides in the order in which they were made, leave. A person who is away is not
there, whatever any layer says. What was cancelled is in no layer.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from planner.rosters.core.duty import Duty
from planner.rosters.core.layers import Override, TakenOver, overridden, swapped
from planner.spans import Span, SpanSet

Away = Mapping[int, SpanSet]  # leave by person


def watch(
    shifts: Iterable[Duty],
    away: Away,
    start: datetime,
    end: datetime,
    *,
    swaps: Sequence[TakenOver] = (),
    overrides: Sequence[Override] = (),
) -> list[Duty]:
    """The duties that hold within [start, end), aware instants: clipped to it, less leave, in order of time and person.

    A shift with leave in its middle comes back as two duties, one that leave covers not at all.
    """
    left = _there(overridden(swapped(shifts, swaps), overrides), away, (start, end))
    return sorted(left, key=_in_order)


def on_watch(
    shifts: Iterable[Duty],
    away: Away,
    at: datetime,
    *,
    swaps: Sequence[TakenOver] = (),
    overrides: Sequence[Override] = (),
) -> list[Duty]:
    """Everybody on watch at one aware instant, the end of a duty excluded; each with their whole unbroken stretch."""
    left = _there(overridden(swapped(shifts, swaps), overrides), away, None)
    return sorted((duty for duty in left if duty.span.contains(at)), key=_in_order)


def able(duties: Iterable[Duty]) -> dict[str, list[Duty]]:
    """Who can act in which role, by role, of the duties of one instant: the desk before those who must be woken."""
    found: dict[str, list[Duty]] = {}
    for duty in sorted(duties, key=lambda one: (not one.is_desk, one.name, one.person_id)):
        for role in sorted(duty.roles):
            found.setdefault(role, []).append(duty)
    return found


def _there(duties: Iterable[Duty], away: Away, window: tuple[datetime, datetime] | None) -> list[Duty]:
    nobody_away = SpanSet.empty()
    left = []
    for duty in duties:
        if not duty.roles:  # last of all: what somebody who can act no more gave away is still done by who took it
            continue
        own = SpanSet([duty.span])
        if window:
            own = own.clip(*window)
        left += [replace(duty, span=span) for span in own - away.get(duty.person_id, nobody_away)]
    return left


def _in_order(duty: Duty) -> tuple[Span, int]:
    return duty.span, duty.person_id
