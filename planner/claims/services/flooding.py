"""Keep the floods table in step with the sightings. The rule itself is in core/floods.py."""

from collections.abc import Iterable, Iterator
from itertools import groupby
from typing import Any

from django.db import connection, transaction

from planner.claims.core.floods import Copy, FloodSpan, Merger, find_floods, reconcile
from planner.claims.models import Flood, Sighting

# Every copy of the wordings given; an account without a name is its source.
COPIES = """
    SELECT fingerprint, posted_at, coalesce(nullif(author, ''), 'source:' || source_id), id
    FROM claims_sighting
    WHERE fingerprint = ANY(%s)
    ORDER BY fingerprint
"""
BELONG = """
    UPDATE claims_sighting AS s
    SET flood_id = f.id, claim_id = coalesce(s.claim_id, f.claim_id)
    FROM claims_flood AS f
    WHERE f.id = ANY(%(floods)s) AND s.fingerprint = f.fingerprint
      AND s.posted_at BETWEEN f.started_at AND f.ended_at AND s.flood_id IS DISTINCT FROM f.id
"""


@transaction.atomic
def find_and_keep_floods(fingerprints: Iterable[int]) -> int:
    """Find the floods among all sightings with these fingerprints, and keep them; return how many are new or changed.

    Sightings come to belong to their flood, and to its claim when it has one. A flood that turns out to continue an
    older one is joined to it; of two, one with a claim is kept. Callers hold the turn of ingest(), or run alone.
    """
    touched = list(fingerprints)
    if not touched:
        return 0
    known = _known(touched)
    mergers = [
        (print_, merger)
        for print_, copies in _copies(touched)
        for merger in reconcile(known.get(print_, ()), find_floods(copies))
    ]
    changed = [*_add([pair for pair in mergers if not pair[1].ids]), *(_join(m) for _p, m in mergers if m.ids)]
    if changed:
        with connection.cursor() as cursor:
            cursor.execute(BELONG, {"floods": changed})
    return len(changed)


def _copies(touched: list[int]) -> Iterator[tuple[int, list[Copy]]]:
    with connection.cursor() as cursor:
        cursor.execute(COPIES, [touched])
        rows = cursor.fetchall()
    for print_, group in groupby(rows, key=lambda row: row[0]):
        yield print_, [Copy(*row[1:]) for row in group]


def _known(touched: list[int]) -> dict[int, list[tuple[int, FloodSpan]]]:
    known: dict[int, list[tuple[int, FloodSpan]]] = {}
    for flood in Flood.objects.filter(fingerprint__in=touched):
        span = FloodSpan(flood.started_at, flood.ended_at, flood.posts, flood.accounts, first=0)
        known.setdefault(flood.fingerprint, []).append((flood.pk, span))
    return known


def _add(new: list[tuple[int, Merger]]) -> list[int]:
    firsts = [merger.span.first for _print, merger in new]
    texts = dict(Sighting.objects.filter(pk__in=firsts).values_list("pk", "text"))
    floods = [Flood(fingerprint=print_, text=texts[merger.span.first], **_facts(merger.span)) for print_, merger in new]
    return [flood.pk for flood in Flood.objects.bulk_create(floods)]


def _join(merger: Merger) -> int:
    """Bring a known flood up to date, and into it those that turned out to be the same."""
    kept, *others = sorted(
        Flood.objects.filter(pk__in=merger.ids), key=lambda flood: (flood.claim_id is None, flood.started_at)
    )
    for other in others:
        other.delete()  # its sightings come to the kept one with all the others
    Flood.objects.filter(pk=kept.pk).update(**_facts(merger.span))
    return kept.pk


def _facts(span: FloodSpan) -> dict[str, Any]:
    return {
        "started_at": span.started_at,
        "ended_at": span.ended_at,
        "posts": span.posts,
        "accounts": span.accounts,
    }
