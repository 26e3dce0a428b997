"""An uncertain post is asked after again, a few times; nothing is ever sent again."""

from datetime import timedelta

import pytest

from planner.claims.core.words import ClaimState
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.publishing import dispatch, services
from planner.publishing.adapters.seal import seal
from planner.publishing.core.retry import ASKED_AFTER, ask_again_at
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from tests.doubles.mastodon import MastodonServer
from tests.factories import make_channel, make_post
from tests.publishing.platforms import NOW

MINUTE = timedelta(minutes=1)


@pytest.fixture
def server():
    running = MastodonServer().start()
    yield running
    running.stop()


def uncertain(server) -> Post:
    """A post whose connection was cut: the server has nothing yet."""
    channel = make_channel(server.base, kind="mastodon", options={"handle": "press"})
    channel.secret_sealed = seal(server.token)
    channel.save()
    post = make_post(channel=channel)
    Post.objects.filter(pk=post.pk).update(state="queued", queued_at=NOW)
    server.cut_connections()
    assert services.publish(post.pk, now=NOW) is PostState.UNCERTAIN
    server.release()
    return Post.objects.get(pk=post.pk)


def test_it_is_asked_after_four_times():
    moments, now = [], NOW
    while (again := ask_again_at(NOW, now=now)) is not None:
        moments.append(again - NOW)
        now = again
    assert tuple(moments) == ASKED_AFTER


@pytest.mark.django_db
def test_what_arrived_late_is_published_at_its_own_moment_and_people_are_told(server):
    post = uncertain(server)
    assert services.ask_after(post.pk, now=NOW + MINUTE) is PostState.UNCERTAIN
    server.write(post.approval.draft.text)
    assert services.ask_after(post.pk, now=NOW + 3 * MINUTE) is PostState.PUBLISHED
    row = Post.objects.select_related("claim").get(pk=post.pk)
    assert row.published_at == row.sending_at
    assert row.remote_url
    assert row.claim.state == ClaimState.ANSWERED
    assert Notice.objects.filter(key__contains=":found:").count() == 1
    assert Entry.objects.filter(milestone="published").count() == 1
    assert services.ask_after(post.pk, now=NOW + 4 * MINUTE) is None
    assert server.attempts() == 1


@pytest.mark.django_db
def test_after_the_last_time_a_person_has_the_word(server):
    post = uncertain(server)
    assert services.ask_after(post.pk, now=NOW + 31 * MINUTE) is PostState.UNCERTAIN
    assert Post.objects.get(pk=post.pk).next_try_at is None


@pytest.mark.django_db
def test_what_a_person_settled_meanwhile_stays_settled(server):
    post = uncertain(server)
    services.settle(post, published=False, by=post.scheduled_by, now=NOW + MINUTE, note="not there")
    assert services.ask_after(post.pk, now=NOW + 2 * MINUTE) is None
    assert Post.objects.get(pk=post.pk).state == "failed"


@pytest.mark.django_db(transaction=True)
def test_the_clock_hands_it_over_when_it_is_time(broker, server):
    post = uncertain(server)
    assert dispatch.ask_again(now=NOW) == 0
    assert dispatch.ask_again(now=post.next_try_at) == 1
    assert dispatch.ask_again(now=post.next_try_at) == 0
