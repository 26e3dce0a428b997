"""The hands' door to planning."""

from celery import shared_task
from django.utils import timezone

from planner.planning import services


# Killed before the lease of the row ends (services.SOLVING_LEASE): nobody can be solving when it does.
@shared_task(soft_time_limit=120, time_limit=140)
def work_out(plan_id: int) -> None:
    """Solve one plan that was handed over."""
    services.work_out(plan_id, now=timezone.now())
