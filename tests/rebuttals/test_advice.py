"""Suggestions on the pages: shown beside the text, answered once with a reason, read by the approver."""

import pytest
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from planner.claims.models import Sighting, Source
from planner.journal.models import Entry
from planner.rebuttals.models import Waiver
from planner.rebuttals.services import RebuttalRefused, save_draft, waive
from tests.factories import make_draft, make_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    return make_draft(text="The bridge is open. #fallen")


@pytest.fixture
def officer():
    return make_person("Sara Nabil", roles=["officer"])


def test_the_editor_and_the_review_show_what_may_be_better(client, draft, officer):
    client.force_login(officer)
    claim = draft.rebuttal.claim
    for address in (reverse("rebuttals:edit", args=[claim.uuid]), reverse("rebuttals:review", args=[draft.uuid])):
        assert "Give a link at which the fact can be checked." in client.get(address).content.decode()


def test_the_tags_under_which_the_claim_was_seen_are_those_not_to_repeat(client, draft, officer):
    client.force_login(officer)
    address = reverse("rebuttals:review", args=[draft.uuid])
    assert "carries their hashtag" not in client.get(address).content.decode()
    now, claim = timezone.now(), draft.rebuttal.claim
    source = Source.objects.create(name="Their channel")
    moments = dict.fromkeys(("posted_at", "fetched_at", "stored_at"), now)
    seen = {"external_id": "1", "text": "x", "fingerprint": 1, "hashtags": ["Fallen"]}
    Sighting.objects.create(source=source, claim=claim, **moments, **seen)
    assert "carries their hashtag" in client.get(address).content.decode()


def test_a_suggestion_is_answered_with_a_reason_that_the_approver_reads(client, draft, officer):
    client.force_login(officer)
    answered = client.post(reverse("rebuttals:waive", args=[draft.uuid]), {"advice": "link", "note": "No page yet."})
    assert answered.status_code == 302
    page = client.get(reverse("rebuttals:review", args=[draft.uuid])).content.decode()
    assert "No page yet." in page
    assert Entry.objects.filter(milestone="drafted", detail__waived="link").count() == 1


def test_the_answer_stands_for_the_next_version(client, draft, officer):
    waive(draft, advice="link", note="No page yet.", by=officer, now=timezone.now())
    newer = save_draft(
        draft.rebuttal,
        language=draft.language,
        text="The bridge is wide open.",
        author=draft.author,
        now=timezone.now(),
    )
    client.force_login(officer)
    assert "No page yet." in client.get(reverse("rebuttals:review", args=[newer.uuid])).content.decode()


@pytest.mark.parametrize(("advice", "note"), [("link", "  "), ("nonsense", "Because.")])
def test_no_reason_or_an_unknown_suggestion_is_refused_with_words(draft, officer, advice, note):
    with pytest.raises(RebuttalRefused):
        waive(draft, advice=advice, note=note, by=officer, now=timezone.now())
    assert not Waiver.objects.exists()


def test_who_may_not_write_may_not_answer(draft):
    with pytest.raises(RebuttalRefused):
        waive(draft, advice="link", note="No.", by=make_person("Adam Li", roles=["analyst"]), now=timezone.now())


def test_the_database_refuses_an_answer_without_a_reason_and_a_second_one(draft, officer):
    waive(draft, advice="link", note="No page yet.", by=officer, now=timezone.now())
    for change in ("SET note = ''", "SET advice = 'nonsense'"):
        with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE rebuttals_waiver {change}")
    again = waive(draft, advice="link", note="Another reason.", by=officer, now=timezone.now())
    assert again.note == "No page yet."
