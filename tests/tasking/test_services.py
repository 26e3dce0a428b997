"""A duty from the first page to the last: who is paged, who took it, what happens when nobody does."""

from datetime import timedelta

import pytest

from planner.claims.services import mark_answered
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.people.models import User
from planner.tasking.dispatch import hand_over as clock_looks
from planner.tasking.services import (
    TaskRefused,
    acknowledge,
    climb,
    close_for_claim,
    open_task,
    touch,
    touch_claim,
)
from tests.factories import make_claim, make_leave, make_person, make_shift
from tests.tasking.nights import MINUTE, NIGHT, on_call, paged, story


@pytest.mark.django_db
def test_a_night_in_which_the_second_person_answers():
    layla = on_call("Layla Hasan", "duty", languages=["ar"])
    on_call("Tom Baker", "approver")
    claim = make_claim(at=NIGHT, language="ar")
    task = open_task(claim, now=NIGHT, off_hours=True)

    assert (task.state, paged()) == ("open", ["Layla"])
    assert clock_looks(now=NIGHT + 9 * MINUTE) == 0
    assert clock_looks(now=NIGHT + 10 * MINUTE) == 1
    assert paged() == ["Layla", "Tom"]

    tom = User.objects.get(first_name="Tom")
    taken = acknowledge(task, person=tom, now=NIGHT + 12 * MINUTE)

    assert (taken.state, taken.assignee, taken.acknowledged_at) == ("acknowledged", tom, NIGHT + 12 * MINUTE)
    assert clock_looks(now=NIGHT + 30 * MINUTE) == 0
    assert story(claim) == [
        ("tasked", "clock"),
        ("paged", layla.username),
        ("paged", tom.username),
        ("climbed", "clock"),
        ("acknowledged", tom.username),
    ]


@pytest.mark.django_db
def test_a_ladder_that_nobody_answers_ends_red_and_every_manager_is_told():
    on_call("Layla Hasan", "duty")
    on_call("Tom Baker", "officer")
    for name in ("Mona", "Max"):
        make_person(name, roles=["manager"])
    task = open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    for step in (1, 2):
        clock_looks(now=NIGHT + step * 10 * MINUTE)

    task.refresh_from_db()
    assert task.state == "exhausted"
    assert sorted(paged()) == ["Layla", "Max", "Mona", "Tom"]
    assert "You are the last resort" in Notice.objects.get(person__first_name="Mona").body
    assert Entry.objects.get(milestone="exhausted").detail == {"paged": 2, "last_resort": 2}
    mona = User.objects.get(first_name="Mona")
    assert acknowledge(task, person=mona, now=NIGHT + 21 * MINUTE).state == "acknowledged"


@pytest.mark.django_db
def test_with_nobody_on_call_the_task_is_red_at_once_and_managers_are_paged():
    make_person("Mona", roles=["manager"])

    task = open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    assert (task.state, paged()) == ("exhausted", ["Mona"])


@pytest.mark.django_db
def test_who_comes_on_watch_later_is_paged_for_what_is_still_red():
    make_person("Mona", roles=["manager"])
    late = make_person("Layla", roles=["duty"])
    make_shift(late, NIGHT + 15 * MINUTE, 8, kind="on_call")
    task = open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    for minutes in (10, 20, 30, 40):
        clock_looks(now=NIGHT + minutes * MINUTE)

    task.refresh_from_db()
    assert (task.state, paged()) == ("exhausted", ["Mona", "Layla"])


@pytest.mark.django_db
def test_somebody_on_leave_is_not_woken():
    layla = on_call("Layla", "duty")
    on_call("Tom", "officer")
    make_leave(layla, NIGHT - MINUTE)

    open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    assert paged() == ["Tom"]


@pytest.mark.django_db
def test_a_person_whom_no_message_reaches_is_not_waited_for():
    layla = on_call("Layla", "duty")
    on_call("Tom", "officer")
    layla.contact_points.all().delete()
    User.objects.filter(pk=layla.pk).update(email="")
    open_task(make_claim(at=NIGHT), now=NIGHT, off_hours=True)

    assert clock_looks(now=NIGHT + timedelta(seconds=5)) == 1

    assert paged() == ["Layla", "Tom"]
    assert clock_looks(now=NIGHT + timedelta(seconds=10)) == 0


@pytest.mark.django_db
def test_taken_and_then_nothing_followed_begins_the_ladder_anew_with_that_person_last():
    layla = on_call("Layla", "duty")
    on_call("Tom", "officer")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    acknowledge(task, person=layla, now=NIGHT + MINUTE)

    assert clock_looks(now=NIGHT + 60 * MINUTE) == 0
    assert clock_looks(now=NIGHT + 61 * MINUTE) == 1

    task.refresh_from_db()
    assert (task.state, task.round, paged()) == ("open", 1, ["Layla", "Tom"])
    clock_looks(now=NIGHT + 71 * MINUTE)
    assert paged() == ["Layla", "Tom", "Layla"]
    assert ("reopened", "clock") in story(claim)


@pytest.mark.django_db
def test_work_on_the_answer_keeps_a_task_with_its_person():
    layla = on_call("Layla", "duty")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    acknowledge(task, person=layla, now=NIGHT)

    touch(task, now=NIGHT + 50 * MINUTE)
    assert clock_looks(now=NIGHT + 100 * MINUTE) == 0
    assert touch_claim(claim, now=NIGHT + 100 * MINUTE, until=NIGHT + 300 * MINUTE), "a post is due at dawn"
    assert clock_looks(now=NIGHT + 359 * MINUTE) == 0
    assert clock_looks(now=NIGHT + 360 * MINUTE) == 1


@pytest.mark.django_db
def test_an_answered_claim_closes_its_task_and_nobody_is_paged_for_it():
    on_call("Layla", "duty")
    on_call("Tom", "officer")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT, off_hours=True)
    mark_answered(claim, at=NIGHT + MINUTE, now=NIGHT + MINUTE)

    clock_looks(now=NIGHT + 10 * MINUTE)

    task.refresh_from_db()
    assert (task.state, task.closed_at, task.closed_reason) == ("closed", NIGHT + 10 * MINUTE, "answered")
    assert paged() == ["Layla"]


@pytest.mark.django_db
def test_closing_says_why_and_a_closed_task_stays_closed():
    layla = on_call("Layla", "duty")
    claim = make_claim(at=NIGHT)
    task = open_task(claim, now=NIGHT)

    assert close_for_claim(claim, reason="published on the ministry's channel", now=NIGHT + MINUTE)
    assert not close_for_claim(claim, reason="again", now=NIGHT + 2 * MINUTE)
    with pytest.raises(
        TaskRefused, match=r"This was closed at 01:41 Asia/Baghdad: published on the ministry's channel\."
    ):
        acknowledge(task, person=layla, now=NIGHT + 3 * MINUTE)
    assert not climb(task.pk, now=NIGHT + 60 * MINUTE)
