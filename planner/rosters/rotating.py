"""Rotations: people who take turns. Their turns are made late, around what stands on the roster already."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from planner.people.models import User
from planner.rosters.acts import Recording
from planner.rosters.ahead import around
from planner.rosters.ahead import rotation as rotation_of
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import HORIZON, Recurrence
from planner.rosters.core.rotation import Turn, turns
from planner.rosters.making import as_stored, first_horizon, make_shifts, stamp_rolled, taken_by
from planner.rosters.models import Rotation, RotationMember, Shift, Team
from planner.rosters.services import RosterRefused, check_roles
from planner.spans import Span, SpanSet

LONGEST_NAME = 80
MOST_PEOPLE = 50


@dataclass(frozen=True, slots=True)
class Plan:
    """A rotation as somebody asks for it. `hours`: only these of each day, start on the wall and length in minutes.

    `handover`: its RRULE, first wall time and zone; its `minutes` say nothing here.
    """

    name: str
    people: Sequence[User]
    kind: DutyKind
    roles: Iterable[str]
    handover: Recurrence
    hours: tuple[time, int] | None = None


@transaction.atomic
def add_rotation(plan: Plan, *, team: Team, by: User, now: datetime, horizon: timedelta = HORIZON) -> Rotation:
    """Let people take turns. Their shifts up to now + horizon are made at once; the clock makes later ones.

    A turn goes around the shifts that its person has already. Raises RosterRefused for fewer than two people, a role
    that one of them does not hold, and a rule that cannot be read or hands nothing over.
    """
    roles = sorted(set(plan.roles))
    _check(plan, roles)
    row = Rotation.objects.create(
        team=team,
        name=plan.name.strip(),
        kind=DutyKind(plan.kind),
        roles=roles,
        zone=plan.handover.zone,
        local_start=as_stored(plan.handover.local_start),
        rrule=plan.handover.rrule,
        hours_start=plan.hours[0] if plan.hours else None,
        hours_minutes=plan.hours[1] if plan.hours else None,
    )
    RotationMember.objects.bulk_create(
        RotationMember(rotation=row, position=place, person=person) for place, person in enumerate(plan.people)
    )
    try:
        until = first_horizon(plan.handover.first_instant(), now, horizon)
        found = turns(rotation_of(row), since=None, until=until)
    except ValueError as wrong:
        raise RosterRefused(str(wrong)) from wrong
    if not found:
        raise RosterRefused(_("This handover never comes a second time, so it makes no turn: how often does it recur?"))
    shifts = _roll(row, found, until=until, now=now, actor=by.username)
    record = Recording(by, now, _("They take turns: %(name)s.") % {"name": row.name})
    record.made([row, *shifts])
    record.keep()
    return row


def roll_rotations(*, now: datetime, horizon: timedelta = HORIZON) -> int:
    """Make the turns of every open rotation up to now + horizon; return how many shifts are new."""
    open_ones = Rotation.objects.filter(ended_at=None).order_by("pk").values_list("pk", flat=True)
    return sum(_roll_one(pk, now=now, until=now + horizon) for pk in open_ones)


@transaction.atomic
def _roll_one(pk: int, *, now: datetime, until: datetime) -> int:
    row = Rotation.objects.select_for_update(of=("self",), skip_locked=True).filter(pk=pk, ended_at=None).first()
    if row is None or (row.rolled_until and row.rolled_until >= until):
        return 0
    found = turns(rotation_of(row), since=row.rolled_until, until=until)
    return len(_roll(row, found, until=until, now=now, actor="clock"))


def _roll(row: Rotation, found: list[Turn], *, until: datetime, now: datetime, actor: str) -> list[Shift]:
    people = {member.person_id: member.person for member in row.members.select_related("person")}
    pieces: list[tuple[User, Span]] = []
    for pk, person in people.items():
        own = [turn for turn in found if turn.person_id == pk]
        taken = taken_by(person, [turn.span for turn in own])
        pieces += [(person, span) for turn in own for span in around(turn, taken)]
    made = make_shifts(row, row.uuid.hex, sorted(pieces, key=lambda piece: piece[1]))
    Rotation.objects.filter(pk=row.pk).update(rolled_until=until)
    row.rolled_until = until
    if found:
        whole = SpanSet(turn.span for turn in found).total()
        left_out = whole - SpanSet(span for _person, span in pieces).total()
        stamp_rolled(
            row,
            until=until,
            now=now,
            actor=actor,
            people=[person.username for person in people.values()],
            added=len(made),
            left_out_minutes=int(left_out / timedelta(minutes=1)),
        )
    return made


def _check(plan: Plan, roles: list[str]) -> None:
    if not 0 < len(plan.name.strip()) <= LONGEST_NAME:
        raise RosterRefused(_("A rotation needs a name of at most %(most)d characters.") % {"most": LONGEST_NAME})
    if not 2 <= len(plan.people) <= MOST_PEOPLE or len({person.pk for person in plan.people}) < 2:
        raise RosterRefused(_("Taking turns needs two people or more; for one person add a shift that repeats."))
    for person in plan.people:
        check_roles(person, roles)
