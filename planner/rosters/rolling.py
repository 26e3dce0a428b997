"""Shifts that recur: the rule is the intention, its shifts are made late, as far ahead as anybody plans."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import pairwise

from django.db import transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User
from planner.rosters import selectors
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import HORIZON, Recurrence, next_shifts
from planner.rosters.models import Shift, ShiftRule, Team
from planner.rosters.services import Conflict, RosterRefused, check_roles, identity
from planner.rosters.words import span_of
from planner.spans import Span, SpanSet


@dataclass(frozen=True, slots=True)
class Rolled:
    """What one roll made: shifts added, and stretches left out because the person has another shift then."""

    added: int
    left_out: int


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
    until = _first_horizon(recurrence, now, horizon)
    spans = _read(recurrence, until=until)
    words = (recurrence.rrule, recurrence.local_start.isoformat(), recurrence.minutes, recurrence.zone)
    external_id = identity("rule", person.uuid, kind, *words, *roles)
    if known := ShiftRule.objects.filter(external_id=external_id).first():
        return known, False
    if taken := set(spans) - set(_free(person, spans)):
        raise Conflict(_other(person, min(taken)))
    rule = ShiftRule.objects.create(
        external_id=external_id,
        person=person,
        team=team,
        kind=DutyKind(kind),
        roles=roles,
        zone=recurrence.zone,
        local_start=_stored(recurrence.local_start),
        minutes=recurrence.minutes,
        rrule=recurrence.rrule,
    )
    _roll(rule, spans, until=until, now=now, actor=_name(by))
    return rule, True


@transaction.atomic
def end_rule(rule: ShiftRule, *, at: datetime, by: User, now: datetime) -> int:
    """Let a rule make no more shifts; those that start at or after `at` are cancelled. Return how many those were."""
    ShiftRule.objects.filter(pk=rule.pk, ended_at=None).update(ended_at=at)
    later = Shift.objects.filter(rule=rule, cancelled_at=None, during__startswith__gte=at).update(cancelled_at=now)
    stamp(
        milestone=Milestone.ROSTERED, at=now, subject=f"rule:{rule.uuid}", actor=by.username, act="ended", shifts=later
    )
    return later


def roll_rules(*, now: datetime, horizon: timedelta = HORIZON) -> int:
    """Make the shifts of every open rule up to now + horizon, as the clock does daily; return how many are new.

    A shift that would overlap another one of the person's is left out: what somebody put on the roster by hand wins.
    """
    return sum(_roll_one(rule.pk, now=now, until=now + horizon) for rule in selectors.open_rules())


def _first_horizon(recurrence: Recurrence, now: datetime, horizon: timedelta) -> datetime:
    try:
        first = recurrence.first_instant()
    except ValueError as wrong:
        raise RosterRefused(str(wrong)) from wrong
    # A rule that begins beyond the horizon is looked at from its beginning: it must make a shift to be believed.
    return (now if first < now + horizon else first) + horizon


@transaction.atomic
def _roll_one(pk: int, *, now: datetime, until: datetime) -> int:
    rule = ShiftRule.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, ended_at=None).first()
    if rule is None or (rule.rolled_until and rule.rolled_until >= until):
        return 0
    spans = next_shifts(_recurrence(rule), rolled_until=rule.rolled_until, until=until)
    return _roll(rule, spans, until=until, now=now, actor="clock").added


def _roll(rule: ShiftRule, spans: list[Span], *, until: datetime, now: datetime, actor: str) -> Rolled:
    free = _free(rule.person, spans)
    Shift.objects.bulk_create(
        [
            Shift(
                external_id=f"{rule.external_id[:40]}:{span.start:%Y%m%dT%H%M%SZ}",
                person=rule.person,
                team=rule.team,
                rule=rule,
                kind=rule.kind,
                roles=rule.roles,
                during=DateTimeTZRange(span.start, span.end),
            )
            for span in free
        ],
        batch_size=500,
        ignore_conflicts=True,
    )
    ShiftRule.objects.filter(pk=rule.pk).update(rolled_until=until)
    rolled = Rolled(len(free), len(spans) - len(free))
    if spans:
        stamp(
            milestone=Milestone.ROSTERED,
            at=now,
            subject=f"rule:{rule.uuid}",
            actor=actor,
            act="rolled",
            person=rule.person.username,
            rrule=rule.rrule,
            until=until.isoformat(),
            added=rolled.added,
            left_out=rolled.left_out,
        )
    return rolled


def _free(person: User, spans: list[Span]) -> list[Span]:
    if not spans:
        return []
    standing = selectors.shifts_between(spans[0].start, spans[-1].end).filter(person=person)
    taken = SpanSet(span_of(shift) for shift in standing)
    return [span for span in spans if not SpanSet([span]) & taken]


def _other(person: User, span: Span) -> Shift:
    standing = selectors.shifts_between(span.start, span.end).filter(person=person)
    return next(shift for shift in standing if span_of(shift).overlaps(span))


def _read(recurrence: Recurrence, *, until: datetime) -> list[Span]:
    try:
        spans = next_shifts(recurrence, rolled_until=None, until=until)
    except ValueError as wrong:
        raise RosterRefused(str(wrong)) from wrong
    if not spans:
        raise RosterRefused(_("This rule makes no shift before %(until)s.") % {"until": f"{until:%Y-%m-%d}"})
    for before, after in pairwise(spans):
        if before.overlaps(after):
            raise RosterRefused(_("The shifts of this rule overlap one another: is the end right?"))
    return spans


def _recurrence(rule: ShiftRule) -> Recurrence:
    return Recurrence(rule.rrule, rule.local_start.replace(tzinfo=None), rule.minutes, rule.zone)


def _stored(local: datetime) -> datetime:
    # The column has a zone, the value has none: wall time is kept as if it were UTC (models.ShiftRule).
    return local.replace(tzinfo=UTC)


def _name(by: User | None) -> str:
    return by.username if by else "import"
