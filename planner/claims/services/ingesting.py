"""Take sightings in: at the speed of COPY, each of them once, and the floods among them at the same moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import connection, transaction

from planner.claims.core.fingerprint import fingerprint
from planner.claims.core.observed import Observed
from planner.claims.models import Source
from planner.claims.services.flooding import find_and_keep_floods

COLUMNS = "source_id, external_id, author, posted_at, text, fingerprint, language, url, client, repost_of, hashtags"
# Two batches at once would each miss the other's copies of a flood, so they take turns.
TURN = 0x7061_6765
WAITING_ROOM = f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {COLUMNS} FROM claims_sighting LIMIT 0"  # noqa: S608
INTO_PLACE = f"""
    WITH added AS (
        INSERT INTO claims_sighting ({COLUMNS}, fetched_at, stored_at)
        SELECT {COLUMNS}, %(fetched_at)s, %(stored_at)s FROM incoming
        ON CONFLICT (source_id, external_id) DO NOTHING
        RETURNING fingerprint
    )
    SELECT fingerprint, count(*) FROM added GROUP BY fingerprint
"""  # noqa: S608 - our own column names


@dataclass(frozen=True, slots=True)
class Ingested:
    """What became of a batch; `floods` counts those that are new or grew."""

    added: int
    duplicates: int
    floods: int


@transaction.atomic
def ingest(batch: Iterable[Observed], *, now: datetime, fetched_at: datetime | None = None) -> Ingested:
    """Store the sightings that are not here yet, by (source, external_id), and find the floods that they belong to.

    Sources that nobody knows are made, with the kind that the sighting names. `now` becomes `stored_at`. The values
    must fit the table (planner.claims.core.observed.LIMITS): readers see to that. Nothing is stamped: a journal entry
    per row would bury the journal.
    """
    seen = list(batch)
    if not seen:
        return Ingested(0, 0, 0)
    sources = _source_ids(seen)
    with connection.cursor() as cursor:
        cursor.execute(WAITING_ROOM)
        with cursor.copy(f"COPY incoming ({COLUMNS}) FROM STDIN") as copy:
            for one in seen:
                copy.write_row(_record(one, sources))
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        cursor.execute(INTO_PLACE, {"fetched_at": fetched_at or now, "stored_at": now})
        touched = dict(cursor.fetchall())
        cursor.execute("DROP TABLE incoming")
    added = sum(touched.values())
    return Ingested(added, len(seen) - added, find_and_keep_floods(touched))


def _record(one: Observed, sources: dict[str, int]) -> tuple[object, ...]:
    return (
        sources[one.source],
        one.external_id,
        one.author,
        one.posted_at,
        one.text,
        fingerprint(one.text),
        one.language,
        one.url,
        one.client,
        one.repost_of,
        one.hashtags or "{}",
    )


def _source_ids(seen: list[Observed]) -> dict[str, int]:
    kinds = {one.source: one.kind for one in reversed(seen)}
    known = dict(Source.objects.filter(name__in=kinds).values_list("name", "pk"))
    if new := [Source(name=name, kind=kinds[name]) for name in sorted(kinds.keys() - known.keys())]:
        Source.objects.bulk_create(new, ignore_conflicts=True)
        known = dict(Source.objects.filter(name__in=kinds).values_list("name", "pk"))
    return known
