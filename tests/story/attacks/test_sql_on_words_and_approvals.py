"""Raw SQL against drafts, approvals and refusals: what the services never try, PostgreSQL refuses."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from planner.claims.models import Claim
from planner.people.models import User
from planner.rebuttals.core.words import text_sha256
from planner.rebuttals.models import Refusal
from tests.factories import NIGHT, make_approval, make_draft, make_person, make_rebuttal
from tests.rebuttals.attacks import END_APPROVAL, INSERT_APPROVAL, INSERT_DRAFT, refuses, sql

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)


# drafts ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        "text = 'The city fell.'",
        "text = 'The city fell.', text_sha256 = encode(sha256('The city fell.'), 'hex')",
        "text_sha256 = repeat('0', 64)",
        "version = 7",
        "language = 'ar'",
        "channel_kind = 'webhook'",
        "created_at = created_at - interval '1 hour'",
        "submitted_at = submitted_at + interval '1 second'",
        "submitted_at = NULL",
        "uuid = gen_random_uuid()",
    ],
)
def test_no_column_of_a_draft_can_be_changed(change):
    draft = make_draft()
    refuses("a draft never changes", f"UPDATE rebuttals_draft SET {change} WHERE id = %s", draft.pk)


def test_a_draft_cannot_be_given_another_author_so_that_the_author_may_approve_it():
    draft, other = make_draft(), make_person("Zaid Karim", roles=["officer"])
    refuses("a draft never changes", "UPDATE rebuttals_draft SET author_id = %s WHERE id = %s", other.pk, draft.pk)


@pytest.mark.parametrize(
    "change",
    [
        "rating = 'true'",
        "rating = '', claim_words = ''",
        "claim_words = 'That it fell at noon.'",
        "rating = 'misleading', submitted_at = now()",
    ],
)
def test_how_a_draft_rates_the_claim_can_never_be_changed_before_or_after_its_approval(change):
    draft = make_draft(submitted_at=None, rating="false", claim_words="That the city fell.")
    attack = f"UPDATE rebuttals_draft SET {change} WHERE id = %s"
    refuses("never changes", attack, draft.pk)
    make_approval(draft)
    refuses("never changes", attack, draft.pk)


@pytest.mark.parametrize(("rating", "words"), [("false", ""), ("", "That the city fell."), ("bogus", "That it fell.")])
def test_a_rating_is_a_known_one_and_never_without_the_claim_it_is_about(rating, words):
    with pytest.raises(IntegrityError, match="draft_rates_a_claim_in_words"), transaction.atomic():
        make_draft(rating=rating, claim_words=words)


def test_review_can_be_asked_for_once():
    draft = make_draft(submitted_at=None)
    assert sql("UPDATE rebuttals_draft SET submitted_at = %s WHERE id = %s", LATER, draft.pk) == 1
    refuses("a draft never changes", "UPDATE rebuttals_draft SET submitted_at = %s WHERE id = %s", LATER, draft.pk)


def test_a_draft_whose_hash_is_not_that_of_its_text_cannot_be_stored():
    with pytest.raises(Exception, match="is not that of its text"):
        make_draft(text_sha256="0" * 64)


def test_the_database_and_the_planner_agree_on_the_hash_of_any_text():
    for text in ["plain", "سقطت المدينة؟ لا.", "one\ntwo", "👩‍👩‍👧", "e\u0301 is not \u00e9"]:
        assert make_draft(text=text).text_sha256 == text_sha256(text)


@pytest.mark.parametrize("version", [1, 3])
def test_a_version_can_neither_be_slipped_in_before_the_newest_nor_skip_one(version):
    draft = make_draft()
    row = (draft.rebuttal_id, version, draft.author_id, "Other words.", "Other words.", LATER)
    refuses("the next version of this text is 2", INSERT_DRAFT, *row)


def test_words_cleared_for_one_claim_cannot_be_moved_to_another():
    rebuttal = make_rebuttal()
    other = Claim.objects.create(text="x", broke_earliest=NIGHT, broke_latest=NIGHT, created_at=NIGHT)
    change = "UPDATE rebuttals_rebuttal SET claim_id = %s WHERE id = %s"
    refuses("a rebuttal keeps the claim", change, other.pk, rebuttal.pk)


# approvals ------------------------------------------------------------------------------------------------------------
def test_the_author_cannot_approve_their_own_text():
    author = make_person("Amira Saleh", roles=["officer", "approver"])
    draft = make_draft(author=author)
    row = (draft.pk, author.pk, draft.text_sha256, author.pk, LATER)
    refuses("approver_is_not_the_author", INSERT_APPROVAL, *row)


def test_the_author_cannot_approve_by_naming_somebody_else_as_author():
    author = make_person("Amira Saleh", roles=["officer", "approver"])
    draft, other = make_draft(author=author), make_person("Zaid Karim")
    row = (draft.pk, other.pk, draft.text_sha256, author.pk, LATER)
    refuses("approval_is_of_these_words", INSERT_APPROVAL, *row)


def test_an_approval_of_other_words_than_those_of_the_draft_cannot_exist():
    draft, approver = make_draft(), make_person("Omar Aziz", roles=["approver"])
    row = (draft.pk, draft.author_id, text_sha256("other words"), approver.pk, LATER)
    refuses("approval_is_of_these_words", INSERT_APPROVAL, *row)


@pytest.mark.parametrize(
    "person", [{"roles": ["officer", "administrator"]}, {"roles": []}, {"roles": ["approver"], "is_active": False}]
)
def test_who_does_not_hold_the_role_at_that_moment_cannot_approve(person):
    draft, approver = make_draft(), make_person("Omar Aziz", **person)
    row = (draft.pk, draft.author_id, draft.text_sha256, approver.pk, LATER)
    refuses("only an active person with the role approver", INSERT_APPROVAL, *row)


def test_an_older_version_cannot_be_approved():
    old = make_draft()
    make_draft(old.rebuttal, text="Better words.", author=old.author)
    row = (old.pk, old.author_id, old.text_sha256, make_person("Omar Aziz", roles=["approver"]).pk, LATER)
    refuses("version 1 is not the newest", INSERT_APPROVAL, *row)


def test_an_edit_ends_the_approval_of_the_version_before_it_and_of_no_other_text():
    rebuttal = make_rebuttal()
    english = make_approval(make_draft(rebuttal))
    arabic = make_approval(make_draft(rebuttal, language="ar", text="المدينة صامدة."))
    website = make_approval(make_draft(rebuttal, channel_kind="webhook", text="The city stands, with pictures."))
    edited = make_draft(rebuttal, text="The city stood.", at=LATER)
    for approval in (english, arabic, website):
        approval.refresh_from_db()
    assert (english.ended_at, english.ended_by, english.end_reason) == (LATER, edited.author, "edited: version 2")
    assert (arabic.ended_at, website.ended_at) == (None, None)


def test_an_approval_that_ended_does_not_come_back():
    approval = make_approval()
    assert sql(END_APPROVAL, LATER, approval.approver_id, approval.pk) == 1
    back = "UPDATE rebuttals_approval SET ended_at = NULL, ended_by_id = NULL, end_reason = '' WHERE id = %s"
    refuses("it ends, once and for good", back, approval.pk)
    refuses("it ends, once and for good", END_APPROVAL, LATER, approval.approver_id, approval.pk)


@pytest.mark.parametrize("change", ["approved_at = now()", "end_reason = 'x'", "ended_at = now(), end_reason = 'x'"])
def test_a_standing_approval_cannot_be_changed(change):
    approval = make_approval()
    sentence = "approval_end_says_who_and_why|it ends, once and for good"
    refuses(sentence, f"UPDATE rebuttals_approval SET {change} WHERE id = %s", approval.pk)


def test_an_approval_cannot_be_pointed_at_other_words_or_another_approver():
    approval = make_approval()
    other, approver = make_draft(text="Other words."), make_person("Omar Aziz", roles=["approver"])
    moved = "UPDATE rebuttals_approval SET draft_id = %s, author_id = %s, text_sha256 = %s WHERE id = %s"
    refuses("never changes", moved, other.pk, other.author_id, other.text_sha256, approval.pk)
    refuses("never changes", "UPDATE rebuttals_approval SET approver_id = %s", approver.pk)


def test_two_approvals_of_one_draft_cannot_stand():
    approval = make_approval()
    draft, other = approval.draft, make_person("Sara Nouri", roles=["approver"])
    row = (draft.pk, draft.author_id, draft.text_sha256, other.pk, LATER)
    refuses("one_standing_approval", INSERT_APPROVAL, *row)


def test_a_refusal_says_why_and_stays():
    draft, approver = make_draft(), make_person("Omar Aziz", roles=["approver"])
    Refusal.objects.create(draft=draft, refused_by=approver, refused_at=LATER, comment="The figure is last week's.")
    refuses("never changes", "UPDATE rebuttals_refusal SET comment = 'fine'")
    empty = "INSERT INTO rebuttals_refusal (draft_id, refused_by_id, refused_at, comment) VALUES (%s, %s, %s, '')"
    refuses("refusal_says_why", empty, draft.pk, approver.pk, LATER)


def test_taking_the_role_away_afterwards_leaves_the_approval_on_record():
    approval = make_approval()
    User.objects.filter(pk=approval.approver_id).update(roles=[])
    approval.refresh_from_db()
    assert approval.ended_at is None
