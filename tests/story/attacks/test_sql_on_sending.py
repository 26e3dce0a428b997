"""What PostgreSQL asks before a post may leave the house, and after it has left."""

from datetime import timedelta

import pytest
from django.db import transaction

from planner.publishing.models import Attempt, Post
from planner.rebuttals.models import Approval
from tests.factories import (
    NIGHT,
    make_draft,
    make_post,
)
from tests.publishing.attacks import LATER, OUTCOME, end_attempt, in_state, move, queued, refused, sending, sql

pytestmark = pytest.mark.django_db


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
    post = queued(late_at=NIGHT + timedelta(days=1))
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
