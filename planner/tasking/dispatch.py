"""The clock's look at the ladders. A climb is a few rows in one transaction, so the clock does it itself."""

import logging
from datetime import datetime, timedelta

from planner.leases.services import push_back, take
from planner.tasking import selectors
from planner.tasking.models import Task
from planner.tasking.services import climb, hurry

BATCH = 100
LEASE = timedelta(seconds=60)
logger = logging.getLogger(__name__)


def hand_over(*, now: datetime) -> int:
    """Climb every ladder that is due; how many moved. A task that fails is put ahead in time: no other waits for it."""
    hurry(now=now)
    moved = 0
    while pks := take(selectors.due(now), now=now, limit=BATCH, lease=LEASE, by="clock"):
        moved += sum(_climb(pk, now=now) for pk in pks)
    return moved


def _climb(pk: int, *, now: datetime) -> bool:
    try:
        return climb(pk, now=now)
    except Exception as error:
        logger.exception("The ladder of task %s could not climb", pk)
        push_back(Task, pk, now=now, error=f"{type(error).__name__}: {error}", base=timedelta(seconds=15))
        return False
