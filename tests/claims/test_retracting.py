"""A claim that its source took back: noted with how, undone, and on its page."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planner.claims.models import Claim
from planner.claims.services import ClaimRefused, decide, merge, retract, stand_again
from planner.journal.models import Entry
from tests.factories import make_claim, make_person

pytestmark = pytest.mark.django_db
NOW = timezone.now()
BEFORE = NOW - timedelta(hours=1)


def test_it_is_noted_how_a_claim_was_taken_back_and_what_we_decided_stays():
    claim, analyst = make_claim(at=BEFORE), make_person(roles=["analyst"])
    decide(claim, decision="answer", by=analyst, now=NOW)
    row = retract(claim, by=analyst, now=NOW, reason=" the account deleted it ")
    assert (row.retracted_at, row.retracted_by, row.retraction) == (NOW, analyst, "the account deleted it")
    assert row.state == "taken_up"
    entry = Entry.objects.get(milestone="retracted")
    assert (entry.claim, entry.actor, entry.detail["reason"]) == (
        claim.uuid,
        analyst.username,
        "the account deleted it",
    )


def test_a_claim_that_stands_after_all_says_so_in_the_journal():
    claim = make_claim(at=BEFORE)
    retract(claim, by=None, now=NOW, reason="deleted")
    assert stand_again(claim, by=None, now=NOW).retracted_at is None
    entry = Entry.objects.get(milestone="corrected")
    assert entry.detail == {"field": "retraction", "before": "deleted", "after": ""}
    retract(claim, by=None, now=NOW, reason="deleted again")


def test_what_cannot_be_taken_back_is_explained():
    claim, other = make_claim(at=BEFORE), make_claim(at=BEFORE)
    with pytest.raises(ClaimRefused, match="Say how"):
        retract(claim, by=None, now=NOW, reason=" ")
    with pytest.raises(ClaimRefused, match="This claim stands"):
        stand_again(claim, by=None, now=NOW)
    retract(claim, by=None, now=NOW, reason="deleted")
    with pytest.raises(ClaimRefused, match="noted already"):
        retract(claim, by=None, now=NOW, reason="deleted")
    merge(claim, into=other, by=None, now=NOW)
    with pytest.raises(ClaimRefused, match="merged into another"):
        stand_again(claim, by=None, now=NOW)


def test_from_its_page_a_claim_is_taken_back_and_stands_again(client):
    client.force_login(make_person(roles=["analyst"]))
    claim = make_claim(at=BEFORE)
    act, page = (reverse(f"claims:{name}", args=[claim.uuid]) for name in ("retract", "detail"))
    assert client.post(act, {"retract-reason": ""}).status_code == 400
    assert client.post(act, {"retract-reason": "deleted at 22:40"}).status_code == 302
    assert "Its source took this claim back." in client.get(page).content.decode()
    assert client.post(act, {"stands": "1"}).status_code == 302
    assert Claim.objects.get().retracted_at is None
    client.force_login(make_person(roles=["auditor"]))
    assert client.post(act, {"retract-reason": "deleted"}).status_code == 403
