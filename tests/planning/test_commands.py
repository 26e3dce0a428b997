"""The command, the services and the database: a plan from rows to shifts and back."""

import json
from datetime import timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.utils import timezone

from planner.coverage import selectors as coverage
from planner.people.core.refusals import Refused
from planner.planning import services
from planner.planning.core import verifier
from planner.planning.models import Plan
from planner.rosters.models import Shift
from planner.rosters.services import add_leave
from tests.coverage.rows import EVENING, MORNING, NOW, channel, desk
from tests.factories import make_person

pytestmark = pytest.mark.django_db
KEYS = {"hours", "loss_before", "loss_after", "bound", "proposals"}
PROPOSAL_KEYS = {"person", "kind", "start", "end", "hours", "avoids", "why"}


@pytest.fixture
def team():
    """A desk by day, and three people who are free at night."""
    desk()
    channel()
    names = (("Omar", "officer"), ("Layla", "approver"), ("Sami", "analyst"))
    return [make_person(name, roles=[role], zone="Asia/Baghdad") for name, role in names]


@pytest.fixture
def manager():
    return make_person("Rima", roles=["manager"])


def solved(days=1, hours=24.0, now=NOW):
    """A plan, worked out at once."""
    plan = services.ask(days=days, hours=hours, now=now)
    return services.work_out(plan.pk, now=now)


def run(*options):
    out = StringIO()
    with time_machine.travel(NOW, tick=False):
        call_command("plan", *options, stdout=out)
    return out.getvalue()


def test_the_command_gives_the_document_of_the_interface_and_its_figures_add_up(team):
    found = json.loads(run("--days", "1", "--hours", "12", "--json"))
    assert found.keys() >= KEYS
    assert all(one.keys() >= PROPOSAL_KEYS for one in found["proposals"])
    assert found["proposals"]
    assert found["bound"] <= found["loss_after"] < found["loss_before"]
    assert sum(one["hours"] for one in found["proposals"]) <= 12
    avoided = found["loss_before"] - found["loss_after"]
    assert sum(one["avoids"] for one in found["proposals"]) == pytest.approx(avoided, abs=1e-4)


def test_the_table_names_people_in_their_own_wall_time(team):
    assert "Asia/Baghdad" in run("--days", "1", "--hours", "12")


@pytest.mark.parametrize("options", [("--days", "0"), ("--hours", "-1"), ("--by", "nobody")])
def test_bad_input_ends_with_two(team, options):
    with pytest.raises(CommandError) as refused:
        run(*options)
    assert refused.value.returncode == 2


def test_nothing_that_helps_ends_with_one(db):
    desk()
    with pytest.raises(SystemExit) as ended:
        run("--days", "1", "--json")
    assert ended.value.code == 1


def test_what_is_lost_after_accepting_is_what_the_plan_said(team, manager):
    plan = solved()
    before = coverage.expected_loss(plan.during.lower, plan.during.upper, NOW)
    assert plan.loss_before == pytest.approx(before)
    services.accept(plan, now=NOW, by=manager)
    after = coverage.expected_loss(plan.during.lower, plan.during.upper, NOW)
    assert plan.loss_after == pytest.approx(after, abs=1e-4)


def test_undo_cancels_exactly_the_shifts_of_the_act_and_they_may_be_accepted_again(team, manager):
    standing = set(Shift.objects.filter(cancelled_at=None).values_list("pk", flat=True))
    plan = solved()
    chosen, act = services.accept(plan, now=NOW, by=manager)
    assert Shift.objects.filter(cancelled_at=None).count() == len(standing) + len(chosen)
    assert services.undo(plan, act.uuid, by=manager, now=NOW) == len(chosen)
    assert set(Shift.objects.filter(cancelled_at=None).values_list("pk", flat=True)) == standing
    again, _ = services.accept(plan, now=NOW, by=manager)
    assert len(again) == len(chosen)


def test_one_proposal_can_be_accepted_and_the_others_stay_fresh(team, manager):
    plan = solved()
    first, *others = plan.proposals.all()
    services.accept(plan, now=NOW, by=manager, only=first.uuid)
    assert services.stale(plan.__class__.objects.get(pk=plan.pk), NOW) == []
    chosen, _ = services.accept(plan, now=NOW, by=manager)
    assert {one.pk for one in chosen} == {one.pk for one in others}


def test_a_plan_whose_basis_changed_is_refused_with_what_changed(team, manager):
    plan = solved()
    shifts = Shift.objects.count()
    add_leave(person=team[0], start=EVENING, end=EVENING + timedelta(hours=8), now=NOW)
    with pytest.raises(Refused, match="leave"):
        services.accept(plan, now=NOW, by=manager)
    assert Shift.objects.count() == shifts


def test_a_plan_that_does_not_stand_up_to_its_check_is_not_shown(team, monkeypatch):
    fault = verifier.Fault(verifier.Rule.REST, team[0].pk, "no rest")
    monkeypatch.setattr(services.verifier, "check", lambda *_: [fault])
    plan = solved()
    assert plan.state == Plan.State.FAILED
    assert "no rest" in plan.last_error
    assert not plan.proposals.exists()


def test_a_plan_is_solved_once_however_often_its_message_comes(team):
    plan = solved()
    assert services.work_out(plan.pk, now=NOW) is None


@pytest.mark.parametrize(
    "attack",
    [
        "UPDATE planning_plan SET state = 'done'",
        "UPDATE planning_plan SET loss_after = NULL",
        "UPDATE planning_proposal SET kind = 'asleep'",
        "UPDATE planning_proposal SET accepted_at = now()",
        "UPDATE planning_proposal SET during = 'empty'",
    ],
)
def test_the_database_keeps_plans_sound(team, attack):
    solved()
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(attack)


def test_hours_begin_on_the_next_half_hour(team):
    plan = services.ask(days=1, hours=1, now=MORNING + timedelta(minutes=1))
    assert plan.during.lower == MORNING + timedelta(minutes=30)
    assert timezone.is_aware(plan.during.lower)
