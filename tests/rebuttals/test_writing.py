"""Saving and submitting: every save is a version, an edit voids, nobody overwrites anybody."""

from datetime import timedelta

import pytest

from planner.claims.models import Claim
from planner.coverage.models import Supply
from planner.journal.models import Entry
from planner.rebuttals import services
from planner.rebuttals.models import Draft, Rebuttal
from planner.tasking.models import Task
from tests.factories import NIGHT, make_approval, make_draft, make_line, make_person, make_rebuttal

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)


@pytest.fixture
def officer():
    return make_person("Amira Saleh", roles=["officer"])


@pytest.fixture
def rebuttal():
    return make_rebuttal()


def save(rebuttal, author, text, **words):
    return services.save_draft(rebuttal, **{"language": "en", "text": text, "author": author, "now": LATER, **words})


def stamps(*milestones):
    return list(Entry.objects.filter(milestone__in=milestones).order_by("seq").values_list("milestone", "detail"))


def test_each_save_is_a_new_version_and_the_old_one_stays(rebuttal, officer):
    first = save(rebuttal, officer, "The city stands.")
    second = save(rebuttal, officer, "The city stands, all of it.")
    assert [(d.version, d.text) for d in Draft.objects.order_by("version")] == [
        (1, "The city stands."),
        (2, "The city stands, all of it."),
    ]
    assert (first.pk, second.version) == (Draft.objects.get(version=1).pk, 2)
    assert [words["version"] for _m, words in stamps("drafted")] == [1, 2]


def test_the_same_words_are_not_another_version_and_leave_their_approval_alone(rebuttal, officer):
    draft = save(rebuttal, officer, "The city stands.")
    approval = make_approval(draft)
    assert save(rebuttal, officer, "The city stands.\r\n") == draft
    approval.refresh_from_db()
    assert (approval.ended_at, Draft.objects.count()) == (None, 1)


def test_texts_for_other_languages_and_channels_have_versions_of_their_own(rebuttal, officer):
    save(rebuttal, officer, "The city stands.")
    assert save(rebuttal, officer, "المدينة صامدة.", language="ar").version == 1
    assert save(rebuttal, officer, "Stands.", channel_kind="webhook").version == 1


def test_an_edit_voids_the_approval_and_says_so_in_the_journal(rebuttal, officer):
    draft = save(rebuttal, officer, "The city stands.")
    approval = make_approval(draft)
    save(rebuttal, officer, "The city stood.")
    approval.refresh_from_db()
    assert approval.end_reason == "edited: version 2"
    entry = Entry.objects.get(milestone="voided")
    assert (entry.subject, entry.claim) == (f"approval:{approval.uuid}", rebuttal.claim.uuid)


def test_an_edit_of_a_line_ends_the_line_and_what_it_covered():
    line = make_line()
    narrative_words = line.approval.draft
    Supply.objects.create(
        key=f"line:{line.uuid}",
        kind="cleared_line",
        links=["drafted", "cleared"],
        during=(NIGHT, NIGHT + timedelta(hours=12)),
        label="x",
    )
    save(narrative_words.rebuttal, narrative_words.author, "Other words.")
    line.refresh_from_db()
    assert line.ended_at == LATER
    assert Supply.objects.get().during.upper == LATER


def test_who_read_an_older_version_is_told_of_the_newer_one_and_nothing_is_saved(rebuttal, officer):
    save(rebuttal, officer, "One.")
    theirs = save(rebuttal, make_person("Zaid Karim", roles=["officer"]), "Two.", base_version=1)
    with pytest.raises(services.NewerVersion, match="Zaid Karim saved version 2") as caught:
        save(rebuttal, officer, "Three.", base_version=1)
    assert caught.value.newest == theirs
    assert Draft.objects.count() == 2


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"text": "  \r\n "}, "The text is empty"),
        ({"language": "English"}, "is not a language tag"),
        ({"text": "a\0b"}, "cannot be published"),
    ],
)
def test_words_that_say_nothing_or_cannot_be_kept_are_refused(rebuttal, officer, words, sentence):
    with pytest.raises(services.RebuttalRefused, match=sentence):
        save(rebuttal, officer, **{"text": "x", **words})


def test_an_analyst_does_not_write(rebuttal):
    with pytest.raises(services.RebuttalRefused, match="Only a press officer"):
        save(rebuttal, make_person("Noor Salim", roles=["analyst", "auditor"]), "Words.")


def test_a_claim_has_one_rebuttal_however_often_it_is_started(rebuttal):
    assert services.start(claim=rebuttal.claim, now=LATER) == rebuttal
    assert Rebuttal.objects.count() == 1


@pytest.mark.parametrize("state", ["declined", "merged"])
def test_nobody_answers_a_claim_that_was_declined_or_merged(state):
    times = {"broke_earliest": NIGHT, "broke_latest": NIGHT, "created_at": NIGHT}
    other = Claim.objects.create(text="y", **times)
    decided = {"decided_at": NIGHT, "decision_reason": "a joke"} if state == "declined" else {"merged_into": other}
    claim = Claim.objects.create(text="x", state=state, **times, **decided)
    with pytest.raises(services.RebuttalRefused, match=state):
        services.start(claim=claim, now=LATER)


def test_review_is_asked_for_once_and_for_the_newest_version_only(rebuttal, officer):
    first = save(rebuttal, officer, "One.")
    services.submit(first, by=officer, now=LATER)
    services.submit(first, by=officer, now=LATER + timedelta(minutes=1))
    first.refresh_from_db()
    assert first.submitted_at == LATER
    second = save(rebuttal, officer, "Two.")
    assert second.submitted_at is None
    with pytest.raises(services.RebuttalRefused, match="newer version"):
        services.submit(first, by=officer, now=LATER)
    assert [words.get("review") for _m, words in stamps("drafted")] == [None, "asked", None]


def test_a_version_slipped_in_by_somebody_else_meets_a_sentence_not_an_error_page(rebuttal, officer):
    draft = make_draft(rebuttal, author=officer)
    assert save(rebuttal, officer, "Two.").version == draft.version + 1


def test_who_writes_has_the_task_and_nobody_else_is_paged(rebuttal, officer):
    task = Task.objects.create(claim=rebuttal.claim, opened_at=NIGHT)
    save(rebuttal, officer, "The city stands.")
    task.refresh_from_db()
    assert (task.state, task.assignee) == ("acknowledged", officer)


def test_who_helps_with_the_words_does_not_take_the_task_away_but_it_is_followed_up_later(rebuttal, officer):
    holder = make_person("Hala Amin", roles=["duty"])
    taken = {"state": "acknowledged", "assignee": holder, "acknowledged_at": NIGHT, "next_try_at": LATER}
    task = Task.objects.create(claim=rebuttal.claim, opened_at=NIGHT, **taken)
    save(rebuttal, officer, "The city stands.")
    task.refresh_from_db()
    assert task.assignee == holder
    assert task.next_try_at > LATER
