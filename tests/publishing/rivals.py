"""Hands that work at the same moment, each on a connection of its own."""

import threading
from collections.abc import Callable

from django.db import connection

from planner.publishing.models import Post
from tests.factories import make_channel, make_post


class Hand(threading.Thread):
    """One call on a connection of its own; `result()` waits for it."""

    def __init__(self, call: Callable[[], object]) -> None:
        super().__init__(daemon=True)
        self._call = call
        self._result: object = None
        self.start()

    def run(self) -> None:
        try:
            self._result = self._call()
        except Exception as error:
            self._result = error
        finally:
            connection.close()

    def result(self) -> object:
        self.join(20)
        assert not self.is_alive(), "it never came back"
        if isinstance(self._result, Exception):
            raise self._result
        return self._result


def queued(url: str) -> Post:
    post = make_post(channel=make_channel(url))
    Post.objects.filter(pk=post.pk).update(state="queued")
    return post


def how_many_wait() -> int:
    """How many connections to this database wait for a lock of another one."""
    with connection.cursor() as cursor:
        # Not pg_stat_activity: within a transaction that one shows again what it showed first. Other tests run beside.
        cursor.execute(
            "SELECT count(DISTINCT pid) FROM pg_locks WHERE NOT granted AND pid IN (SELECT pid FROM pg_locks"
            " WHERE database = (SELECT oid FROM pg_database WHERE datname = current_database()))"
        )
        return int(cursor.fetchone()[0])


def somebody_waits_for_a_lock() -> bool:
    return how_many_wait() > 0
