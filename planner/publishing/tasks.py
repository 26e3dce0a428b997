"""The hands' door to publishing. Believe the row, not the message: each task takes an id and asks one service."""

from datetime import timedelta

from celery import shared_task
from django.utils import timezone

from planner.publishing import selectors, services

# A hand is killed before the lease of its post ends (services.sending.SEND_LEASE): nobody can be sending when it does.
LIMITS = {"soft_time_limit": 40, "time_limit": 50}
DRAIN = timedelta(seconds=5)  # a hand begins no further post later than this in one task, whose time is limited


@shared_task(**LIMITS)
def publish(post_id: int) -> None:
    """Send one post that was handed over, then what else waits; for what is left after that, another hand is called."""
    until = timezone.now() + DRAIN
    services.publish(post_id, now=timezone.now())
    services.publish_waiting(now=timezone.now(), until=until)
    if timezone.now() >= until and (left := selectors.in_queue()[:1]):
        publish.delay(left[0])


@shared_task(**LIMITS)
def rehearse(channel_id: int) -> None:
    """Rehearse one channel's credential. It goes to the ingest queue: a slow platform must not hold up a post."""
    services.rehearse(channel_id, now=timezone.now())


@shared_task(**LIMITS)
def ask_after(post_id: int) -> None:
    """Ask the channel of one uncertain post again. In the ingest queue, for the same reason."""
    services.ask_after(post_id, now=timezone.now())


@shared_task(**LIMITS)
def recover(post_id: int) -> None:
    """Settle one post whose hand died while sending."""
    services.recover(post_id, now=timezone.now())
