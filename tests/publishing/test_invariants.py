"""What the database itself refuses, attacked through SQL and the plainest ORM: no service stands in between."""

import itertools
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from planner.narratives.models import Narrative
from planner.publishing.core.states import MOVES, PostState
from planner.publishing.models import Attempt, Post
from planner.rebuttals.models import Approval, Release
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
LATER = NIGHT + timedelta(seconds=1)
OUTCOME = {"published": "sent", "retrying": "not_posted", "failed": "refused", "uncertain": "unknown"}


def refused(words: str):
    """The database refuses, as an IntegrityError, in these words."""
    return pytest.raises(IntegrityError, match=words)


def sql(statement: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement, values)


def move(post: Post, state: str, **fields: object) -> None:
    names = ", ".join(f"{name} = %s" for name in ["state", *fields])
    sql(f"UPDATE publishing_post SET {names} WHERE id = %s", state, *fields.values(), post.pk)


def queued(**fields) -> Post:
    post = make_post(**fields)
    move(post, "queued")
    return post


def sending(**fields) -> Post:
    post = queued(**fields)
    Attempt.objects.create(post=post, started_at=LATER)
    move(post, "sending", sending_at=LATER)
    return post


def end_attempt(post: Post, outcome: str) -> None:
    post.tries.filter(ended_at=None).update(ended_at=LATER, outcome=outcome)


def in_state(state: str) -> Post:
    """A post brought to a state along the ways that are allowed."""
    if state == "scheduled":
        return make_post()
    if state == "queued":
        return queued()
    if state == "stopped":
        post = make_post()
        move(post, "stopped", why="by_hand")
        return post
    post = sending()
    if state != "sending":
        end_attempt(post, OUTCOME[state])
        move(post, state, published_at=LATER if state == "published" else None)
    return post


# how a post begins ----------------------------------------------------------------------------------------------------
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
def try_to_send(post: Post, *, at=LATER) -> None:
    with transaction.atomic():
        Attempt.objects.create(post=post, started_at=at)
        move(post, "sending", sending_at=at)


def test_a_withdrawn_approval_keeps_a_post_in_the_house():
    post = queued()
    approver = post.approval.approver
    Approval.objects.filter(pk=post.approval_id).update(ended_at=LATER, ended_by=approver, end_reason="wrong number")
    with refused("approval of these words has ended"):
        try_to_send(post)


def test_an_edit_keeps_a_post_in_the_house():
    post = queued()
    make_draft(post.approval.draft.rebuttal, text="The city stands, and the bridge is open.")
    with refused("approval of these words has ended"):
        try_to_send(post)


def test_an_approver_who_lost_the_role_keeps_a_post_in_the_house():
    post = queued()
    sql("UPDATE people_user SET roles = '{}' WHERE id = %s", post.approval.approver_id)
    with refused("may no longer approve"):
        try_to_send(post)


@pytest.mark.parametrize(("column", "words"), [("held_at", "is held"), ("retired_at", "no longer on the register")])
def test_a_channel_that_is_held_or_retired_lets_nothing_out(column, words):
    post = queued()
    sql(f"UPDATE publishing_channel SET {column} = now() WHERE id = %s", post.channel_id)
    with refused(words):
        try_to_send(post)


def test_a_post_never_leaves_at_or_after_its_last_moment():
    post = queued()
    with refused("last moment of this post has passed"):
        try_to_send(post, at=post.expires_at)
    try_to_send(post, at=post.expires_at - timedelta(microseconds=1))


def test_a_post_that_is_sent_says_when():
    post = queued()
    Attempt.objects.create(post=post, started_at=LATER)
    with refused("says when"):
        move(post, "sending")


def test_nothing_is_sent_before_an_attempt_is_written_down():
    post = queued()
    with refused("an attempt is written down"):
        move(post, "sending", sending_at=LATER)


def test_a_second_sending_needs_an_outcome_of_the_first_and_a_new_attempt():
    post = sending()
    with refused("only when its attempt ended as not_posted, not open"):
        move(post, "retrying")
    end_attempt(post, "not_posted")
    move(post, "retrying")
    move(post, "queued")
    with refused("an attempt is written down"):
        move(post, "sending", sending_at=LATER + timedelta(seconds=1))


@pytest.mark.parametrize("state", OUTCOME)
@pytest.mark.parametrize("outcome", OUTCOME.values())
def test_a_post_goes_where_the_outcome_of_its_attempt_says(state, outcome):
    post = sending()
    end_attempt(post, outcome)
    published_at = LATER if state == "published" else None
    if OUTCOME[state] == outcome:
        move(post, state, published_at=published_at)
        return
    with refused("only when its attempt ended as"):
        move(post, state, published_at=published_at)


def test_only_a_person_says_that_an_uncertain_post_is_not_public():
    post = in_state("uncertain")
    with refused("only a person"):
        move(post, "failed")


# attempts -------------------------------------------------------------------------------------------------------------
def test_a_post_has_one_open_attempt_at_most():
    post = queued()
    Attempt.objects.create(post=post, started_at=LATER)
    with refused("one_open_attempt_per_post"), transaction.atomic():
        Attempt.objects.create(post=post, started_at=LATER)


def test_an_attempt_begins_open_and_only_on_a_post_that_was_handed_over():
    with refused("an attempt begins open"), transaction.atomic():
        Attempt.objects.create(post=make_post(), started_at=LATER)
    with refused("an attempt begins open"), transaction.atomic():
        Attempt.objects.create(post=queued(), started_at=LATER, ended_at=LATER, outcome="sent")


def test_an_attempt_that_ended_never_changes_and_says_how_it_ended():
    post = sending()
    with refused("attempt_ended_has_an_outcome"):
        sql("UPDATE publishing_attempt SET ended_at = now() WHERE post_id = %s", post.pk)
    with refused("never changes"):
        sql("UPDATE publishing_attempt SET started_at = now() WHERE post_id = %s", post.pk)
    end_attempt(post, "unknown")
    with refused("has ended never changes"):
        sql("UPDATE publishing_attempt SET outcome = 'sent' WHERE post_id = %s", post.pk)


# history --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("table", ["publishing_attempt", "publishing_post"])
def test_posts_and_attempts_cannot_be_deleted(table):
    sending()
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # foreign keys still to be checked would refuse the TRUNCATE by themselves
    with refused("DELETE refused"):
        sql(f"DELETE FROM {table}")
    with refused("TRUNCATE refused"):
        sql(f"TRUNCATE {table} CASCADE")
