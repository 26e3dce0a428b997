"""The hands' door to the outbox."""

from celery import shared_task
from django.utils import timezone

from planner.notices import services


# Killed before the lease of the row ends (services.SENDING_LEASE): nobody can be sending when it does.
@shared_task(soft_time_limit=40, time_limit=50)
def deliver(notice_id: int) -> None:
    """Deliver one notice that was handed over."""
    services.deliver(notice_id, now=timezone.now())
