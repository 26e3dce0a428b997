"""The people's door: queue, editor, review, lines. Works without JavaScript; nothing typed is ever lost."""

from datetime import timedelta

import pytest
from django.urls import reverse

from planner.claims.models import Claim
from planner.rebuttals.models import Approval, Draft, Refusal
from tests.factories import make_approval, make_draft, make_person, make_rebuttal
from tests.rebuttals.browsing import VERDICT, decide, text_of, write

pytestmark = pytest.mark.django_db


def test_looking_at_the_editor_writes_nothing(client, officer, claim):
    client.force_login(officer)
    page = text_of(client.get(reverse("rebuttals:edit", args=[claim.uuid])))
    assert "The dam has burst." in page
    assert "54 min" in page
    assert not claim.rebuttals.exists()


def test_an_officer_saves_and_asks_for_review(client, officer, claim):
    client.force_login(officer)
    page = write(client, claim, "The dam holds.\r\nWater levels are normal.", submit="1")
    draft = Draft.objects.get()
    assert (draft.text, draft.author, draft.rebuttal.claim) == (
        "The dam holds.\nWater levels are normal.",
        officer,
        claim,
    )
    assert draft.submitted_at is not None
    assert "waits for somebody else to clear it" in text_of(page)


def test_a_text_saved_only_waits_for_nobody(client, officer, claim):
    client.force_login(officer)
    write(client, claim, "The dam holds.", save="1")
    assert Draft.objects.get().submitted_at is None


def test_saving_approved_words_unchanged_leaves_them_approved_and_says_that_nothing_changed(client, officer, claim):
    approval = make_approval(make_draft(make_rebuttal(claim=claim), text="The dam holds.", **VERDICT))
    client.force_login(officer)
    page = write(client, claim, "The dam holds.", base_version=1, submit="1")
    assert "Nothing changed since version 1." in text_of(page)
    approval.refresh_from_db()
    assert approval.ended_at is None


def test_when_somebody_was_faster_both_texts_are_on_the_page_and_mine_is_saved_on_top(client, officer, claim):
    client.force_login(officer)
    write(client, claim, "The dam holds.", save="1")
    client.force_login(make_person("Zaid Karim", roles=["officer"]))
    write(client, claim, "The dam holds, says the ministry.", base_version=1, save="1")
    client.force_login(officer)
    conflict = write(client, claim, "The dam holds. See the pictures.", base_version=1, save="1")
    page = text_of(conflict)
    assert conflict.status_code == 409
    assert "Zaid Karim" in page
    assert "The dam holds, says the ministry." in page
    assert "The dam holds. See the pictures." in page
    assert 'name="base_version" value="2"' in page
    assert Draft.objects.count() == 2
    write(client, claim, "The dam holds. See the pictures.", base_version=2, save="1")
    assert Draft.objects.get(version=3).text == "The dam holds. See the pictures."


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"text": ""}, "The text is empty"),
        ({"text": "x" * 5001}, "The text has 5001 characters; at most 5000 fit"),
        ({"language": "English!"}, "not a language tag"),
    ],
)
def test_bad_input_names_the_field_and_keeps_what_was_typed(client, officer, claim, words, sentence):
    client.force_login(officer)
    typed = {"language": "en", "channel_kind": "", "text": "The dam holds.", "base_version": 0, **words}
    answer = client.post(reverse("rebuttals:edit", args=[claim.uuid]), typed)
    assert answer.status_code == 400
    assert sentence in text_of(answer)
    assert words.get("text", "The dam holds.")[:50] in text_of(answer)
    assert not Draft.objects.exists()


def test_a_declined_claim_is_not_answered_and_the_words_stay_on_the_page(client, officer, claim, now):
    Claim.objects.filter(pk=claim.pk).update(state="declined", decided_at=now, decision_reason="a joke")
    client.force_login(officer)
    answer = write(client, claim, "The dam holds.", save="1")
    assert answer.status_code == 409
    assert "This claim was declined" in text_of(answer)
    assert "The dam holds." in text_of(answer)


def test_an_arabic_text_stands_beside_the_english_one(client, officer, claim):
    client.force_login(officer)
    write(client, claim, "The dam holds.", save="1")
    words = {"language": "ar", "channel_kind": "", "text": "السد صامد.", "base_version": 0, "save": "1"}
    page = text_of(client.post(reverse("rebuttals:edit", args=[claim.uuid]), words, follow=True))
    assert "السد صامد." in page
    assert set(Draft.objects.values_list("language", "version")) == {("en", 1), ("ar", 1)}


# review ---------------------------------------------------------------------------------------------------------------
def test_the_queue_shows_an_approver_what_waits_and_for_how_long(client, approver, claim, now):
    make_draft(make_rebuttal(claim=claim), at=now - timedelta(minutes=12), text="The dam holds.")
    client.force_login(approver)
    page = text_of(client.get(reverse("rebuttals:list")))
    for words in ("For you to clear", "The dam holds.", "broke 54 min ago", "in review for 12 min"):
        assert words in page


def test_authors_see_their_own_text_waiting_for_others(client, claim):
    author = make_person("Amira Saleh", roles=["officer", "approver"])
    make_draft(make_rebuttal(claim=claim), author=author, text="The dam holds.")
    client.force_login(author)
    page = text_of(client.get(reverse("rebuttals:list")))
    assert "Nothing waits for you" in page
    assert "The dam holds." in page.split("Waiting for somebody else")[1]


def test_an_approver_approves_the_words_on_the_page(client, approver):
    draft = make_draft()
    client.force_login(approver)
    page = text_of(client.get(reverse("rebuttals:review", args=[draft.uuid])))
    assert draft.text_sha256[:12] in page
    assert f'name="text_sha256" value="{draft.text_sha256}"' in page
    decide(client, draft, "approve", text_sha256=draft.text_sha256)
    assert Approval.objects.get().approver == approver


def test_the_author_finds_the_button_disabled_with_the_reason_and_the_server_holds_it_shut(client):
    author = make_person("Amira Saleh", roles=["officer", "approver"])
    draft = make_draft(author=author)
    client.force_login(author)
    page = text_of(client.get(reverse("rebuttals:review", args=[draft.uuid])))
    assert "You wrote this text: somebody else has to clear it." in page
    assert 'disabled aria-describedby="why-not"' in page
    answer = decide(client, draft, "approve", text_sha256=draft.text_sha256)
    assert (answer.status_code, Approval.objects.count()) == (409, 0)


def test_words_edited_behind_an_open_page_are_not_approved_by_it(client, approver):
    draft = make_draft()
    make_draft(draft.rebuttal, text="Other words.")
    client.force_login(approver)
    answer = decide(client, draft, "approve", text_sha256=draft.text_sha256)
    assert answer.status_code == 409
    assert "A newer version of this text exists" in text_of(answer)
    assert not Approval.objects.exists()


def test_a_refusal_needs_a_comment_which_its_author_finds(client, approver):
    author = make_person("Amira Saleh", roles=["officer"])
    draft = make_draft(author=author)
    client.force_login(approver)
    assert decide(client, draft, "refuse", comment="").status_code == 400
    decide(client, draft, "refuse", comment="The figure is last week’s.")
    assert Refusal.objects.get().refused_by == approver
    client.force_login(author)
    assert "The figure is last week’s." in text_of(client.get(reverse("rebuttals:list")))


def test_the_reviewer_sees_word_by_word_what_changed_since_the_last_approved_version(client, approver):
    draft = make_draft(text="The dam holds today.")
    make_approval(draft)
    make_draft(draft.rebuttal, text="The dam leaks today.")
    newest = make_draft(draft.rebuttal, text="The dam stands today.")
    client.force_login(approver)
    page = text_of(client.get(reverse("rebuttals:review", args=[newest.uuid])))
    assert "What changed since version 1" in page
    assert "<del>holds</del><ins>stands</ins>" in page


def test_withdrawing_asks_why(client, officer):
    approval = make_approval()
    client.force_login(officer)
    assert decide(client, approval.draft, "withdraw", reason="").status_code == 400
    decide(client, approval.draft, "withdraw", reason="The bridge is damaged after all")
    approval.refresh_from_db()
    assert (approval.ended_by, approval.end_reason) == (officer, "The bridge is damaged after all")


def test_hostile_words_are_shown_as_words(client, approver):
    draft = make_draft(text="<script>alert(1)</script> & 'quotes'")
    client.force_login(approver)
    for name, key in (("review", draft.uuid), ("edit", draft.rebuttal.claim.uuid)):
        page = text_of(client.get(reverse(f"rebuttals:{name}", args=[key])))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert" in page


# lines ----------------------------------------------------------------------------------------------------------------
