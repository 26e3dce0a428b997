"""The clock's hand-over: links of our texts that are due → a lease → a message with their id."""

from datetime import datetime, timedelta

from django.db import transaction

from planner.leases.services import take
from planner.rebuttals.models import LinkCheck
from planner.rebuttals.tasks import check_link

BATCH = 50
QUEUE_LEASE = timedelta(minutes=1)


@transaction.atomic
def hand_over_links(*, now: datetime) -> int:
    """Hand every link that is due to the hands, also those whose hand was lost. How many."""
    pks = take(LinkCheck.objects.filter(next_try_at__isnull=False), now=now, limit=BATCH, lease=QUEUE_LEASE, by="clock")
    for pk in pks:
        check_link.delay_on_commit(pk)
    return len(pks)
