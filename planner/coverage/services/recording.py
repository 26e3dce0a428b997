"""What the clock writes down once a day: how the night stood, and how long answering takes."""

from datetime import datetime, timedelta

from django.db import transaction

from planner.coverage import measuring, selectors
from planner.coverage.core import gaps
from planner.coverage.models import Ledger, Measurement
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.tempo.selectors import theatre
from planner.wallclock import night_of


@transaction.atomic
def record_ledger(*, now: datetime) -> tuple[Ledger, bool]:
    """Write down how the last theatre day that has ended (noon to noon) stood; once, whatever is edited later.

    Returns the ledger and whether it is new. Stamps SNAPSHOT. With it, once a day, reactions are measured.
    """
    zone = theatre()
    ended = night_of(now, zone).start
    day = night_of(ended - timedelta(seconds=1), zone)
    asked, _assumed = selectors.requirements()
    found = gaps.find(asked, selectors.watch(day.start, day.end), day.start, day.end)
    ledger, is_new = Ledger.objects.get_or_create(
        day=day.start.astimezone(zone).date(),
        defaults={
            "zone": zone.key,
            "required": found.required,
            "covered": found.covered,
            "gaps": found.required - found.covered,
            "recorded_at": now,
        },
    )
    if is_new:
        measure_reactions(now=now)
        hours = (found.required - found.covered).total() / timedelta(hours=1)
        stamp(
            milestone=Milestone.SNAPSHOT,
            at=now,
            subject=f"ledger:{ledger.day.isoformat()}",
            actor="clock",
            hours_without_cover=round(hours, 2),
        )
    return ledger, is_new


@transaction.atomic
def measure_reactions(*, now: datetime) -> list[Measurement]:
    """Write down how long answering took at the desk and on call, as the journal has it now. Read with `assumed`."""
    found = measuring.measured_reactions(now)
    rows = [
        Measurement(
            stand=stand.value,
            minutes=measured.median,
            acknowledged=measured.acknowledged,
            claims=measured.claims,
            answered=measured.answered,
            measured_at=now,
        )
        for stand, measured in found.items()
    ]
    return Measurement.objects.bulk_create(rows)
