"""Who takes a task, hands it over, or finds that somebody was faster."""

from datetime import timedelta

import pytest

from planner.claims.core.words import Decision
from planner.claims.services import ClaimRefused, decide, mark_answered
from planner.journal.models import Entry
from planner.people.models import User
from planner.tasking.dispatch import hand_over as clock_looks
from planner.tasking.models import Task
from planner.tasking.services import (
    TaskRefused,
    acknowledge,
    close_for_claim,
    hand_over,
    open_task,
)
from tests.factories import make_claim, make_person
from tests.tasking.nights import MINUTE, NIGHT, on_call, paged


@pytest.mark.django_db
def test_the_second_to_answer_is_told_who_has_it_since_when():
    layla, tom = on_call("Layla Hasan", "duty"), on_call("Tom", "officer")
    task = open_task(make_claim(at=NIGHT), now=NIGHT)
    acknowledge(task, person=layla, now=NIGHT + 2 * MINUTE)

    with pytest.raises(TaskRefused, match=r"Layla Hasan took this at 01:42 Asia/Baghdad\."):
        acknowledge(task, person=tom, now=NIGHT + 3 * MINUTE)
    acknowledge(task, person=layla, now=NIGHT + 4 * MINUTE)

    assert Entry.objects.filter(milestone="acknowledged").count() == 1, "twice by the same person is once"


@pytest.mark.django_db
def test_the_clock_leaves_a_claim_unread_and_the_person_who_takes_it_takes_it_up():
    layla = on_call("Layla", "duty")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    claim.refresh_from_db()

    assert claim.state == "unread", "nobody has judged it yet"
    acknowledge(task, person=layla, now=NIGHT + MINUTE)
    claim.refresh_from_db()
    assert (claim.state, claim.decided_by) == ("taken_up", layla)


@pytest.mark.django_db
def test_an_officer_who_answers_by_day_has_the_task_and_nobody_is_paged():
    on_call("Layla", "duty")
    tom = make_person("Tom", roles=["officer"])
    claim = make_claim(at=NIGHT)

    task = open_task(claim, by=tom, assignee=tom, now=NIGHT)

    claim.refresh_from_db()
    assert (task.state, task.assignee, claim.state, paged()) == ("acknowledged", tom, "taken_up", [])


@pytest.mark.django_db
def test_an_analyst_by_day_asks_the_desk_before_anybody_is_called_at_home():
    on_call("Layla", "duty")
    ana = on_call("Ana", "analyst", "officer", kind="desk")
    on_call("Tom", "officer", kind="desk")

    open_task(make_claim(at=NIGHT), by=ana, now=NIGHT)

    assert paged() == ["Tom"]


@pytest.mark.django_db
def test_a_task_for_somebody_else_must_be_taken_by_them():
    ana, tom = make_person("Ana", roles=["analyst"]), make_person("Tom", roles=["officer"])

    task = open_task(make_claim(at=NIGHT), by=ana, assignee=tom, now=NIGHT)

    assert (task.state, paged(), task.next_try_at) == ("open", ["Tom"], NIGHT + 10 * MINUTE)


@pytest.mark.django_db
def test_handing_over_pages_the_colleague_and_climbs_when_they_do_not_answer():
    layla, tom = on_call("Layla", "duty"), make_person("Tom", roles=["officer"])
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    acknowledge(task, person=layla, now=NIGHT)

    handed = hand_over(task, to=tom, by=layla, now=NIGHT + 5 * MINUTE)

    assert (handed.state, paged()) == ("open", ["Layla", "Tom"])
    clock_looks(now=NIGHT + 15 * MINUTE)
    assert paged() == ["Layla", "Tom", "Layla"], "she is still the one on call"
    assert Entry.objects.get(milestone="reopened").detail == {"reason": "handed over", "to": tom.username}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("roles", "said"), [(["auditor"], "holds no role that may take a task"), ([], "holds no role")]
)
def test_a_task_goes_only_to_somebody_who_can_work_on_it(roles, said):
    layla, other = on_call("Layla", "duty"), make_person("Otto", roles=roles)
    task = open_task(make_claim(at=NIGHT), now=NIGHT)

    with pytest.raises(TaskRefused, match=said):
        acknowledge(task, person=other, now=NIGHT)
    with pytest.raises(TaskRefused, match=said):
        hand_over(task, to=other, by=layla, now=NIGHT)


@pytest.mark.django_db
def test_one_claim_has_one_standing_task_and_may_have_another_after_it_closed():
    on_call("Layla", "duty")
    claim = make_claim(at=NIGHT)
    first = open_task(claim, now=NIGHT)

    assert open_task(claim, now=NIGHT + MINUTE) == first
    close_for_claim(claim, reason="mistaken", now=NIGHT + MINUTE)
    assert open_task(claim, now=NIGHT + 2 * MINUTE) != first


@pytest.mark.django_db
def test_a_claim_that_needs_no_answer_gets_no_task():
    officer = make_person("Tom", roles=["officer"])
    claim = make_claim(at=NIGHT)
    decide(claim, decision=Decision.DECLINE, by=officer, reason="a rumour of ten people", now=NIGHT)

    with pytest.raises(TaskRefused, match="needs no answer"):
        open_task(claim, now=NIGHT)
    mark_answered(claim, at=NIGHT, now=NIGHT)
    with pytest.raises(ClaimRefused, match="answered already"):
        open_task(claim, by=officer, now=NIGHT)


@pytest.mark.django_db
def test_one_task_that_fails_keeps_no_other_waiting():
    on_call("Layla", "duty")
    on_call("Tom", "officer")
    poison = open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)
    open_task(make_claim("Another", at=NIGHT), now=NIGHT, off_hours=True)
    Task.objects.filter(pk=poison.pk).update(round=32_767)
    Task.objects.filter(pk=poison.pk).update(state="acknowledged", assignee=User.objects.first(), acknowledged_at=NIGHT)

    assert clock_looks(now=NIGHT + 10 * MINUTE) == 1

    poison.refresh_from_db()
    assert "smallint out of range" in poison.last_error
    assert poison.next_try_at == NIGHT + 10 * MINUTE + timedelta(seconds=15)
