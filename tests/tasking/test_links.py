"""The link in a message: one look changes nothing, one press takes the task, and then it says who has it."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planner.notices.models import Notice
from planner.people.models import User
from planner.tasking.models import Rung, Task
from planner.tasking.services import acknowledge, close_for_claim, open_task, token
from tests.factories import make_claim, make_person, make_shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def night():
    """A task for which Layla was paged, and her link's path as it stands in the message."""
    now = timezone.now()
    for name, role in (("Layla Hasan", "duty"), ("Tom Baker", "officer")):
        make_shift(make_person(name, roles=[role]), now - timedelta(hours=2), 40, kind="on_call")
    task = open_task(make_claim("The bridge is taken.", at=now - timedelta(minutes=5)), now=now, off_hours=True)
    return task, re.search(r"/tasks/answer/\S+", Notice.objects.get().body).group()


def test_the_link_shows_the_claim_and_one_button_without_sign_in(client, night):
    page = client.get(night[1])

    text = page.content.decode()
    assert page.status_code == 200
    assert "The bridge is taken." in text
    assert "I take it" in text
    assert "Layla Hasan" in text
    assert page.headers["Referrer-Policy"] == "same-origin"
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert "no-store" in page.headers["Cache-Control"]


@pytest.mark.parametrize("method", ["get", "head", "options"])
def test_a_mail_scanner_that_follows_the_link_changes_nothing(client, night, method):
    before = Task.objects.values().get()

    for _visit in range(3):
        getattr(client, method)(night[1])

    assert Task.objects.values().get() == before


def test_one_press_takes_it(night):
    task, path = night
    phone = Client(enforce_csrf_checks=True)
    form = re.search(r'csrfmiddlewaretoken" value="(\w+)"', phone.get(path).content.decode()).group(1)

    assert phone.post(path).status_code == 403, "a foreign page cannot press it"
    answer = phone.post(path, {"csrfmiddlewaretoken": form}, follow=True)

    task.refresh_from_db()
    assert (task.state, task.assignee) == ("acknowledged", User.objects.get(first_name="Layla"))
    assert "You took it at" in answer.content.decode()
    assert "I take it" not in answer.content.decode()


def test_it_signs_nobody_in(client, night):
    client.post(night[1])

    assert client.get(reverse("tasking:mine")).status_code == 302
    assert "_auth_user_id" not in client.session


def test_whoever_comes_second_is_told_who_has_it(client, night):
    task, path = night
    acknowledge(task, person=User.objects.get(first_name="Tom"), now=timezone.now())

    for answer in (client.get(path), client.post(path, follow=True)):
        assert "Tom Baker took this at" in answer.content.decode()
        assert "I take it" not in answer.content.decode()


def test_a_closed_task_says_why(client, night):
    task, path = night
    close_for_claim(task.claim, reason="published on the ministry’s channel", now=timezone.now())

    for answer in (client.get(path), client.post(path, follow=True)):
        assert "published on the ministry’s channel" in answer.content.decode()


def test_a_link_older_than_a_day_is_refused_in_words(client, night):
    with time_machine.travel(timezone.now() + timedelta(hours=24, minutes=1)):
        answers = [client.get(night[1]), client.post(night[1])]

    for answer in answers:
        assert answer.status_code == 410
        assert "older than a day" in answer.content.decode()
    assert Task.objects.get().state == "open"


def test_a_link_that_was_altered_opens_nothing(client, night):
    path = night[1]
    for wrong in (path[:-3] + "x/", path[:40] + ("A" if path[40] != "A" else "B") + path[41:], "/tasks/answer/:/"):
        assert client.post(wrong).status_code == 410, wrong
    assert Task.objects.get().state == "open"


def test_a_link_works_only_for_the_person_it_was_sent_to_and_while_they_are_with_us(client, night):
    task, path = night
    tom = User.objects.get(first_name="Tom")
    client.force_login(tom)
    client.post(path)
    task.refresh_from_db()
    assert task.assignee.first_name == "Layla", "the link speaks for Layla, whoever else is signed in here"

    rung = Rung(task=task, person=tom)
    User.objects.filter(pk=tom.pk).update(is_active=False)
    answer = client.get(reverse("tasking:answer", args=[token(rung)]))
    assert "no longer good" in answer.content.decode()
