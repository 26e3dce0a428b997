"""What the database itself refuses, attacked through SQL and the plainest ORM: no service stands in between."""

import itertools
from datetime import timedelta

import pytest
from django.db import transaction

from planner.narratives.models import Narrative
from planner.publishing.core.states import MOVES, PostState
from planner.publishing.models import Attempt
from planner.rebuttals.models import Approval, Release
from tests.factories import (
    NIGHT,
    make_approval,
    make_channel,
    make_claim,
    make_draft,
    make_line,
    make_person,
    make_post,
    make_rebuttal,
)
from tests.publishing.attacks import LATER, OUTCOME, end_attempt, in_state, move, queued, refused, sql

pytestmark = pytest.mark.django_db


def test_a_post_without_an_approval_cannot_exist():
    post = make_post()
    with refused("approval_id|not approved for this claim"):
        sql(
            "INSERT INTO publishing_post (uuid, claim_id, channel_id, text_sha256, state, scheduled_at,"
            " scheduled_by_id, due_at, expires_at, attempts, leased_by, last_error, remote_id, remote_url, reason, why)"
            " SELECT gen_random_uuid(), claim_id, channel_id, text_sha256, 'scheduled', scheduled_at, scheduled_by_id,"
            " due_at, expires_at, 0, '', '', '', '', '', '' FROM publishing_post WHERE id = %s",
            post.pk,
        )


@pytest.mark.parametrize("state", [state for state in PostState if state is not PostState.SCHEDULED])
def test_a_post_begins_as_scheduled(state):
    approval, channel = make_approval(), make_channel()
    with refused("begins as scheduled"), transaction.atomic():
        make_post(approval, channel=channel, state=state, published_at=NIGHT, why="by_hand")


def test_words_that_were_not_approved_cannot_be_posted():
    approval, channel, other = make_approval(), make_channel(), make_draft(text="Something quite different.")
    with refused("post_exact_words"), transaction.atomic():
        make_post(approval, channel=channel, text_sha256=other.text_sha256)


def test_an_approval_that_ended_allows_no_post():
    approval, channel = make_approval(), make_channel()
    Approval.objects.filter(pk=approval.pk).update(
        ended_at=LATER, ended_by=approval.approver, end_reason="wrong number"
    )
    with refused("approval of these words has ended"), transaction.atomic():
        make_post(approval, channel=channel)


def test_words_cleared_for_one_kind_of_channel_are_posted_on_no_other():
    approval = make_approval(make_draft(channel_kind="mastodon"))
    with refused("not cleared for a channel of kind webhook"), transaction.atomic():
        make_post(approval, channel=make_channel())


def test_a_line_signed_for_one_kind_of_channel_is_posted_on_no_other():
    line = make_line(channel_kinds=["mastodon", "x"])
    claim, duty = make_claim(narrative=line.narrative), make_person("Hala", roles=["duty"])
    release = Release.objects.create(line=line, claim=claim, released_by=duty, released_at=NIGHT)
    with refused("not cleared for a channel of kind webhook"), transaction.atomic():
        make_post(line.approval, channel=make_channel(), claim=claim, release=release)
    assert make_post(line.approval, channel=make_channel(kind="mastodon"), claim=claim, release=release).pk


def test_a_channel_that_left_the_register_takes_no_post():
    approval, channel = make_approval(), make_channel(retired_at=NIGHT)
    with refused("no longer on the register"), transaction.atomic():
        make_post(approval, channel=channel)


def test_words_approved_for_one_claim_cannot_answer_another():
    approval, channel, other = make_approval(), make_channel(), make_rebuttal().claim
    with refused("not approved for this claim"), transaction.atomic():
        make_post(approval, channel=channel, claim=other)


def test_a_cleared_line_answers_only_a_claim_for_which_it_was_released():
    line, channel = make_line(), make_channel()
    claim = make_rebuttal().claim
    other = make_rebuttal().claim
    for one in (claim, other):
        one.narrative = line.narrative
        one.save()
    person = make_person("Zaid Karim", roles=["duty"])
    with refused("no cleared line was released"), transaction.atomic():
        make_post(line.approval, channel=channel, claim=claim)
    release = Release.objects.create(line=line, claim=claim, released_by=person, released_at=LATER)
    with refused("no cleared line was released"), transaction.atomic():
        make_post(line.approval, channel=channel, claim=other, release=release)
    make_post(line.approval, channel=channel, claim=claim, release=release)


def test_a_release_does_not_open_the_way_for_other_words():
    line, channel = make_line(), make_channel()
    claim = make_rebuttal().claim
    claim.narrative = line.narrative
    claim.save()
    person = make_person("Zaid Karim", roles=["duty"])
    release = Release.objects.create(line=line, claim=claim, released_by=person, released_at=LATER)
    narrative = Narrative.objects.create(name="Another storyline")
    others = make_approval(make_draft(make_rebuttal(narrative=narrative)))
    with refused("no cleared line was released"), transaction.atomic():
        make_post(others, channel=channel, claim=claim, release=release)


def test_the_same_words_stand_once_on_a_channel():
    post = make_post()
    with refused("same_words_once_per_channel"), transaction.atomic():
        make_post(post.approval, channel=post.channel)


def test_an_embargo_is_kept_by_the_database_whatever_is_written():
    with refused("post_due_after_embargo"), transaction.atomic():
        make_post(not_before=NIGHT + timedelta(minutes=1))
    post = make_post(not_before=NIGHT)
    with refused("embargo of a post never changes"):
        sql("UPDATE publishing_post SET not_before = NULL WHERE id = %s", post.pk)
    with refused("post_due_after_embargo"):
        sql("UPDATE publishing_post SET due_at = not_before - interval '1 minute' WHERE id = %s", post.pk)
    move(post, "queued")
    Attempt.objects.create(post=post, started_at=NIGHT)
    with refused("under embargo"):
        move(post, "sending", sending_at=NIGHT - timedelta(seconds=1))
    move(post, "sending", sending_at=NIGHT)


# how a post moves -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(("before", "after"), list(itertools.permutations(PostState, 2)), ids=lambda state: state.value)
def test_a_post_moves_only_along_the_table_of_moves(before, after):
    post = in_state(before.value)
    fields = {
        "published_at": LATER if after is PostState.PUBLISHED else None,
        "why": "by_hand" if after is PostState.STOPPED else "",
    }
    if after is PostState.SENDING:
        fields["sending_at"] = LATER + timedelta(seconds=1)
        if before is PostState.QUEUED:
            Attempt.objects.create(post=post, started_at=LATER)
    if before is PostState.SENDING and after.value in OUTCOME:
        end_attempt(post, OUTCOME[after.value])
    if before is PostState.UNCERTAIN:
        fields["settled_by_id"] = post.scheduled_by_id
    if after in MOVES[before]:
        move(post, after.value, **fields)
        return
    with refused("may not go|has ended"):
        move(post, after.value, **fields)


@pytest.mark.parametrize("state", ["published", "failed", "stopped"])
def test_a_post_that_has_ended_never_changes(state):
    post = in_state(state)
    for column in ("remote_url", "reason", "last_error"):
        with refused("never changes"):
            sql(f"UPDATE publishing_post SET {column} = 'forged' WHERE id = %s", post.pk)
    with refused("never changes"):
        sql("UPDATE publishing_post SET published_at = now() WHERE id = %s", post.pk)


def test_what_a_post_says_for_what_where_and_by_whom_never_changes():
    post, other = make_post(), make_post()
    changes = {
        "claim_id": other.claim_id,
        "approval_id": other.approval_id,
        "text_sha256": other.text_sha256 if other.text_sha256 != post.text_sha256 else "0" * 64,
        "channel_id": other.channel_id,
        "scheduled_by_id": other.scheduled_by_id,
        "uuid": "00000000-0000-4000-8000-000000000000",
    }
    for column, value in changes.items():
        with refused("never changes"):
            sql(f"UPDATE publishing_post SET {column} = %s WHERE id = %s", value, post.pk)


def test_a_post_is_moved_in_time_only_while_it_is_scheduled():
    post = make_post()
    sql("UPDATE publishing_post SET due_at = due_at + interval '1 hour' WHERE id = %s", post.pk)
    post = queued()
    for column in ("due_at", "expires_at"):
        with refused("only while it is scheduled"):
            sql(f"UPDATE publishing_post SET {column} = {column} + interval '1 minute' WHERE id = %s", post.pk)


def test_only_a_published_post_has_a_time_of_publication():
    post = make_post()
    with refused("only a published post"):
        sql("UPDATE publishing_post SET published_at = now() WHERE id = %s", post.pk)


# the last questions ---------------------------------------------------------------------------------------------------
