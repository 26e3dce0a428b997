"""Endless events of calendars are unrolled further as time goes by, from what was written, without asking anybody."""

import logging
from datetime import datetime

from planner.journal.core.intake import Fault, Unreadable
from planner.rosters.calendars.bringing import ROLLED_EVERY, roll
from planner.rosters.calendars.rows import CalendarEntry
from planner.rosters.core.recurrence import HORIZON

log = logging.getLogger(__name__)


def roll_calendars(*, now: datetime) -> int:
    """Unroll what falls due, as the clock does; return how many stretches are new. One bad event stops no other."""
    due = CalendarEntry.objects.filter(removed_at=None, rolled_until__lt=now + HORIZON - ROLLED_EVERY)
    added = 0
    for entry in due.select_related("source__team", "source__person").order_by("pk"):
        try:
            added += roll(entry, now=now)
        except (Fault, Unreadable) as wrong:  # a zone or a person that was known when it came in is no longer
            log.warning("the event %s of the calendar %s is not unrolled further: %s", entry.uid, entry.source, wrong)
    return added
