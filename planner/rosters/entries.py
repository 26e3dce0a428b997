"""What stands in a person's line: duties as they hold, leave, and the parts of shifts that have no effect, with why."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from planner.people.models import User
from planner.rosters import selectors
from planner.rosters.core.duty import Duty, Via
from planner.rosters.core.layers import OverrideAct
from planner.rosters.models import Leave, Override, Shift
from planner.rosters.overriding import role_words
from planner.rosters.words import VIA_WORDS, span_of
from planner.spans import Span, SpanSet


@dataclass(frozen=True, slots=True)
class Entry:
    """One stretch in a line. `kind`: desk, on_call or leave. `is_off`: it has no effect, `note` says why.

    `address`: the page of the row behind it; empty while there is none.
    """

    person_id: int
    kind: str
    span: Span
    address: str
    note: str = ""
    is_off: bool = False
    person: User | None = None
    roles: str = ""


def of_duties(duties: Iterable[Duty]) -> Iterator[Entry]:
    """The duties as they hold; what is not a single shift says by what it is there."""
    for duty in duties:
        note = "" if duty.via in {Via.SHIFT, Via.SERIES} else str(VIA_WORDS[duty.via])
        address = address_of(duty.source)
        yield Entry(duty.person_id, duty.kind.value, duty.span, address, note, roles=role_words(duty.roles))


def of_leave(span: Span) -> Iterator[Entry]:
    """Leave, and leave that was cancelled."""
    _shifts, gone = selectors.cancelled_between(span.start, span.end)
    for leave in (*selectors.leaves_between(span.start, span.end), *gone):
        if span_of(leave).overlaps(span):
            is_off = leave.cancelled_at is not None
            note = _("cancelled") if is_off else ""
            address = reverse("rosters:leave", args=[leave.uuid])
            yield Entry(leave.person_id, "leave", span_of(leave), address, note, is_off, leave.person)


def without_effect(span: Span, duties: Iterable[Duty]) -> Iterator[Entry]:
    """The parts of shifts of which nothing comes, each with why: cancelled, given away, overridden, on leave."""
    held: dict[str, list[Span]] = {}
    for duty in duties:
        held.setdefault(duty.source, []).append(duty.span)
    cancelled, _leaves = selectors.cancelled_between(span.start, span.end)
    for shift in (*selectors.shifts_between(span.start, span.end), *cancelled):
        own = span_of(shift)
        if not own.overlaps(span):
            continue
        lost = SpanSet([own]) - SpanSet(held.get(f"shift:{shift.uuid}", ()))
        for part in lost.clip(span.start, span.end) if held.get(f"shift:{shift.uuid}") else [own]:
            note = why_lost(shift, part)
            address = address_of(f"shift:{shift.uuid}")
            yield Entry(shift.person_id, shift.kind, part, address, note, True, shift.person)


def why_lost(shift: Shift, part: Span) -> str:
    """Why a part of a shift has no effect."""
    if shift.cancelled_at is not None:
        return _("cancelled")
    touching: dict[str, Any] = {"cancelled_at": None, "during__overlap": (part.start, part.end)}
    if taken := shift.taken.filter(**touching).select_related("person").first():
        return _("given to %(person)s") % {"person": taken.person}
    if Leave.objects.filter(person=shift.person, **touching).exists():
        return _("on leave")
    words = Override.objects.filter(Q(person=shift.person) | Q(stand_in=shift.person), **touching)
    override = words.select_related("stand_in").order_by("pk").last()
    if override is None:
        return _("holds no role for it")
    if override.act == OverrideAct.REPLACE and override.person_id == shift.person_id:
        return _("replaced by %(person)s") % {"person": override.stand_in}
    return _("overridden")


def address_of(source: str) -> str:
    """The page of what stands behind a duty: a shift, an override, a rotation; a series has none before its shifts."""
    kind, _colon, key = source.partition(":")
    if kind in {"shift", "override"}:
        return reverse(f"rosters:{kind}", args=[key])
    return reverse("rosters:rotations") if kind == "rotation" else ""
