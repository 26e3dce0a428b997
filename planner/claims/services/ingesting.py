"""Take sightings in: at the speed of COPY, each of them once, and the floods among them at the same moment."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import islice

from django.db import connection, transaction
from django.db.backends.utils import CursorWrapper

from planner.claims.core.fingerprint import fingerprint
from planner.claims.core.floods import ACCOUNTS
from planner.claims.core.observed import Observed
from planner.claims.models import Source
from planner.claims.services.flooding import find_and_keep_floods

COLUMNS = "source_id, external_id, author, posted_at, text, fingerprint, language, url, client, repost_of, hashtags"
BLOCK = 500  # lines handed to psycopg at a time
# Two batches at once would each miss the other's copies of a flood, so they take turns.
TURN = 0x7061_6765
WAITING_ROOM = f"CREATE TEMP TABLE incoming ON COMMIT DROP AS SELECT {COLUMNS} FROM claims_sighting LIMIT 0"  # noqa: S608
INTO_PLACE = f"""
    INSERT INTO claims_sighting ({COLUMNS}, fetched_at, stored_at)
    SELECT {COLUMNS}, %(fetched_at)s, %(stored_at)s FROM incoming
    ON CONFLICT (source_id, external_id) DO NOTHING
"""  # noqa: S608 - our own column names
_ESCAPES = str.maketrans({"\\": "\\\\", "\t": "\\t", "\n": "\\n", "\r": "\\r"})
# Only wordings that are here often enough can be floods; most are here once.
CROWDED = """
    SELECT fingerprint FROM claims_sighting WHERE fingerprint IN (SELECT fingerprint FROM incoming)
    GROUP BY fingerprint HAVING count(*) >= %s
"""


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
            lines = (_line(one, sources) for one in seen)
            while block := "".join(islice(lines, BLOCK)):
                copy.write(block)
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [TURN])
        cursor.execute(INTO_PLACE, {"fetched_at": fetched_at or now, "stored_at": now})
        added = cursor.rowcount
        crowded = _crowded(cursor) if added else []
        cursor.execute("DROP TABLE incoming")
    return Ingested(added, len(seen) - added, find_and_keep_floods(crowded))


def _crowded(cursor: CursorWrapper) -> list[int]:
    cursor.execute("ANALYZE incoming (fingerprint)")
    cursor.execute(CROWDED, [ACCOUNTS])
    return [number for (number,) in cursor.fetchall()]


def _line(one: Observed, sources: dict[str, int]) -> str:
    """One line of COPY's text format; made by hand because write_row costs half as much again."""
    fields = (
        str(sources[one.source]),
        one.external_id,
        one.author,
        one.posted_at.isoformat(),
        one.text,
        str(fingerprint(one.text)),
        one.language,
        one.url,
        one.client,
        one.repost_of,
        _array(one.hashtags) if one.hashtags else "{}",
    )
    line = "\t".join(fields)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != len(fields) - 1:
        line = "\t".join([field.translate(_ESCAPES) for field in fields])
    return line + "\n"


def _array(words: list[str]) -> str:
    """The text of a PostgreSQL array."""
    plain = '{"' + '","'.join(words) + '"}'
    if "\\" not in plain and plain.count('"') == 2 * len(words):
        return plain
    escaped = (word.replace("\\", "\\\\").replace('"', '\\"') for word in words)
    return '{"' + '","'.join(escaped) + '"}'


def _source_ids(seen: list[Observed]) -> dict[str, int]:
    kinds = {one.source: one.kind for one in reversed(seen)}
    known = dict(Source.objects.filter(name__in=kinds).values_list("name", "pk"))
    if new := [Source(name=name, kind=kinds[name]) for name in sorted(kinds.keys() - known.keys())]:
        Source.objects.bulk_create(new, ignore_conflicts=True)
        known = dict(Source.objects.filter(name__in=kinds).values_list("name", "pk"))
    return known
