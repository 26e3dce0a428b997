"""Who approves: never the author, by whatever door; never somebody without the role, or no longer with it."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.people.models import User
from planner.people.services import grant_roles
from planner.publishing import services as publishing
from planner.publishing.dispatch import hand_over
from planner.publishing.services import PostRefused
from planner.rebuttals import services as rebuttals
from planner.rebuttals.models import Approval
from planner.tasking.models import Rung
from planner.tasking.services import link
from tests.factories import NIGHT, make_draft, make_person, make_shift
from tests.pages.catalogue import OPEN, names_in_urls
from tests.story.attacks.stage import DUE, Night, again, queued

pytestmark = pytest.mark.django_db


@pytest.fixture
def author():
    """Somebody who writes and may approve what others write."""
    return make_person("Amira Saleh", roles=["officer", "approver"])


@pytest.fixture
def draft(author):
    return make_draft(author=author)


def pages(draft):
    """Every form of the product that approves: where it stands, and what it sends."""
    read = f"{draft.uuid}:{draft.text_sha256}"
    return [
        (reverse("rebuttals:review", args=[draft.uuid]), {"act": "approve", "text_sha256": draft.text_sha256}),
        (reverse("rebuttals:look", args=[draft.rebuttal.uuid]), {"act": "approve", "read": [read]}),
    ]


# their own words ------------------------------------------------------------------------------------------------------
def test_an_author_who_may_approve_others_approves_their_own_words_on_no_page(client, author, draft):
    client.force_login(author)
    for address, form in pages(draft):
        answer = client.post(address, form)
        assert answer.status_code == 409
        assert "somebody else has to clear it" in answer.content.decode()
    assert not Approval.objects.exists()


def test_nor_in_the_services_alone_or_among_others(author, draft):
    words = {"approver": author, "now": NIGHT}
    with pytest.raises(rebuttals.RebuttalRefused, match="You wrote this text"):
        rebuttals.approve(draft, text_sha256=draft.text_sha256, **words)
    with pytest.raises(rebuttals.SomeChanged):
        rebuttals.approve_together([(draft, draft.text_sha256)], **words)
    assert not Approval.objects.exists()


def test_nor_after_being_given_the_role_for_it_or_every_role_there_is(author, draft):
    boss = make_person("Zaid", roles=["administrator"])
    every = ["analyst", "officer", "approver", "duty", "manager", "administrator"]
    grant_roles(author, roles=every, by=boss, now=NIGHT)
    author.refresh_from_db()
    with pytest.raises(rebuttals.RebuttalRefused, match="You wrote this text"):
        rebuttals.approve(draft, approver=author, now=NIGHT, text_sha256=draft.text_sha256)


def test_nor_when_a_colleague_hands_them_in(author):
    draft = make_draft(author=author, submitted_at=None)
    rebuttals.submit(draft, by=make_person("Tom", roles=["officer"]), now=NIGHT)
    with pytest.raises(rebuttals.RebuttalRefused, match="You wrote this text"):
        rebuttals.approve(draft, approver=author, now=NIGHT, text_sha256=draft.text_sha256)


def test_nor_through_the_link_that_was_sent_to_a_colleague(client, author):
    colleague = make_person("Omar Aziz", roles=["approver"])
    make_shift(colleague, NIGHT - timedelta(hours=1), kind="on_call")
    draft = make_draft(author=author, submitted_at=None)
    rebuttals.submit(draft, by=author, now=NIGHT)
    path = re.sub(r"^https?://[^/]+", "", link(Rung.objects.get(person=colleague)))
    for who in (client, Client()):
        if who is client:
            who.force_login(author)
        for form in ({}, *(form for _address, form in pages(draft))):
            who.post(path, form)
    assert not Approval.objects.exists()


# without the role, without a session ----------------------------------------------------------------------------------
@pytest.mark.parametrize("role", ["analyst", "officer", "duty", "manager", "auditor", "administrator", ""])
def test_whoever_holds_another_role_approves_nothing(client, draft, role):
    client.force_login(make_person("Noor", roles=[role] if role else []))
    for address, form in pages(draft):
        assert client.post(address, form).status_code in {403, 409}
    assert not Approval.objects.exists()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Authorization": "Bearer administrator"},
        {"Authorization": "Basic YWRtaW46YWRtaW4="},
        {"X-Api-Key": "0" * 40},
        {"X-Forwarded-User": "omar"},
        {"Remote-User": "omar"},
        {"Cookie": "sessionid=0123456789abcdef0123456789abcdef"},
    ],
    ids=lambda headers: next(iter(headers), "nothing"),
)
def test_no_header_stands_for_a_person(client, draft, headers):
    approver = make_person("Omar", roles=["approver"])
    User.objects.filter(pk=approver.pk).update(username="omar")
    for address, form in pages(draft):
        answer = client.post(address, form, headers=headers)
        assert (answer.status_code, "sign" in answer.headers["Location"]) == (302, True)
    assert not approver.approvals.exists()


def test_a_form_on_a_foreign_page_approves_nothing(draft):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(make_person("Omar", roles=["approver"]))
    for address, form in pages(draft):
        assert browser.post(address, form).status_code == 403
    assert not Approval.objects.exists()


def test_no_machine_has_a_door_of_its_own_and_the_one_open_door_approves_nothing():
    """Every address that opens without a session is in the catalogue, and tests/pages asks each other one for it."""
    assert [name for name in OPEN if name.startswith("rebuttals:")] == ["rebuttals:answer"]
    assert not [name for name in names_in_urls() if re.search(r"\bapi\b|ninja", name)]


# no longer with the role ----------------------------------------------------------------------------------------------
def role_lost(night):
    grant_roles(night.approver, roles=["officer"], by=None, now=NIGHT)


def account_closed(night):
    User.objects.filter(pk=night.approver.pk).update(is_active=False)


GONE = pytest.mark.parametrize("gone", [role_lost, account_closed])


@GONE
def test_an_approver_who_is_gone_before_the_due_moment_stops_the_post_and_people_are_told(webhook_server, gone):
    night = Night(webhook_server.url)
    post = night.schedule()
    gone(night)
    assert publishing.stop_unapproved(now=DUE - timedelta(minutes=5)) == 1
    assert (again(post).state, again(post).why) == ("stopped", "role_lost")
    assert Notice.objects.filter(key__startswith=f"post:{post.uuid}:role_lost", person=night.officer).exists()
    assert Entry.objects.filter(subject=f"post:{post.uuid}", milestone="stopped").exists()
    assert hand_over(now=DUE) == 0
    assert webhook_server.received == []


@GONE
def test_when_no_clock_looked_before_the_hand_itself_asks_at_the_last_moment(webhook_server, gone):
    night = Night(webhook_server.url)
    post = queued(night.schedule())
    gone(night)
    assert publishing.publish(post.pk, now=DUE) == "stopped"
    assert Notice.objects.filter(key__startswith=f"post:{post.uuid}:role_lost").exists()
    assert webhook_server.received == []


@GONE
def test_what_somebody_approved_who_is_gone_is_scheduled_in_vain(webhook_server, gone):
    night = Night(webhook_server.url)
    gone(night)
    try:
        post = night.schedule()
    except PostRefused:
        return
    publishing.stop_unapproved(now=NIGHT)
    assert again(post).why == "role_lost"


# old versions ---------------------------------------------------------------------------------------------------------
def test_an_old_version_is_neither_approved_on_a_page_nor_scheduled_on_its_old_approval(client, webhook_server):
    night = Night(webhook_server.url)
    old = night.draft
    night.write("The dam stands, and will.", old.rebuttal, NIGHT + timedelta(minutes=1))
    client.force_login(night.approver)
    for address, form in pages(old):
        assert client.post(address, form).status_code == 409
    with pytest.raises(PostRefused, match="approval of these words has ended"):
        night.schedule()
    assert not Approval.objects.filter(ended_at=None).exists()
