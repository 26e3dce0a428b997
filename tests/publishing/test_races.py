"""Two at the same moment, on connections of their own: rows decide, whatever the order."""

import threading
import time
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.utils import timezone

from planner.claims.services import retract
from planner.claims.services.refusals import held
from planner.config import queues
from planner.config.celery import app
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.publishing import dispatch, services
from planner.publishing.core.states import PostState
from planner.publishing.models import Channel, Post
from planner.publishing.tasks import publish
from planner.rebuttals.services import withdraw
from tests.doubles.processes import eventually
from tests.factories import NIGHT, make_approval, make_channel, make_post

pytestmark = pytest.mark.django_db(transaction=True)
NOW = NIGHT + timedelta(seconds=1)


class Hand(threading.Thread):
    """One call on a connection of its own; `result()` waits for it."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._call = call
        self._result: object = None
        self.start()

    def run(self) -> None:
        try:
            self._result = self._call()
        except Exception as error:
            self._result = error
        finally:
            connection.close()

    def result(self) -> object:
        self.join(20)
        assert not self.is_alive(), "it never came back"
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


def queued(url: str) -> Post:
    post = make_post(channel=make_channel(url))
    Post.objects.filter(pk=post.pk).update(state="queued")
    return post


def somebody_waits_for_a_lock() -> bool:
    with connection.cursor() as cursor:
        # Not pg_stat_activity: within a transaction that one shows again what it showed first.
        cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
        return cursor.fetchone()[0] > 0


def test_a_claim_taken_back_first_keeps_the_post_in_the_house(webhook_server):
    post = queued(webhook_server.url)
    with transaction.atomic():
        retract(post.claim, by=None, reason="deleted", now=NOW)
        hand = Hand(lambda: services.publish(post.pk, now=NOW))
        eventually(somebody_waits_for_a_lock)
        assert webhook_server.received == []
    assert hand.result() is PostState.STOPPED
    assert webhook_server.received == []


def test_a_withdrawal_that_commits_first_keeps_the_post_in_the_house(webhook_server):
    post = queued(webhook_server.url)
    with transaction.atomic():
        withdraw(post.approval, by=post.approval.approver, reason="wrong number", now=NOW)
        hand = Hand(lambda: services.publish(post.pk, now=NOW))
        eventually(somebody_waits_for_a_lock)
        assert webhook_server.received == []
    assert hand.result() is PostState.STOPPED
    assert webhook_server.received == []
    assert Post.objects.get(pk=post.pk).reason.endswith("wrong number")


def test_a_withdrawal_that_is_rolled_back_lets_the_post_go(webhook_server):
    post = queued(webhook_server.url)
    with transaction.atomic():
        withdraw(post.approval, by=post.approval.approver, reason="wrong number", now=NOW)
        hand = Hand(lambda: services.publish(post.pk, now=NOW))
        eventually(somebody_waits_for_a_lock)
        transaction.set_rollback(True)
    assert hand.result() is PostState.PUBLISHED


def test_a_withdrawal_waits_for_a_post_that_is_on_its_way_and_then_says_nothing_false(webhook_server):
    post = queued(webhook_server.url)
    webhook_server.hang(2)
    hand = Hand(lambda: services.publish(post.pk, now=NOW))
    eventually(lambda: webhook_server.received)
    withdraw(post.approval, by=post.approval.approver, reason="wrong number", now=NOW)
    webhook_server.release()
    assert hand.result() in {PostState.PUBLISHED, PostState.UNCERTAIN}
    assert len(webhook_server.received) == 1


def test_a_hold_that_commits_first_keeps_the_post_in_the_house(webhook_server):
    post = queued(webhook_server.url)
    with transaction.atomic():
        services.hold(post.channel, by=post.scheduled_by, reason="hijacked?", now=NOW)
        hand = Hand(lambda: services.publish(post.pk, now=NOW))
        eventually(somebody_waits_for_a_lock)
    assert hand.result() is PostState.STOPPED
    assert webhook_server.received == []


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


def test_two_hands_with_the_same_message_send_once(webhook_server):
    post = queued(webhook_server.url)
    hands = [Hand(lambda: services.publish(post.pk, now=NOW)) for _ in range(8)]
    results = [hand.result() for hand in hands]
    assert sorted(results, key=str) == [None] * 7 + [PostState.PUBLISHED]
    assert len(webhook_server.received) == 1


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


def test_a_person_and_the_clock_stop_a_post_once():
    post = make_post()
    hands = [Hand(lambda: services.expire(now=post.expires_at)) for _ in range(4)]
    assert sum(hand.result() for hand in hands) == 1


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
