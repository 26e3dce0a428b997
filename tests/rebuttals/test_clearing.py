"""Approve, refuse, withdraw: asked kindly first, kept by the database anyway, on record in the journal."""

import re
from datetime import timedelta

import pytest
from django.db import connection

from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.people.models import User
from planner.rebuttals import selectors, services
from planner.rebuttals.core.review import DraftState
from planner.rebuttals.models import Approval, Refusal
from tests.factories import NIGHT, make_approval, make_draft, make_line, make_person, make_shift

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)


@pytest.fixture
def approver():
    return make_person("Omar Aziz", roles=["approver"])


@pytest.fixture
def draft():
    return make_draft()


def approve(draft, approver, **words):
    return services.approve(draft, approver=approver, **{"now": LATER, "text_sha256": draft.text_sha256, **words})


def state(draft):
    (shown,) = selectors.reviewed([selectors.drafts().get(pk=draft.pk)])
    return shown.state


def test_somebody_else_approves_exactly_the_words_they_read(draft, approver):
    approval = approve(draft, approver)
    assert (approval.approver, approval.text_sha256, approval.approved_at) == (approver, draft.text_sha256, LATER)
    entry = Entry.objects.get(milestone="approved")
    assert (entry.actor, entry.claim) == (approver.username, draft.rebuttal.claim.uuid)
    assert (entry.subject, entry.detail["sha256"]) == (f"approval:{approval.uuid}", draft.text_sha256)
    assert state(draft) is DraftState.APPROVED


def test_all_reasons_against_an_approval_are_given_at_once():
    author = make_person("Amira Saleh", roles=["officer"])
    draft = make_draft(author=author, submitted_at=None)
    with pytest.raises(services.RebuttalRefused) as refused:
        approve(draft, author, text_sha256="0" * 64)
    for sentence in ("Only an approver", "You wrote this text", "not asked for review", "not the words you read"):
        assert sentence in str(refused.value)
    assert not Approval.objects.exists()


def test_an_approver_does_not_clear_their_own_words():
    author = make_person("Amira Saleh", roles=["officer", "approver"])
    with pytest.raises(services.RebuttalRefused, match="You wrote this text"):
        approve(make_draft(author=author), author)


def test_an_older_version_is_not_approved(draft, approver):
    make_draft(draft.rebuttal, text="Better words.")
    with pytest.raises(services.RebuttalRefused, match="newer version"):
        approve(draft, approver)


def test_who_lost_the_role_since_the_page_was_opened_does_not_approve(draft, approver):
    User.objects.filter(pk=approver.pk).update(roles=["officer"])
    with pytest.raises(services.RebuttalRefused, match="role approver"):
        approve(draft, approver)  # the request still holds the old person: the database does not


def test_a_text_is_approved_once(draft, approver):
    approve(draft, approver)
    with pytest.raises(services.RebuttalRefused, match="already approved"):
        approve(draft, make_person("Sara Nouri", roles=["approver"]))


def test_a_refusal_needs_a_comment_and_is_on_record(draft, approver):
    with pytest.raises(services.RebuttalRefused, match="what is wrong"):
        services.refuse(draft, by=approver, comment="  ", now=LATER)
    services.refuse(draft, by=approver, comment="The figure is last week's.", now=LATER)
    assert Refusal.objects.get().comment == "The figure is last week's."
    assert Entry.objects.get(milestone="refused").detail["comment"] == "The figure is last week's."
    assert state(draft) is DraftState.REFUSED


def test_refused_words_are_not_carried_to_another_approver_but_the_first_may_change_their_mind(draft, approver):
    services.refuse(draft, by=approver, comment="No.", now=LATER)
    with pytest.raises(services.RebuttalRefused, match="Another approver refused"):
        approve(draft, make_person("Sara Nouri", roles=["approver"]))
    assert approve(draft, approver).ended_at is None


def test_an_approved_text_is_withdrawn_not_refused(draft, approver):
    approve(draft, approver)
    with pytest.raises(services.RebuttalRefused, match="already approved"):
        services.refuse(draft, by=approver, comment="No.", now=LATER)


def test_a_withdrawal_says_why_by_whom_and_ends_the_lines():
    line = make_line()
    duty = make_person("Hala Amin", roles=["duty"])
    services.withdraw(line.approval, by=duty, reason="The bridge is damaged after all", now=LATER)
    line.approval.refresh_from_db()
    line.refresh_from_db()
    assert (line.approval.ended_at, line.approval.ended_by, line.ended_at) == (LATER, duty, LATER)
    assert state(line.approval.draft) is DraftState.WITHDRAWN
    entry = Entry.objects.get(milestone="withdrawn")
    assert (entry.actor, entry.detail["reason"]) == (duty.username, "The bridge is damaged after all")


def test_a_withdrawal_needs_a_reason_a_role_and_an_approval_that_stands():
    approval = make_approval()
    duty = make_person("Hala Amin", roles=["duty"])
    with pytest.raises(services.RebuttalRefused, match="Say why"):
        services.withdraw(approval, by=duty, reason=" ", now=LATER)
    with pytest.raises(services.RebuttalRefused, match="Only an approver"):
        services.withdraw(approval, by=make_person("Noor", roles=["analyst"]), reason="x", now=LATER)
    services.withdraw(approval, by=duty, reason="wrong figure", now=LATER)
    with pytest.raises(services.RebuttalRefused, match="already ended: wrong figure"):
        services.withdraw(approval, by=duty, reason="again", now=LATER)


def test_withdrawn_words_may_be_approved_anew_as_a_second_act(draft, approver):
    approval = approve(draft, approver)
    services.withdraw(approval, by=approver, reason="wait for the ministry", now=LATER)
    again = approve(draft, approver, now=LATER + timedelta(minutes=9))
    assert (Approval.objects.filter(draft=draft).count(), again.ended_at) == (2, None)


@pytest.mark.django_db(transaction=True)
def test_a_withdrawal_wakes_the_clock():
    approval = make_approval()
    with connection.cursor() as cursor:
        cursor.execute("LISTEN planner_due")
    services.withdraw(approval, by=approval.approver, reason="wrong figure", now=LATER)
    heard = list(connection.connection.notifies(timeout=5, stop_after=1))
    with connection.cursor() as cursor:
        cursor.execute("UNLISTEN *")
    assert [notice.channel for notice in heard] == ["planner_due"]


# who is told ----------------------------------------------------------------------------------------------------------
def told():
    return {(one.person.first_name, re.split(" before|:", one.subject)[0]) for one in Notice.objects.all()}


def ask(draft):
    return services.submit(draft, by=draft.author, now=LATER)


def test_the_approver_on_watch_is_asked_and_nobody_else_yet(approver):
    make_person("Sara Nouri", roles=["approver"])
    make_shift(approver, NIGHT, kind="on_call")
    ask(make_draft(submitted_at=None))
    assert told() == {("Omar", "To clear")}


def test_with_no_approver_on_watch_all_of_them_are_asked_but_never_the_author(approver):
    author = make_person("Amira Saleh", roles=["officer", "approver"])
    make_person("Sara Nouri", roles=["approver"])
    ask(make_draft(author=author, submitted_at=None))
    assert told() == {("Omar", "To clear"), ("Sara", "To clear")}


def test_authors_learn_what_is_wrong_and_both_sides_learn_of_a_withdrawal(draft, approver):
    services.refuse(draft, by=approver, comment="The figure is last week's.", now=LATER)
    assert "last week's" in Notice.objects.get(person=draft.author).body
    approval = approve(draft, approver)
    services.withdraw(approval, by=make_person("Hala Amin", roles=["duty"]), reason="wrong figure", now=LATER)
    mine = {("Amira", "Refused"), ("Amira", "Approved"), ("Amira", "Approval withdrawn")}
    assert told() == {*mine, ("Omar", "Approval withdrawn")}
