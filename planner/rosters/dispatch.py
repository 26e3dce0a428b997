"""The clock's hand-over: calendars that are due → a lease → a message with their id."""

from datetime import datetime, timedelta

from django.db import transaction

from planner.leases.services import take
from planner.rosters.calendars.sources import polled
from planner.rosters.tasks import poll

BATCH = 100
QUEUE_LEASE = timedelta(minutes=3)


@transaction.atomic
def hand_over(*, now: datetime) -> int:
    """Hand every calendar that is due to the hands, also those whose hand was lost. How many."""
    pks = take(polled(), now=now, limit=BATCH, lease=QUEUE_LEASE, by="clock")
    for pk in pks:
        poll.delay_on_commit(pk)
    return len(pks)
