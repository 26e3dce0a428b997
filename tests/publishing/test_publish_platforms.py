"""The whole path, a real row and a misbehaving platform: never two copies, and the post's state says the truth."""

import pytest

from planner.publishing import services
from planner.publishing.adapters import wire
from planner.publishing.adapters.seal import seal
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from tests.doubles.webhook import Answer
from tests.factories import make_approval, make_channel, make_draft, make_post
from tests.publishing.platforms import NOW, PLATFORMS, TEXT

pytestmark = pytest.mark.django_db


@pytest.fixture(params=list(PLATFORMS))
def kind(request) -> str:
    return request.param


@pytest.fixture
def server(kind):
    running = PLATFORMS[kind].make().start()
    yield running
    running.stop()


@pytest.fixture
def post(kind, server) -> Post:
    channel = make_channel(server.base, kind=kind, options=PLATFORMS[kind].options)
    channel.secret_sealed = seal(PLATFORMS[kind].secret(server))
    channel.save()
    return make_post(make_approval(make_draft(text=TEXT)), channel=channel)


def publish(post: Post) -> PostState | None:
    Post.objects.filter(pk=post.pk, state__in=["scheduled", "retrying"]).update(state="queued", queued_at=NOW)
    return services.publish(post.pk, now=NOW)


def test_a_post_goes_out_once_however_often_its_message_comes(post, server):
    assert publish(post) is PostState.PUBLISHED
    assert publish(post) is None
    assert services.recover(post.pk, now=NOW) is None
    assert len(server.published) == 1


def test_after_come_later_it_goes_out_once(post, server):
    server.then(Answer(429, headers={"Retry-After": "2"}), Answer(429))
    assert [publish(post) for _ in range(3)] == [PostState.RETRYING, PostState.RETRYING, PostState.PUBLISHED]
    assert len(server.published) == 1


@pytest.mark.parametrize("status", [401, 413, 422])
def test_a_refusal_ends_it(post, server, status):
    server.answer_with(status)
    assert publish(post) is PostState.FAILED
    server.release()
    assert publish(post) is None
    assert server.published == []


def test_accepted_with_the_answer_lost_is_found_where_the_platform_can_be_asked(post, server, kind):
    server.accept_and_lose_the_answer()
    expected = PostState.PUBLISHED if PLATFORMS[kind].can_be_asked else PostState.UNCERTAIN
    assert publish(post) is expected
    server.release()
    assert publish(post) is None
    assert len(server.published) == 1
    row = Post.objects.get(pk=post.pk)
    assert bool(row.remote_url) is PLATFORMS[kind].can_be_asked


@pytest.mark.parametrize("trouble", ["cut", "hang", "500"])
def test_what_nobody_can_tell_stays_uncertain_and_is_never_sent_again(post, server, trouble, monkeypatch):
    monkeypatch.setattr(wire, "READ", 0.3)
    {"cut": server.cut_connections, "hang": server.hang, "500": lambda: server.answer_with(500)}[trouble]()
    assert publish(post) is PostState.UNCERTAIN
    server.release()
    assert publish(post) is None
    assert services.recover(post.pk, now=NOW) is None
    assert (server.attempts(), server.published) == (1, [])


def test_a_hand_that_died_after_the_platform_took_it_is_settled_by_asking(post, server, kind):
    Post.objects.filter(pk=post.pk).update(state="queued", queued_at=NOW)
    attempt = services.sending._start(Post.objects.filter(pk=post.pk), lambda: NOW)
    services.sending._sent(attempt.post.channel, services.sending._parcel(attempt.post, sent_at=NOW))
    expected = PostState.PUBLISHED if PLATFORMS[kind].can_be_asked else PostState.UNCERTAIN
    assert services.recover(post.pk, now=NOW) is expected
    assert len(server.published) == 1


def test_a_text_that_no_longer_fits_is_refused_before_anything_leaves(post, server):
    post.channel.limit = 20
    post.channel.save()
    assert publish(post) is PostState.FAILED
    assert server.received == []
    assert "20" in Post.objects.get(pk=post.pk).reason
