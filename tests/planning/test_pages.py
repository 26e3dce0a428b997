"""The plan page, as a roster manager and as somebody who only reads see it."""

from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from planner.planning import services
from planner.planning.models import Plan
from planner.rosters.models import Shift
from tests.coverage.rows import NOW, channel, desk
from tests.factories import make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def manager(client):
    desk()
    channel()
    for name, role in (("Omar", "officer"), ("Layla", "approver"), ("Sami", "analyst")):
        make_person(name, roles=[role])
    person = make_person("Rima", roles=["manager"])
    client.force_login(person)
    with time_machine.travel(NOW, tick=False):
        yield person


@pytest.fixture
def plan(manager):
    found = services.ask(days=1, hours=8, now=NOW, by=manager)
    return services.work_out(found.pk, now=NOW)


def test_asking_makes_a_row_that_waits_and_the_page_looks_again_by_itself(client, manager):
    answer = client.post(reverse("planning:ask"), {"days": 1, "hours": 8}, follow=True)
    assert Plan.objects.get().state == Plan.State.WAITING
    assert "being worked out" in answer.text
    assert '<noscript><meta http-equiv="refresh"' in answer.text


def test_the_page_says_in_a_sentence_what_each_duty_costs_and_avoids_and_draws_the_frontier(client, plan):
    page = client.get(reverse("planning:plan")).text
    assert "h paid; avoids" in page
    assert "Audiences lost by paid hours" in page
    assert "this plan" in page
    assert "Directive 2003/88/EC" in page


def test_a_link_from_a_gap_marks_the_duties_in_it_and_fills_in_the_days_that_reach_it(client, plan):
    first, end = plan.proposals.earliest("during"), plan.during.upper
    touched = client.get(reverse("planning:plan"), {"start": first.during.lower, "end": first.during.upper})
    assert touched.context["in_gap"] == plan.proposals.filter(during__overlap=first.during).count()
    assert "of this plan lie" in touched.text
    assert "in this gap" in touched.text
    beyond = client.get(reverse("planning:plan"), {"start": end, "end": end + timedelta(hours=30)})
    assert "This gap ends after this plan does" in beyond.text
    assert beyond.context["form"].initial["days"] > (end - plan.during.lower).days
    assert "this gap" not in client.get(reverse("planning:plan"), {"start": "x", "end": ""}).text.lower()


def test_accepting_and_undoing_by_the_page(client, plan):
    before = Shift.objects.filter(cancelled_at=None).count()
    client.post(reverse("planning:accept", args=[plan.uuid]))
    assert Shift.objects.filter(cancelled_at=None).count() == before + plan.proposals.count()
    act = plan.proposals.first().act
    client.post(reverse("planning:undo", args=[plan.uuid]), {"act": act.uuid})
    assert Shift.objects.filter(cancelled_at=None).count() == before


@pytest.mark.parametrize("form", [{"days": 0, "hours": 8}, {"days": 1, "hours": "many"}, {}])
def test_what_cannot_be_asked_for_is_said_beside_its_field(client, manager, form):
    answer = client.post(reverse("planning:ask"), form)
    assert answer.status_code == 400
    assert 'role="alert"' in answer.text
    assert not Plan.objects.exists()


def test_only_a_roster_manager_accepts(client, plan):
    client.force_login(make_person("Nour", roles=["analyst"]))
    assert client.get(reverse("planning:plan")).status_code == 200
    assert client.post(reverse("planning:accept", args=[plan.uuid])).status_code == 403
    assert not plan.proposals.filter(accepted_at__isnull=False).exists()
