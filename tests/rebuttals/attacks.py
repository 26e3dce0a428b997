"""How the tests attack: raw SQL on the test's connection, and rivals on connections of their own."""

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import psycopg
import pytest
from django.db import IntegrityError, connection, transaction

INSERT_APPROVAL = """
INSERT INTO rebuttals_approval (uuid, draft_id, author_id, text_sha256, approver_id, approved_at, end_reason)
VALUES (gen_random_uuid(), %s, %s, %s, %s, %s, '')
"""
INSERT_DRAFT = """
INSERT INTO rebuttals_draft
    (uuid, rebuttal_id, language, channel_kind, version, author_id, text, text_sha256, created_at)
VALUES (gen_random_uuid(), %s, 'en', '', %s, %s, %s, encode(sha256(convert_to(%s, 'UTF8')), 'hex'), %s)
"""
INSERT_RELEASE = """
INSERT INTO rebuttals_release (uuid, line_id, claim_id, released_by_id, released_at)
VALUES (gen_random_uuid(), %s, %s, %s, %s)
"""
END_APPROVAL = (
    "UPDATE rebuttals_approval SET ended_at = %s, ended_by_id = %s, end_reason = 'wrong figure' WHERE id = %s"
)


def sql(statement: str, *parameters: Any) -> int:
    """Run one statement on the test's own connection; return how many rows it touched."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return int(cursor.rowcount)


def refuses(sentence: str, statement: str, *parameters: Any) -> None:
    """The database refuses the statement as a broken invariant, with these words."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")  # TRUNCATE is not even tried while checks are pending
    with pytest.raises(IntegrityError, match=sentence), transaction.atomic():
        sql(statement, *parameters)


@contextmanager
def rival(isolation: str = "read committed") -> Iterator[psycopg.Connection[Any]]:
    """Another connection to the test database, in a transaction that commits only when told to."""
    parameters = {k: v for k, v in connection.get_connection_params().items() if k not in ("cursor_factory", "context")}
    with psycopg.connect(**parameters) as other:
        other.execute(f"SET SESSION CHARACTERISTICS AS TRANSACTION ISOLATION LEVEL {isolation}")
        other.commit()
        yield other
        other.rollback()


class Waiting:
    """An act of a rival that has to wait for somebody else's transaction, run in a thread of its own."""

    def __init__(self, other: psycopg.Connection[Any], act: Callable[[], Any]) -> None:
        self.error: Exception | None = None
        self._act, self._pid = act, other.info.backend_pid
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        try:
            self._act()
        except Exception as error:
            self.error = error

    def is_blocked(self, seconds: float = 5) -> bool:
        """Whether PostgreSQL lets the rival wait for a lock within so many seconds."""
        end = time.monotonic() + seconds
        while time.monotonic() < end and self._thread.is_alive():
            with connection.cursor() as cursor:
                cursor.execute("SELECT cardinality(pg_blocking_pids(%s)) > 0", [self._pid])
                if cursor.fetchone()[0]:
                    return True
            time.sleep(0.01)
        return False

    def result(self) -> Exception | None:
        """Wait for the end of the act; the error it met, if any."""
        self._thread.join(20)
        assert not self._thread.is_alive(), "the rival still waits"
        return self.error
