"""The approver is woken with one press: by the ladder, one approver after the other, and the asker hears of it."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from planner.notices.models import Notice
from planner.people.core.roles import Role
from planner.people.models import User
from planner.tasking.dispatch import hand_over as clock_looks
from planner.tasking.models import Task
from planner.tasking.services import TaskRefused, acknowledge, close_for_claim, open_task, token, wake, wake_for_claim
from tests.factories import make_claim, make_leave, make_person
from tests.tasking.nights import MINUTE, NIGHT, on_call, paged, story

pytestmark = pytest.mark.django_db
WHY = "The line has expired."


@pytest.fixture
def hala():
    return on_call("Hala Amin", "duty")


@pytest.fixture
def task(hala):
    """A task that the duty officer has taken."""
    task = open_task(make_claim("The bridge is taken.", at=NIGHT), now=NIGHT, off_hours=True)
    return acknowledge(task, person=hala, now=NIGHT + MINUTE)


def ask(task, by, at=2):
    return wake(task, role=Role.APPROVER, why=WHY, by=by, now=NIGHT + at * MINUTE)


def test_the_approver_on_watch_is_paged_and_reads_who_needs_them_and_why(hala, task):
    omar = on_call("Omar Aziz", "approver")
    on_call("Tom Baker", "officer")
    woken = ask(task, hala)
    assert (woken.state, woken.wanted, woken.wanted_by, paged()) == ("open", "approver", hala, ["Hala", "Omar"])
    message = Notice.objects.latest("pk")
    assert message.person == omar
    assert "Hala Amin needs you as approver: The line has expired." in message.body
    assert message.subject.startswith("Approver needed: The bridge is taken.")
    assert ("reopened", hala.username) in story(task.claim)


def test_without_an_answer_the_next_approver_is_paged_and_never_somebody_who_cannot_clear(hala, task):
    for name in ("Omar Aziz", "Sara Nouri"):
        on_call(name, "approver")
    on_call("Tom Baker", "officer")
    make_person("Rana", roles=["approver"])
    make_person("Mona", roles=["manager"])
    ask(task, hala)
    for step in (1, 2):
        clock_looks(now=NIGHT + (2 + 10 * step) * MINUTE)
    assert paged() == ["Hala", "Omar", "Sara", "Rana", "Mona"]
    task.refresh_from_db()
    assert task.state == "exhausted"


def test_with_no_approver_on_watch_all_of_them_are_told_at_once(hala, task):
    make_leave(on_call("Omar Aziz", "approver"), NIGHT - MINUTE)
    woken = ask(task, hala)
    assert (woken.state, paged()) == ("exhausted", ["Hala", "Omar"])


def test_who_asked_hears_that_the_approver_is_awake(hala, task):
    omar = on_call("Omar Aziz", "approver")
    ask(task, hala)
    taken = acknowledge(task, person=omar, now=NIGHT + 5 * MINUTE)
    assert (taken.assignee, taken.wanted_why) == (omar, WHY)
    told = Notice.objects.latest("pk")
    assert (told.person, told.subject) == (hala, "Omar Aziz took it: The bridge is taken.")


def test_a_second_press_pages_nobody_else(hala, task):
    on_call("Omar Aziz", "approver")
    on_call("Sara Nouri", "approver")
    ask(task, hala)
    ask(task, hala, at=3)
    assert paged() == ["Hala", "Omar"]


def test_a_claim_without_a_task_gets_one_first(hala):
    on_call("Omar Aziz", "approver")
    claim = make_claim(at=NIGHT)
    woken = wake_for_claim(claim, role=Role.APPROVER, why=WHY, by=hala, now=NIGHT)
    assert (woken.claim, woken.state, paged()) == (claim, "open", ["Omar"])
    claim.refresh_from_db()
    assert claim.state == "taken_up"


def test_who_may_not_take_a_task_wakes_nobody_and_a_reason_is_needed(hala, task):
    with pytest.raises(TaskRefused, match="holds no role"):
        ask(task, make_person("Otto", roles=["auditor"]))
    with pytest.raises(TaskRefused, match="Say why"):
        wake(task, role=Role.APPROVER, why="  ", by=hala, now=NIGHT)
    close_for_claim(task.claim, reason="answered", now=NIGHT)
    with pytest.raises(TaskRefused, match="was closed"):
        ask(task, hala)


def test_the_database_refuses_a_wish_without_a_name_or_a_reason(hala, task):
    for change in (
        "wanted = 'approver'",
        f"wanted = 'approver', wanted_by_id = {hala.pk}",
        f"wanted = 'king', wanted_by_id = {hala.pk}, wanted_why = 'x'",
    ):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE tasking_task SET {change} WHERE id = %s", [task.pk])


def test_one_press_on_the_page_behind_the_link_and_one_on_my_tasks(client, hala):
    now = timezone.now()
    task = open_task(make_claim(at=now), by=make_person("Lina", roles=["analyst"]), assignee=hala, now=now)
    path = reverse("tasking:wake_by_link", args=[token(task.rungs.get())])
    assert client.get(path).status_code == 405
    answer = client.post(path, {"why": WHY}, follow=True)
    assert "No approver is on watch. Nobody could be paged" in answer.content.decode()
    client.force_login(hala)
    User.objects.filter(pk=make_person("Omar Aziz", roles=["approver"]).pk).update(is_active=True)
    acknowledge(task, person=hala, now=now)
    answer = client.post(reverse("tasking:wake", args=[task.claim.uuid]), {"why": WHY}, follow=True)
    assert "No approver is on watch. Omar Aziz is paged." in answer.content.decode()
    assert Task.objects.get().wanted == "approver"
