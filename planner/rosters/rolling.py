"""Shifts that recur: the rule is the intention, its shifts are made late, as far ahead as anybody plans."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User
from planner.rosters import selectors
from planner.rosters.acts import Recording
from planner.rosters.ahead import free
from planner.rosters.ahead import recurrence as recurrence_of
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import HORIZON, Recurrence, next_shifts
from planner.rosters.making import as_stored, first_horizon, make_shifts, stamp_rolled, taken_by
from planner.rosters.models import Rotation, Shift, ShiftRule, Team
from planner.rosters.rotating import roll_rotations
from planner.rosters.services import Conflict, RosterRefused, by_hand, cancel_with_parts, check_roles, identity
from planner.rosters.words import said, span_of
from planner.spans import Span


@transaction.atomic
def add_rule(
    *,
    person: User,
    team: Team,
    kind: DutyKind,
    recurrence: Recurrence,
    now: datetime,
    roles: Iterable[str] = (),
    by: User | None = None,
    horizon: timedelta = HORIZON,
) -> tuple[ShiftRule, bool]:
    """Put a person on watch again and again, in their wall time; return the rule and whether it is new.

    Its shifts up to now + horizon are made at once; the clock makes later ones. Raises RosterRefused for a rule that
    cannot be read or makes no shift, and Conflict when one of its shifts overlaps another of the person's shifts.
    """
    roles = sorted(set(roles))
    check_roles(person, roles)
    spans, until = _read(recurrence, now, horizon)
    words = (recurrence.rrule, recurrence.local_start.isoformat(), recurrence.minutes, recurrence.zone)
    external_id = identity("rule", person.uuid, kind, *words, *roles)
    if known := ShiftRule.objects.filter(external_id=external_id).first():
        if by is None or known.ended_at is None:
            return known, False
        external_id = by_hand()
    if taken := set(spans) - set(free(spans, taken_by(person, spans))):
        raise Conflict(_other(person, min(taken)))
    rule = ShiftRule.objects.create(
        external_id=external_id,
        person=person,
        team=team,
        kind=DutyKind(kind),
        roles=roles,
        zone=recurrence.zone,
        local_start=as_stored(recurrence.local_start),
        minutes=recurrence.minutes,
        rrule=recurrence.rrule,
    )
    shifts = _roll(rule, spans, until=until, now=now, actor=by.username if by else "import")
    record = Recording(by, now, _series_said(person, spans[0]))
    record.made([rule, *shifts])
    record.keep()
    return rule, True


@transaction.atomic
def end_rule(rule: ShiftRule | Rotation, *, at: datetime, by: User, now: datetime) -> int:
    """Let a series or rotation make no more shifts; those that start at or after `at` are cancelled.

    Return how many those were.
    """
    kind = "rule" if isinstance(rule, ShiftRule) else "rotation"
    record = Recording(by, now, _("The series ends: %(name)s.") % {"name": name_of(rule)})
    if rule.ended_at is None:
        record.set(rule, ended_at=at)
    later = rule.shifts.select_for_update(of=("self",)).filter(cancelled_at=None, during__startswith__gte=at)
    shifts = list(later.select_related("person"))
    for shift in shifts:
        cancel_with_parts(shift, record)
    record.keep()
    subject = f"{kind}:{rule.uuid}"
    stamp(milestone=Milestone.ROSTERED, at=now, subject=subject, actor=by.username, act="ended", shifts=len(shifts))
    return len(shifts)


def roll_rules(*, now: datetime, horizon: timedelta = HORIZON) -> int:
    """Make the shifts of every open rule and rotation up to now + horizon, as the clock does daily; how many are new.

    A shift that would overlap another one of the person's is left out: what somebody put on the roster by hand wins.
    """
    until = now + horizon
    made = sum(_roll_one(rule.pk, now=now, until=until) for rule in selectors.open_rules())
    return made + roll_rotations(now=now, horizon=horizon)


def name_of(series: ShiftRule | Rotation) -> str:
    """A rotation by its name, a rule by its person."""
    return str(series) if isinstance(series, Rotation) else str(series.person)


@transaction.atomic
def _roll_one(pk: int, *, now: datetime, until: datetime) -> int:
    rule = ShiftRule.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, ended_at=None).first()
    if rule is None or (rule.rolled_until and rule.rolled_until >= until):
        return 0
    spans = next_shifts(recurrence_of(rule), rolled_until=rule.rolled_until, until=until)
    return len(_roll(rule, spans, until=until, now=now, actor="clock"))


def _roll(rule: ShiftRule, spans: list[Span], *, until: datetime, now: datetime, actor: str) -> list[Shift]:
    left = free(spans, taken_by(rule.person, spans))
    made = make_shifts(rule, rule.external_id, ((rule.person, span) for span in left))
    ShiftRule.objects.filter(pk=rule.pk).update(rolled_until=until)
    if spans:
        counts = {"added": len(left), "left_out": len(spans) - len(left)}
        stamp_rolled(rule, until=until, now=now, actor=actor, person=rule.person.username, **counts)
    return made


def _other(person: User, span: Span) -> Shift:
    standing = selectors.shifts_between(span.start, span.end).filter(person=person)
    return next(shift for shift in standing if span_of(shift).overlaps(span))


def _read(recurrence: Recurrence, now: datetime, horizon: timedelta) -> tuple[list[Span], datetime]:
    try:
        until = first_horizon(recurrence.first_instant(), now, horizon)
        spans = next_shifts(recurrence, rolled_until=None, until=until)
    except ValueError as wrong:
        raise RosterRefused(str(wrong)) from wrong
    if not spans:
        raise RosterRefused(_("This rule makes no shift before %(until)s.") % {"until": f"{until:%Y-%m-%d}"})
    for before, after in pairwise(spans):
        if before.overlaps(after):
            raise RosterRefused(_("The shifts of this rule overlap one another: is the end right?"))
    return spans, until


def _series_said(person: User, first: Span) -> str:
    words = {"person": person, "first": said(first, person.zone)}
    return _("%(person)s is on watch again and again, first: %(first)s.") % words
