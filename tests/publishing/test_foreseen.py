"""What there is to know is said before anything is scheduled, on the form, and confirmed with one tick."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planner.claims.models import Claim
from planner.journal.models import Entry
from planner.publishing.core.cautions import Caution
from planner.publishing.foreseen import foreseen_of, seal_of
from planner.publishing.models import Post
from tests.factories import (
    make_approval,
    make_channel,
    make_claim,
    make_draft,
    make_person,
    make_post,
    make_rebuttal,
    make_shift,
)
from tests.publishing.browsing import words

pytestmark = pytest.mark.django_db
NOW = timezone.now().replace(minute=5, second=0, microsecond=0)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture
def watched() -> None:
    """Somebody who can settle an uncertain post is on watch the whole time."""
    make_shift(make_person("Karim Faris", roles=["duty"]), NOW - 24 * HOUR, hours=96)


def cautions(post: Post) -> list[Caution]:
    return [one.caution for one in foreseen_of(Post.objects.get(pk=post.pk))]


def test_nobody_on_watch_is_said_with_everything_else(watched):
    post = make_post(at=NOW)
    assert cautions(post) == []
    far = make_post(at=NOW, due_at=NOW + 96 * HOUR)
    assert cautions(far) == [Caution.UNATTENDED]


def test_a_post_is_compared_with_what_its_channel_says_within_some_days(watched, settings):
    settings.PLANNER_REPEAT_DAYS = 1
    channel = make_channel()
    first = make_post(channel=channel, at=NOW)
    again = make_post(channel=channel, at=NOW, due_at=NOW + 23 * HOUR)
    later = make_post(channel=channel, at=NOW, due_at=NOW + 25 * HOUR)
    make_post(at=NOW)  # on another channel
    assert cautions(first) == [Caution.SAME_WORDS]
    assert {one.other for one in foreseen_of(again)} >= {later.uuid}
    Post.objects.exclude(pk=first.pk).update(state="stopped", why="by_hand")
    assert cautions(first) == []


def test_an_answered_claim_and_one_merged_into_it_are_said(watched):
    answered = make_claim(at=NOW, state="answered")
    post = make_post(make_approval(make_draft(make_rebuttal(claim=answered, at=NOW), at=NOW), at=NOW), at=NOW)
    assert cautions(post) == [Caution.ANSWERED]
    merged = make_post(at=NOW)
    Claim.objects.filter(pk=merged.claim_id).update(state="merged", merged_into=answered)
    assert cautions(merged) == [Caution.ANSWERED]


def test_the_warnings_name_the_other_post_and_nothing_is_scheduled_without_the_tick(client, officer, watched):
    channel = make_channel(name="The website", spacing_minutes=30)
    there = make_post(channel=channel, at=NOW, due_at=NOW + HOUR)
    approval = make_approval(make_draft(text="Quite other words.", at=NOW), at=NOW)
    url = reverse("publishing:schedule", args=[approval.uuid])
    at = timezone.localtime(NOW + HOUR + 10 * MINUTE, timezone.zoneinfo.ZoneInfo("Asia/Baghdad"))
    given = {"channels": [channel.pk], "due_local": f"{at:%Y-%m-%dT%H:%M}"}
    asked = client.post(url, given)
    assert asked.status_code == 400
    assert "has another post on" in words(asked)
    assert reverse("publishing:post", args=[there.uuid]) in words(asked)
    assert f'value="{at:%Y-%m-%dT%H:%M}"' in words(asked), "what was typed is kept"
    assert Post.objects.count() == 1
    assert client.post(url, {**given, "seen": "something else"}).status_code == 400
    assert client.post(url, {**given, "seen": asked.context["seal"]}).status_code == 302
    assert Entry.objects.filter(milestone="scheduled").latest("seq").detail["confirmed"] == ["spacing"]


def test_a_tick_confirms_what_was_shown_and_nothing_that_came_since(client, officer, watched):
    channel, approval = make_channel(), make_approval(make_draft(text="Quite other words.", at=NOW), at=NOW)
    make_post(channel=channel, at=timezone.now())
    url, given = reverse("publishing:schedule", args=[approval.uuid]), {"channels": [channel.pk], "at_once": "1"}
    seal = client.post(url, given).context["seal"]
    make_post(channel=channel, at=timezone.now(), approval=make_approval(make_draft(text="Quite other words.")))
    assert client.post(url, {**given, "seen": seal}).status_code == 400


def test_no_warnings_have_a_seal_of_their_own():
    assert seal_of([]) == seal_of([])
