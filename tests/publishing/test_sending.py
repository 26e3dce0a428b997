"""A post leaves the house once, and what became of it is written down truly. The channel is a real HTTP server."""

from datetime import timedelta

import pytest

from planner.claims.core.words import ClaimState
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.publishing import services
from planner.publishing.core.outcome import RefusedForGood, Sent
from planner.publishing.core.states import PostState
from planner.publishing.models import Attempt, Post
from planner.rebuttals.models import Approval
from tests.doubles.webhook import Answer
from tests.factories import NIGHT, make_channel, make_post

pytestmark = pytest.mark.django_db
NOW = NIGHT + timedelta(seconds=1)


@pytest.fixture
def post(webhook_server) -> Post:
    """A due post on a channel that answers, handed over."""
    return queue(make_post(channel=make_channel(webhook_server.url)))


def queue(post: Post) -> Post:
    Post.objects.filter(pk=post.pk).update(state="queued", queued_at=NOW)
    return post


def again(post: Post) -> Post:
    return Post.objects.select_related("claim").get(pk=post.pk)


def milestones(post: Post) -> list[str]:
    return list(Entry.objects.filter(claim=post.claim.uuid).values_list("milestone", flat=True))


def told(post: Post) -> set[str]:
    return set(Notice.objects.filter(key__startswith=f"post:{post.uuid}").values_list("person__username", flat=True))


def test_the_approved_words_reach_the_channel_and_the_claim_is_answered(post, webhook_server):
    webhook_server.answer_with(201, body=b'{"id": "9", "url": "https://www.example.org/9"}')
    assert services.publish(post.pk, now=NOW) is PostState.PUBLISHED
    [sent] = webhook_server.posts
    assert sent.json()["text"] == post.approval.draft.text
    row = again(post)
    assert NOW <= row.published_at < NOW + timedelta(seconds=5)
    assert (row.remote_id, row.remote_url) == ("9", "https://www.example.org/9")
    assert row.claim.state == ClaimState.ANSWERED
    assert milestones(post) == ["published", "answered"]
    entry = Entry.objects.get(milestone="answered")
    assert entry.at == row.published_at


def test_a_redelivered_message_sends_nothing(post, webhook_server):
    services.publish(post.pk, now=NOW)
    assert services.publish(post.pk, now=NOW) is None
    assert len(webhook_server.received) == 1


@pytest.mark.parametrize("state", ["scheduled", "sending", "stopped"])
def test_a_message_for_a_post_that_was_not_handed_over_is_left(webhook_server, state):
    post = make_post(channel=make_channel(webhook_server.url))
    if state == "stopped":
        Post.objects.filter(pk=post.pk).update(state=state, why="by_hand")
    elif state == "sending":
        webhook_server.cut_connections()
        services.publish(queue(post).pk, now=NOW)
    before = len(webhook_server.received)
    assert services.publish(post.pk, now=NOW) is None
    assert len(webhook_server.received) == before


def test_a_message_for_no_post_is_left():
    assert services.publish(987654, now=NOW) is None


# certainly not posted -------------------------------------------------------------------------------------------------
def test_a_channel_that_asks_to_come_later_is_asked_later(post, webhook_server):
    webhook_server.then(Answer(429, headers={"Retry-After": "30"}))
    assert services.publish(post.pk, now=NOW) is PostState.RETRYING
    row = again(post)
    assert NOW + timedelta(seconds=30) <= row.next_try_at < NOW + timedelta(seconds=36)
    assert services.publish(queue(post).pk, now=row.next_try_at) is PostState.PUBLISHED
    assert len(webhook_server.posts) == 1
    assert [attempt.outcome for attempt in row.tries.all()] == ["not_posted", "sent"]
    assert told(post) == set()


def test_a_refused_connection_is_tried_again(post):
    post.channel.address = "http://127.0.0.1:9/hook"
    post.channel.save()
    assert services.publish(post.pk, now=NOW) is PostState.RETRYING


def test_there_is_no_try_after_the_last_moment(post, webhook_server):
    webhook_server.answer_with(503, headers={"Retry-After": "86400"})
    services.publish(post.pk, now=NOW)
    assert again(post).next_try_at == post.expires_at
    assert services.expire(now=post.expires_at) == 1
    row = again(post)
    assert (row.state, row.why) == ("stopped", "expired")
    assert "could not take it" in row.reason


# refused --------------------------------------------------------------------------------------------------------------
def test_a_refusal_is_final_and_a_person_is_told_the_reason(post, webhook_server):
    webhook_server.answer_with(422, body=b"too many links")
    assert services.publish(post.pk, now=NOW) is PostState.FAILED
    assert "too many links" in again(post).reason
    assert told(post) == {post.scheduled_by.username}
    assert "too many links" in Notice.objects.get(key__contains=":failed:").body
    assert again(post).claim.state != ClaimState.ANSWERED


def test_a_secret_that_no_key_opens_is_a_refusal_that_names_the_mend(post, settings, webhook_server):
    settings.PLANNER_SEAL_KEYS = "EREREREREREREREREREREREREREREREREREREREREREREQ="[:43] + "="
    assert services.publish(post.pk, now=NOW) is PostState.FAILED
    assert "PLANNER_SEAL_KEYS" in again(post).reason
    assert webhook_server.received == []


# unknown --------------------------------------------------------------------------------------------------------------
def test_a_lost_answer_makes_a_post_uncertain_and_is_never_sent_again(post, webhook_server):
    webhook_server.accept_and_lose_the_answer()
    assert services.publish(post.pk, now=NOW) is PostState.UNCERTAIN
    assert told(post) == {post.scheduled_by.username}
    webhook_server.release()
    services.publish(post.pk, now=NOW)
    services.recover(post.pk, now=NOW)
    assert len(webhook_server.received) == 1


def test_a_person_who_saw_it_settles_it_as_published_when_it_was_sent(post, webhook_server):
    webhook_server.accept_and_lose_the_answer()
    services.publish(post.pk, now=NOW)
    later = NOW + timedelta(minutes=20)
    row = services.settle(post, published=True, by=post.scheduled_by, now=later, note="seen on the site")
    assert row.state == "published"
    assert row.published_at == row.sending_at
    assert row.settled_by == post.scheduled_by
    assert again(post).claim.state == ClaimState.ANSWERED
    assert milestones(post) == ["uncertain", "published", "settled", "answered"]


def test_a_person_who_did_not_see_it_settles_it_as_not_public(post, webhook_server):
    webhook_server.cut_connections()
    services.publish(post.pk, now=NOW)
    row = services.settle(post, published=False, by=post.scheduled_by, now=NOW, note="looked twice")
    assert (row.state, row.reason) == ("failed", "looked twice")
    assert again(post).claim.state != ClaimState.ANSWERED


def test_only_an_uncertain_post_is_settled_and_only_by_who_may(post, webhook_server):
    with pytest.raises(services.PostRefused, match="no longer uncertain"):
        services.settle(post, published=True, by=post.scheduled_by, now=NOW)
    with pytest.raises(services.PostRefused, match="Only a press officer"):
        services.settle(post, published=True, by=post.approval.approver, now=NOW)


def test_an_answer_that_comes_after_the_post_was_given_up_still_counts(post):
    attempt = services.sending._start(Post.objects.filter(pk=post.pk), lambda: NOW)
    assert services.recover(post.pk, now=NOW + timedelta(minutes=2)) is PostState.UNCERTAIN
    late = services.conclude(attempt, Sent(remote_id="9"), now=NOW + timedelta(minutes=3))
    assert late is PostState.PUBLISHED
    assert again(post).remote_id == "9"
    assert services.conclude(attempt, RefusedForGood("no"), now=NOW) is PostState.PUBLISHED


# a hand that died -----------------------------------------------------------------------------------------------------
def die_while_sending(post: Post) -> None:
    """What a SIGKILL between the two transactions leaves behind."""
    from_row = services.sending._start(Post.objects.filter(pk=post.pk), lambda: NOW)
    assert from_row.ended_at is None


def test_a_post_whose_hand_died_is_found_on_a_channel_that_can_be_asked(webhook_server):
    channel = make_channel(webhook_server.url, options={"can_be_asked": True})
    post = queue(make_post(channel=channel))
    die_while_sending(post)
    webhook_server.on_get = lambda path: (200, {"id": "9"}) if str(post.uuid) in path else (404, {})
    assert services.recover(post.pk, now=NOW + timedelta(minutes=2)) is PostState.PUBLISHED
    assert webhook_server.posts == []


@pytest.mark.parametrize("options", [{}, {"can_be_asked": True}])
def test_a_post_whose_hand_died_is_otherwise_uncertain_and_never_sent_again(webhook_server, options):
    post = queue(make_post(channel=make_channel(webhook_server.url, options=options)))
    die_while_sending(post)
    assert services.recover(post.pk, now=NOW + timedelta(minutes=2)) is PostState.UNCERTAIN
    assert webhook_server.posts == []
    assert told(post) == {post.scheduled_by.username}


# the last moment ------------------------------------------------------------------------------------------------------
def test_an_approval_withdrawn_after_the_hand_over_stops_the_post(post, webhook_server):
    approver = post.approval.approver
    Approval.objects.filter(pk=post.approval_id).update(ended_at=NOW, ended_by=approver, end_reason="wrong number")
    assert services.publish(post.pk, now=NOW) is PostState.STOPPED
    row = again(post)
    assert (row.why, row.reason.endswith("wrong number")) == ("withdrawn", True)
    assert webhook_server.received == []
    assert told(post) == {post.scheduled_by.username}


def test_an_approver_who_lost_the_role_stops_the_post(post, webhook_server):
    post.approval.approver.roles = []
    post.approval.approver.save()
    assert services.publish(post.pk, now=NOW) is PostState.STOPPED
    assert again(post).why == "role_lost"
    assert webhook_server.received == []


def test_a_held_channel_puts_a_post_that_waits_behind_it_back_on_the_schedule(webhook_server):
    post = queue(make_post(channel=make_channel(webhook_server.url), withdraw_if=["approval"]))
    type(post.channel).objects.filter(pk=post.channel_id).update(held_at=NOW)
    assert services.publish(post.pk, now=NOW) is PostState.SCHEDULED
    assert webhook_server.received == []


def test_a_post_handed_over_too_late_expires(post, webhook_server):
    assert services.publish(post.pk, now=post.expires_at) is PostState.STOPPED
    assert again(post).why == "expired"
    assert webhook_server.received == []
    assert milestones(post) == ["expired"]


def test_published_posts_whose_claim_was_not_noted_are_noted_later(post, webhook_server):
    services.publish(post.pk, now=NOW)
    type(post.claim).objects.filter(pk=post.claim_id).update(state="taken_up")
    assert services.note_answers(now=NOW) == 1
    assert again(post).claim.state == ClaimState.ANSWERED
    assert services.note_answers(now=NOW) == 0


def test_a_hand_with_more_to_send_sends_first_and_the_clock_notes_the_answer(post, webhook_server):
    other = queue(make_post(channel=post.channel))
    services.publish(post.pk, now=NOW)
    assert again(post).state == PostState.PUBLISHED
    assert again(post).claim.state != ClaimState.ANSWERED
    services.publish(other.pk, now=NOW)
    assert again(other).claim.state == ClaimState.ANSWERED
    assert services.note_answers(now=NOW) == 1
    row = again(post)
    assert row.claim.state == ClaimState.ANSWERED
    assert Entry.objects.get(claim=row.claim.uuid, milestone="answered").at == row.published_at


def test_a_hand_goes_on_with_what_waits_the_earliest_due_first_each_once(post, webhook_server):
    later = [
        queue(make_post(channel=make_channel(webhook_server.url), due_at=NOW - timedelta(minutes=n))) for n in (1, 3)
    ]
    waiting = make_post(channel=make_channel(webhook_server.url))
    assert services.publish_waiting(now=NOW, until=NOW + timedelta(seconds=9)) == 3
    assert services.publish_waiting(now=NOW, until=NOW + timedelta(seconds=9)) == 0
    keys = [sent.headers["idempotency-key"] for sent in webhook_server.posts]
    assert keys == [str(one.uuid) for one in (later[1], later[0], post)]
    assert again(waiting).state == "scheduled"
    assert services.publish(post.pk, now=NOW) is None


def test_a_hand_begins_nothing_more_when_its_time_is_nearly_over(post, webhook_server):
    assert services.publish_waiting(now=NOW, until=NOW) == 0
    assert again(post).state == "queued"


def test_a_post_that_cannot_be_taken_does_not_stand_in_the_way_of_the_others(post, webhook_server):
    earliest = queue(make_post(channel=make_channel(webhook_server.url), due_at=NOW - timedelta(minutes=9)))
    Attempt.objects.create(post=earliest, started_at=NOW)  # no service leaves such a row behind
    other = queue(make_post(channel=post.channel))
    assert services.publish_waiting(now=NOW, until=NOW + timedelta(seconds=9)) == 2
    assert {again(one).state for one in (post, other)} == {"published"}
    assert again(earliest).state == "queued"
