"""What PostgreSQL keeps of a thread: which part a post is, that it has them all, and in which order they leave."""

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from planner.publishing.models import Attempt, Post
from planner.rebuttals.core.threads import pieces
from tests.factories import make_approval, make_channel, make_draft, make_person, make_post
from tests.publishing.test_threads import LATER, THREAD, schedule

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer():
    return make_person("Sara Nabil", roles=["officer"])


@pytest.fixture
def thread(officer) -> list[Post]:
    return schedule(make_channel(kind="mastodon"), officer)


def attack(post: Post, change: str, sentence: str) -> None:
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(f"UPDATE publishing_post SET {change} WHERE id = %s", [post.pk])


@pytest.mark.parametrize("change", ["part = 1, follows_id = NULL", "parts = 2", "follows_id = NULL", "part = 2"])
def test_which_part_a_post_is_never_changes(thread, change):
    attack(thread[2], change, r"never changes|post_part")


@pytest.mark.parametrize("before", ["scheduled", "queued", "failed", "stopped", "no address"])
def test_no_part_enters_sending_before_the_one_before_is_public_with_its_address(thread, before):
    bring(thread[0], before)
    second = thread[1]
    Post.objects.filter(pk=second.pk).update(state="queued")
    Attempt.objects.create(post=second, started_at=LATER)
    attack(second, f"state = 'sending', sending_at = '{LATER.isoformat()}'", "not public yet")


def bring(post: Post, state: str) -> None:
    if state == "scheduled":
        return
    if state == "stopped":
        Post.objects.filter(pk=post.pk).update(state="stopped", why="by_hand")
        return
    Post.objects.filter(pk=post.pk).update(state="queued")
    if state == "queued":
        return
    Attempt.objects.create(post=post, started_at=LATER)
    Post.objects.filter(pk=post.pk).update(state="sending", sending_at=LATER)
    outcome, ended = ("refused", "failed") if state == "failed" else ("sent", "published")
    post.tries.update(ended_at=LATER, outcome=outcome)
    Post.objects.filter(pk=post.pk).update(state=ended, published_at=LATER if ended == "published" else None)


@pytest.mark.parametrize(
    "part",
    [
        {"part": 2, "parts": 3},
        {"part": 1, "parts": 2},
        {"part": 1, "parts": 4},
        {"part": 0, "parts": 3},
        {"part": 4, "parts": 3},
    ],
)
def test_a_part_that_the_approved_words_do_not_have_cannot_be_written(part):
    approval = make_approval(make_draft(text=THREAD))
    with pytest.raises(IntegrityError), transaction.atomic():
        make_post(approval, **part)


def test_a_part_cannot_follow_other_words_or_stand_on_another_channel(thread, officer):
    other = make_approval(make_draft(text=THREAD))
    with pytest.raises(IntegrityError, match="follows the one before"), transaction.atomic():
        make_post(other, channel=thread[0].channel, part=2, parts=3, follows=thread[0])
    with pytest.raises(IntegrityError, match="follows the one before"), transaction.atomic():
        make_post(thread[0].approval, part=2, parts=3, follows=thread[0], scheduled_by=officer)
    with pytest.raises(IntegrityError, match="follows the one before"), transaction.atomic():
        make_post(thread[0].approval, channel=thread[0].channel, part=3, parts=3, follows=thread[0])


LINES = ["---", " ---\t", "--- ", "----", "a", " ", "", "\t", "x --- y", "\u00a0"]


@given(st.lists(st.sampled_from(LINES), max_size=12))
def test_the_database_counts_parts_as_the_core_does(lines):
    text = "\n".join(lines)
    with connection.cursor() as cursor:
        cursor.execute("SELECT publishing_parts_of(%s)", [text])
        assert cursor.fetchone()[0] == len(pieces(text))
