"""The hands' door to the roster: calendars at addresses."""

from celery import shared_task
from django.utils import timezone

from planner.rosters.calendars import polling


# Killed before the lease of the row ends (polling.POLL_LEASE).
@shared_task(soft_time_limit=160, time_limit=170)
def poll(source_id: int) -> None:
    """Ask one calendar that was handed over."""
    polling.poll(source_id, now=timezone.now())
