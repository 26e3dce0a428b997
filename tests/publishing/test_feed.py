"""Our own public feed: published there is what the feed shows, and nothing else is."""

from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from planner.publishing import services
from planner.publishing.core.states import PostState
from planner.publishing.models import Channel, Post
from tests.factories import NIGHT, make_approval, make_channel, make_draft, make_post

pytestmark = pytest.mark.django_db
WORDS = "المدينة صامدة <b>& تصمد</b>\n\nThe city stands."


@pytest.fixture
def channel() -> Channel:
    made = make_channel(kind="feed", name="Our feed", attribution="Ministry of Examples")
    made.address = "https://www.example.org" + reverse("publishing:feed", args=[made.uuid]).rstrip("/")
    made.save()
    return made


def publish(channel, text=WORDS, language="ar", now=NIGHT) -> Post:
    post = make_post(make_approval(make_draft(text=text, language=language)), channel=channel)
    Post.objects.filter(pk=post.pk).update(state="queued", queued_at=now)
    assert services.publish(post.pk, now=now) is PostState.PUBLISHED
    return Post.objects.get(pk=post.pk)


def get(client, name, *args, **headers):
    return client.get(reverse(f"publishing:{name}", args=args), headers=headers)


def test_a_published_text_stands_on_the_page_and_has_an_address_of_its_own(client, channel):
    post = publish(channel)
    shown = get(client, "feed", channel.uuid).content.decode()
    assert "المدينة صامدة &lt;b&gt;&amp; تصمد" in shown
    assert post.remote_url == f"{channel.address}/{post.uuid}/"
    assert "The city stands." in get(client, "feed_item", channel.uuid, post.uuid).content.decode()


def test_rss_and_json_carry_the_words_the_moment_and_who_speaks(client, channel):
    post = publish(channel)
    rss = ElementTree.fromstring(get(client, "feed_rss", channel.uuid).content)
    [item] = rss.iter("item")
    assert item.findtext("description") == WORDS
    assert item.findtext("guid") == post.uuid.urn
    assert rss.findtext("channel/title") == "Ministry of Examples"
    answer = get(client, "feed_json", channel.uuid)
    assert answer["Content-Type"] == "application/feed+json"
    document = answer.json()
    assert document["version"] == "https://jsonfeed.org/version/1.1"
    [one] = document["items"]
    assert (one["content_text"], one["language"], one["authors"]) == (WORDS, "ar", [{"name": "Ministry of Examples"}])
    assert one["url"] == post.remote_url


def test_what_is_not_published_is_nowhere(client, channel):
    waiting = make_post(channel=channel)
    elsewhere = make_post(channel=make_channel())
    for post in (waiting, elsewhere):
        assert get(client, "feed_item", channel.uuid, post.uuid).status_code == 404
    assert waiting.approval.draft.text not in get(client, "feed", channel.uuid).content.decode()
    assert get(client, "feed_json", channel.uuid).json()["items"] == []


def test_only_a_feed_that_is_on_the_register_is_public(client, channel):
    assert get(client, "feed", make_channel().uuid).status_code == 404
    Channel.objects.filter(pk=channel.pk).update(retired_at=NIGHT)
    for name in ("feed", "feed_rss", "feed_json"):
        assert get(client, name, channel.uuid).status_code == 404


def test_readers_that_come_often_are_told_that_nothing_changed(client, channel):
    publish(channel)
    first = get(client, "feed_rss", channel.uuid)
    again = get(client, "feed_rss", channel.uuid, if_none_match=first["ETag"])
    assert again.status_code == 304
    publish(channel, "Something new.", now=NIGHT + timedelta(minutes=5))
    later = get(client, "feed_rss", channel.uuid, if_none_match=first["ETag"])
    assert later.status_code == 200


def test_a_hand_that_died_over_the_feed_is_settled_by_the_row_itself(client, channel):
    post = make_post(channel=channel)
    Post.objects.filter(pk=post.pk).update(state="queued", queued_at=NIGHT)
    services.sending._start(Post.objects.filter(pk=post.pk), lambda: NIGHT)
    assert services.recover(post.pk, now=NIGHT) is PostState.PUBLISHED
    assert get(client, "feed_item", channel.uuid, post.uuid).status_code == 200


def test_only_what_carries_nobodys_name_may_be_kept_by_others(client, channel):
    post = publish(channel)
    assert "public" in get(client, "feed_rss", channel.uuid)["Cache-Control"]
    assert "public" in get(client, "feed_json", channel.uuid)["Cache-Control"]
    for answer in (get(client, "feed", channel.uuid), get(client, "feed_item", channel.uuid, post.uuid)):
        assert "public" not in answer.get("Cache-Control", "")
