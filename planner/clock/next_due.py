"""The earliest moment at which a row of each kind has to be taken in hand."""

from datetime import datetime

from django.db.models import Min, QuerySet

from planner.notices.core.states import NoticeState
from planner.notices.models import Notice
from planner.publishing.selectors import waiting_to_leave
from planner.tasking.core.states import TaskState
from planner.tasking.models import Task


def post(*, after: datetime | None) -> datetime | None:
    """When the next post is due, later than `after`; None when nothing waits. So, too, the other functions here."""
    return _first(waiting_to_leave(), after)


def notice(*, after: datetime | None) -> datetime | None:
    """When the next message to our own staff is due."""
    return _first(Notice.objects.filter(state=NoticeState.PENDING.value), after)


def task(*, after: datetime | None) -> datetime | None:
    """When the next ladder climbs, or an acknowledged task must have moved on."""
    return _first(Task.objects.filter(state__in=[TaskState.OPEN.value, TaskState.ACKNOWLEDGED.value]), after)


def _first(rows: QuerySet, after: datetime | None) -> datetime | None:
    later = rows if after is None else rows.filter(next_try_at__gt=after)
    return later.aggregate(first=Min("next_try_at"))["first"]
