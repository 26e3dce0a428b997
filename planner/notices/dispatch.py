"""The clock's hand-over: due notices → QUEUED with a lease → a message with their id."""

from datetime import datetime, timedelta

from django.db import transaction

from planner.leases.services import take
from planner.notices import selectors
from planner.notices.core.states import NoticeState
from planner.notices.models import Notice
from planner.notices.tasks import deliver

BATCH = 100
QUEUE_LEASE = timedelta(seconds=30)  # a message that no hand took by then is given up as lost, and sent again


def hand_over(*, now: datetime) -> int:
    """Hand every due notice to the hands, also those whose message or hand was lost. How many."""
    handed = 0
    while taken := _hand_over_batch(now=now):
        handed += taken
    return handed


@transaction.atomic
def _hand_over_batch(*, now: datetime) -> int:
    pks = take(selectors.due(), now=now, limit=BATCH, lease=QUEUE_LEASE, by="clock")
    Notice.objects.filter(pk__in=pks).update(state=NoticeState.QUEUED.value)
    for pk in pks:
        deliver.delay_on_commit(pk)
    return len(pks)
