"""Put people on watch, take them off, send them on leave; every change is stamped in the journal."""

import hashlib
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.core.refusals import Refused
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS, User
from planner.rosters import selectors
from planner.rosters.core.kinds import DutyKind
from planner.rosters.models import Leave, Shift, Team
from planner.rosters.words import shift_said, span_of
from planner.spans import Span
from planner.wallclock import zone as zone_named

TEAM_NAME = 80


class RosterRefused(Refused):
    """The roster cannot be changed like this; the text says why."""


class Conflict(RosterRefused):
    """The person is on another shift at that time; `other` is that shift."""

    def __init__(self, other: Shift) -> None:
        super().__init__(
            _("%(person)s is on watch then already: %(shift)s.") % {"person": other.person, "shift": shift_said(other)}
        )
        self.other = other


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
    is no change, even when it was cancelled since. Raises Conflict, which names the other shift, and RosterRefused for
    an end before the start or a role the person does not hold.
    """
    span, roles = _span(start, end), sorted(set(roles))
    check_roles(person, roles)
    external_id = identity("shift", person.uuid, kind, span.start.isoformat(), span.end.isoformat(), *roles)
    if known := Shift.objects.filter(external_id=external_id).first():
        return known, False
    shift = Shift(
        external_id=external_id, person=person, team=team, kind=DutyKind(kind), roles=roles, during=_range(span)
    )
    _save_shift(shift)
    _stamp(f"shift:{shift.uuid}", "added", now, by, _told(shift))
    return shift, True


@transaction.atomic
def cancel_shift(shift: Shift, *, by: User, now: datetime) -> Shift:
    """Take a shift off the roster; it stays on record and can be put back. Cancelled already: nothing changes."""
    if Shift.objects.filter(pk=shift.pk, cancelled_at=None).update(cancelled_at=now):
        _stamp(f"shift:{shift.uuid}", "cancelled", now, by, _told(shift))
    shift.refresh_from_db()
    return shift


@transaction.atomic
def restore_shift(shift: Shift, *, by: User, now: datetime) -> Shift:
    """Put a cancelled shift back. Raises Conflict when the person has another one by now."""
    if shift.cancelled_at is not None:
        shift.cancelled_at = None
        _save_shift(shift)
        _stamp(f"shift:{shift.uuid}", "restored", now, by, _told(shift))
    return shift


@transaction.atomic
def add_leave(
    *, person: User, start: datetime, end: datetime, now: datetime, by: User | None = None
) -> tuple[Leave, bool]:
    """Take a person off watch for [start, end), aware instants, whatever their shifts say; and whether that is new."""
    span = _span(start, end)
    external_id = identity("leave", person.uuid, span.start.isoformat(), span.end.isoformat())
    leave, is_new = Leave.objects.get_or_create(
        external_id=external_id, defaults={"person": person, "during": _range(span)}
    )
    if is_new:
        _stamp(f"leave:{leave.uuid}", "added", now, by, _told(leave))
    return leave, is_new


@transaction.atomic
def cancel_leave(leave: Leave, *, by: User, now: datetime) -> Leave:
    """The person is there after all. Cancelled already: nothing changes."""
    if Leave.objects.filter(pk=leave.pk, cancelled_at=None).update(cancelled_at=now):
        _stamp(f"leave:{leave.uuid}", "cancelled", now, by, _told(leave))
    leave.refresh_from_db()
    return leave


@transaction.atomic
def restore_leave(leave: Leave, *, by: User, now: datetime) -> Leave:
    """The person is away after all."""
    if Leave.objects.filter(pk=leave.pk, cancelled_at__isnull=False).update(cancelled_at=None):
        _stamp(f"leave:{leave.uuid}", "restored", now, by, _told(leave))
    leave.refresh_from_db()
    return leave


def check_roles(person: User, roles: Iterable[str]) -> None:
    """Raise RosterRefused unless the person holds every one of the roles, and each is one that acts on watch."""
    for role in roles:
        if role not in set(selectors.ACTING):
            raise RosterRefused(
                _("“%(role)s” is not a role on watch: expected %(known)s.")
                % {"role": role, "known": ", ".join(sorted(selectors.ACTING))}
            )
        if role not in person.roles:
            raise RosterRefused(
                _("%(person)s does not hold the role %(role)s: an administrator can give it.")
                % {"person": person, "role": ROLE_WORDS[Role(role)]}
            )


def _conflict(shift: Shift) -> Shift | None:
    span = span_of(shift)
    others = selectors.shifts_between(span.start, span.end).filter(person=shift.person).exclude(uuid=shift.uuid)
    return next((other for other in others if span_of(other).overlaps(span)), None)


def _save_shift(shift: Shift) -> None:
    if other := _conflict(shift):
        raise Conflict(other)
    try:
        with transaction.atomic():
            shift.save()
    except IntegrityError as error:  # somebody else was quicker: the database keeps one person from being in two places
        if "one_person_one_shift_at_once" not in str(error):
            raise
        if other := _conflict(shift):
            raise Conflict(other) from error
        raise RosterRefused(_("Somebody changed the roster at the same moment: please try again.")) from error


def _span(start: datetime, end: datetime) -> Span:
    try:
        return Span(start, end)
    except ValueError as wrong:
        raise RosterRefused(_("The end must lie after the start.")) from wrong


def _range(span: Span) -> DateTimeTZRange:
    return DateTimeTZRange(span.start, span.end)


def _told(row: Shift | Leave) -> dict[str, Any]:
    words = {"person": row.person.username, "start": row.during.lower.isoformat(), "end": row.during.upper.isoformat()}
    return {**words, "kind": row.kind, "roles": row.roles} if isinstance(row, Shift) else {**words, "kind": "leave"}


def _stamp(subject: str, act: str, now: datetime, by: User | None, detail: dict[str, Any]) -> None:
    actor = by.username if by else "import"
    stamp(milestone=Milestone.ROSTERED, at=now, subject=subject, actor=actor, act=act, **detail)
