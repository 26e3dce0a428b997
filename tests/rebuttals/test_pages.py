"""The people's door: queue, editor, review, lines. Works without JavaScript; nothing typed is ever lost."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planner.claims.models import Claim
from planner.narratives.models import Narrative
from planner.rebuttals.models import Approval, ClearedLine, Draft, Refusal, Release
from tests.factories import make_approval, make_draft, make_line, make_person, make_rebuttal

pytestmark = pytest.mark.django_db


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


def write(client, claim, text, base_version=0, **button):
    words = {"language": "en", "channel_kind": "", "text": text, "base_version": base_version, **button}
    return client.post(reverse("rebuttals:edit", args=[claim.uuid]), words, follow=True)


def decide(client, draft, act, **words):
    return client.post(reverse("rebuttals:review", args=[draft.uuid]), {"act": act, **words}, follow=True)


def text_of(response):
    return response.content.decode()


# writing --------------------------------------------------------------------------------------------------------------
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
    approval = make_approval(make_draft(make_rebuttal(claim=claim), text="The dam holds."))
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
def test_a_line_is_prepared_cleared_by_another_and_signed_in_the_wall_time_of_the_theatre(
    client, officer, approver, narrative, settings
):
    settings.PLANNER_ZONE = "Asia/Baghdad"
    client.force_login(officer)
    words = {"narrative": narrative.uuid, "language": "en", "channel_kind": "", "text": "The dam is inspected daily."}
    client.post(reverse("rebuttals:lines"), words)
    draft = Draft.objects.get()
    client.force_login(approver)
    decide(client, draft, "approve", text_sha256=draft.text_sha256)
    window = {"starts": "2099-06-09T22:00", "ends": "2099-06-10T04:00", "maximum_uses": 2}
    decide(client, draft, "sign", **window)
    line = ClearedLine.objects.get()
    assert line.during.lower.isoformat() == "2099-06-09T19:00:00+00:00"
    assert (line.maximum_uses, line.signed_by, line.narrative) == (2, approver, narrative)


def test_a_window_that_ends_before_it_begins_is_refused_in_words(client, approver, narrative):
    approval = make_approval(make_draft(make_rebuttal(narrative=narrative)))
    client.force_login(approver)
    window = {"starts": "2099-06-10T04:00", "ends": "2099-06-09T22:00", "maximum_uses": 1}
    answer = decide(client, approval.draft, "sign", **window)
    assert "The window must end after it begins." in text_of(answer)
    assert not ClearedLine.objects.exists()


def test_the_duty_officer_releases_a_line_and_goes_on_to_schedule_it(client, duty, claim, now):
    approval = make_approval(make_draft(make_rebuttal(narrative=claim.narrative), at=now), at=now)
    line = make_line(approval, at=now - timedelta(hours=1))
    client.force_login(duty)
    page = text_of(client.get(reverse("rebuttals:lines"), {"claim": claim.uuid}))
    assert "Release for this claim" in page
    answer = client.post(reverse("rebuttals:release", args=[line.uuid]), {"claim": claim.uuid})
    release = Release.objects.get()
    schedule = reverse("publishing:schedule", args=[approval.uuid])
    assert answer.url == f"{schedule}?release={release.uuid}&claim={claim.uuid}"


def test_outside_its_scope_the_page_says_why_and_whom_to_wake(client, duty, claim, now):
    make_line(make_approval(make_draft(make_rebuttal(narrative=claim.narrative))), at=now + timedelta(hours=2))
    client.force_login(duty)
    page = text_of(client.get(reverse("rebuttals:lines"), {"claim": claim.uuid}))
    assert "Its window has not begun." in page
    assert "No approver is on watch now." in page
    assert "Release for this claim" not in page


def test_a_release_that_came_too_late_says_so(client, duty, claim, now):
    line = make_line(make_approval(make_draft(make_rebuttal(narrative=claim.narrative))), at=now - timedelta(days=2))
    client.force_login(duty)
    answer = client.post(reverse("rebuttals:release", args=[line.uuid]), {"claim": claim.uuid}, follow=True)
    assert "Not released. It has expired." in text_of(answer)
    assert not Release.objects.exists()


# doors ----------------------------------------------------------------------------------------------------------------
def addresses(claim, draft):
    line = make_line()
    return [
        reverse("rebuttals:list"),
        reverse("rebuttals:edit", args=[claim.uuid]),
        reverse("rebuttals:edit_line", args=[line.approval.draft.rebuttal.uuid]),
        reverse("rebuttals:review", args=[draft.uuid]),
        reverse("rebuttals:lines"),
    ]


def test_an_auditor_reads_every_page_and_changes_nothing(client, claim):
    draft = make_draft()
    client.force_login(make_person("Ines Roth", roles=["auditor"]))
    for address in addresses(claim, draft):
        assert client.get(address).status_code == 200, address
    assert client.post(reverse("rebuttals:review", args=[draft.uuid]), {"act": "approve"}).status_code == 403
    assert client.post(reverse("rebuttals:edit", args=[claim.uuid]), {"text": "x"}).status_code == 403


def test_who_has_no_role_is_told_which_one_is_needed(client, claim):
    client.force_login(make_person("Noor Salim"))
    for address in addresses(claim, make_draft()):
        assert client.get(address).status_code == 403, address


def test_pages_carry_no_inline_script_or_style(client, approver, claim):
    client.force_login(approver)
    make_approval(make_draft(make_rebuttal(claim=claim)))
    for address in addresses(claim, make_draft()):
        page = text_of(client.get(address))
        assert "<script>" not in page
        assert 'style="' not in page
