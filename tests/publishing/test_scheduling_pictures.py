"""Approved pictures on their way: a channel that cannot take them is refused with a sentence, the others carry them."""

import hashlib

import pytest

from planner.publishing import services
from planner.publishing.adapters.seal import seal
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from planner.rebuttals.core.threads import joined
from planner.rebuttals.core.words import Shown
from tests.doubles.webhook import Answer
from tests.factories import NIGHT, make_approval, make_channel, make_draft, make_picture, make_post
from tests.publishing.platforms import PLATFORMS
from tests.publishing.test_platform_pictures import shown as seen_by_readers
from tests.publishing.test_scheduling import schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def shown() -> list[Shown]:
    return [Shown(make_picture("teal").sha256, "The dam, whole."), Shown(make_picture("red").sha256, "A red flag.")]


@pytest.mark.parametrize(
    ("kind", "options", "text", "alt", "said"),
    [
        ("webhook", {}, "The dam stands.", "The dam.", "takes no pictures: its entry on the register says so."),
        ("x", {}, "The dam stands.", "x" * 1001, "alt text of picture 1 has 1001 characters, Here takes 1000"),
        ("telegram", {}, "x" * 1025, "The dam.", "Beside pictures Here takes 1024 characters as Telegram counts them"),
        ("telegram", {}, "x" * 5000, "The dam.", "The text has 5000 characters as Telegram counts them"),
    ],
)
def test_a_channel_that_cannot_take_the_pictures_says_why(kind, options, text, alt, said, client):
    approval = make_approval(make_draft(text=text, pictures=[Shown(make_picture().sha256, alt)]))
    channel = make_channel(kind=kind, options=options, name="Here")
    with pytest.raises(services.PostRefused, match=said):
        schedule(approval, channel)
    client.force_login(approval.author)
    page = client.get(f"/posts/schedule/{approval.uuid}/").content.decode()
    assert said in page
    assert f'alt="{alt}"' in page


def test_a_website_that_says_so_takes_pictures(shown):
    channel = make_channel(options={"takes_pictures": True})
    assert schedule(make_approval(make_draft(pictures=shown)), channel).state == "scheduled"
    assert schedule(make_approval(make_draft()), make_channel()).state == "scheduled"


def test_a_website_that_takes_pictures_no_more_is_not_sent_words_without_them(shown, webhook_server):
    channel = make_channel(webhook_server.url, options={"takes_pictures": True})
    post = make_post(make_approval(make_draft(pictures=shown)), channel=channel)
    channel.options = {}
    channel.save()
    assert publish(post) is PostState.FAILED
    assert webhook_server.received == []
    assert "does not take these pictures any more" in Post.objects.get(pk=post.pk).reason


# the whole path -------------------------------------------------------------------------------------------------------
@pytest.fixture(params=list(PLATFORMS))
def kind(request) -> str:
    return request.param


@pytest.fixture
def server(kind):
    running = PLATFORMS[kind].make().start()
    yield running
    running.stop()


@pytest.fixture
def post(kind, server, shown) -> Post:
    channel = make_channel(server.base, kind=kind, options=PLATFORMS[kind].options)
    channel.secret_sealed = seal(PLATFORMS[kind].secret(server))
    channel.save()
    return make_post(make_approval(make_draft(pictures=shown)), channel=channel)


def publish(post: Post) -> PostState | None:
    Post.objects.filter(pk=post.pk, state__in=["scheduled", "retrying"]).update(state="queued", queued_at=NIGHT)
    return services.publish(post.pk, now=NIGHT)


def test_what_readers_see_are_the_bytes_that_were_approved(post, server, kind, shown):
    assert publish(post) is PostState.PUBLISHED
    assert publish(post) is None
    digests = [hashlib.sha256(one.content).hexdigest() for one in seen_by_readers(kind, server)]
    assert digests == [one.sha256 for one in shown]


def test_a_picture_that_is_not_taken_leads_to_another_try_and_one_post(post, server, kind):
    if kind == "telegram":
        pytest.skip("Telegram takes words and pictures in one request")
    server.then_uploads(Answer(500), Answer(cut=True))
    assert [publish(post) for _ in range(3)] == [PostState.RETRYING, PostState.RETRYING, PostState.PUBLISHED]
    assert (server.attempts(), len(server.published)) == (1, 1)


def test_a_thread_shows_its_pictures_once_beside_its_first_part(post, server, kind, shown):
    if kind == "telegram":
        pytest.skip("Telegram has no threads")
    approval = make_approval(make_draft(text=joined(["The dam stands.", "The bridge is open."]), pictures=shown))
    schedule(approval, post.channel, due_at=NIGHT)
    for part in Post.objects.filter(approval=approval).order_by("part"):
        assert publish(part) is PostState.PUBLISHED
    carried = [len(one["embed"]["images"] if "embed" in one else one.get("media_ids", [])) for one in server.published]
    assert carried == [2, 0]


def test_accepted_with_the_answer_lost_is_found_where_the_platform_can_be_asked(post, server, kind):
    server.accept_and_lose_the_answer()
    expected = PostState.PUBLISHED if PLATFORMS[kind].can_be_asked else PostState.UNCERTAIN
    assert publish(post) is expected
    server.release()
    assert publish(post) is None
    assert len(server.published) == 1
