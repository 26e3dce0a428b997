"""Two hands, or a hand and a colleague, at the same moment: rows decide, whatever the order."""

from datetime import timedelta

import pytest
from django.db import transaction

from planner.claims.services import retract
from planner.publishing import services
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from planner.rebuttals.services import withdraw
from tests.doubles.processes import eventually
from tests.factories import NIGHT, make_post
from tests.publishing.rivals import Hand, queued, somebody_waits_for_a_lock

pytestmark = pytest.mark.django_db(transaction=True)
NOW = NIGHT + timedelta(seconds=1)


def test_two_hands_with_the_same_message_send_once(webhook_server):
    post = queued(webhook_server.url)
    hands = [Hand(lambda: services.publish(post.pk, now=NOW)) for _ in range(8)]
    results = [hand.result() for hand in hands]
    assert sorted(results, key=str) == [None] * 7 + [PostState.PUBLISHED]
    assert len(webhook_server.received) == 1


def test_a_person_and_the_clock_stop_a_post_once():
    post = make_post()
    hands = [Hand(lambda: services.expire(now=post.expires_at)) for _ in range(4)]
    assert sum(hand.result() for hand in hands) == 1


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
