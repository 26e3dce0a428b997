"""Real clocks and real hands, in processes of their own, against a real channel."""

import signal
import time
from collections import Counter
from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from planner.publishing.models import Post
from tests.doubles.processes import eventually
from tests.factories import make_approval, make_channel, make_draft, make_person, make_post

pytestmark = pytest.mark.django_db(transaction=True)
SECOND = timedelta(seconds=1)


def make_posts(url: str, count: int, *, due_at) -> list[Post]:
    """Posts of `count` approved texts on one channel, all due at the same moment."""
    channel = make_channel(url)
    author, approver = make_person("Amira Saleh", roles=["officer"]), make_person("Omar Aziz", roles=["approver"])
    return [
        make_post(
            make_approval(make_draft(text=f"Fact {number}.", author=author, at=due_at), approver=approver, at=due_at),
            channel=channel,
            due_at=due_at,
        )
        for number in range(count)
    ]


def test_200_posts_due_in_the_same_second_with_two_clocks_and_two_hands_go_out_once_each(
    start_clock, start_hand, webhook_server
):
    due_at = timezone.now() + 25 * SECOND
    posts = make_posts(webhook_server.url, 200, due_at=due_at)
    for _ in range(2):
        start_hand("publish")
        start_clock()
    eventually(lambda: not Post.objects.exclude(state="published").exists(), within=90)
    keys = Counter(post.headers["idempotency-key"] for post in webhook_server.received)
    assert keys == Counter(str(post.uuid) for post in posts)
    assert not Post.objects.filter(published_at__lt=due_at).exists()


def test_a_clock_that_is_killed_is_followed_by_the_other(start_clock, start_hand, webhook_server):
    start_hand("publish")
    clocks = [start_clock(), start_clock()]
    leader = eventually(
        lambda: next((clock for clock in clocks if "INFO planner.clock.leader leads" in clock.output()), None)
    )
    leader.kill()
    [post] = make_posts(webhook_server.url, 1, due_at=timezone.now())
    eventually(lambda: Post.objects.get().state == "published", within=20)
    assert [received.json()["id"] for received in webhook_server.posts] == [str(post.uuid)]


def test_a_broker_that_is_away_holds_a_post_up_and_loses_nothing(start_clock, start_hand, webhook_server):
    make_posts(webhook_server.url, 1, due_at=timezone.now())
    cut_off = start_clock(PLANNER_BROKER_URL="redis://127.0.0.1:1/0")
    cut_off.wait_for("beat publish failed", within=60)
    cut_off.stop()
    start_hand("publish")
    start_clock()
    eventually(lambda: Post.objects.get().state == "published", within=60)
    assert len(webhook_server.received) == 1


def test_a_clock_ends_when_it_is_asked_to(start_clock):
    clock = start_clock()
    clock.wait_for("leads")
    assert clock.stop(within=40) == 0, clock.output()


def test_a_clock_ends_though_its_signals_were_held_back_by_who_started_it(start_clock):
    held = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGTERM})
    try:
        clock = start_clock()
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, held)
    clock.wait_for("leads")
    assert clock.stop(within=40) == 0, clock.output()


def test_a_beat_that_waits_for_what_does_not_come_does_not_keep_the_clock_from_ending(start_clock):
    with connection.cursor() as cursor:
        cursor.execute("BEGIN")
        cursor.execute("LOCK TABLE leases_heartbeat IN ACCESS EXCLUSIVE MODE")
        try:
            clock = start_clock()
            clock.wait_for("leads")
            time.sleep(2)  # the beats run, and cannot be stamped
            assert clock.stop(within=60) == 0, clock.output()
            assert "did not end in time" in clock.output()
        finally:
            cursor.execute("ROLLBACK")
