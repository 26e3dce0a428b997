"""Short ways to stamp, and to attack what was stamped."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection

from planner.journal.core.milestones import Milestone
from planner.journal.models import Entry
from planner.journal.services import stamp

NOW = datetime(2014, 6, 9, 22, 30, 15, 123456, tzinfo=UTC)


@pytest.fixture
def stamped(db: None) -> Callable[..., list[Entry]]:
    """`stamped(3)` writes three entries; further keywords go to `stamp`."""

    def write(count: int = 1, **words: Any) -> list[Entry]:
        return [stamp(**{"milestone": Milestone.SIGHTED, "at": NOW, "number": n} | words) for n in range(count)]

    return write


def sql(statement: str, *parameters: object) -> list[tuple[Any, ...]]:
    """Run one statement as an intruder with the application's own rights would."""
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall() if cursor.description else []


@contextmanager
def unguarded() -> Iterator[None]:
    """The owner of the table switches its triggers off, and on again afterwards."""
    sql("SET CONSTRAINTS ALL IMMEDIATE")
    sql("ALTER TABLE journal_entry DISABLE TRIGGER USER")
    yield
    sql("ALTER TABLE journal_entry ENABLE TRIGGER USER")
