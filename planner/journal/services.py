"""The one writer of the journal."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from planner.journal.core.milestones import Milestone
from planner.journal.models import Entry


def stamp(
    *,
    milestone: Milestone,
    at: datetime,
    claim: UUID | None = None,
    subject: str = "",
    actor: str = "",
    **detail: Any,
) -> Entry:
    """Add one entry to the journal and return it with its seq and hash.

    `at` is the aware instant at which it happened, which may lie in the past; `subject` names a row as "kind:key"
    ("post:<uuid>"); `actor` is a username, or "clock", "hands", "import"; further keywords become `detail`: JSON
    values, UUIDs, dates, instants. Stamp last in a transaction, after every row lock: from here to the commit no other
    transaction can stamp. Raises ValueError on a naive `at` or an unknown milestone.
    """
    entry = _entry(milestone, at, claim, subject, actor, detail)
    entry.save(force_insert=True)
    return entry


def stamp_many(stamps: Iterable[dict[str, Any]]) -> int:
    """Add many entries at once, in the order given; each is a dict of the keywords of `stamp`. Return how many."""
    entries = [
        _entry(
            words.pop("milestone"),
            words.pop("at"),
            words.pop("claim", None),
            words.pop("subject", ""),
            words.pop("actor", ""),
            words,
        )
        for words in (dict(given) for given in stamps)
    ]
    with transaction.atomic():
        Entry.objects.bulk_create(entries, batch_size=1000)
    return len(entries)


def _entry(
    milestone: Milestone, at: datetime, claim: UUID | None, subject: str, actor: str, detail: dict[str, Any]
) -> Entry:
    if at.tzinfo is None:
        raise ValueError(f"the journal needs an instant with a time zone, got the naive {at.isoformat()}")
    return Entry(milestone=Milestone(milestone), at=at, claim=claim, subject=subject, actor=actor, detail=detail)
