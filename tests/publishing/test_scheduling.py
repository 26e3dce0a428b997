"""Approved words onto a channel at a moment, and off it again."""

from datetime import timedelta

import pytest

from planner.claims.core.words import ClaimState
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.publishing import services
from planner.publishing.models import Channel, Post
from planner.rebuttals.models import Approval, Release
from planner.tasking.services import acknowledge, open_task
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

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)
DUE = NIGHT + HOUR


def schedule(approval: Approval, channel: Channel, **changes) -> Post:
    given = {
        "channel": channel,
        "claim": approval.draft.rebuttal.claim,
        "due_at": DUE,
        "expires_at": DUE + 4 * HOUR,
        "by": approval.author,
        "now": NIGHT,
        **changes,
    }
    return services.schedule(approval, **given)


def test_a_scheduled_post_waits_for_its_moment_and_stands_in_the_journal():
    approval, channel = make_approval(), make_channel()
    post = schedule(approval, channel)
    assert (post.state, post.next_try_at) == ("scheduled", DUE)
    entry = Entry.objects.get(milestone="scheduled")
    assert (entry.actor, entry.detail["channel"]) == (approval.author.username, channel.name)


def test_the_task_waits_for_the_post_and_wakes_nobody_before():
    approval, dawn = make_approval(), NIGHT + 6 * HOUR
    claim, officer = approval.draft.rebuttal.claim, approval.author
    task = open_task(claim, by=officer, now=NIGHT - HOUR, assignee=officer)
    acknowledge(task, person=officer, now=NIGHT - HOUR)
    schedule(approval, make_channel(), due_at=dawn, expires_at=dawn + HOUR)
    task.refresh_from_db()
    assert task.next_try_at == dawn + HOUR


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"due_at": NIGHT - 2 * timedelta(minutes=1)}, "already passed"),
        ({"expires_at": DUE}, "must come after"),
        ({"expires_at": DUE - HOUR}, "must come after"),
        ({"not_before": DUE + HOUR}, "Under embargo until Tue 10 Jun 00:30"),
    ],
)
def test_moments_that_make_no_sense_are_refused(changes, words):
    with pytest.raises(services.PostRefused, match=words):
        schedule(make_approval(), make_channel(), **changes)


def test_a_form_that_took_a_moment_still_means_now():
    assert schedule(make_approval(), make_channel(), due_at=NIGHT - timedelta(seconds=20)).due_at == NIGHT


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"languages": ["ar"]}, "does not speak this language"),
        ({"limit": 3}, "has 16 characters, .* takes 3"),
    ],
)
def test_words_that_do_not_fit_the_channel_are_refused(fields, words):
    with pytest.raises(services.PostRefused, match=words):
        schedule(make_approval(), make_channel(**fields))


def test_words_for_another_kind_of_channel_are_refused():
    approval = make_approval(make_draft(channel_kind="mastodon"))
    with pytest.raises(services.PostRefused, match="not cleared for a channel like"):
        schedule(approval, make_channel())


def test_the_same_words_are_scheduled_once_on_a_channel_unless_the_first_ended():
    approval, channel = make_approval(), make_channel()
    post = schedule(approval, channel)
    with pytest.raises(services.PostRefused, match="already scheduled or published"):
        schedule(approval, channel)
    services.stop(post, by=approval.author, reason="too early", now=NIGHT)
    schedule(approval, channel)


def test_an_ended_approval_schedules_nothing():
    approval, channel = make_approval(), make_channel()
    Approval.objects.filter(pk=approval.pk).update(ended_at=NIGHT, ended_by=approval.approver, end_reason="no")
    with pytest.raises(services.PostRefused, match="have them approved again"):
        schedule(approval, channel)


def test_a_retired_channel_is_refused_in_the_words_of_the_database():
    with pytest.raises(services.PostRefused, match="no longer on the register"):
        schedule(make_approval(), make_channel(retired_at=NIGHT))


@pytest.mark.parametrize("state", [ClaimState.DECLINED, ClaimState.MERGED])
def test_a_claim_that_gets_no_answer_gets_no_post(state):
    approval = make_approval()
    approval.draft.rebuttal.claim.state = state.value
    with pytest.raises(services.PostRefused, match="decide to answer it first"):
        schedule(approval, make_channel())


def test_words_for_another_claim_are_refused():
    with pytest.raises(services.PostRefused, match=r"(?i)not approved for this claim"):
        schedule(make_approval(), make_channel(), claim=make_rebuttal().claim)


@pytest.mark.parametrize("role", ["analyst", "approver", "auditor", "manager"])
def test_only_officers_schedule(role):
    with pytest.raises(services.PostRefused, match="Only a press officer"):
        schedule(make_approval(), make_channel(), by=make_person(roles=[role]))


def test_a_released_line_is_scheduled_for_its_claim_on_the_kinds_it_was_signed_for():
    line = make_line(channel_kinds=["mastodon"])
    claim = make_rebuttal().claim
    claim.narrative = line.narrative
    claim.save()
    duty = make_person("Zaid Karim", roles=["duty"])
    release = Release.objects.create(line=line, claim=claim, released_by=duty, released_at=NIGHT)
    with pytest.raises(services.PostRefused, match="not cleared for a channel like"):
        schedule(line.approval, make_channel(), claim=claim, release=release, by=duty)


def test_a_stopped_post_keeps_its_reason_and_tells_whoever_scheduled_it():
    post = make_post()
    duty = make_person("Zaid Karim", roles=["duty"])
    services.stop(post, by=duty, reason="the minister speaks first", now=NIGHT)
    row = Post.objects.get(pk=post.pk)
    assert (row.state, row.why, row.reason) == ("stopped", "by_hand", "the minister speaks first")
    assert Notice.objects.get().person == post.scheduled_by


def test_a_post_that_has_ended_cannot_be_stopped():
    post = make_post()
    services.stop(post, by=post.scheduled_by, reason="", now=NIGHT)
    with pytest.raises(services.PostRefused, match="no longer be stopped"):
        services.stop(post, by=post.scheduled_by, reason="", now=NIGHT)


# the sweeps -----------------------------------------------------------------------------------------------------------
def test_posts_that_nobody_stands_for_any_more_are_stopped_within_a_beat():
    withdrawn, role_lost, retired, fine = make_post(), make_post(), make_post(), make_post()
    Approval.objects.filter(pk=withdrawn.approval_id).update(
        ended_at=NIGHT, ended_by=withdrawn.approval.approver, end_reason="wrong number"
    )
    role_lost.approval.approver.is_active = False
    role_lost.approval.approver.save()
    Channel.objects.filter(pk=retired.channel_id).update(retired_at=NIGHT)
    assert services.stop_unapproved(now=NIGHT) == 3
    whys = dict(Post.objects.values_list("pk", "why"))
    assert whys == {withdrawn.pk: "withdrawn", role_lost.pk: "role_lost", retired.pk: "retired", fine.pk: ""}
    assert services.stop_unapproved(now=NIGHT) == 0


def test_a_post_expires_at_its_last_moment_and_somebody_is_told_why():
    post = make_post()
    assert services.expire(now=post.expires_at - timedelta(microseconds=1)) == 0
    assert services.expire(now=post.expires_at) == 1
    row = Post.objects.get(pk=post.pk)
    assert (row.state, row.why) == ("stopped", "expired")
    assert "the clock or the hands did not run" in row.reason
    assert Entry.objects.filter(milestone="expired", claim=post.claim.uuid).exists()
    assert "too late" in Notice.objects.get().subject


def test_a_post_that_expires_behind_a_held_channel_says_so():
    post = make_post()
    services.hold(post.channel, by=post.scheduled_by, reason="the account looks hijacked", now=NIGHT)
    services.expire(now=post.expires_at)
    assert "while the channel was held" in Post.objects.get(pk=post.pk).reason
