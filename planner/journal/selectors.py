"""Reading the journal: the story of a claim, filtered entries, and the chain as plain values."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from planner.journal.core.chain import Link
from planner.journal.models import Entry

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)
CHUNK = 5000
COLUMNS = ("seq", "at", "recorded_at", "milestone", "claim", "subject", "actor", "detail", "prev_hash", "hash")
GUARDS = frozenset({"journal_entry_chain", "journal_entry_stays", "journal_entry_stays_whole"})


def story(claim: UUID) -> QuerySet[Entry]:
    """Everything stamped for one claim, in the order in which it happened."""
    return Entry.objects.filter(claim=claim).order_by("at", "seq")


def entries(
    *, claim: UUID | None = None, milestone: str = "", actor: str = "", subject: str = "", before: int | None = None
) -> QuerySet[Entry]:
    """Entries that match every filter given, the last written first; `before` keeps those with a smaller seq."""
    wanted = {"claim": claim, "milestone": milestone, "actor": actor, "subject": subject, "seq__lt": before}
    return Entry.objects.filter(**{field: value for field, value in wanted.items() if value}).order_by("-seq")


def actors() -> list[str]:
    """Everybody who ever stamped, by name."""
    return list(Entry.objects.exclude(actor="").order_by("actor").values_list("actor", flat=True).distinct())


def rows(chosen: QuerySet[Entry]) -> Iterator[tuple[Any, ...]]:
    """The COLUMNS of the chosen entries, the first entry first, streamed; `detail` as PostgreSQL writes the jsonb."""
    texts = chosen.order_by("seq").annotate(detail_text=Cast("detail", TextField()))
    names = ("detail_text" if column == "detail" else column for column in COLUMNS)
    return texts.values_list(*names).iterator(chunk_size=CHUNK)


def links() -> Iterator[Link]:
    """The whole chain from its first entry, streamed: memory stays flat however long the journal is."""
    for seq, at, recorded_at, *others in rows(Entry.objects.all()):
        yield Link(seq, (at - EPOCH) // MICROSECOND, (recorded_at - EPOCH) // MICROSECOND, *others)


def missing_guards() -> list[str]:
    """Names of the triggers that keep the journal and are gone or switched off: empty when all stand."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND tgenabled IN ('O', 'A')",
            [Entry._meta.db_table],
        )
        standing = {name for (name,) in cursor.fetchall()}
    return sorted(GUARDS - standing)
