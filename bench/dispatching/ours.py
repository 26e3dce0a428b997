"""The planner as a contender: approved posts as its services write them (tests/factories), two clocks, two workers."""

import contextlib
import math
import os
import sys
import threading
import time
from bisect import bisect_left
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlencode

import psycopg
from django.db import connection, transaction

from dispatching import diary
from dispatching.contender import Posts, Program, empty, worker
from planner.config import queues
from planner.leases.services import notify_due
from planner.publishing.models import Channel, Post
from tests.factories import make_approval, make_channel, make_draft, make_person, make_post

PREFIX, LOOK = "bench.", 0.005
TOLD = {"stopped", "failed", "uncertain"}
LONG = timedelta(hours=4)


class Ours:
    """Handed over: another connection sees its row as QUEUED or beyond, and a call sent after that is in the broker.

    Two clocks and two workers with two processes each. Taken: the moment that the hand wrote into the row with SENDING.
    Told: it is not out and says so (stopped, failed, uncertain), with a notice to a person.
    """

    name = "planner"

    def __init__(self, url: str, broker: str, diary_file: Path, clocks: int, hands: int) -> None:
        self._url, self._broker, self._diary, self._clocks, self._hands = url, broker, diary_file, clocks, hands
        self._seen: dict[str, tuple[float, float]] = {}

    def reset(self) -> None:
        empty(self._broker)
        far = datetime.now(UTC) + LONG
        Post.objects.filter(state="scheduled").update(due_at=far, next_try_at=far, expires_at=far + LONG)

    def make(self, count: int) -> list[str]:
        """That many approved posts on one channel, all due far ahead."""
        now = datetime.now(UTC)
        author, approver = make_person("Amira Saleh", roles=["officer"]), make_person("Omar Aziz", roles=["approver"])
        channel = Channel.objects.filter(address=self._url).first() or make_channel(self._url, at=now)
        keys, times = [], {"at": now, "due_at": now + LONG, "expires_at": now + 2 * LONG}
        with transaction.atomic():  # nobody else writes: it saves a thousand commits
            for number in range(count):
                draft = make_draft(at=now, text=f"Fact {number}.", author=author)
                approval = make_approval(draft, at=now, approver=approver)
                keys.append(str(make_post(approval, channel=channel, **times).uuid))
        return keys

    def set_due(self, posts: Posts) -> None:
        """Move the posts to their moments, and tell the clock."""
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(
                "UPDATE publishing_post SET due_at = to_timestamp(%s), next_try_at = to_timestamp(%s) WHERE uuid = %s",
                [(due, due, key) for key, due in posts],
            )
            notify_due()

    def programs(self) -> list[Program]:
        clock = Program([sys.executable, "-m", "dispatching.our_clock"], "The clock runs.")
        queue = queues.names(PREFIX)["publish"]
        hands = [worker("planner.config.celery", queue, f"ours{number}") for number in range(self._hands)]
        return hands + [clock] * self._clocks

    def environment(self) -> dict[str, str]:
        return os.environ | {
            "PLANNER_DATABASE_URL": database_url(),
            "PLANNER_BROKER_URL": self._broker,
            "PLANNER_QUEUE_PREFIX": PREFIX,
            "PLANNER_LOG_LEVEL": os.environ.get("PLANNER_LOG_LEVEL", "WARNING"),
        }

    @contextlib.contextmanager
    def watched(self) -> Iterator[None]:
        """Look every 5 ms, from another connection, which rows have been handed over."""
        ends = threading.Event()
        looking = threading.Thread(target=self._look, args=[ends])
        looking.start()
        try:
            yield
        finally:
            ends.set()
            looking.join()

    def _look(self, ends: threading.Event) -> None:
        handed = "FROM publishing_post WHERE state <> 'scheduled'"
        with psycopg.connect(**_connection_parameters(), autocommit=True) as link:
            before, known = time.time(), -1
            while not ends.wait(LOOK):
                began = time.time()
                count = link.execute(f"SELECT count(*) {handed}").fetchone()
                if count and count[0] != known:
                    known = count[0]
                    rows = link.execute(f"SELECT uuid {handed}").fetchall()
                    for (uuid,) in rows:
                        self._seen.setdefault(str(uuid), (before, time.time()))
                before = began

    def moments(self, keys: list[str], what: str) -> dict[str, float]:
        if what == "taken":
            rows = Post.objects.filter(uuid__in=keys, sending_at__isnull=False).values_list("uuid", "sending_at")
            return {str(uuid): at.timestamp() for uuid, at in rows}
        calls = sorted(diary.read(self._diary, "called").get("hands", []))
        found = {}
        for key in keys:
            not_yet, seen = self._seen.get(key, (math.inf, math.inf))
            if (call := bisect_left(calls, not_yet)) < len(calls):
                found[key] = max(seen, calls[call])
        return found

    def told(self, keys: list[str]) -> set[str]:
        return set(self._in_states(keys, TOLD))

    def has_ended(self, keys: list[str], there: set[str]) -> bool:
        return len(self._in_states(keys, {*TOLD, "published"})) == len(keys)

    def _in_states(self, keys: list[str], states: Iterable[str]) -> list[str]:
        found = Post.objects.filter(uuid__in=keys, state__in=states).values_list("uuid", flat=True)
        return [str(uuid) for uuid in found]


def _connection_parameters() -> dict[str, Any]:
    params = connection.get_connection_params()
    return {name: value for name, value in params.items() if name not in {"context", "cursor_factory"}}


def database_url(name: str = "") -> str:
    """The scratch database (or another one on its server) as an address for children."""
    settings = connection.settings_dict
    user = ":".join(quote(part, safe="") for part in (settings["USER"], settings["PASSWORD"]) if part)
    place = f"{settings['HOST']}:{settings['PORT']}" if settings["PORT"] else settings["HOST"]
    options = urlencode(settings["OPTIONS"], quote_via=quote)
    return f"postgresql://{user}@{place}/{name or settings['NAME']}?{options}"
