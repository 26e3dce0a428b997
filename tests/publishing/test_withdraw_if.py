"""What stops a post by itself: its claim taken back or declined, its channel held at its moment; as was chosen."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.urls import reverse
from django.utils import timezone

from planner.claims.services import decide, merge, retract, stand_again
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.publishing import services
from planner.publishing.core.states import PostState, WithdrawIf
from planner.publishing.models import Attempt, Post
from tests.factories import NIGHT, make_approval, make_channel, make_claim, make_post
from tests.publishing.attacks import move, queued, refused, sql
from tests.publishing.browsing import words

pytestmark = pytest.mark.django_db
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
ONLY_APPROVAL = [WithdrawIf.APPROVAL.value]


def row(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


# the claim ------------------------------------------------------------------------------------------------------------
def test_a_claim_taken_back_stops_its_posts_within_a_beat_and_somebody_is_told():
    post, other = make_post(due_at=NIGHT + HOUR), make_post()
    retract(post.claim, by=None, now=NIGHT, reason="the account deleted it")
    assert services.stop_unapproved(now=NIGHT) == 1
    assert (row(post).state, row(post).why) == ("stopped", "unwanted")
    assert "the account deleted it" in row(post).reason
    assert "wants no answer any more" in Notice.objects.get().subject
    assert Entry.objects.get(milestone="stopped").detail["why"] == "unwanted"
    assert row(other).state == "scheduled"


def test_a_claim_declined_after_all_stops_its_posts_too():
    post = make_post()
    decide(post.claim, decision="decline", by=post.scheduled_by, now=NIGHT, reason="too small")
    assert services.stop_unapproved(now=NIGHT) == 1
    assert row(post).reason.endswith("too small")


def test_a_claim_that_became_part_of_another_is_as_wanted_as_that_one():
    post, other = make_post(), make_claim()
    merge(post.claim, into=other, by=None, now=NIGHT)
    assert services.stop_unapproved(now=NIGHT) == 0
    retract(other, by=None, now=NIGHT, reason="deleted")
    assert services.stop_unapproved(now=NIGHT) == 1


def test_who_chose_otherwise_sends_the_words_all_the_same(webhook_server):
    post = make_post(channel=make_channel(webhook_server.url), withdraw_if=ONLY_APPROVAL)
    retract(post.claim, by=None, now=NIGHT, reason="deleted")
    assert services.stop_unapproved(now=NIGHT) == 0
    move(post, "queued")
    assert services.publish(post.pk, now=NIGHT) is PostState.PUBLISHED


def test_a_hand_asks_at_the_last_moment(webhook_server):
    post = queued(channel=make_channel(webhook_server.url))
    retract(post.claim, by=None, now=NIGHT, reason="deleted")
    assert services.publish(post.pk, now=NIGHT) is PostState.STOPPED
    assert webhook_server.received == []


# the channel ----------------------------------------------------------------------------------------------------------
def test_a_hold_stops_what_comes_due_while_it_lasts_and_nothing_else():
    channel = make_channel()
    due, later = make_post(channel=channel), make_post(channel=channel, due_at=NIGHT + HOUR)
    waits = make_post(channel=channel, withdraw_if=ONLY_APPROVAL)
    services.hold(channel, by=due.scheduled_by, reason="the account looks hijacked", now=NIGHT - MINUTE)
    assert services.stop_unapproved(now=NIGHT - MINUTE) == 0
    assert services.stop_unapproved(now=NIGHT) == 1
    assert (row(due).why, "looks hijacked" in row(due).reason) == ("held", True)
    assert {row(later).state, row(waits).state} == {"scheduled"}
    services.unhold(channel, by=due.scheduled_by, now=NIGHT + 30 * MINUTE)
    assert services.stop_unapproved(now=NIGHT + HOUR) == 0


# the database ---------------------------------------------------------------------------------------------------------
def sending(post: Post) -> None:
    move(post, "sending", sending_at=NIGHT)


@pytest.mark.parametrize("change", ["retracted_at = now(), retraction = 'deleted'", "declined"])
def test_the_database_lets_nothing_leave_for_a_claim_that_is_gone(change):
    if change == "declined":
        change = "state = 'declined', decided_at = now(), decision_reason = 'small'"
    post, kept = queued(), queued(withdraw_if=ONLY_APPROVAL)
    part = queued()
    sql(f"UPDATE claims_claim SET {change} WHERE id IN (%s, %s)", post.claim_id, kept.claim_id)
    sql("UPDATE claims_claim SET state = 'merged', merged_into_id = %s WHERE id = %s", post.claim_id, part.claim_id)
    for one in (post, kept, part):
        Attempt.objects.create(post=one, started_at=NIGHT)
    for one in (post, part):
        with refused("taken back or declined"):
            sending(one)
    sending(kept)


def test_what_was_chosen_never_changes_and_an_approval_always_counts():
    post = make_post()
    with refused("what stops a post by itself never changes"):
        sql("UPDATE publishing_post SET withdraw_if = ARRAY['approval'] WHERE id = %s", post.pk)
    for chosen in (["claim"], ["approval", "rain"], []):
        with refused("post_stops_without_its_approval"), transaction.atomic():
            make_post(withdraw_if=chosen)


# scheduling -----------------------------------------------------------------------------------------------------------
def test_words_against_a_claim_taken_back_are_scheduled_only_by_choice():
    approval, channel = make_approval(), make_channel()
    claim = retract(approval.draft.rebuttal.claim, by=None, now=NIGHT, reason="the account deleted it")
    when = {"due_at": NIGHT + HOUR, "expires_at": NIGHT + 2 * HOUR, "by": approval.author, "now": NIGHT}
    with pytest.raises(services.PostRefused, match=r"took this claim back \(.the account deleted it.\)"):
        services.schedule(approval, channel=channel, claim=claim, **when)
    post = services.schedule(approval, channel=channel, claim=claim, withdraw_if=[WithdrawIf.CHANNEL], **when)
    assert post.withdraw_if == ["approval", "channel"]
    claim = stand_again(claim, by=None, now=NIGHT)
    post = services.schedule(approval, channel=make_channel(), claim=claim, **when)
    assert post.withdraw_if == ["approval", "claim", "channel"]


def test_the_form_asks_with_everything_ticked_and_the_page_of_the_post_says_what_was_chosen(client, officer):
    approval, channel = make_approval(at=timezone.now()), make_channel()
    url = reverse("publishing:schedule", args=[approval.uuid])
    assert client.get(url).content.decode().count('name="withdraw_if"') == 2
    assert all(box.data["selected"] for box in client.get(url).context["form"]["withdraw_if"])
    given = {"channels": [channel.pk], "at_once": "1", "withdraw_if": ["claim"]}
    asked = client.post(url, given)
    client.post(url, {**given, "seen": asked.context["seal"]})
    post = Post.objects.get()
    assert post.withdraw_if == ["approval", "claim"]
    page = words(client.get(reverse("publishing:post", args=[post.uuid])))
    assert "the claim is taken back by its source, or declined" in page
    assert "the channel is held when it is due" not in page
