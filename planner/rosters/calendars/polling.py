"""Ask a calendar at its address, and take in what changed. A fault is kept and shown; what stands, stands."""

from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.intake import Unreadable
from planner.leases.services import push_back, release
from planner.rosters.adapters.ics_fetching import Fetched, fetch
from planner.rosters.adapters.public_net import NotFetched
from planner.rosters.calendars.bringing import Brought, bring, reading_of
from planner.rosters.calendars.reading import look_into
from planner.rosters.calendars.rows import CalendarSource

POLL_LEASE = timedelta(seconds=180)  # longer than the time limit of the task that polls
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(hours=6)


def poll(source_id: int, *, now: datetime) -> CalendarSource | None:
    """Ask one calendar; None when there is nothing to do (ended, or another hand has it)."""
    me = f"hand-{uuid4().hex[:12]}"
    source = _begin(source_id, by=me, now=now)
    if source is None:
        return None
    may_be_private = settings.PLANNER_CALENDARS_MAY_BE_PRIVATE
    try:
        fetched = fetch(source.url, etag=source.etag, last_modified=source.last_modified, may_be_private=may_be_private)
        brought = _taken(source, fetched, now)
    except (NotFetched, Unreadable, ValueError) as wrong:
        push_back(CalendarSource, source.pk, now=now, error=str(wrong), by=me, base=FIRST_WAIT, cap=LONGEST_WAIT)
        CalendarSource.objects.filter(pk=source.pk).update(last_result=str(wrong), tried_at=now)
    else:
        _settle(source, fetched, brought, by=me, now=now)
    source.refresh_from_db()
    return source


def _taken(source: CalendarSource, fetched: Fetched, now: datetime) -> Brought | None:
    if fetched.content is None:
        return None
    reading = reading_of(source)
    # An address can be taken over: what comes from there makes nobody known and gives nobody a role.
    return bring(look_into(fetched.content, reading), source, reading, now=now, may_make_people=False)


@transaction.atomic
def _begin(source_id: int, *, by: str, now: datetime) -> CalendarSource | None:
    found = CalendarSource.objects.select_for_update(no_key=True, of=("self",)).select_related("team", "person")
    source = found.filter(pk=source_id, ended_at=None).exclude(url="").first()
    if source is None or (source.leased_by.startswith("hand-") and source.leased_until and source.leased_until > now):
        return None
    source.leased_until, source.leased_by = now + POLL_LEASE, by
    source.attempts = max(source.attempts, 1)
    source.save(update_fields=["leased_until", "leased_by", "attempts"])
    return source


def _settle(source: CalendarSource, fetched: Fetched, brought: Brought | None, *, by: str, now: datetime) -> None:
    words = {"tried_at": now, "read_at": now, "last_result": said(brought)}
    if brought is not None:
        # With refusals the same words are read again next time: a person may have been made known since.
        is_clean = not brought.rejects
        words |= {"etag": fetched.etag if is_clean else "", "last_modified": fetched.last_modified if is_clean else ""}
    CalendarSource.objects.filter(pk=source.pk).update(**words)
    release(CalendarSource, source.pk, by=by, next_try_at=now + timedelta(minutes=source.every_minutes or 60))


def said(brought: Brought | None) -> str:
    """What a reading came to, in words for a roster manager."""
    if brought is None:
        return _("Nothing has changed there.")
    counts = {"rows": brought.rows, "added": brought.added, "removed": brought.removed, "refused": len(brought.rejects)}
    words = [_("Events: %(rows)d; new or changed: %(added)d; gone: %(removed)d; refused: %(refused)d.") % counts]
    words += [f"{reject.field}: {reject.reason}" for reject in brought.rejects[:5]]
    return "\n".join([*words, *brought.findings])
