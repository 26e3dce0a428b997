"""The hands' door to rebuttals: links of our texts."""

from celery import shared_task
from django.utils import timezone

from planner.rebuttals.services import linking


# Killed before the lease of the row ends (linking.HAND_LEASE).
@shared_task(soft_time_limit=45, time_limit=50)
def check_link(link_id: int) -> None:
    """Ask after one link. In the ingest queue: a slow page must not hold up a post."""
    linking.check_link(link_id, now=timezone.now())
