"""An outage: the clock dead for an hour, the broker emptied, a hand killed while sending, the database restarted.

Nothing goes out twice, nothing goes out late unless a person says so, nothing is lost, and every case is explained on
the posts page. The channel's own record is the witness.
"""

import os
import re
import signal
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.db import OperationalError, close_old_connections, connection
from django.test import Client
from django.utils import timezone

from planner.config import queues
from planner.config.celery import app
from planner.notices.models import Notice
from planner.publishing import dispatch
from planner.publishing.models import Post
from tests.doubles.processes import Running, eventually
from tests.doubles.webhook import WebhookServer
from tests.factories import make_approval, make_channel, make_draft, make_person, make_post

pytestmark = pytest.mark.django_db(transaction=True)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


def scheduled(url: str, *, due_at: datetime, life: timedelta = 4 * HOUR, **options: object) -> Post:
    """An approved text on a channel of its own, due at a moment and worth sending for `life`."""
    at = due_at - HOUR
    approval = make_approval(make_draft(at=at, text=f"The city stands. {url}"), at=at)
    channel = make_channel(url, at=at, options=options)
    return make_post(approval, channel=channel, at=at, due_at=due_at, expires_at=due_at + life)


def state(post: Post) -> str:
    return Post.objects.values_list("state", flat=True).get(pk=post.pk)


def page(client: Client) -> str:
    """The posts page as a press officer sees it, without tags."""
    client.force_login(make_person("Sara Nabil", roles=["officer"]))
    html = client.get("/posts/").content.decode()
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", html))


def keys(server: WebhookServer) -> Counter:
    return Counter(received.headers["idempotency-key"] for received in server.received if received.method == "POST")


def test_a_clock_that_was_dead_for_an_hour_sends_what_is_fresh_and_asks_about_what_is_late(
    start_clock: Callable[..., Running],
    start_hand: Callable[..., Running],
    webhook_server: WebhookServer,
    client: Client,
) -> None:
    now = timezone.now()
    fresh = [scheduled(webhook_server.url, due_at=now - minutes * MINUTE) for minutes in (5, 1)]
    late = [scheduled(webhook_server.url, due_at=now - minutes * MINUTE) for minutes in (55, 30)]
    stale = [scheduled(webhook_server.url, due_at=now - minutes * MINUTE, life=15 * MINUTE) for minutes in (50, 20)]
    later = scheduled(webhook_server.url, due_at=now + HOUR)

    start_hand("publish")
    start_clock()
    eventually(lambda: {state(post) for post in fresh} == {"published"}, within=60)
    eventually(lambda: {state(post) for post in stale} == {"stopped"}, within=30)

    eventually(lambda: Notice.objects.filter(key__contains=":late_").count() == len(late), within=30)

    assert keys(webhook_server) == Counter(str(post.uuid) for post in fresh)
    assert {state(post) for post in (later, *late)} == {"scheduled"}
    told = Notice.objects.filter(key__contains=":expired:").values_list("person", flat=True)
    assert set(told) == {post.scheduled_by_id for post in stale}
    words = page(client)
    assert words.count("the clock or the hands did not run") == len(stale)
    assert "Late: send them now, or stop them?" in words

    # The person on the page decides: one is still worth saying, the other is not.
    client.post("/posts/late/", {"post": [late[0].uuid], "decision": "send"})
    client.post("/posts/late/", {"post": [late[1].uuid], "decision": "stop"})
    eventually(lambda: state(late[0]) == "published", within=30)
    assert state(late[1]) == "stopped"
    assert keys(webhook_server) == Counter(str(post.uuid) for post in [*fresh, late[0]])


def test_an_emptied_broker_loses_no_post(
    start_clock: Callable[..., Running],
    start_hand: Callable[..., Running],
    webhook_server: WebhookServer,
    queue_prefix: str,
) -> None:
    now = timezone.now()
    posts = [scheduled(webhook_server.url, due_at=now - MINUTE) for _ in range(5)]
    assert dispatch.hand_over(now=now) == len(posts)
    with app.connection_for_write() as link:
        emptied = link.default_channel.queue_purge(queues.names(queue_prefix)["publish"])
    assert emptied == len(posts)  # fewer than CALLS: each was called for

    start_hand("publish")
    start_clock()
    eventually(lambda: {state(post) for post in posts} == {"published"}, within=90)
    assert keys(webhook_server) == Counter(str(post.uuid) for post in posts)


def test_a_hand_killed_while_sending_sends_nothing_again_and_a_person_is_asked(
    start_clock: Callable[..., Running],
    start_hand: Callable[..., Running],
    webhook_server: WebhookServer,
    client: Client,
) -> None:
    now = timezone.now()
    webhook_server.hang()
    unclear = scheduled(webhook_server.url, due_at=now)
    found = scheduled(webhook_server.url + "?site=2", due_at=now, can_be_asked=True)
    webhook_server.on_get = lambda path: (200, {"id": "9"}) if str(found.uuid) in path else (404, {})

    hand = start_hand("publish", concurrency=2)
    start_clock()
    eventually(lambda: len(webhook_server.received) == 2, within=60)
    hand.kill()
    webhook_server.release()
    assert {state(unclear), state(found)} == {"sending"}
    # Their leases end in a minute: we do not wait for it here, we say that it has passed.
    Post.objects.filter(state="sending").update(leased_until=timezone.now())

    start_hand("publish")
    eventually(lambda: state(unclear) == "uncertain", within=60)
    eventually(lambda: state(found) == "published", within=60)
    assert set(keys(webhook_server).values()) == {1}
    assert Notice.objects.filter(key__contains=f"post:{unclear.uuid}:uncertain").exists()
    words = page(client)
    assert "Look now: is this public on" in words
    assert "The hand died while sending." in words


@pytest.mark.own_server
@pytest.mark.skipif(
    bool(os.environ.get("PLANNER_DATABASE_URL") or os.environ.get("PYTEST_XDIST_WORKER")),
    reason="the database server is not this test's own to restart: pytest -m own_server, as make test does",
)
def test_a_database_that_is_restarted_in_the_middle_loses_nothing_and_doubles_nothing(
    start_clock: Callable[..., Running], start_hand: Callable[..., Running], webhook_server: WebhookServer
) -> None:
    webhook_server.answer_with(200, hang=0.3)
    posts = [scheduled(webhook_server.url, due_at=timezone.now() - MINUTE) for _ in range(12)]
    start_hand("publish", concurrency=2)
    start_clock()
    eventually(lambda: len(webhook_server.received) >= 2, within=60)
    restart_database()
    eventually(_answers, within=60)

    eventually(lambda: {state(post) for post in posts} <= {"published", "uncertain"}, within=150, every=0.5)
    assert keys(webhook_server) == Counter(str(post.uuid) for post in posts)
    for post in Post.objects.filter(state="uncertain"):
        assert Notice.objects.filter(key__contains=f"post:{post.uuid}:uncertain").exists()


def restart_database() -> None:
    """What an upgrade does: every connection is cut off at once, and the server comes back (by its keeper)."""
    with connection.cursor() as cursor:
        cursor.execute("SHOW data_directory")
        folder = Path(cursor.fetchone()[0])
    connection.close()
    os.kill(int((folder / "postmaster.pid").read_text().splitlines()[0]), signal.SIGINT)


def _answers() -> bool:
    try:
        close_old_connections()
        return Post.objects.exists()
    except OperationalError:
        connection.close()
        return False
