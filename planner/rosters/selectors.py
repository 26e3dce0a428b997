"""The roster as values: who is on watch, when; and as rows for its page."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import QuerySet

from planner.people.models import User
from planner.rosters import ahead
from planner.rosters.core import watch
from planner.rosters.core.duty import Duty, Via
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.layers import Override, OverrideAct, TakenOver
from planner.rosters.models import Leave, Rotation, Shift, ShiftRule
from planner.rosters.models import Override as OverrideRow
from planner.rosters.values import duty_of
from planner.rosters.words import span_of
from planner.spans import Span, SpanSet


@dataclass(frozen=True, slots=True)
class Layers:
    """Everything that decides who is on watch in some stretch of time, as values, bottom to top."""

    shifts: list[Duty]
    swaps: list[TakenOver]
    overrides: list[Override]
    away: dict[int, SpanSet]


def duties(start: datetime, end: datetime) -> list[Duty]:
    """Everybody on watch within [start, end), aware instants: clipped to it, leave taken out, in order of time.

    However far ahead: where the shifts of a series or rotation are not made yet, the rule itself is asked.
    """
    found = layers(start, end)
    return watch.watch(found.shifts, found.away, start, end, swaps=found.swaps, overrides=found.overrides)


def duties_but(start: datetime, end: datetime, *, about: User) -> list[Duty]:
    """As `duties`, but without the overrides that speak about a person, and without leave: what each would do then."""
    found = layers(start, end)
    others = [override for override in found.overrides if override.person_id != about.pk]
    return watch.watch(found.shifts, {}, start, end, swaps=found.swaps, overrides=others)


def on_watch(at: datetime) -> list[Duty]:
    """Everybody on watch at one aware instant, each with the whole of their unbroken stretch."""
    found = layers(at, at)
    return watch.on_watch(found.shifts, found.away, at, swaps=found.swaps, overrides=found.overrides)


def layers(start: datetime, end: datetime) -> Layers:
    """What decides about [start, end], both included; overrides and leave as far as the shifts there reach."""
    shifts, swaps = _shift_values(start, end)
    shifts += ahead.intended(start, end, shifts_between)
    spans = [duty.span for duty in shifts]
    reach = min((start, *(span.start for span in spans))), max((end, *(span.end for span in spans)))
    return Layers(shifts, swaps, _override_values(*reach), _away(*reach))


def shifts_between(start: datetime, end: datetime) -> QuerySet[Shift]:
    """Standing shifts that touch [start, end], in order of time."""
    return Shift.objects.filter(cancelled_at=None, **_touching(start, end)).select_related("person", "team")


def leaves_between(start: datetime, end: datetime) -> QuerySet[Leave]:
    """Standing leave that touches [start, end]."""
    return Leave.objects.filter(cancelled_at=None, **_touching(start, end)).select_related("person")


def overrides_between(start: datetime, end: datetime) -> QuerySet[OverrideRow]:
    """Standing overrides that touch [start, end], in the order in which they were made."""
    found = OverrideRow.objects.filter(cancelled_at=None, **_touching(start, end))
    return found.select_related("person", "stand_in", "made_by").order_by("pk")


def cancelled_between(start: datetime, end: datetime) -> tuple[list[Shift], list[Leave]]:
    """Shifts and leave within reach of [start, end] that were cancelled, and may be put back."""
    gone = {"cancelled_at__isnull": False, **_touching(start, end)}
    shifts = Shift.objects.filter(**gone).select_related("person", "team")
    return list(shifts), list(Leave.objects.filter(**gone).select_related("person"))


def open_rules() -> QuerySet[ShiftRule]:
    """Rules that still make shifts, in a fixed order."""
    return ShiftRule.objects.filter(ended_at=None).select_related("person", "team").order_by("pk")


def open_rotations() -> QuerySet[Rotation]:
    """Rotations that still make turns, with their people in order."""
    found = Rotation.objects.filter(ended_at=None).select_related("team").order_by("pk")
    return found.prefetch_related("members__person")


def _touching(start: datetime, end: datetime) -> dict[str, DateTimeTZRange]:
    return {"during__overlap": DateTimeTZRange(start, end, "[]")}  # closed, so that one instant is a stretch too


def _shift_values(start: datetime, end: datetime) -> tuple[list[Duty], list[TakenOver]]:
    shifts, swaps = [], []
    found = list(shifts_between(start, end).select_related("person", "team", "taken_from"))
    for shift in sorted(found, key=lambda one: one.pk):  # a part of a part comes after it
        value = duty_of(shift.person, shift.kind, shift.roles, span_of(shift), _via(shift), f"shift:{shift.uuid}")
        if shift.taken_from is not None:
            swaps.append(TakenOver(f"shift:{shift.taken_from.uuid}", value))
        else:
            shifts.append(value)
    return shifts, swaps


def _via(shift: Shift) -> Via:
    if shift.taken_from_id is not None:
        return Via.SWAP
    if shift.rotation_id is not None:
        return Via.ROTATION
    return Via.SERIES if shift.rule_id is not None else Via.SHIFT


def _override_values(start: datetime, end: datetime) -> list[Override]:
    return [_override(row) for row in overrides_between(start, end)]


def _override(row: OverrideRow) -> Override:
    span, source = span_of(row), f"override:{row.uuid}"
    comes: tuple[User, str, Iterable[str]] | None = None
    if row.act == OverrideAct.ADD:
        comes = row.person, row.kind, row.roles
    elif row.stand_in is not None:
        comes = row.stand_in, DutyKind.ON_CALL, ()
    by = duty_of(*comes, span, Via.OVERRIDE, source) if comes else None
    return Override(OverrideAct(row.act), row.person_id, span, by)


def _away(start: datetime, end: datetime) -> dict[int, SpanSet]:
    spans: dict[int, list[Span]] = defaultdict(list)
    for leave in leaves_between(start, end):
        spans[leave.person_id].append(span_of(leave))
    return {person: SpanSet(found) for person, found in spans.items()}
