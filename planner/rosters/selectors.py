"""The roster as values: who is on watch, when; and as rows for its page."""

from collections import defaultdict
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet

from planner.people.core.roles import Role
from planner.rosters.core import watch
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.rosters.models import Leave, Shift, ShiftRule
from planner.rosters.words import span_of
from planner.spans import SpanSet

# What somebody does on watch. Reading everything and managing accounts are not duties.
ACTING = frozenset({Role.ANALYST, Role.OFFICER, Role.APPROVER, Role.DUTY, Role.MANAGER})


def duties(start: datetime, end: datetime) -> list[Duty]:
    """Everybody on watch within [start, end), aware instants: clipped to it, leave taken out, in order of time."""
    return watch.watch(_shift_values(start, end), _away(start, end), start, end)


def on_watch(at: datetime) -> list[Duty]:
    """Everybody on watch at one aware instant."""
    return watch.on_watch(_shift_values(at, at), _away(at, at), at)


def shifts_between(start: datetime, end: datetime) -> QuerySet[Shift]:
    """Standing shifts that touch [start, end], in order of time."""
    return Shift.objects.filter(cancelled_at=None, **_touching(start, end)).select_related("person", "team")


def leaves_between(start: datetime, end: datetime) -> QuerySet[Leave]:
    """Standing leave that touches [start, end]."""
    return Leave.objects.filter(cancelled_at=None, **_touching(start, end)).select_related("person")


def cancelled_between(start: datetime, end: datetime) -> tuple[list[Shift], list[Leave]]:
    """Shifts and leave within reach of [start, end] that were cancelled, and may be put back."""
    gone = {"cancelled_at__isnull": False, **_touching(start, end)}
    shifts = Shift.objects.filter(**gone).select_related("person", "team")
    return list(shifts), list(Leave.objects.filter(**gone).select_related("person"))


def open_rules() -> QuerySet[ShiftRule]:
    """Rules that still make shifts, in a fixed order."""
    return ShiftRule.objects.filter(ended_at=None).select_related("person", "team").order_by("pk")


def _touching(start: datetime, end: datetime) -> dict[str, DateTimeTZRange]:
    return {"during__overlap": DateTimeTZRange(start, end, "[]")}  # closed, so that one instant is a stretch too


def _shift_values(start: datetime, end: datetime) -> list[Duty]:
    found = shifts_between(start, end).filter(person__is_active=True)
    values = (_duty(shift) for shift in found)
    return [value for value in values if value.roles]


def _duty(shift: Shift) -> Duty:
    person = shift.person
    # A role that was taken away since cannot be acted in tonight, whatever the shift was planned for.
    held = ACTING.intersection(person.roles)
    return Duty(
        person_id=person.pk,
        name=str(person),
        roles=frozenset(str(role) for role in held.intersection(shift.roles or held)),
        languages=frozenset(person.languages),
        kind=DutyKind(shift.kind),
        span=span_of(shift),
    )


def _away(start: datetime, end: datetime) -> dict[int, SpanSet]:
    spans = defaultdict(list)
    for leave in leaves_between(start, end):
        spans[leave.person_id].append(span_of(leave))
    return {person: SpanSet(found) for person, found in spans.items()}
