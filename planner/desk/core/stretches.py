"""Who is there, hour by hour: a night cut into the longest stretches in which the same people are."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from planner.rosters.core.duty import Duty


@dataclass(frozen=True, slots=True)
class Stretch:
    """[start, end) in which the same people are there, the desk before those who must be woken; () for nobody."""

    start: datetime
    end: datetime
    people: tuple[str, ...]


def stretches(duties: Iterable[Duty], role: str, start: datetime, end: datetime) -> list[Stretch]:
    """The whole of [start, end), aware instants, cut where the people change who act in `role`; in order of time."""
    acting = [duty for duty in duties if role in duty.roles and duty.span.start < end and duty.span.end > start]
    inside = {moment for duty in acting for moment in (duty.span.start, duty.span.end) if start < moment < end}
    found: list[Stretch] = []
    for first, last in pairwise([start, *sorted(inside), end]):
        people = _names([duty for duty in acting if duty.span.contains(first)])
        if found and found[-1].people == people:
            found[-1] = Stretch(found[-1].start, last, people)
        else:
            found.append(Stretch(first, last, people))
    return found


def _names(duties: Sequence[Duty]) -> tuple[str, ...]:
    ordered = sorted(duties, key=lambda duty: (not duty.is_desk, duty.name, duty.person_id))
    return tuple(dict.fromkeys(duty.name for duty in ordered))
