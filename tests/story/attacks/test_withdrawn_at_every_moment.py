"""An approval withdrawn at every moment: while the post waits, lies in the queue, is picked up, is under way, is out.

Whatever the moment, the words leave the house at most once, never after the withdrawal was on record before they left,
and the post, the journal and the people concerned say what happened. The channel is a real HTTP server.
"""

import threading
import time
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from planner.notices.models import Notice
from planner.publishing import services as publishing
from planner.publishing.dispatch import hand_over
from planner.publishing.services import PostRefused
from planner.rebuttals import services as rebuttals
from tests.doubles.webhook import Answer
from tests.factories import (
    NIGHT,
    make_approval,
    make_claim,
    make_draft,
    make_line,
    make_person,
    make_rebuttal,
)
from tests.rebuttals.attacks import END_APPROVAL, Waiting, rival
from tests.story.attacks.stage import DUE, REASON, Night, again, queued, story

pytestmark = pytest.mark.django_db


@pytest.fixture
def night(webhook_server):
    return Night(webhook_server.url)


def is_stopped_and_explained(post, night):
    row = again(post)
    explained = (row.state, row.why) == ("stopped", "withdrawn") and REASON in row.reason
    told = Notice.objects.filter(key__startswith=f"post:{post.uuid}:withdrawn", person=night.officer).exists()
    return explained and told and story(night.claim)[-2:] == ["withdrawn", "stopped"]


# while it waits -------------------------------------------------------------------------------------------------------
def test_while_the_post_is_scheduled(night, webhook_server):
    post = night.schedule()
    night.withdraw(DUE - timedelta(minutes=5))
    assert publishing.stop_unapproved(now=DUE - timedelta(minutes=5)) == 1
    assert is_stopped_and_explained(post, night)
    assert hand_over(now=DUE) == 0
    assert webhook_server.received == []


def test_by_an_edit_while_the_post_is_scheduled(night, webhook_server):
    post = night.schedule()
    edited = night.write("The dam stands, and will.", night.draft.rebuttal, DUE - timedelta(minutes=5))
    publishing.stop_unapproved(now=DUE - timedelta(minutes=5))
    row = again(post)
    assert (row.state, row.why) == ("stopped", "withdrawn")
    assert "edited: version 2" in row.reason
    assert "voided" in story(night.claim)
    with pytest.raises(PostRefused, match="approval of these words has ended"):
        night.schedule()
    again_cleared = night.clear(edited, DUE)
    fresh = night.schedule(approval=again_cleared, now=DUE)
    publishing.publish(queued(fresh).pk, now=DUE)
    assert [sent.json()["text"] for sent in webhook_server.posts] == ["The dam stands, and will."]


def test_even_when_no_clock_runs_to_stop_it(night, webhook_server):
    post = night.schedule()
    night.withdraw(DUE - timedelta(minutes=5))
    assert publishing.publish(queued(post).pk, now=DUE) == "stopped"
    assert is_stopped_and_explained(post, night)
    assert webhook_server.received == []


# on its way out -------------------------------------------------------------------------------------------------------
def test_while_the_post_lies_in_the_queue(night, webhook_server, broker):
    post = night.schedule()
    assert hand_over(now=DUE) == 1
    assert again(post).state == "queued"
    night.withdraw(DUE)
    assert publishing.publish(post.pk, now=DUE) == "stopped"
    assert is_stopped_and_explained(post, night)
    assert publishing.publish(post.pk, now=DUE) is None
    assert webhook_server.received == []


def test_while_it_waits_for_another_try(night, webhook_server):
    webhook_server.answer_with(429, headers={"Retry-After": "60"})
    post = night.schedule()
    assert publishing.publish(queued(post).pk, now=DUE) == "retrying"
    night.withdraw(DUE + timedelta(seconds=5))
    publishing.stop_unapproved(now=DUE + timedelta(seconds=6))
    assert is_stopped_and_explained(post, night)
    assert hand_over(now=DUE + timedelta(minutes=5)) == 0
    assert webhook_server.posts == []


@pytest.mark.django_db(transaction=True)
def test_at_the_instant_at_which_a_hand_picks_it_up(webhook_server):
    night = Night(webhook_server.url)
    post = queued(night.schedule())
    with rival() as colleague, rival() as hands:
        colleague.execute(END_APPROVAL, (DUE, night.approver.pk, night.approval.pk))
        leave = "UPDATE publishing_post SET state = 'sending', sending_at = %s WHERE id = %s"
        attempt = "INSERT INTO publishing_attempt (post_id, started_at, outcome, detail) VALUES (%s, %s, '', '')"
        hands.execute(attempt, (post.pk, DUE))
        waiting = Waiting(hands, lambda: hands.execute(leave, (DUE, post.pk)))
        assert waiting.is_blocked(), "the hand did not wait for the withdrawal"
        colleague.commit()
        assert "approval of these words has ended" in str(waiting.result())
    assert publishing.publish(post.pk, now=DUE) == "stopped"
    assert webhook_server.received == []


@pytest.mark.django_db(transaction=True)
def test_while_the_channel_is_still_thinking_the_words_count_as_out_and_nothing_is_sent_twice(webhook_server):
    night = Night(webhook_server.url)
    post = queued(night.schedule())
    webhook_server.then(Answer(hang=10))
    sender = threading.Thread(target=_publish_and_close, args=(post.pk,))
    sender.start()
    try:
        wait_until(lambda: len(webhook_server.received) == 1)
        assert again(post).state == "sending"
        night.withdraw(DUE + timedelta(seconds=2))  # does not wait for the channel
        assert publishing.stop_unapproved(now=DUE + timedelta(seconds=2)) == 0
    finally:
        webhook_server.release()
        sender.join(30)
    publishing.stop_unapproved(now=DUE + timedelta(seconds=3))
    publishing.publish(post.pk, now=DUE + timedelta(minutes=1))
    assert (again(post).state, len(webhook_server.received)) == ("published", 1)
    moments = again(post)
    night.approval.refresh_from_db()
    assert moments.sending_at < night.approval.ended_at


# afterwards -----------------------------------------------------------------------------------------------------------
def test_after_it_is_out_the_record_says_that_it_went_out_first(night, webhook_server):
    post = night.schedule()
    publishing.publish(queued(post).pk, now=DUE)
    night.withdraw(DUE + timedelta(minutes=5))
    assert publishing.stop_unapproved(now=DUE + timedelta(minutes=5)) == 0
    assert again(post).state == "published"
    told = story(night.claim)
    assert told.index("published") < told.index("withdrawn")
    assert len(webhook_server.posts) == 1
    with pytest.raises(PostRefused, match="approval of these words has ended"):
        night.schedule(due_at=DUE + timedelta(hours=1))


# the same for lines and roles -----------------------------------------------------------------------------------------
def test_a_line_withdrawn_after_its_release_stops_the_post_of_that_release(night, webhook_server, narrative_words):
    line, claim, duty = narrative_words
    released = rebuttals.release(line, claim=claim, by=duty, now=NIGHT)
    window = {"due_at": DUE, "expires_at": DUE + timedelta(hours=2), "release": released}
    post = publishing.schedule(line.approval, channel=night.channel, claim=claim, by=duty, now=NIGHT, **window)
    rebuttals.withdraw(line.approval, by=duty, reason=REASON, now=DUE)
    assert publishing.publish(queued(post).pk, now=DUE) == "stopped"
    assert webhook_server.received == []


@pytest.fixture
def narrative_words():
    line = make_line(make_approval(make_draft(make_rebuttal(narrative=make_line().narrative))))
    return line, make_claim("The road is closed.", narrative=line.narrative), make_person("Hala Amin", roles=["duty"])


def test_an_approver_who_lost_the_role_before_the_due_moment_stands_for_nothing_any_more(night, webhook_server):
    post = night.schedule()
    night.approver.roles = []
    night.approver.save(update_fields=["roles"])
    assert publishing.publish(queued(post).pk, now=DUE) == "stopped"
    assert again(post).why == "role_lost"
    assert webhook_server.received == []


# with real processes --------------------------------------------------------------------------------------------------
@pytest.mark.django_db(transaction=True)
def test_with_clock_and_hands_running_a_withdrawal_two_seconds_before_the_due_moment_holds(
    webhook_server, start_hand, start_clock
):
    start_hand("publish")
    start_clock()
    now = timezone.now()
    night = Night(webhook_server.url, now=now)
    withdrawn = night.schedule(due_at=now + timedelta(seconds=4), now=now)
    other = Night(webhook_server.url, now=now)
    kept = other.schedule(due_at=now + timedelta(seconds=4), now=now)
    time.sleep(2)
    night.withdraw(timezone.now())
    wait_until(lambda: again(withdrawn).state == "stopped" and again(kept).state == "published", seconds=40)
    assert [sent.json()["claim"] for sent in webhook_server.posts] == [str(other.claim.uuid)]
    assert REASON in again(withdrawn).reason


def wait_until(holds, seconds=15):
    end = time.monotonic() + seconds
    while not holds():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.05)


def _publish_and_close(pk):
    try:
        publishing.publish(pk, now=DUE)
    finally:
        connection.close()
