"""Messages that are due, and those that nobody got."""

from datetime import datetime

from django.db.models import QuerySet

from planner.notices.core.states import NoticeState
from planner.notices.models import Notice

# A notice that was handed over and whose lease ended is due again: its message or its hand was lost.
UNFINISHED = [NoticeState.PENDING.value, NoticeState.QUEUED.value, NoticeState.SENDING.value]


def due() -> QuerySet[Notice]:
    """Notices that still have to be delivered; `leases.take` leaves out those that are held or postponed."""
    return Notice.objects.filter(state__in=UNFINISHED)


def next_due() -> datetime | None:
    """The earliest moment at which a waiting notice becomes due; None when none waits."""
    waiting = Notice.objects.filter(state=NoticeState.PENDING.value)
    return waiting.order_by("next_try_at").values_list("next_try_at", flat=True).first()


def undelivered(since: datetime) -> QuerySet[Notice]:
    """Notices made since then that failed, or of which nobody knows whether they came; newest first."""
    lost = [NoticeState.FAILED.value, NoticeState.UNCERTAIN.value]
    return Notice.objects.filter(state__in=lost, created_at__gte=since).select_related("person").order_by("-created_at")


def is_told(prefix: str) -> bool:
    """Whether a notice whose key begins so was ever written."""
    return Notice.objects.filter(key__startswith=prefix).exists()
