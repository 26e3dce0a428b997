"""Change a figure that losses lean on: a reaction time, a half-life. The old one stays on record."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.coverage.models import Assumption
from planner.coverage.services.refusals import CoverageRefused
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User

LONGEST = 7 * 24 * 60  # minutes


@transaction.atomic
def assume(*, key: str, minutes: int | None, by: User, now: datetime) -> tuple[Assumption | None, bool]:
    """From now on this figure holds: `key` desk, on_call, half_life or half_life:<channel kind>; None: as shipped.

    Returns what stands (None: nothing was ever set) and whether that is a change. Stamps SNAPSHOT. Raises
    CoverageRefused outside of 1 minute to a week.
    """
    if minutes is not None and not 1 <= minutes <= LONGEST:
        raise CoverageRefused(_("Expected 1 to %(most)s minutes (a week).") % {"most": LONGEST})
    standing = Assumption.objects.select_for_update().filter(key=key, ended_at=None).first()
    before = standing.minutes if standing else None
    if before == minutes:
        return standing, False
    if standing:
        standing.ended_at = now
        standing.save(update_fields=["ended_at"])
    made = Assumption.objects.create(key=key, minutes=minutes, set_at=now, set_by=by)
    stamp(
        milestone=Milestone.SNAPSHOT,
        at=now,
        subject=f"assumption:{key}",
        actor=by.username,
        change="set",
        minutes=minutes,
        before=before,
    )
    return made, True
