"""Swaps: a person offers a shift or part of it, another accepts; a roster manager agrees where the team wants so."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.core.roles import Role
from planner.people.models import User
from planner.rosters.acts import Recording, save
from planner.rosters.models import Shift, Swap, Team
from planner.rosters.overriding import role_words
from planner.rosters.refusals import RosterRefused, refuse_leave, refuse_second_duty
from planner.rosters.services import as_range, by_hand, locked, stamp_shift, stretch
from planner.rosters.values import acting_roles
from planner.rosters.words import said, span_of
from planner.spans import Span

LONGEST_NOTE = 200


@transaction.atomic
def offer_swap(shift: Shift, *, start: datetime, end: datetime, by: User, now: datetime, note: str = "") -> Swap:
    """Offer [start, end) of a shift to whoever can do it.

    Raises RosterRefused unless the shift is the person's own (a roster manager may offer anybody's), stands, lies
    ahead, and this part of it is neither offered nor given away already.
    """
    span, shift = stretch(start, end), locked(shift)
    if by != shift.person and not by.has_role(Role.MANAGER):
        raise RosterRefused(_("Only %(person)s can offer this shift.") % {"person": shift.person})
    if shift.cancelled_at is not None:
        raise RosterRefused(_("This shift is cancelled: put it back first."))
    if span.start < now:
        raise RosterRefused(_("That has begun already: offer a part that lies ahead."))
    own = span_of(shift)
    if not (own.start <= span.start and span.end <= own.end):
        words = {"shift": said(own, shift.person.zone)}
        raise RosterRefused(_("That is not within the shift, which is %(shift)s.") % words)
    if shift.taken.filter(cancelled_at=None, during__overlap=as_range(span)).exists():
        raise RosterRefused(_("A part of that was given away already."))
    swap = Swap(shift=shift, during=as_range(span), note=note.strip()[:LONGEST_NOTE], offered_by=by, offered_at=now)
    try:
        with transaction.atomic():
            swap.save()
    except IntegrityError as error:
        if "one_part_offered_once" not in str(error):
            raise
        raise RosterRefused(_("That is offered already: withdraw the other offer first.")) from error
    record = Recording(by, now, _("Offered: %(stretch)s of %(person)s.") % _words(swap))
    record.made([swap])
    record.keep()
    _stamp(swap, "offered", by, now)
    return swap


@transaction.atomic
def accept_swap(swap: Swap, *, by: User, now: datetime) -> Swap:
    """Take over what was offered; where the team wants it so, only once a roster manager agrees.

    Raises RosterRefused when it would put the person on two shifts (naming the other), on leave, or where they lack a
    role or language of the one who offers; also when the offer is gone, taken or has begun.
    """
    swap, shift = _open(swap, now)
    if swap.taker_id is not None:
        raise RosterRefused(_("%(taker)s has accepted that already.") % _words(swap))
    if by.pk == shift.person_id:
        raise RosterRefused(_("That is your own shift: withdraw the offer to keep it."))
    refuse_taker(by, shift, span_of(swap))
    record = Recording(by, now)
    record.set(swap, taker_id=by.pk, accepted_at=now)
    words = _("%(taker)s would take over from %(person)s: %(stretch)s. A roster manager has to agree.")
    if not shift.team.swaps_need_approval:
        _hand_over(swap, shift, record)
        words = _("%(taker)s takes over from %(person)s: %(stretch)s.")
    record.said = words % _words(swap)
    record.keep()
    _stamp(swap, "accepted" if swap.taken_id else "asked", by, now)
    return swap


@transaction.atomic
def approve_swap(swap: Swap, *, by: User, now: datetime) -> Swap:
    """As roster manager agree to a swap that somebody accepted. Raises RosterRefused as accepting does."""
    _needs_manager(by)
    swap, shift = _open(swap, now)
    if swap.taker is None:
        raise RosterRefused(_("Nobody has accepted that yet."))
    refuse_taker(swap.taker, shift, span_of(swap))
    record = Recording(by, now)
    _hand_over(swap, shift, record)
    record.said = _("%(taker)s takes over from %(person)s: %(stretch)s.") % _words(swap)
    record.keep()
    _stamp(swap, "approved", by, now)
    return swap


@transaction.atomic
def end_swap(swap: Swap, *, by: User, now: datetime) -> Swap:
    """Withdraw an offer (whoever made it or owns the shift), or refuse it as roster manager; the shift stays."""
    swap, shift = _open(swap)
    own = by.pk in {swap.offered_by_id, shift.person_id}
    if not own:
        _needs_manager(by)
    words = _("The offer is withdrawn: %(stretch)s of %(person)s.") if own else _("Refused: %(stretch)s of %(person)s.")
    record = Recording(by, now, words % _words(swap))
    record.set(swap, ended_at=now)
    record.keep()
    _stamp(swap, "withdrawn" if own else "refused", by, now)
    return swap


@transaction.atomic
def ask_for_approval(team: Team, *, wanted: bool, by: User, now: datetime) -> Team:
    """Whether a roster manager has to agree to this team's swaps."""
    _needs_manager(by)
    words = _("Swaps now need a roster manager’s word.") if wanted else _("Swaps now need nobody’s word.")
    if team.swaps_need_approval != wanted:
        record = Recording(by, now, words)
        record.set(team, swaps_need_approval=wanted)
        record.keep()
        stamp(
            milestone=Milestone.ROSTERED,
            at=now,
            subject=f"team:{team.pk}",
            actor=by.username,
            act="swaps",
            need_approval=wanted,
        )
    return team


def refuse_taker(taker: User, shift: Shift, span: Span) -> None:
    """Raise RosterRefused unless the person could do this part of the shift."""
    refuse_leave(taker, span)
    refuse_second_duty(taker, span)
    words: dict[str, object] = {"taker": taker}
    if lacking := acting_roles(shift.person, shift.roles) - acting_roles(taker, ()):
        raise RosterRefused(_("%(taker)s does not hold: %(roles)s.") % {**words, "roles": role_words(lacking)})
    if missing := set(shift.person.languages) - set(taker.languages):
        codes = ", ".join(sorted(missing))
        raise RosterRefused(
            _("%(taker)s does not answer in %(codes)s. A roster manager can replace people for a night.")
            % {**words, "codes": codes}
        )


def _open(swap: Swap, now: datetime | None = None) -> tuple[Swap, Shift]:
    shift = locked(Shift.objects.select_related("person", "team").get(pk=swap.shift_id))
    swap = Swap.objects.select_for_update(of=("self",)).select_related("taker", "offered_by").get(pk=swap.pk)
    swap.shift = shift
    if swap.ended_at is not None or swap.taken_id is not None or shift.cancelled_at is not None:
        raise RosterRefused(_("This offer does not stand any more."))
    if now and span_of(swap).start < now:
        raise RosterRefused(_("That has begun already: offer a part that lies ahead."))
    return swap, shift


def _hand_over(swap: Swap, shift: Shift, record: Recording) -> None:
    assert swap.taker is not None
    part = Shift(
        external_id=by_hand(),
        person=swap.taker,
        team=shift.team,
        taken_from=shift,
        kind=shift.kind,
        roles=sorted(acting_roles(shift.person, shift.roles)),
        during=swap.during,
    )
    save(part)
    record.made([part])
    record.set(swap, taken_id=part.pk)
    stamp_shift(part, "added", record.now, record.by, taken_from=str(shift.uuid))


def _needs_manager(by: User) -> None:
    if not by.has_role(Role.MANAGER):
        raise RosterRefused(_("Only a roster manager can do that."))


def _words(swap: Swap) -> dict[str, object]:
    person = swap.shift.person
    return {"person": person, "taker": swap.taker, "stretch": said(span_of(swap), person.zone)}


def _stamp(swap: Swap, act: str, by: User, now: datetime) -> None:
    stamp(
        milestone=Milestone.ROSTERED,
        at=now,
        subject=f"swap:{swap.uuid}",
        actor=by.username,
        act=act,
        shift=str(swap.shift.uuid),
        person=swap.shift.person.username,
        taker=swap.taker.username if swap.taker else "",
        start=swap.during.lower.isoformat(),
        end=swap.during.upper.isoformat(),
    )
