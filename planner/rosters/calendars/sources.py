"""Calendars that are polled: a roster manager names them, changes them, ends them."""

import hashlib
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.leases.services import notify_due
from planner.people.models import User
from planner.rosters.adapters.ics_fetching import plain
from planner.rosters.adapters.public_net import NotFetched
from planner.rosters.calendars.rows import LONGEST_MINUTES, SHORTEST_MINUTES, CalendarSource
from planner.rosters.models import Team
from planner.rosters.refusals import RosterRefused
from planner.wallclock import zone as zone_named


def polled() -> QuerySet[CalendarSource]:
    """Calendars that are asked at their address, by name."""
    found = CalendarSource.objects.exclude(url="").filter(ended_at=None)
    return found.select_related("team", "person")


@transaction.atomic
def save_source(
    *,
    source: CalendarSource | None,
    name: str,
    url: str,
    team: Team,
    person: User | None,
    kind: str,
    zone: str,
    every_minutes: int,
    by: User,
    now: datetime,
) -> CalendarSource:
    """Name a calendar to be polled, or change one; it is asked at once. Raises RosterRefused."""
    try:
        url = plain(url.strip())
        zone = zone_named(zone).key if zone else ""
    except (NotFetched, ValueError) as wrong:
        raise RosterRefused(str(wrong)) from wrong
    if not SHORTEST_MINUTES <= every_minutes <= LONGEST_MINUTES:
        raise RosterRefused(_("A calendar is asked every 5 minutes at most, and once a week at least."))
    same = polled().filter(url=url, team=team, person=person)
    if (same.exclude(pk=source.pk) if source else same).exists():
        raise RosterRefused(_("This calendar is asked already, for the same team and person."))
    is_new = source is None
    if source is None:
        source = CalendarSource(key=hashlib.sha256(f"url\n{uuid4()}".encode()).hexdigest())
    if source.url != url or (source.kind, source.zone) != (kind, zone):
        source.etag = source.last_modified = ""  # what was not modified there is new here
    source.name, source.url, source.team, source.person = name.strip()[:120], url, team, person
    source.kind, source.zone, source.every_minutes = kind, zone, every_minutes
    source.next_try_at = now
    source.save()
    _stamp(source, "calendar_added" if is_new else "calendar_changed", by, now)
    notify_due()
    return source


@transaction.atomic
def end_source(source: CalendarSource, *, by: User, now: datetime) -> None:
    """Ask a calendar no more. What it put on the roster stays, as if a hand had put it there."""
    if CalendarSource.objects.filter(pk=source.pk, ended_at=None).update(ended_at=now):
        source.entries.filter(rolled_until__isnull=False).update(rolled_until=None)
        _stamp(source, "calendar_ended", by, now)


def ask_now(source: CalendarSource, *, now: datetime) -> None:
    """Let the clock ask it within a minute."""
    CalendarSource.objects.filter(pk=source.pk, ended_at=None).update(next_try_at=now - timedelta(seconds=1))


def host(url: str) -> str:
    """Where a calendar comes from, without the secret that its address may be."""
    return urlsplit(url).hostname or ""


def _stamp(source: CalendarSource, act: str, by: User, now: datetime) -> None:
    words: dict[str, Any] = {
        "act": act,
        "name": source.name,
        "host": host(source.url),
        "every_minutes": source.every_minutes,
    }
    person = source.person.username if source.person else ""
    subject = f"calendar:{source.uuid}"
    stamp(milestone=Milestone.ROSTERED, at=now, subject=subject, actor=by.username, person=person, **words)
