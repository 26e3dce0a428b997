"""Posts in every state, and ways to attack them past the services."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from planner.publishing.models import Attempt, Post
from tests.factories import (
    NIGHT,
    make_post,
)

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
