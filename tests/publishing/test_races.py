"""Two at the same moment, on connections of their own: rows decide, whatever the order."""

import time
from datetime import timedelta

import pytest
from django.db import transaction
from django.utils import timezone

from planner.claims.services.refusals import held
from planner.config import queues
from planner.config.celery import app
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.publishing import dispatch, services
from planner.publishing.models import Channel, Post
from planner.publishing.tasks import publish
from tests.factories import NIGHT, make_approval, make_channel, make_post
from tests.publishing.rivals import Hand, queued

pytestmark = pytest.mark.django_db(transaction=True)
NOW = NIGHT + timedelta(seconds=1)


def test_scheduling_an_answer_while_its_claim_is_being_decided_does_not_deadlock():
    # Foreign keys are checked at COMMIT, with the journal locked already: no claim may be locked against that check.
    approval, channel = make_approval(), make_channel()
    claim = approval.draft.rebuttal.claim
    with transaction.atomic():
        held(claim)
        words = {"channel": channel, "claim": claim, "by": approval.author, "now": NOW, "due_at": NOW}
        scheduling = Hand(lambda: services.schedule(approval, **words, expires_at=NOW + timedelta(hours=1)))
        time.sleep(1)
        stamp(milestone=Milestone.TRIAGED, at=NOW, claim=claim.uuid)
    assert scheduling.result().state == "scheduled"


def test_two_clocks_hand_over_each_post_once(broker, webhook_server):
    channel = make_channel(webhook_server.url)
    posts = [make_post(channel=channel) for _ in range(30)]
    clocks = [Hand(lambda: dispatch.hand_over(now=NOW)) for _ in range(4)]
    assert sum(clock.result() for clock in clocks) == len(posts)
    assert set(Post.objects.values_list("state", flat=True)) == {"queued"}


def test_a_burst_is_handed_over_with_a_few_messages(broker, queue_prefix):
    channel = make_channel()
    for _ in range(dispatch.CALLS + 4):
        make_post(channel=channel)
    assert dispatch.hand_over(now=NOW) == dispatch.CALLS + 4
    assert emptied(queue_prefix) == dispatch.CALLS


def test_hands_are_called_again_for_what_nobody_takes(broker, queue_prefix):
    make_post()
    assert dispatch.hand_over(now=NOW) == 1
    assert emptied(queue_prefix) == 1
    assert dispatch.hand_over(now=NOW + dispatch.CALL_AGAIN - timedelta(seconds=1)) == 0
    assert emptied(queue_prefix) == 0
    assert dispatch.hand_over(now=NOW + dispatch.CALL_AGAIN) == 0
    assert emptied(queue_prefix) == 1


def test_a_hand_whose_time_is_over_calls_another(broker, queue_prefix, webhook_server, monkeypatch):
    now = timezone.now()
    posts = [make_post(channel=make_channel(webhook_server.url), at=now) for _ in range(2)]
    Post.objects.update(state="queued", queued_at=now)
    monkeypatch.setattr("planner.publishing.tasks.DRAIN", timedelta(0))
    publish(posts[0].pk)
    assert [Post.objects.get(pk=post.pk).state for post in posts] == ["published", "queued"]
    assert emptied(queue_prefix) == 1
    publish(posts[1].pk)
    assert emptied(queue_prefix) == 0


def emptied(queue_prefix: str) -> int:
    """How many messages the hands' queue for posts held."""
    with app.connection_for_write() as link:
        return link.default_channel.queue_purge(queues.names(queue_prefix)["publish"])


# what gets lost comes back --------------------------------------------------------------------------------------------
def test_a_message_that_was_lost_is_handed_over_again_after_its_lease(broker, webhook_server):
    post = make_post(channel=make_channel(webhook_server.url))
    assert dispatch.hand_over(now=NOW) == 1
    assert dispatch.rescue(now=NOW + dispatch.QUEUE_LEASE / 2) == 0
    assert dispatch.rescue(now=NOW + dispatch.QUEUE_LEASE) == 1
    row = Post.objects.get(pk=post.pk)
    assert (row.state, row.leased_until) == ("scheduled", None)
    assert dispatch.hand_over(now=NOW + dispatch.QUEUE_LEASE) == 1


def test_a_post_in_a_silent_hand_is_looked_into_once_per_lease(broker, webhook_server):
    post = queued(webhook_server.url)
    services.sending._start(Post.objects.filter(pk=post.pk), lambda: NOW)
    assert dispatch.rescue(now=NOW + timedelta(seconds=59)) == 0
    assert dispatch.rescue(now=NOW + timedelta(seconds=60)) == 1
    assert dispatch.rescue(now=NOW + timedelta(seconds=61)) == 0
    assert Channel.objects.count() == 1
