"""The source of a claim took it back: what was planned against it may be stopped. Undone, the claim stands again."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.claims.models import Claim
from planner.claims.services.refusals import ClaimRefused, actor, held
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User


@transaction.atomic
def retract(claim: Claim, *, by: User | None, now: datetime, reason: str) -> Claim:
    """Note that the source took the claim back, and how; journal RETRACTED. Return the row.

    What we decided about it stays: it may be answered, declined or watched all the same. Raises ClaimRefused: no
    reason, a merged claim, one that is retracted already.
    """
    row, reason = _standing(claim), reason.strip()
    if not reason:
        raise ClaimRefused(_("Say how the source took it back, and where to see it: posts are stopped because of it."))
    if row.retracted_at is not None:
        raise ClaimRefused(_("That is noted already."))
    row.retracted_at, row.retracted_by, row.retraction = now, by, reason
    row.save(update_fields=["retracted_at", "retracted_by", "retraction"])
    stamp(milestone=Milestone.RETRACTED, at=now, claim=row.uuid, actor=actor(by), reason=reason)
    return row


@transaction.atomic
def stand_again(claim: Claim, *, by: User | None, now: datetime) -> Claim:
    """The claim was not taken back after all, or is said again; journal CORRECTED. Stopped posts stay stopped.

    Raises ClaimRefused when it stands.
    """
    row = _standing(claim)
    if row.retracted_at is None:
        raise ClaimRefused(_("This claim stands: nobody noted that its source took it back."))
    before = row.retraction
    row.retracted_at, row.retracted_by, row.retraction = None, None, ""
    row.save(update_fields=["retracted_at", "retracted_by", "retraction"])
    said = {"field": "retraction", "before": before, "after": ""}
    stamp(milestone=Milestone.CORRECTED, at=now, claim=row.uuid, actor=actor(by), **said)
    return row


def _standing(claim: Claim) -> Claim:
    row = held(claim)
    if row.merged_into_id:
        raise ClaimRefused(_("This claim was merged into another one: note it there."))
    return row
