"""Page, roster, readiness and database give one answer to the question whether a line may go out at an instant."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, transaction
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from planner.claims.models import Claim
from planner.coverage import selectors as coverage
from planner.coverage.core.links import Link
from planner.desk.readiness import shelf as readiness
from planner.narratives.models import Narrative
from planner.rebuttals import lines as shelf
from planner.rebuttals import services
from planner.rebuttals.models import ClearedLine, Release
from planner.rosters.selectors import on_watch
from planner.spans import Span
from tests.factories import make_approval, make_channel, make_draft, make_person, make_rebuttal, make_shift
from tests.rebuttals.attacks import INSERT_RELEASE, sql

pytestmark = pytest.mark.django_db
EVENING = datetime(2026, 10, 24, 18, 0, tzinfo=UTC)  # in London the clocks go back in this night
NIGHT = 12
HOURS = st.integers(0, NIGHT)
SPAN = st.tuples(HOURS, st.integers(1, NIGHT)).map(lambda pair: (pair[0], min(pair[0] + pair[1], NIGHT + 1)))


def at(hour):
    return EVENING + timedelta(hours=hour)


def house(shifts):
    """Three people who may release at all, each with one stretch on call; the approver signs."""
    people = [
        make_person(name, roles=[role]) for name, role in (("Hala", "duty"), ("Tom", "officer"), ("Omar", "approver"))
    ]
    for person, (first, last) in zip(people, shifts, strict=True):
        make_shift(person, at(first), last - first, kind="on_call")
    return people


def claim_of(narrative):
    times = {"broke_earliest": EVENING, "broke_latest": EVENING, "created_at": EVENING}
    return Claim.objects.create(text="The road is closed.", narrative=narrative, **times)


def database_lets(line, person, moment):
    """Whether PostgreSQL takes a release by this person at this moment; nothing of it stays."""
    try:
        with transaction.atomic():
            sql(INSERT_RELEASE, line.pk, claim_of(line.narrative).pk, person.pk, moment)
            transaction.set_rollback(True)
    except IntegrityError:
        return False
    return True


@given(
    shifts=st.tuples(SPAN, SPAN, SPAN),
    window=SPAN,
    roles=st.sets(st.sampled_from(["duty", "officer", "approver"])),
    named=st.sets(st.integers(0, 2)),
    uses=st.integers(1, 2),
    released=st.lists(HOURS, max_size=2),
    ended=st.none() | HOURS,
    withdrawn=st.none() | HOURS,
)
@example(((0, 13), (0, 1), (0, 1)), (0, 13), {"officer"}, {0}, 1, [], None, None)  # named, in no role that may
@example(((0, 13), (0, 13), (0, 1)), (2, 9), {"officer"}, set(), 1, [4], None, None)  # the last use is taken
@example(((0, 13), (0, 13), (0, 1)), (0, 13), {"duty"}, set(), 2, [2], 5, None)  # revoked in the night
@example(((0, 13), (0, 1), (0, 1)), (0, 7), {"duty"}, set(), 2, [], None, None)  # expires in the night
@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_core_roster_and_database_agree(db, shifts, window, roles, named, uses, released, ended, withdrawn):
    with transaction.atomic():
        people = house(shifts)
        roles = roles or ({"duty"} if not named else set())
        approval = make_approval(
            make_draft(make_rebuttal(narrative=Narrative.objects.create(name="Dam"))), approver=people[2]
        )
        line = services.sign_line(
            approval,
            narrative=approval.draft.rebuttal.narrative,
            during=tuple(map(at, window)),
            maximum_uses=uses,
            channel_kinds=(),
            release_roles=roles,
            release_people=[people[index] for index in named],
            by=people[2],
            now=EVENING - timedelta(hours=1),
        )
        last = happen(line, people, released, ended, withdrawn)
        line = shelf.lines().get(pk=line.pk)
        staffed = coverage.watch(at(0), at(NIGHT + 2)).staffed(Link.CLEARED, "en")
        duties = coverage.watch(at(0), at(NIGHT + 2)).duties
        night = Span(at(last), at(NIGHT + 2))
        shown = readiness.standing(night, at(last), duties, [make_channel(at=EVENING)])
        for hour in range(last, NIGHT + 1, 2):
            moment = at(hour) + timedelta(minutes=30)
            there = [person for person in people if any(duty.person_id == person.pk for duty in on_watch(moment))]
            may = [person for person in there if not shelf.outside(line, claim=None, at=moment, by=person)]
            assert may == [person for person in there if database_lets(line, person, moment)]
            clears = any("approver" in duty.roles and duty.span.contains(moment) for duty in duties)
            assert any(one.usable.contains(moment) for one in shown) == bool(may)
            assert staffed.contains(moment) == (bool(may) or clears)
        transaction.set_rollback(True)


def happen(line: ClearedLine, people, released, ended, withdrawn):
    """What becomes of the line in the night, in order; the hour from which on nothing more happens."""
    acts = [(hour, "release") for hour in released]
    acts += [(hour, name) for hour, name in ((ended, "end"), (withdrawn, "withdraw")) if hour is not None]
    for hour, act in sorted(acts):
        try:
            if act == "release":
                by = next(person for person in people if not shelf.outside(line, claim=None, at=at(hour), by=person))
                services.release(line, claim=claim_of(line.narrative), by=by, now=at(hour))
            elif act == "end":
                services.end_line(line, by=people[0], now=at(hour), reason="overtaken")
            else:
                services.withdraw(line.approval, by=people[0], now=at(hour), reason="wrong figure")
        except (services.RebuttalRefused, StopIteration):
            continue
    assert Release.objects.filter(line=line).count() <= line.maximum_uses
    return max((hour for hour, _ in acts), default=0)
