"""A text is handed in with a deadline; whatever decides it ends the ladder; the request may be taken back."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.rebuttals import selectors, services
from planner.rebuttals.core import deadline
from planner.rebuttals.core.review import DraftState
from planner.rebuttals.models import Draft, ReviewRequest
from planner.tasking.models import Task
from planner.tasking.services import acknowledge
from tests.factories import NIGHT, make_claim, make_draft, make_person, make_rebuttal, make_shift
from tests.rebuttals.attacks import refuses, sql
from tests.rebuttals.browsing import decide, text_of, write

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=2)


@pytest.fixture
def approver():
    person = make_person("Omar Aziz", roles=["approver"])
    make_shift(person, NIGHT - timedelta(hours=1), kind="on_call")
    return person


def handed_in(severity="high", minutes=None, rebuttal=None, **words):
    rebuttal = rebuttal or make_rebuttal(claim=make_claim(at=NIGHT, severity=severity))
    draft = make_draft(rebuttal, submitted_at=None, **words)
    return services.submit(draft, by=draft.author, now=NIGHT, minutes=minutes)


# the deadline ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("severity", "minutes"), [("critical", 15), ("high", 30), ("medium", 60), ("low", 240)])
def test_the_graver_the_claim_the_shorter_the_deadline(severity, minutes, approver):
    handed_in(severity)
    assert ReviewRequest.objects.get().due_at == Task.objects.get().due_at == NIGHT + timedelta(minutes=minutes)


def test_whoever_asks_may_choose_another_deadline_within_bounds(approver):
    handed_in(minutes=10)
    assert ReviewRequest.objects.get().due_at == NIGHT + timedelta(minutes=10)
    for minutes in (0, 4, 7 * 24 * 60 + 1):
        with pytest.raises(services.RebuttalRefused, match="choose another deadline"):
            handed_in(minutes=minutes)
    assert ReviewRequest.objects.count() == 1


def test_a_house_that_gives_no_time_at_all_is_told_which_setting_is_wrong():
    with pytest.raises(ValueError, match="PLANNER_REVIEW_MINUTES: high must be 5 to 10080 minutes, not 1"):
        deadline.usual({"high": 1}, "high")
    with pytest.raises(ValueError, match="line must be"):
        deadline.usual({"high": 30}, None)


def test_words_for_a_narrative_have_a_day_and_a_notice_but_wake_nobody_by_ladder(approver, narrative):
    handed_in(rebuttal=make_rebuttal(narrative=narrative))
    assert ReviewRequest.objects.get().due_at == NIGHT + timedelta(days=1)
    assert not Task.objects.exists()
    assert Notice.objects.get().person == approver


def test_the_editor_offers_deadlines_and_hands_in_with_the_chosen_one(client, approver, officer, claim):
    client.force_login(officer)
    assert "1 h, as usual" in text_of(client.get(reverse("rebuttals:edit", args=[claim.uuid])))
    page = text_of(write(client, claim, "The dam holds.", submit="1", minutes="15"))
    asked = ReviewRequest.objects.get()
    assert asked.due_at - asked.asked_at == timedelta(minutes=15)
    assert "Omar Aziz" in page
    write(client, claim, "The dam holds. See.", base_version=1, submit="1", minutes="7")
    assert Draft.objects.count() == 1


# what ends the ladder -------------------------------------------------------------------------------------------------
def approved(draft, approver):
    services.approve(draft, approver=approver, now=LATER, text_sha256=draft.text_sha256)


def refused(draft, approver):
    services.refuse(draft, by=approver, comment="No.", now=LATER)


def edited(draft, _approver):
    words = {"language": draft.language, "text": "Other words.", "author": draft.author}
    services.save_draft(draft.rebuttal, **words, now=LATER)


def recalled(draft, _approver):
    services.recall(draft, by=draft.author, now=LATER)


@pytest.mark.parametrize("act", [approved, refused, edited, recalled])
def test_a_decision_an_edit_or_a_recall_ends_the_ladder_with_the_last_text_that_waits(act, approver):
    first = handed_in()
    second = handed_in(rebuttal=first.rebuttal, language="ar", text="السد صامد.", author=first.author)
    act(first, approver)
    assert Task.objects.get().state == "open"
    act(second, approver)
    task = Task.objects.get()
    assert (task.state, task.closed_at) == ("closed", LATER)
    assert Entry.objects.filter(milestone="closed").get().detail["purpose"] == "review"


def test_the_ladder_goes_by_the_texts_that_are_left(approver):
    first = handed_in(minutes=10)
    handed_in(minutes=60, rebuttal=first.rebuttal, language="ar", text="السد صامد.")
    assert (Task.objects.get().due_at, Task.objects.get().barred) == (NIGHT + timedelta(minutes=10), [])
    approved(first, approver)
    left = Task.objects.get()
    assert (left.due_at, left.languages) == (NIGHT + timedelta(minutes=60), ["ar"])
    assert left.barred == [Draft.objects.get(language="ar").author_id]


def test_whoever_has_the_review_is_told_of_another_text(approver):
    first = handed_in()
    acknowledge(Task.objects.get(), person=approver, now=NIGHT)
    handed_in(rebuttal=first.rebuttal, language="ar", text="السد صامد.")
    assert Notice.objects.filter(person=approver, subject__startswith="One more to clear").exists()


# taken back -----------------------------------------------------------------------------------------------------------
def state(draft):
    return selectors.reviewed([selectors.drafts().get(pk=draft.pk)])[0].state


def test_what_was_taken_back_waits_for_nobody_is_not_approved_and_may_be_handed_in_anew(approver):
    draft = handed_in()
    recalled(draft, approver)
    assert (state(draft), selectors.waiting()) == (DraftState.DRAFT, [])
    with pytest.raises(services.RebuttalRefused, match="has not asked for review"):
        approved(draft, approver)
    with pytest.raises(services.RebuttalRefused, match="no request to take back"):
        recalled(draft, approver)
    services.submit(draft, by=draft.author, now=LATER + timedelta(minutes=5))
    assert state(draft) is DraftState.IN_REVIEW
    approved(draft, approver)
    assert state(draft) is DraftState.APPROVED


def test_a_request_is_taken_back_on_the_page_of_the_text(client, approver, officer, claim):
    client.force_login(officer)
    write(client, claim, "The dam holds.", submit="1")
    page = text_of(decide(client, Draft.objects.get(), "recall"))
    assert "The request is taken back" in page
    assert ReviewRequest.objects.get().recalled_by == officer


# what the database keeps ----------------------------------------------------------------------------------------------
def test_a_request_never_changes_and_never_goes():
    draft = make_draft()
    for change in ("due_at = due_at + interval '1 day'", "asked_at = now()", "draft_id = draft_id"):
        refuses("never changes", f"UPDATE rebuttals_reviewrequest SET {change}")
    back = "UPDATE rebuttals_reviewrequest SET recalled_at = now(), recalled_by_id = %s"
    assert sql(back, draft.author_id) == 1
    refuses("never changes", back, draft.author_id)
    refuses("never goes", "DELETE FROM rebuttals_reviewrequest")
    refuses("never goes", "TRUNCATE rebuttals_reviewrequest")


@pytest.mark.parametrize(
    ("kept_by", "words"),
    [
        ("one_standing_request_per_draft", {}),
        ("review_has_time", {"due_at": NIGHT}),
        ("review_recalled_by_somebody", {"recalled_at": NIGHT}),
    ],
)
def test_a_request_that_makes_no_sense_is_refused(kept_by, words):
    draft = make_draft()
    row = {"draft": draft, "asked_by": draft.author, "asked_at": NIGHT, "due_at": LATER, **words}
    with pytest.raises(IntegrityError, match=kept_by), transaction.atomic():
        ReviewRequest.objects.create(**row)
