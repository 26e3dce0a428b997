"""A person's own calendar: duty and leave from the roster, tasks from tasking. No words of claims leave the house."""

import hashlib
from collections import Counter
from datetime import datetime, timedelta

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import override

from planner.people.models import User
from planner.people.selectors import address
from planner.rosters import selectors as rosters
from planner.rosters.adapters.ics_writing import written
from planner.rosters.calendars.feeds import versions
from planner.rosters.calendars.rows import FeedKey
from planner.rosters.core.feed import FeedEvent, FeedItem, FeedTask
from planner.rosters.words import span_of
from planner.tasking import selectors as tasking
from planner.tasking.core.states import TaskState

BEHIND, AHEAD = timedelta(days=35), timedelta(days=55)  # shifts of series are made 60 days ahead


def feed(key: FeedKey, *, now: datetime) -> bytes:
    """The calendar of the person who holds this key, in their language, as iCalendar."""
    person = key.person
    with override(key.language):
        items: list[FeedItem] = [*_duties(person, now), *_leaves(person, now), *_tasks(person)]
        name = _("Duty: %(person)s") % {"person": person}
    family = hashlib.sha256(f"feed\n{person.uuid}".encode()).hexdigest()[:32]
    return written(items, versions(person, items, now=now), name=name, key=family, zone=person.zone)


def _duties(person: User, now: datetime) -> list[FeedEvent]:
    start, end = now - BEHIND, now + AHEAD
    found: list[FeedEvent] = []
    parts: Counter[str] = Counter()
    titles = {"desk": _("At the desk"), "on_call": _("On call")}
    for duty in rosters.duties(start, end):
        if duty.person_id != person.pk or duty.span.start <= start or duty.span.end >= end:
            continue  # cut off by the window: it is told whole, or not at all
        source = duty.source or f"duty:{person.uuid}"
        if not source.startswith("shift:"):
            source = f"{source}:{duty.span.start:%Y%m%dT%H%M%SZ}"
        parts[source] += 1
        again = f"-{parts[source]}" if parts[source] > 1 else ""  # leave in its middle makes two of one
        found.append(
            FeedEvent(
                uid=f"{source.replace(':', '-')}{again}@planner",
                span=duty.span,
                title=titles[duty.kind],
                kind=duty.kind.value,
                person=str(person),
                email=address(person),
                roles=tuple(sorted(duty.roles)),
                url=_link(reverse("rosters:week")),
            )
        )
    return found


def _leaves(person: User, now: datetime) -> list[FeedEvent]:
    leaves = rosters.leaves_between(now - BEHIND, now + AHEAD).filter(person=person).order_by("during")
    return [
        FeedEvent(f"leave-{leave.uuid}@planner", span_of(leave), _("On leave"), "leave", str(person), address(person))
        for leave in leaves
    ]


def _tasks(person: User) -> list[FeedTask]:
    return [
        FeedTask(
            uid=f"task-{task.uuid}@planner",
            opened_at=task.opened_at,
            title=_("Clear words") if task.is_review else _("Answer a claim"),
            is_taken=task.state == TaskState.ACKNOWLEDGED,
            due_at=task.next_try_at,
            url=_link(reverse("tasking:mine")),
        )
        for task in tasking.of(person)
    ]


def _link(path: str) -> str:
    return settings.PLANNER_PUBLIC_URL.rstrip("/") + path
