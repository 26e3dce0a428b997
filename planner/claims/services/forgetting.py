"""Forget raw sightings after the time for which they may be kept. What was decided about them stays."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import connection

# Small helpings, each a transaction of its own, so that nobody waits for the broom.
HELPING = 5_000
SWEEP = """
    DELETE FROM claims_sighting WHERE id IN (
        SELECT id FROM claims_sighting WHERE stored_at < %s ORDER BY stored_at LIMIT %s
    )
"""


def forget_sightings(*, now: datetime, keep: timedelta | None = None) -> int:
    """Delete sightings stored longer ago than `keep` (as a rule PLANNER_RETENTION_DAYS); return how many.

    Claims keep their own text, floods their counts and text, the journal its entries.
    """
    before = now - (timedelta(days=settings.PLANNER_RETENTION_DAYS) if keep is None else keep)
    gone = 0
    with connection.cursor() as cursor:
        while True:
            cursor.execute(SWEEP, [before, HELPING])
            gone += cursor.rowcount
            if cursor.rowcount < HELPING:
                return gone
