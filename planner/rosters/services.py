"""Put people on watch, take them off, send them on leave; every change is stamped in the journal."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import uuid4

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS, User
from planner.rosters.acts import Recording, save
from planner.rosters.core.kinds import DutyKind
from planner.rosters.models import Leave, Shift, Team
from planner.rosters.refusals import Conflict, RosterRefused, refuse_second_duty
from planner.rosters.values import ACTING
from planner.rosters.words import said, shift_said, span_of
from planner.spans import Span
from planner.wallclock import zone as zone_named

__all__ = ["Conflict", "RosterRefused"]
TEAM_NAME = 80


def ensure_team(*, name: str, zone: str) -> Team:
    """The team of that name; made with the zone given when there is none.

    Raises RosterRefused for an unknown zone, and for a name that is empty or longer than the table takes.
    """
    if not 0 < len(name := name.strip()) <= TEAM_NAME:
        raise RosterRefused(f"A team needs a name of 1 to {TEAM_NAME} characters, not {len(name)}.")
    try:
        zone_named(zone)
    except ValueError as unknown:
        raise RosterRefused(str(unknown)) from unknown
    return Team.objects.get_or_create(name=name, defaults={"zone": zone})[0]


def identity(*parts: object) -> str:
    """The same words for the same row of a file, whenever it is imported."""
    return hashlib.sha256("\n".join(map(str, parts)).encode()).hexdigest()


def by_hand() -> str:
    """An identity for a row that no file names."""
    return f"hand:{uuid4().hex}"


@transaction.atomic
def add_shift(
    *,
    person: User,
    team: Team,
    kind: DutyKind,
    start: datetime,
    end: datetime,
    now: datetime,
    roles: Iterable[str] = (),
    by: User | None = None,
) -> tuple[Shift, bool]:
    """Put a person on watch for [start, end), aware instants; return the shift and whether it is new.

    `roles` narrows what they do during it; without any they act in all the roles they hold. The very same shift again
    is no change; for an import (without `by`) not even when it was cancelled or moved since. Raises Conflict, which
    names the other shift, and RosterRefused for an end before the start or a role the person does not hold.
    """
    span, roles = stretch(start, end), sorted(set(roles))
    check_roles(person, roles)
    external_id = identity("shift", person.uuid, kind, span.start.isoformat(), span.end.isoformat(), *roles)
    if known := Shift.objects.filter(external_id=external_id).first():
        if by is None or (known.cancelled_at is None and span_of(known) == span):
            return known, False
        external_id = by_hand()  # what was taken away by hand may be put on by hand
    shift = Shift(
        external_id=external_id, person=person, team=team, kind=DutyKind(kind), roles=roles, during=as_range(span)
    )
    record = Recording(by, now, _("%(person)s is on watch: %(shift)s.") % _words(shift))
    save_shift(shift)
    record.made([shift])
    record.keep()
    stamp_shift(shift, "added", now, by)
    return shift, True


@transaction.atomic
def cancel_shift(shift: Shift, *, by: User, now: datetime) -> Shift:
    """Take a shift off the roster, with the parts of it that others took over; it can be put back.

    Cancelled already: nothing changes.
    """
    shift = locked(shift)
    if shift.cancelled_at is None:
        record = Recording(by, now, _("Cancelled for %(person)s: %(shift)s.") % _words(shift))
        cancel_with_parts(shift, record)
        record.keep()
        stamp_shift(shift, "cancelled", now, by)
    return shift


@transaction.atomic
def restore_shift(shift: Shift, *, by: User, now: datetime) -> Shift:
    """Put a cancelled shift back. Raises Conflict when the person has another one by now."""
    shift = locked(shift)
    if shift.cancelled_at is not None:
        record = Recording(by, now, _("Put back for %(person)s: %(shift)s.") % _words(shift))
        refuse_second_duty(shift.person, span_of(shift), but=shift)
        record.set(shift, cancelled_at=None)
        record.keep()
        stamp_shift(shift, "restored", now, by)
    return shift


@transaction.atomic
def add_leave(
    *, person: User, start: datetime, end: datetime, now: datetime, by: User | None = None
) -> tuple[Leave, bool]:
    """Take a person off watch for [start, end), aware instants, whatever their shifts say; and whether that is new."""
    span = stretch(start, end)
    external_id = identity("leave", person.uuid, span.start.isoformat(), span.end.isoformat())
    known = Leave.objects.filter(external_id=external_id).first()
    if known and (by is None or known.cancelled_at is None):
        return known, False
    if known:
        external_id = by_hand()
    leave = Leave.objects.create(external_id=external_id, person=person, during=as_range(span))
    record = Recording(by, now, _("%(person)s is on leave: %(stretch)s.") % _words(leave))
    record.made([leave])
    record.keep()
    _stamp(f"leave:{leave.uuid}", "added", now, by, _told(leave))
    return leave, True


@transaction.atomic
def cancel_leave(leave: Leave, *, by: User, now: datetime) -> Leave:
    """The person is there after all. Cancelled already: nothing changes."""
    return _turn_leave(leave, "cancelled", now, _("The leave of %(person)s is cancelled: %(stretch)s."), by, now)


@transaction.atomic
def restore_leave(leave: Leave, *, by: User, now: datetime) -> Leave:
    """The person is away after all."""
    return _turn_leave(leave, "restored", None, _("The leave of %(person)s stands again: %(stretch)s."), by, now)


def cancel_with_parts(shift: Shift, record: Recording) -> None:
    """Cancel a shift, and first the parts of it that others took over: without the shift there is nothing to do."""
    for part in shift.taken.select_for_update().filter(cancelled_at=None):
        cancel_with_parts(part, record)
    record.set(shift, cancelled_at=record.now)


def check_roles(person: User, roles: Iterable[str]) -> None:
    """Raise RosterRefused unless the person holds every one of the roles, and each is one that acts on watch."""
    for role in roles:
        if role not in set(ACTING):
            raise RosterRefused(
                _("“%(role)s” is not a role on watch: expected %(known)s.")
                % {"role": role, "known": ", ".join(sorted(ACTING))}
            )
        if role not in person.roles:
            raise RosterRefused(
                _("%(person)s does not hold the role %(role)s: an administrator can give it.")
                % {"person": person, "role": ROLE_WORDS[Role(role)]}
            )


def save_shift(shift: Shift) -> None:
    """Save a shift that is new or has moved. Raises Conflict, also when somebody else was quicker."""
    refuse_second_duty(shift.person, span_of(shift), but=shift)
    save(shift)


def stretch(start: datetime, end: datetime) -> Span:
    """Two aware instants as a span. Raises RosterRefused when the end is not after the start."""
    try:
        return Span(start, end)
    except ValueError as wrong:
        raise RosterRefused(_("The end must lie after the start.")) from wrong


def as_range(span: Span) -> DateTimeTZRange:
    """A span as the database has it."""
    return DateTimeTZRange(span.start, span.end)


def stamp_shift(shift: Shift, act: str, now: datetime, by: User | None, **detail: Any) -> None:
    """Note in the journal what was done to a shift."""
    _stamp(f"shift:{shift.uuid}", act, now, by, {**_told(shift), **detail})


def _turn_leave(leave: Leave, act: str, cancelled_at: datetime | None, words: str, by: User, now: datetime) -> Leave:
    Leave.objects.select_for_update().only("pk").get(pk=leave.pk)
    leave.refresh_from_db()
    if (leave.cancelled_at is None) != (cancelled_at is None):
        record = Recording(by, now, words % _words(leave))
        record.set(leave, cancelled_at=cancelled_at)
        record.keep()
        _stamp(f"leave:{leave.uuid}", act, now, by, _told(leave))
    return leave


def locked(shift: Shift) -> Shift:
    """The shift as it is now, which nobody changes before this transaction ends."""
    Shift.objects.select_for_update().only("pk").get(pk=shift.pk)
    shift.refresh_from_db()
    return shift


def _words(row: Shift | Leave) -> dict[str, object]:
    words: dict[str, object] = {"person": row.person, "stretch": said(span_of(row), row.person.zone)}
    return {**words, "shift": shift_said(row)} if isinstance(row, Shift) else words


def _told(row: Shift | Leave) -> dict[str, Any]:
    words = {"person": row.person.username, "start": row.during.lower.isoformat(), "end": row.during.upper.isoformat()}
    return {**words, "kind": row.kind, "roles": row.roles} if isinstance(row, Shift) else {**words, "kind": "leave"}


def _stamp(subject: str, act: str, now: datetime, by: User | None, detail: dict[str, Any]) -> None:
    actor = by.username if by else "import"
    stamp(milestone=Milestone.ROSTERED, at=now, subject=subject, actor=actor, act=act, **detail)
