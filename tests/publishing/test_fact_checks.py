"""Every published answer is a fact check that machines can read: on its page, in RSS, in the JSON feed."""

import json
import re
from datetime import timedelta
from xml.etree import ElementTree

import pytest
from django.urls import reverse

from planner.claims.models import Claim, PickUp, Source
from planner.claims.services import correct, merge
from planner.publishing import services
from planner.publishing.core.states import PostState
from planner.publishing.models import Channel, Post
from planner.rebuttals.services import save_draft, withdraw
from tests.factories import (
    NIGHT,
    make_approval,
    make_channel,
    make_draft,
    make_line,
    make_person,
    make_post,
    make_rebuttal,
)
from tests.publishing.schemas import faults

pytestmark = pytest.mark.django_db
RATED = {"rating": "false", "claim_words": "That the city had fallen."}
ATOM = "{http://www.w3.org/2005/Atom}link"
BLOCK = re.compile(r'<script type="application/ld\+json">(.*?)</script>', re.DOTALL)


@pytest.fixture
def channel(settings) -> Channel:
    settings.PLANNER_PUBLIC_URL = "https://www.example.org"
    made = make_channel(kind="feed", name="Our feed", attribution="Ministry of Examples")
    made.address = "https://www.example.org" + reverse("publishing:feed", args=[made.uuid]).rstrip("/")
    made.save()
    return made


def publish(approval, channel, *, now=NIGHT, **fields) -> Post:
    post = make_post(approval, channel=channel, **fields)
    Post.objects.filter(pk=post.pk).update(state="queued", queued_at=now)
    assert services.publish(post.pk, now=now) is PostState.PUBLISHED
    return Post.objects.get(pk=post.pk)


def publish_rated(channel, **words) -> Post:
    return publish(make_approval(make_draft(**{**RATED, **words})), channel)


def get(client, name, *args, **headers):
    return client.get(reverse(f"publishing:{name}", args=args), headers=headers)


def blocks(response) -> list:
    return [json.loads(found) for found in BLOCK.findall(response.content.decode())]


def of_claim(client, claim) -> dict:
    [document] = blocks(get(client, "answer", claim.uuid))
    return document


# where it stands ------------------------------------------------------------------------------------------------------
def test_the_same_fact_check_stands_on_the_page_in_rss_and_in_the_json_feed(client, channel):
    post = publish_rated(channel)
    [on_page] = blocks(get(client, "feed_item", channel.uuid, post.uuid))
    assert faults(on_page) == []
    assert on_page["url"] == post.remote_url
    assert on_page["claimReviewed"] == RATED["claim_words"]
    assert on_page["author"]["name"] == "Ministry of Examples"
    [item] = get(client, "feed_json", channel.uuid).json()["items"]
    assert item["_claimreview"] == on_page
    rss = ElementTree.fromstring(get(client, "feed_rss", channel.uuid).content)
    [link] = [one for item in rss.iter("item") for one in item.iter(ATOM)]
    assert link.attrib["type"] == "application/ld+json"
    alone = client.get(link.attrib["href"].removeprefix("https://www.example.org"))
    assert alone.json() == on_page == of_claim(client, post.claim)
    assert alone["Content-Type"] == "application/ld+json"


def test_the_rating_and_the_claim_can_be_read_by_people_too(client, channel):
    post = publish_rated(channel, language="ar", text="المدينة صامدة.", claim_words="أن المدينة سقطت.")
    for page in (get(client, "feed_item", channel.uuid, post.uuid), get(client, "answer", post.claim.uuid)):
        assert "غير صحيح" in page.content.decode()
        assert "أن المدينة سقطت." in page.content.decode()


def test_words_published_elsewhere_have_a_page_of_their_own_address(client, channel):
    post = publish_rated(channel)
    Channel.objects.filter(pk=channel.pk).update(retired_at=NIGHT)
    document = of_claim(client, post.claim)
    page = f"https://www.example.org/posts/answers/{post.claim.uuid}/"
    assert document["url"] == f"{page}#s-{post.text_sha256[:12]}"
    assert f'id="s-{post.text_sha256[:12]}"' in get(client, "answer", post.claim.uuid).content.decode()


def test_two_languages_are_two_fact_checks_in_one_document(client, channel):
    rebuttal = make_rebuttal()
    publish(make_approval(make_draft(rebuttal, **RATED)), channel)
    arabic = {"language": "ar", "text": "المدينة صامدة.", "claim_words": "أن المدينة سقطت."}
    publish(make_approval(make_draft(rebuttal, **{**RATED, **arabic})), channel, now=NIGHT + timedelta(minutes=4))
    document = get(client, "answer_checks", rebuttal.claim.uuid).json()
    assert [one["inLanguage"] for one in document["@graph"]] == ["en", "ar"]
    assert {one["datePublished"] for one in document["@graph"]} == {"2014-06-09T19:30:00Z"}  # our first word
    assert len(blocks(get(client, "answer", rebuttal.claim.uuid))) == 2


def test_a_released_line_brings_its_rating_to_the_claim_it_answers(client, channel):
    line = make_line()
    draft = line.approval.draft
    rated = make_draft(draft.rebuttal, at=NIGHT, **RATED)
    signed = make_line(make_approval(rated))
    claim = Claim.objects.create(
        text="It fell.", narrative=signed.narrative, broke_earliest=NIGHT, broke_latest=NIGHT, created_at=NIGHT
    )
    duty = make_person("Hala Amin", roles=["duty"])
    release = signed.releases.create(claim=claim, released_by=duty, released_at=NIGHT)
    publish(signed.approval, channel, release=release, claim=claim)
    assert of_claim(client, claim)["claimReviewed"] == RATED["claim_words"]


# nobody's name --------------------------------------------------------------------------------------------------------
def test_outlets_are_named_and_private_people_are_not(client, channel):
    post = publish_rated(channel)
    account = Source.objects.create(name="somebody_private", kind="adversary", url="https://x.com/somebody_private")
    media = Source.objects.create(name="The Outlet", kind="media")
    Claim.objects.filter(pk=post.claim_id).update(source=account, url="https://x.com/somebody_private/status/1")
    PickUp.objects.create(claim=post.claim, source=media, at=NIGHT, url="https://outlet.example/1")
    page = get(client, "answer", post.claim.uuid).content.decode()
    assert "somebody_private" not in page
    reviewed = of_claim(client, post.claim)["itemReviewed"]
    assert reviewed["firstAppearance"]["url"] == "https://outlet.example/1"
    assert "author" not in reviewed
    Claim.objects.filter(pk=post.claim_id).update(source=media)
    assert of_claim(client, post.claim)["itemReviewed"]["author"]["name"] == "The Outlet"


def test_the_message_and_our_notes_of_the_claim_stay_inside(client, channel):
    post = publish_rated(channel)
    Claim.objects.filter(pk=post.claim_id).update(
        text="THEIR HEADLINE", evidence="a source of ours", url="https://x.com/a"
    )
    for page in (
        get(client, "answer", post.claim.uuid),
        get(client, "feed_item", channel.uuid, post.uuid),
        get(client, "feed_json", channel.uuid),
    ):
        assert not re.search("THEIR HEADLINE|a source of ours|x.com/a", page.content.decode())


# what changes later ---------------------------------------------------------------------------------------------------
def test_a_corrected_time_corrects_it_at_the_next_read_also_for_readers_who_ask_whether_it_changed(client, channel):
    post = publish_rated(channel)
    first = get(client, "feed_json", channel.uuid)
    assert get(client, "feed_json", channel.uuid, if_none_match=first["ETag"]).status_code == 304
    earlier = post.claim.broke_earliest - timedelta(minutes=20)
    correct(post.claim, by=None, now=NIGHT + timedelta(hours=1), broke_earliest=earlier)
    again = get(client, "feed_json", channel.uuid, if_none_match=first["ETag"])
    assert again.status_code == 200
    assert again.json()["items"][0]["_claimreview"]["itemReviewed"]["datePublished"] == "2014-06-09T18:40:00Z"
    assert of_claim(client, post.claim)["itemReviewed"]["datePublished"] == "2014-06-09T18:40:00Z"


def test_a_rating_that_came_later_counts_once_somebody_else_approved_it_and_nothing_is_published_again(client, channel):
    post = publish(make_approval(), channel)
    assert blocks(get(client, "answer", post.claim.uuid)) == []
    assert "_claimreview" not in get(client, "feed_json", channel.uuid).json()["items"][0]
    assert get(client, "feed_check", channel.uuid, post.uuid).status_code == 404
    rated = make_draft(post.approval.draft.rebuttal, **RATED)
    assert blocks(get(client, "answer", post.claim.uuid)) == []
    make_approval(rated)
    assert of_claim(client, post.claim)["reviewRating"]["ratingValue"] == 1
    assert Post.objects.count() == 1


def test_the_rating_approved_last_is_the_one_that_stands_and_an_unapproved_edit_changes_nothing(client, channel):
    post = publish_rated(channel)
    draft = post.approval.draft
    better = save_draft(
        draft.rebuttal, language="en", text="The city stands, all of it.", author=draft.author, now=NIGHT
    )
    assert of_claim(client, post.claim)["reviewRating"]["alternateName"] == "False"
    mended = make_draft(better.rebuttal, rating="misleading", claim_words="That the city had fallen.")
    make_approval(mended)
    assert of_claim(client, post.claim)["reviewRating"]["alternateName"] == "Misleading"


@pytest.mark.parametrize("reason", ["the figure is wrong", "edited: version 2"])
def test_a_withdrawn_approval_takes_the_rating_back_whatever_its_reason_says(client, channel, reason):
    post = publish_rated(channel)
    withdraw(post.approval, by=post.approval.approver, reason=reason, now=NIGHT + timedelta(hours=1))
    assert blocks(get(client, "answer", post.claim.uuid)) == []


def test_a_merged_claim_leads_to_the_other_with_what_was_said_about_both(client, channel):
    post = publish_rated(channel)
    other = Claim.objects.create(
        text="It fell.", broke_earliest=NIGHT - timedelta(hours=1), broke_latest=NIGHT, created_at=NIGHT
    )
    Claim.objects.filter(pk=post.claim_id).update(state="taken_up")
    merge(Claim.objects.get(pk=post.claim_id), into=other, by=None, now=NIGHT)
    there = get(client, "answer", post.claim.uuid)
    assert (there.status_code, there["Location"]) == (301, reverse("publishing:answer", args=[other.uuid]))
    assert of_claim(client, other)["itemReviewed"]["datePublished"] == "2014-06-09T18:30:00Z"


# doors and costs ------------------------------------------------------------------------------------------------------
def test_a_claim_that_nobody_answered_in_public_has_no_page(client, channel):
    waiting = make_post(make_approval(make_draft(**RATED)), channel=channel)
    for name in ("answer", "answer_checks"):
        assert get(client, name, waiting.claim.uuid).status_code == 404
        assert get(client, name, channel.uuid).status_code == 404


def test_hostile_words_stay_words_on_every_page(client, channel):
    hostile = "</script><script>alert(1)</script>"
    post = publish_rated(channel, text=f"It stands. {hostile}", claim_words=f"That {hostile} fell.")
    for page in (get(client, "answer", post.claim.uuid), get(client, "feed_item", channel.uuid, post.uuid)):
        assert "<script>alert" not in page.content.decode()
        assert blocks(page)[0]["claimReviewed"] == f"That {hostile} fell."


def test_fifty_texts_cost_the_feed_no_more_questions_than_two(client, channel, django_assert_max_num_queries):
    for number in range(6):
        publish_rated(channel, text=f"The city stands, says speaker {number}.")
    with django_assert_max_num_queries(8):
        items = get(client, "feed_json", channel.uuid).json()["items"]
    assert all(faults(item["_claimreview"]) == [] for item in items)


def test_our_own_page_of_a_post_says_what_is_missing_and_how_to_mend_it(client, channel):
    client.force_login(make_person("Sara Nabil", roles=["officer"]))
    bare = publish(make_approval(), channel)
    assert "approved without a rating" in get(client, "post", bare.uuid).content.decode()
    rated = publish_rated(channel, text="Another text.")
    page = get(client, "post", rated.uuid).content.decode()
    assert reverse("publishing:answer", args=[rated.claim.uuid]) in page
    assert "False" in page
