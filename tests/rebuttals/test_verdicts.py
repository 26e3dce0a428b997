"""How we rate a claim: asked for with the review, approved with the words, never changed behind the approver's back."""

from datetime import timedelta

import pytest
from django.urls import reverse

from planner.claims.models import Sighting, Source
from planner.journal.models import Entry
from planner.rebuttals import selectors, services
from planner.rebuttals.advice import suggestions
from planner.rebuttals.core.linting import Advice
from planner.rebuttals.core.verdict import BEST, NAMES, RATINGS, SCALE, WORST, Rating, Verdict, public_name
from planner.rebuttals.models import Draft
from planner.rebuttals.words import RATING_WORDS
from tests.factories import NIGHT, make_draft, make_rebuttal
from tests.rebuttals.browsing import VERDICT, decide, text_of, write

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)
FALSE = Verdict("false", "That the dam gave way.")


def save(rebuttal, author, text="The dam holds.", **words):
    return services.save_draft(rebuttal, **{"language": "en", "text": text, "author": author, "now": LATER, **words})


def seen(claim, *texts):
    source = Source.objects.create(name="A channel")
    for number, text in enumerate(texts):
        at = claim.broke_earliest + timedelta(minutes=number)
        moments = {"posted_at": at, "fetched_at": at, "stored_at": at}
        Sighting.objects.create(
            source=source, external_id=str(number), text=text, fingerprint=number, claim=claim, **moments
        )


# the scale ------------------------------------------------------------------------------------------------------------
def test_every_rating_stands_on_the_scale_and_has_words_for_us_and_for_every_reader():
    assert set(SCALE) == set(RATING_WORDS) == set(Rating)
    assert SCALE[Rating.FALSE] == WORST
    assert SCALE[Rating.TRUE] == BEST
    for names in NAMES.values():
        assert len(set(names.values())) == len(RATINGS)


def test_readers_are_told_in_the_language_of_the_text_and_in_english_where_we_have_no_words():
    assert public_name("false", "ar-IQ") == "غير صحيح"
    assert public_name("out_of_context", "EN") == "Out of context"
    assert public_name("false", "fr") == "False"
    with pytest.raises(ValueError, match="bogus"):
        public_name("bogus", "en")


# versions -------------------------------------------------------------------------------------------------------------
def test_another_rating_of_the_same_words_is_a_new_version_and_ends_the_approval(officer, approver):
    rebuttal = make_rebuttal()
    first = services.submit(save(rebuttal, officer, verdict=FALSE), by=officer, now=LATER)
    approval = services.approve(first, approver=approver, now=LATER, text_sha256=first.text_sha256)
    assert save(rebuttal, officer, verdict=FALSE) == first
    second = save(rebuttal, officer, verdict=Verdict("misleading", "That the dam gave way."))
    approval.refresh_from_db()
    assert (second.version, second.text) == (2, first.text)
    assert approval.end_reason == "edited: version 2"


def test_who_says_nothing_about_the_rating_keeps_it(officer):
    rebuttal = make_rebuttal()
    save(rebuttal, officer, verdict=FALSE)
    assert save(rebuttal, officer, "The dam holds, all of it.").verdict == FALSE
    assert save(rebuttal, officer, "The dam holds.", verdict=Verdict()).verdict == Verdict()


@pytest.mark.parametrize(
    ("verdict", "sentence"),
    [
        (Verdict("false", "  "), "Say in one sentence"),
        (Verdict("false", "x" * 301), "at most 300 characters"),
        (Verdict("false", "a\0b"), "plain text"),
        (Verdict("bogus", "That it fell."), "A rating is one of the list"),
    ],
)
def test_a_verdict_that_cannot_be_published_is_refused_in_words(officer, verdict, sentence):
    with pytest.raises(services.RebuttalRefused, match=sentence):
        save(make_rebuttal(), officer, verdict=verdict)
    assert not Draft.objects.exists()


def test_the_journal_keeps_what_was_rated_and_what_was_approved(officer, approver):
    draft = services.submit(save(make_rebuttal(), officer, verdict=FALSE), by=officer, now=LATER)
    services.approve(draft, approver=approver, now=LATER, text_sha256=draft.text_sha256)
    kept = [entry.detail.get("rating") for entry in Entry.objects.filter(milestone__in=["drafted", "approved"])]
    assert kept == ["false", None, "false"]  # saved, review asked, approved


# pages ----------------------------------------------------------------------------------------------------------------
def test_review_is_asked_only_with_a_rating_and_what_was_typed_stays(client, officer, claim):
    client.force_login(officer)
    answer = write(client, claim, "The dam holds.", submit="1", rating="")
    assert answer.status_code == 400
    assert "Say how we rate the claim" in text_of(answer)
    assert "The dam holds." in text_of(answer)
    bare = write(client, claim, "The dam holds.", submit="1", claim_words=" ")
    assert "Say in one sentence of our own what they claim." in text_of(bare)
    assert not Draft.objects.exists()
    write(client, claim, "The dam holds.", submit="1")
    assert Draft.objects.get().verdict == Verdict(**VERDICT)


def test_a_text_is_kept_without_a_rating(client, officer, claim):
    client.force_login(officer)
    write(client, claim, "The dam holds.", save="1", rating="", claim_words="")
    assert Draft.objects.get().verdict == Verdict()


def test_the_approver_reads_the_rating_as_the_public_will(client, officer, approver, claim):
    verdict = {"rating": "out_of_context", "claim_words": "أن السد انهار."}
    draft = make_draft(make_rebuttal(claim=claim), language="ar", text="السد صامد.", **verdict)
    client.force_login(approver)
    page = text_of(client.get(reverse("rebuttals:review", args=[draft.uuid])))
    assert "خارج السياق" in page
    assert "أن السد انهار." in page
    decide(client, draft, "approve", text_sha256=draft.text_sha256)
    assert draft.approvals.filter(ended_at=None).exists()


def test_a_text_without_a_rating_says_so_to_the_approver(client, approver, claim):
    draft = make_draft(make_rebuttal(claim=claim))
    client.force_login(approver)
    assert "Not rated" in text_of(client.get(reverse("rebuttals:review", args=[draft.uuid])))


# what the editor starts with ------------------------------------------------------------------------------------------
def test_the_editor_starts_with_the_claim_as_we_worded_it_but_never_with_their_headline(claim):
    assert selectors.first_verdict(None, claim, language="en") == Verdict("", "The dam has burst.")
    assert selectors.first_verdict(None, claim, language="ar") == Verdict()
    seen(claim, "BREAKING the dam has burst!!!", "The dam has BURST")
    assert selectors.first_verdict(None, claim, language="en") == Verdict()


def test_another_language_starts_with_the_rating_of_the_first(claim):
    rebuttal = make_rebuttal(claim=claim)
    make_draft(rebuttal, rating="misleading", claim_words="That the dam gave way.")
    assert selectors.first_verdict(rebuttal, claim, language="ar") == Verdict("misleading", "")
    assert selectors.first_verdict(rebuttal, claim, language="en").claim_words == "That the dam gave way."


def test_their_headline_as_our_wording_is_advised_against(claim):
    seen(claim, "The great dam has burst tonight, run for your lives")
    words = {"rating": "false", "claim_words": "The great dam has burst tonight"}
    draft = make_draft(make_rebuttal(claim=claim), **words)
    [one] = [s for s in suggestions(draft) if s.hint.advice is Advice.CLAIM_WORDS]
    assert one.hint.quote == "the great dam has burst tonight"
    own = make_draft(draft.rebuttal, rating="false", claim_words="That water is coming down the valley.")
    assert not [s for s in suggestions(own) if s.hint.advice is Advice.CLAIM_WORDS]
