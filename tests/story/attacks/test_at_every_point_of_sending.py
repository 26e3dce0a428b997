"""A hand is stopped at each point of its way, and something happens there. The words leave at most once, never after.

The hand is held by real locks on connections of their own, or by a channel that does not answer. Nothing is patched.
"""

import contextlib
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from planner.publishing import services as publishing
from planner.publishing.models import Post
from planner.rebuttals import services as rebuttals
from tests.doubles.processes import eventually
from tests.doubles.webhook import Answer, WebhookServer
from tests.publishing.rivals import Hand, how_many_wait, somebody_waits_for_a_lock
from tests.rebuttals.attacks import rival
from tests.story.attacks.stage import DUE, Night, again, queued

pytestmark = pytest.mark.django_db(transaction=True)
LATER = DUE + timedelta(seconds=1)
Point = Callable[[Post, WebhookServer], contextlib.AbstractContextManager[Hand]]


# what happens ---------------------------------------------------------------------------------------------------------
def withdrawn(night: Night) -> None:
    night.withdraw(LATER)


def edited(night: Night) -> None:
    words = {"language": "en", "author": night.officer, "now": LATER}
    rebuttals.save_draft(night.draft.rebuttal, text="The dam stands, and will.", **words)


def role_lost(night: Night) -> None:
    night.approver.roles = []
    night.approver.save(update_fields=["roles"])


def held(night: Night) -> None:
    publishing.hold(night.channel, by=night.officer, reason="hijacked?", now=LATER)


# where the hand stands ------------------------------------------------------------------------------------------------
@contextlib.contextmanager
def lock(statement: str, *values: object) -> Iterator[None]:
    """A colleague of the database holds something until the block ends."""
    with rival() as other:
        other.execute(statement, values)
        yield
        other.rollback()


@contextlib.contextmanager
def before_it_takes_the_post(post: Post, _server: WebhookServer) -> Iterator[Hand]:
    with lock("SELECT FROM publishing_post WHERE id = %s FOR UPDATE", post.pk):
        hand = Hand(lambda: publishing.publish(post.pk, now=DUE))
        eventually(somebody_waits_for_a_lock)
        yield hand


@contextlib.contextmanager
def before_it_asks_the_last_questions(post: Post, _server: WebhookServer) -> Iterator[Hand]:
    with lock("SELECT FROM publishing_channel WHERE id = %s FOR UPDATE", post.channel_id):
        hand = Hand(lambda: publishing.publish(post.pk, now=DUE))
        eventually(somebody_waits_for_a_lock)
        yield hand


@contextlib.contextmanager
def after_the_answers_before_it_is_written_that_it_leaves(post: Post, _server: WebhookServer) -> Iterator[Hand]:
    with lock("LOCK TABLE publishing_attempt IN SHARE ROW EXCLUSIVE MODE"):
        hand = Hand(lambda: publishing.publish(post.pk, now=DUE))
        eventually(somebody_waits_for_a_lock)
        yield hand


@contextlib.contextmanager
def while_the_channel_thinks(post: Post, server: WebhookServer) -> Iterator[Hand]:
    server.then(Answer(hang=10))
    hand = Hand(lambda: publishing.publish(post.pk, now=DUE))
    eventually(lambda: server.received)
    yield hand
    server.release()


@contextlib.contextmanager
def before_the_answer_is_written_down(post: Post, server: WebhookServer) -> Iterator[Hand]:
    server.then(Answer(hang=10))
    hand = Hand(lambda: publishing.publish(post.pk, now=DUE))
    eventually(lambda: server.received)
    with lock("SELECT FROM publishing_post WHERE id = %s FOR UPDATE", post.pk):
        server.release()
        eventually(somebody_waits_for_a_lock)
        yield hand


IN_THE_HOUSE = (before_it_takes_the_post, before_it_asks_the_last_questions)
AT_THE_DOOR = (after_the_answers_before_it_is_written_that_it_leaves,)
OUT = (while_the_channel_thinks, before_the_answer_is_written_down)


@pytest.mark.parametrize("act", [withdrawn, edited, role_lost, held], ids=lambda act: act.__name__)
@pytest.mark.parametrize("point", [*IN_THE_HOUSE, *AT_THE_DOOR, *OUT], ids=lambda point: point.__name__)
def test_what_happens_at_this_point_is_seen_or_comes_after(
    webhook_server: WebhookServer,
    point: Callable[..., contextlib.AbstractContextManager[Hand]],
    act: Callable[..., None],
) -> None:
    night = Night(webhook_server.url)
    post = queued(night.schedule())
    with point(post, webhook_server) as hand:
        actor = Hand(lambda: act(night))
        was_first = _settles(actor)
    hand.result()
    actor.result()
    sent = len(webhook_server.received)
    assert sent == (again(post).state == "published")
    if point in IN_THE_HOUSE and was_first:
        assert sent == 0
    if point in OUT:
        assert sent == 1, "what was under way is on record as published, not as stopped"
    _nothing_more_leaves(post, webhook_server)


def _settles(actor: Hand) -> bool:
    """Wait until the act is done, or waits for the hand; whether it is done."""
    waited = how_many_wait()
    eventually(lambda: not actor.is_alive() or how_many_wait() > waited, within=10)
    actor.join(0.3)
    return not actor.is_alive()


def _nothing_more_leaves(post: Post, server: WebhookServer) -> None:
    """Whatever clock and hands do afterwards."""
    before = len(server.received)
    publishing.stop_unapproved(now=LATER)
    publishing.publish(post.pk, now=LATER)
    publishing.publish_waiting(now=LATER, until=LATER + timedelta(seconds=1))
    assert len(server.received) == before
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM publishing_attempt WHERE post_id = %s", [post.pk])
        assert cursor.fetchone()[0] <= 1
