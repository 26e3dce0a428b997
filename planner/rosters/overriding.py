"""The last word about a night: somebody is added, taken off, or replaced, without touching the shifts below."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS, User
from planner.rosters import selectors
from planner.rosters.acts import Recording
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.layers import OverrideAct
from planner.rosters.models import Override
from planner.rosters.refusals import RosterRefused, duties_of, refuse_duties, refuse_leave
from planner.rosters.services import as_range, check_roles, stretch
from planner.rosters.values import acting_roles
from planner.rosters.words import said, span_of
from planner.spans import Span

LONGEST_REASON = 200


@transaction.atomic
def add_person(
    *,
    person: User,
    start: datetime,
    end: datetime,
    kind: DutyKind,
    by: User,
    now: datetime,
    roles: Iterable[str] = (),
    reason: str = "",
) -> Override:
    """Put somebody on watch for [start, end), over whatever overrides say about them.

    Raises RosterRefused when they are on watch then already (naming it), on leave, or do not hold a role.
    """
    span, roles = stretch(start, end), sorted(set(roles))
    check_roles(person, roles)
    refuse_leave(person, span)
    refuse_duties(person, duties_of(person, span.start, span.end))
    row = Override(act=OverrideAct.ADD, person=person, kind=DutyKind(kind), roles=roles)
    return _made(row, span, _("%(person)s is added: %(stretch)s."), by, now, reason)


@transaction.atomic
def remove_person(
    *, person: User, start: datetime, end: datetime, by: User, now: datetime, reason: str = ""
) -> Override:
    """Take somebody off watch for [start, end). Raises RosterRefused when they are not on watch then anyway."""
    span = stretch(start, end)
    _needs_duty(person, span)
    row = Override(act=OverrideAct.REMOVE, person=person)
    return _made(row, span, _("%(person)s is taken off: %(stretch)s."), by, now, reason)


@transaction.atomic
def replace_person(
    *, person: User, stand_in: User, start: datetime, end: datetime, by: User, now: datetime, reason: str = ""
) -> Override:
    """Let `stand_in` do what `person` would have done within [start, end); an earlier word about them does not count.

    Raises RosterRefused when there is nothing to take over, when the stand-in is on watch then already, on leave, or
    can act in none of the roles. What they cannot do of it is said in the act's words.
    """
    span = stretch(start, end)
    if person == stand_in:
        raise RosterRefused(_("Choose somebody else than %(person)s.") % {"person": person})
    needed = _needs_duty(person, span)
    refuse_leave(stand_in, span)
    meanwhile = selectors.duties_but(span.start, span.end, about=person)
    refuse_duties(stand_in, (duty for duty in meanwhile if duty.person_id == stand_in.pk))
    lacking = needed - acting_roles(stand_in, ())
    if lacking == needed:
        raise RosterRefused(
            _("%(stand_in)s holds none of the roles that %(person)s acts in then: %(roles)s.")
            % {"stand_in": stand_in, "person": person, "roles": role_words(lacking)}
        )
    row = Override(act=OverrideAct.REPLACE, person=person, stand_in=stand_in)
    words = _("%(stand_in)s replaces %(person)s: %(stretch)s.")
    if lacking:
        words += " " + _("Nobody takes over as %(roles)s.") % {"roles": role_words(lacking)}
    if lost := set(person.languages) - set(stand_in.languages):
        words += " " + _("Languages missing: %(codes)s.") % {"codes": ", ".join(sorted(lost))}
    return _made(row, span, words, by, now, reason)


@transaction.atomic
def cancel_override(row: Override, *, by: User, now: datetime) -> Override:
    """What stands below counts again. Cancelled already: nothing changes."""
    row = Override.objects.select_for_update(of=("self",)).select_related("person", "stand_in").get(pk=row.pk)
    if row.cancelled_at is None:
        record = Recording(by, now, _("Cancelled: %(what)s") % {"what": override_said(row)})
        record.set(row, cancelled_at=now)
        record.keep()
        _stamp(row, "cancelled", by, now)
    return row


def override_said(row: Override) -> str:
    """An override in a sentence, in the zone of the person it speaks about."""
    words = {"person": row.person, "stand_in": row.stand_in, "stretch": said(span_of(row), row.person.zone)}
    if row.act == OverrideAct.REPLACE:
        return _("%(stand_in)s replaces %(person)s: %(stretch)s.") % words
    if row.act == OverrideAct.REMOVE:
        return _("%(person)s is taken off: %(stretch)s.") % words
    return _("%(person)s is added: %(stretch)s.") % words


def role_words(roles: Iterable[str]) -> str:
    """Roles in words: "approver, press officer"."""
    return ", ".join(str(ROLE_WORDS[Role(role)]) for role in sorted(roles))


def _made(row: Override, span: Span, words: str, by: User, now: datetime, reason: str) -> Override:
    row.during, row.reason, row.made_by, row.made_at = as_range(span), reason.strip()[:LONGEST_REASON], by, now
    row.save()
    told = {"person": row.person, "stand_in": row.stand_in, "stretch": said(span, row.person.zone)}
    record = Recording(by, now, words % told)
    record.made([row])
    record.keep()
    _stamp(row, "added", by, now)
    return row


def _needs_duty(person: User, span: Span) -> set[str]:
    """The roles that the person would act in within the stretch if no override spoke of them, on leave or not."""
    would = selectors.duties_but(span.start, span.end, about=person)
    roles = {role for duty in would if duty.person_id == person.pk for role in duty.roles}
    if not roles:
        words = {"person": person, "stretch": said(span, person.zone)}
        raise RosterRefused(_("%(person)s is not on watch then: %(stretch)s.") % words)
    return roles


def _stamp(row: Override, act: str, by: User, now: datetime) -> None:
    stamp(
        milestone=Milestone.ROSTERED,
        at=now,
        subject=f"override:{row.uuid}",
        actor=by.username,
        act=act,
        what=row.act,
        person=row.person.username,
        stand_in=row.stand_in.username if row.stand_in else "",
        start=row.during.lower.isoformat(),
        end=row.during.upper.isoformat(),
        reason=row.reason,
    )
