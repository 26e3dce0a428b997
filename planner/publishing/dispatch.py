"""The clock's hand-over: due posts → QUEUED with a lease → a few messages that call hands, who take what waits there.

The rows are handed over, the messages only wake: see docs/decisions/0041-hands-are-called.md. A call that is lost is
repeated by the sweep; a post that nobody takes comes back by its lease.
"""

from datetime import datetime, timedelta

from django.db import transaction

from planner.leases.services import take
from planner.publishing import selectors
from planner.publishing.core.states import PostState
from planner.publishing.models import Post, Rehearsal
from planner.publishing.tasks import ask_after, publish, recover
from planner.publishing.tasks import rehearse as rehearse_channel

BATCH = 100
BURST = 500  # posts in one transaction: the rows of a whole burst, before the hands begin to need the processor
CALLS = 8  # messages for one burst, about as many as there are hands; one more costs a look at an empty queue
CALL_AGAIN = timedelta(seconds=3)  # what waited for a hand so long may have lost its call
QUEUE_LEASE = timedelta(seconds=30)  # a message that nobody took by then is given up as lost
RECOVER_LEASE = timedelta(seconds=60)
REHEARSE_LEASE = timedelta(minutes=10)
CLOCK = "clock"


def hand_over(*, now: datetime) -> int:
    """Hand every due post to the hands. How many. Two clocks may do it at once: each row is taken by one of them."""
    handed = 0
    while taken := _hand_over_burst(now=now):
        handed += taken
    for pk in selectors.in_queue(since=now - CALL_AGAIN)[:CALLS]:
        publish.delay(pk)
    return handed


@transaction.atomic
def _hand_over_burst(*, now: datetime) -> int:
    queued = {"state": PostState.QUEUED.value, "queued_at": now}
    pks = take(selectors.due(now=now), now=now, limit=BURST, lease=QUEUE_LEASE, by=CLOCK, **queued)
    for pk in pks[:CALLS]:
        publish.delay_on_commit(pk)
    return len(pks)


@transaction.atomic
def ask_again(*, now: datetime) -> int:
    """Hand the uncertain posts over whose channels are to be asked again. How many."""
    unsettled = Post.objects.filter(state=PostState.UNCERTAIN.value, next_try_at__isnull=False)
    pks = take(unsettled, now=now, limit=BATCH, lease=RECOVER_LEASE, by=CLOCK)
    for pk in pks:
        ask_after.delay_on_commit(pk)
    return len(pks)


@transaction.atomic
def rehearse(*, now: datetime) -> int:
    """Hand the channels over whose credentials are due for a rehearsal; a new channel is due at once. How many."""
    missing = selectors.channels().filter(rehearsal__isnull=True)
    Rehearsal.objects.bulk_create([Rehearsal(channel=channel) for channel in missing], ignore_conflicts=True)
    registered = Rehearsal.objects.filter(channel__retired_at__isnull=True)
    pks = take(registered, now=now, limit=BATCH, lease=REHEARSE_LEASE, by=CLOCK)
    for channel_id in Rehearsal.objects.filter(pk__in=pks).values_list("channel_id", flat=True):
        rehearse_channel.delay_on_commit(channel_id)
    return len(pks)


@transaction.atomic
def rescue(*, now: datetime) -> int:
    """Find what is stuck: QUEUED past its lease goes back to the schedule, SENDING past its lease is looked into."""
    waiting = selectors.stuck(PostState.QUEUED, now=now).select_for_update(skip_locked=True, of=("self",), no_key=True)
    lost = list(waiting.values_list("pk", flat=True)[:BATCH])
    Post.objects.filter(pk__in=lost).update(
        state=PostState.SCHEDULED.value,
        queued_at=None,
        leased_until=None,
        leased_by="",
        last_error="It was handed over and nobody took it: the broker or the hands were away.",
    )
    silent = take(selectors.stuck(PostState.SENDING, now=now), now=now, limit=BATCH, lease=RECOVER_LEASE, by=CLOCK)
    for pk in silent:
        recover.delay_on_commit(pk)
    return len(lost) + len(silent)
