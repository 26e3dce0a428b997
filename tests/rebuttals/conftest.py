"""The people of these tests, a narrative and a claim."""

from datetime import timedelta

import pytest
from django.utils import timezone

from planner.claims.models import Claim
from planner.narratives.models import Narrative
from tests.factories import make_person


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def officer():
    return make_person("Amira Saleh", roles=["officer"])


@pytest.fixture
def approver():
    return make_person("Omar Aziz", roles=["approver"])


@pytest.fixture
def duty():
    return make_person("Hala Amin", roles=["duty"])


@pytest.fixture
def narrative():
    return Narrative.objects.create(name="The dam breaks")


@pytest.fixture
def claim(now, narrative):
    broke = now - timedelta(minutes=54)
    times = {"broke_earliest": broke, "broke_latest": broke, "created_at": now}
    return Claim.objects.create(text="The dam has burst.", narrative=narrative, language="en", **times)
