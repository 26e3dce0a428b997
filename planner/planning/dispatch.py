"""The clock's hand-over: plans that were asked for → QUEUED with a lease → a message with their id."""

from datetime import datetime, timedelta

from django.db import transaction

from planner.leases.services import take
from planner.planning import selectors
from planner.planning.models import Plan
from planner.planning.services import give_up
from planner.planning.tasks import work_out

BATCH = 10
QUEUE_LEASE = timedelta(seconds=60)  # a message that no hand took by then is given up as lost, and sent again


@transaction.atomic
def hand_over(*, now: datetime) -> int:
    """Hand every plan that waits to the hands, also those whose message or hand was lost. How many."""
    give_up(now=now)
    pks = take(selectors.due(), now=now, limit=BATCH, lease=QUEUE_LEASE, by="clock")
    Plan.objects.filter(pk__in=pks).update(state=Plan.State.QUEUED)
    for pk in pks:
        work_out.delay_on_commit(pk)
    return len(pks)
