"""Beyond the shifts that are made already the intention itself speaks: series and rotations, however far ahead."""

from collections import defaultdict
from collections.abc import Callable, Iterable
from datetime import datetime, timedelta

from planner.people.models import User
from planner.rosters.core.duty import Duty, Via
from planner.rosters.core.recurrence import Recurrence, next_shifts
from planner.rosters.core.rotation import Hours, Rotation, Turn, turns
from planner.rosters.models import Rotation as RotationRow
from planner.rosters.models import Shift, ShiftRule
from planner.rosters.values import duty_of
from planner.rosters.words import span_of
from planner.spans import Span, SpanSet

LONGEST_TURN = timedelta(days=400)
A_MOMENT = timedelta(microseconds=1)
Standing = Callable[[datetime, datetime], Iterable[Shift]]


def recurrence(rule: ShiftRule) -> Recurrence:
    """A rule as a value."""
    return Recurrence(rule.rrule, rule.local_start.replace(tzinfo=None), rule.minutes, rule.zone)


def rotation(row: RotationRow) -> Rotation:
    """A rotation as a value."""
    hours = Hours(row.hours_start, row.hours_minutes) if row.hours_start and row.hours_minutes else None
    members = tuple(member.person_id for member in row.members.all())
    return Rotation(members, row.rrule, row.local_start.replace(tzinfo=None), row.zone, hours)


def free(spans: Iterable[Span], taken: SpanSet) -> list[Span]:
    """The shifts of a series that meet no other shift of the person: what somebody put on by hand wins."""
    return [span for span in spans if not SpanSet([span]) & taken]


def around(turn: Turn, taken: SpanSet) -> list[Span]:
    """What is left of a turn beside the person's other shifts: on call before and after a day at the desk."""
    return list(SpanSet([turn.span]) - taken)


def intended(start: datetime, end: datetime, standing: Standing) -> list[Duty]:
    """The shifts that touch [start, end] and will be made of open rules and rotations, as they would be made today."""
    rules = ShiftRule.objects.filter(ended_at=None, rolled_until__lt=end + A_MOMENT).select_related("person")
    rotations = RotationRow.objects.filter(ended_at=None, rolled_until__lt=end + A_MOMENT)
    candidates = [(rule, _coming(rule, start, end)) for rule in rules]
    turned = [(row, _turning(row, start, end)) for row in rotations.prefetch_related("members__person")]
    spans = [span for _rule, found in candidates for span in found]
    spans += [turn.span for _row, found in turned for turn in found]
    if not spans:
        return []
    taken: dict[int, SpanSet] = defaultdict(SpanSet.empty)
    for shift in standing(min(span.start for span in spans), max(span.end for span in spans)):
        taken[shift.person_id] |= SpanSet([span_of(shift)])
    duties = [
        duty_of(rule.person, rule.kind, rule.roles, span, Via.SERIES, f"rule:{rule.uuid}")
        for rule, found in candidates
        for span in free(found, taken[rule.person_id])
    ]
    for duty in duties:
        taken[duty.person_id] |= SpanSet([duty.span])
    for row, found in turned:
        people: dict[int, User] = {member.person_id: member.person for member in row.members.all()}
        for turn in found:
            for span in around(turn, taken[turn.person_id]):
                person = people[turn.person_id]
                duties.append(duty_of(person, row.kind, row.roles, span, Via.ROTATION, f"rotation:{row.uuid}"))
                taken[person.pk] |= SpanSet([span])
    return [duty for duty in duties if duty.span.start <= end and start < duty.span.end]


def _coming(rule: ShiftRule, start: datetime, end: datetime) -> list[Span]:
    before = start - timedelta(minutes=rule.minutes) - timedelta(days=2)
    spans = next_shifts(recurrence(rule), rolled_until=_since(rule, before), until=end + A_MOMENT)
    return [span for span in spans if start < span.end]


def _turning(row: RotationRow, start: datetime, end: datetime) -> list[Turn]:
    since = _since(row, start - LONGEST_TURN)
    return [turn for turn in turns(rotation(row), since=since, until=end + A_MOMENT) if start < turn.span.end]


def _since(row: ShiftRule | RotationRow, before: datetime) -> datetime:
    assert row.rolled_until is not None
    return max(row.rolled_until, before)
