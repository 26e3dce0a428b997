"""A shift is moved, shortened, or makes room for another; what lies around stays whole."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.people.models import User
from planner.rosters import selectors
from planner.rosters.acts import Recording
from planner.rosters.core.kinds import DutyKind
from planner.rosters.models import Shift, Swap, Team
from planner.rosters.refusals import RosterRefused, refuse_second_duty
from planner.rosters.services import (
    as_range,
    by_hand,
    cancel_with_parts,
    check_roles,
    locked,
    save_shift,
    stamp_shift,
    stretch,
)
from planner.rosters.words import shift_said, span_of
from planner.spans import Span, SpanSet


@transaction.atomic
def move_shift(
    shift: Shift,
    *,
    start: datetime,
    end: datetime,
    kind: DutyKind,
    roles: Iterable[str],
    by: User,
    now: datetime,
) -> Shift:
    """Let a shift begin and end at other aware instants, be of another kind, or be done in other roles.

    One of a series is moved alone. Offers to swap it are withdrawn. Raises Conflict, which names the other shift, and
    RosterRefused when a part that somebody took over would no longer lie within it.
    """
    span, roles, shift = stretch(start, end), sorted(set(roles)), locked(shift)
    check_roles(shift.person, roles)
    if shift.cancelled_at is not None:
        raise RosterRefused(_("This shift is cancelled: put it back first."))
    before = shift_said(shift)
    record = Recording(by, now)
    if span != span_of(shift):
        refuse_second_duty(shift.person, span, but=shift)
        _withdraw_offers(shift, record)
        record.set(shift, during=as_range(span))
    if (DutyKind(kind), roles) != (shift.kind, shift.roles):
        record.set(shift, kind=DutyKind(kind).value, roles=roles)
    words = {"person": shift.person, "before": before, "after": shift_said(shift)}
    record.said = _("%(person)s: %(after)s, instead of %(before)s.") % words
    if record.keep():
        stamp_shift(shift, "moved", now, by, before=before)
    return shift


@transaction.atomic
def make_room_for(
    *,
    person: User,
    team: Team,
    kind: DutyKind,
    start: datetime,
    end: datetime,
    by: User,
    now: datetime,
    roles: Iterable[str] = (),
) -> Shift:
    """Put a person on watch for [start, end) though they have shifts then: those are cut, and go on before and after.

    Raises RosterRefused when a part of one of those was taken over by somebody.
    """
    span, roles = stretch(start, end), sorted(set(roles))
    check_roles(person, roles)
    record = Recording(by, now)
    for other in selectors.shifts_between(span.start, span.end).filter(person=person):
        if span_of(other).overlaps(span):
            _cut(locked(other), span, record)
    shift = Shift(
        external_id=by_hand(), person=person, team=team, kind=DutyKind(kind), roles=roles, during=as_range(span)
    )
    save_shift(shift)
    record.made([shift])
    words = {"person": person, "shift": shift_said(shift)}
    record.said = _("%(person)s is on watch: %(shift)s. Their other shift goes on before and after.") % words
    record.keep()
    stamp_shift(shift, "added", now, by, cut=sum("during" in change["before"] for change in record.changes))
    return shift


def _cut(other: Shift, span: Span, record: Recording) -> None:
    left = list(SpanSet([span_of(other)]) - SpanSet([span]))
    _withdraw_offers(other, record)
    if not left:
        cancel_with_parts(other, record)
        return
    record.set(other, during=as_range(left[0]))
    for piece in left[1:]:
        rest = Shift(
            external_id=by_hand(),
            person=other.person,
            team=other.team,
            rule=other.rule,
            rotation=other.rotation,
            taken_from=other.taken_from,
            kind=other.kind,
            roles=other.roles,
            during=as_range(piece),
        )
        save_shift(rest)
        record.made([rest])


def _withdraw_offers(shift: Shift, record: Recording) -> None:
    for swap in Swap.objects.select_for_update().filter(shift=shift, ended_at=None, taken=None):
        record.set(swap, ended_at=record.now)
