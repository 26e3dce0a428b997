"""A claim is answered: from the message to the published word, through real clock, hand, broker and channel."""

import hashlib
import hmac
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planner.claims.core.observed import Observed
from planner.claims.core.words import Decision
from planner.claims.models import Claim, Flood
from planner.claims.services import decide, ingest, make_claim
from planner.coverage import selectors as coverage
from planner.coverage.core.links import Link
from planner.journal import selectors as journal
from planner.journal.core.chain import verify
from planner.journal.core.milestones import is_of_review
from planner.journal.models import Entry
from planner.latency import selectors as latency
from planner.publishing.models import Post
from planner.publishing.services import register_channel, schedule
from planner.rebuttals.services import approve, save_draft, start, submit
from planner.tasking.models import Task
from planner.tasking.services import acknowledge, open_task
from tests.doubles.processes import Running, eventually
from tests.doubles.webhook import WebhookServer
from tests.factories import make_person

SECRET = "only the newsroom knows"
WORDS = "All five bridges are open. The cameras on our site show them live."
TOLD = [
    "sighted",
    "claimed",
    "triaged",
    "tasked",
    "acknowledged",
    "drafted",
    "drafted",
    "approved",
    "scheduled",
    "published",
    "answered",
]


@pytest.mark.django_db(transaction=True)
def test_a_claim_travels_from_the_first_sighting_to_the_official_word(
    start_hand: Callable[..., Running],
    start_clock: Callable[..., Running],
    webhook_server: WebhookServer,
    client: Client,
) -> None:
    now = timezone.now()
    claim = _flood_becomes_claim(now)
    post = _cleared_and_scheduled(claim, webhook_server.url, now)

    start_hand("publish")
    start_clock()
    assert eventually(lambda: Post.objects.get(pk=post.pk).state == "published", within=30)
    assert eventually(lambda: Claim.objects.get(pk=claim.pk).state == "answered")
    assert eventually(lambda: Task.objects.get(purpose="answer").state == "closed")

    _signed_once(webhook_server)
    told = [entry for entry in journal.story(claim.uuid).order_by("seq") if not is_of_review(entry.detail)]
    assert [entry.milestone for entry in told if entry.milestone in TOLD] == TOLD
    assert verify(journal.links()).broken_seq is None
    _counted_honestly(claim, post)
    client.force_login(post.scheduled_by)
    for name, arguments in (("claims:detail", [claim.uuid]), ("publishing:post", [post.uuid]), ("desk:board", [])):
        assert client.get(reverse(name, args=arguments)).status_code == 200


def _flood_becomes_claim(now: datetime) -> Claim:
    """Six accounts say the same within minutes: one flood; an analyst makes a claim of it and decides to answer."""
    broke = now - timedelta(minutes=40)
    said = [
        Observed(f"voice_{n}", str(n), broke + timedelta(seconds=20 * n), "The bridges have fallen!! #bridges")
        for n in range(6)
    ]
    ingest(said, now=now - timedelta(minutes=30))
    analyst = make_person("Layla Haddad", roles=["analyst"])
    claim = make_claim(
        text="The bridges have fallen",
        broke_earliest=broke,
        broke_latest=broke,
        flood=Flood.objects.get(),
        severity="critical",
        by=analyst,
        now=now - timedelta(minutes=28),
    )
    return decide(claim, decision=Decision.ANSWER, by=analyst, now=now - timedelta(minutes=27))


def _cleared_and_scheduled(claim: Claim, url: str, now: datetime) -> Post:
    """Task, draft, approval by another person, and a post into the gap that stands open now: due in two seconds."""
    officer = make_person("Amira Saleh", roles=["officer", "duty"])
    approver = make_person("Omar Aziz", roles=["approver"])
    channel = register_channel(
        name="Newsroom",
        kind="webhook",
        owner="Press office",
        attribution="Ministry of Examples",
        address=url,
        secret=SECRET,
        by=None,
        now=now - timedelta(days=1),
    )
    gap = coverage.gaps_between(now, now + timedelta(hours=6), now)[0]
    assert gap.gap.start == now
    assert Link.CLEARED in gap.links
    assert gap.cost.loss > 0
    task = open_task(claim, by=officer, now=now - timedelta(minutes=26), assignee=officer)
    acknowledge(task, person=officer, now=now - timedelta(minutes=25))
    rebuttal = start(claim=claim, task=task, now=now - timedelta(minutes=24))
    draft = save_draft(rebuttal, language="en", text=WORDS, author=officer, now=now - timedelta(minutes=20))
    submit(draft, by=officer, now=now - timedelta(minutes=19))
    approval = approve(draft, approver=approver, now=now - timedelta(minutes=2), text_sha256=draft.text_sha256)
    due = timezone.now() + timedelta(seconds=2)
    return schedule(
        approval, channel=channel, claim=claim, due_at=due, expires_at=due + timedelta(hours=2), by=officer, now=now
    )


def _signed_once(server: WebhookServer) -> None:
    """The channel got these words exactly once, signed with the secret it shares with us."""
    assert len(server.posts) == 1
    got = server.posts[0]
    assert got.json()["text"] == WORDS
    assert got.json()["attribution"] == "Ministry of Examples"
    signed = got.headers["x-planner-timestamp"].encode() + b"." + got.body
    expected = hmac.new(SECRET.encode(), signed, hashlib.sha256).hexdigest()
    assert got.headers["x-planner-signature"] == f"sha256={expected}"


def _counted_honestly(claim: Claim, post: Post) -> None:
    """Latency runs from the moment it broke to the published word, read from the journal."""
    post.refresh_from_db()
    now = timezone.now()
    report = latency.report(claim.broke_earliest - timedelta(hours=1), now, now)
    assert (report.figures.claims, report.figures.answered) == (1, 1)
    waited = (post.published_at - claim.broke_earliest) / timedelta(minutes=1)
    assert report.figures.latency.median == pytest.approx(waited, abs=0.1)
    assert post.published_at - post.due_at < timedelta(minutes=1)
    assert Entry.objects.filter(claim=claim.uuid, milestone="published").count() == 1
