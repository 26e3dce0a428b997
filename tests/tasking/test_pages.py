"""My tasks, on a phone first; opening, taking and passing on by button."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planner.tasking.models import Task
from planner.tasking.services import acknowledge, close_for_claim, open_task
from tests.factories import make_claim, make_person, make_shift

pytestmark = pytest.mark.django_db


@pytest.fixture
def layla():
    """A duty officer on call now."""
    person = make_person("Layla Hasan", roles=["duty"])
    make_shift(person, timezone.now() - timedelta(hours=2), 10, kind="on_call")
    return person


def read(client, person):
    client.force_login(person)
    return client.get(reverse("tasking:mine")).content.decode()


def opened(text="The bridge is taken."):
    return open_task(make_claim(text, at=timezone.now() - timedelta(minutes=5)), now=timezone.now(), off_hours=True)


def test_my_page_shows_what_waits_for_me_before_what_waits_for_others(client, layla):
    opened()
    text = read(client, layla)

    assert "The bridge is taken." in text
    assert "I take it" in text
    assert "Everybody’s open tasks" not in text

    other = read(client, make_person("Tom", roles=["officer"]))
    assert "Nothing waits for you" in other
    assert "Everybody’s open tasks" in other


def test_taking_and_passing_on_by_button(client, layla):
    task, tom = opened(), make_person("Tom Baker", roles=["officer"])
    client.force_login(layla)

    taken = client.post(reverse("tasking:take", args=[task.uuid]), follow=True)
    assert "It is yours. Nobody else is paged." in taken.content.decode()
    passed = client.post(reverse("tasking:hand_over", args=[task.uuid]), {"to": tom.pk}, follow=True)
    assert "Tom Baker is paged. Until they take it, it counts as open." in passed.content.decode()
    nobody = client.post(reverse("tasking:hand_over", args=[task.uuid]), {"to": ""}, follow=True)
    assert "Choose a colleague" in nobody.content.decode()


def test_what_somebody_else_has_is_told_not_taken(client, layla):
    task, tom = opened(), make_person("Tom Baker", roles=["officer"])
    acknowledge(task, person=layla, now=timezone.now())
    client.force_login(tom)

    answer = client.post(reverse("tasking:take", args=[task.uuid]), follow=True)

    assert "Layla Hasan took this at" in answer.content.decode()


def test_an_auditor_reads_and_has_no_button(client, layla):
    task = opened()
    auditor = make_person("Otto", roles=["auditor"])
    text = read(client, auditor)

    assert "The bridge is taken." in text
    assert "I take it" not in text
    assert client.post(reverse("tasking:take", args=[task.uuid])).status_code == 403
    assert client.post(reverse("tasking:open", args=[task.claim.uuid])).status_code == 403


@pytest.mark.parametrize(
    ("role", "state", "said"),
    [
        ("officer", "acknowledged", "It is yours: write the answer."),
        ("duty", "acknowledged", "It is yours: write the answer."),
        ("analyst", "open", "Layla Hasan is paged."),
    ],
)
def test_the_answer_button_gives_the_task_to_an_officer_and_asks_for_one_otherwise(client, layla, role, state, said):
    claim = make_claim(at=timezone.now())
    client.force_login(make_person("Tom", roles=[role]))

    answer = client.post(reverse("tasking:open", args=[claim.uuid]))

    assert answer.headers["Location"] == reverse("claims:detail", args=[claim.uuid])
    assert Task.objects.get().state == state
    assert [str(message) for message in answer.wsgi_request._messages] == [said]


def test_an_answered_claim_is_not_opened_again(client, layla):
    claim = make_claim(at=timezone.now(), state="answered")
    client.force_login(make_person("Tom", roles=["officer"]))

    answer = client.post(reverse("tasking:open", args=[claim.uuid]))

    assert not Task.objects.exists()
    assert "answered already" in str(next(iter(answer.wsgi_request._messages)))


def test_what_was_closed_lately_stays_in_sight_with_its_reason(client, layla):
    task = opened()
    close_for_claim(task.claim, reason="published on the ministry’s channel", now=timezone.now())

    assert "published on the ministry’s channel" in read(client, layla)


def test_a_link_cannot_open_or_take_by_being_followed(client, layla):
    task = opened()
    client.force_login(layla)

    assert client.get(reverse("tasking:take", args=[task.uuid])).status_code == 405
    assert client.get(reverse("tasking:open", args=[task.claim.uuid])).status_code == 405
