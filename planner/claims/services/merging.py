"""Merge a claim into another: the same assertion, entered twice."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim, Flood, PickUp, Sighting
from planner.claims.services.claiming import correct
from planner.claims.services.refusals import ClaimRefused, actor, held
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User


@transaction.atomic
def merge(claim: Claim, *, into: Claim, by: User | None, now: datetime) -> Claim:
    """Merge `claim` into `into`, returned; journal MERGED, and CORRECTED where it broke earlier than thought.

    Sightings, floods and pick-ups move along. The claim that is left keeps its own story. Raises ClaimRefused: a
    claim into itself, into one that is merged itself, or an answered claim (merge the other way round, so that its
    answer counts).
    """
    if claim.pk == into.pk:
        raise ClaimRefused(_("A claim cannot be merged into itself."))
    first, second = sorted((claim, into), key=lambda one: one.pk)
    rows = {
        row.pk: row for row in (held(first), held(second))
    }  # in one order, so that two merges cannot block each other
    row, target = rows[claim.pk], rows[into.pk]
    if row.merged_into_id or target.merged_into_id:
        raise ClaimRefused(_("One of the two was merged into another claim already."))
    if row.state == ClaimState.ANSWERED:
        raise ClaimRefused(_("This claim is answered: merge the other one into it."))
    _move(row, target)
    row.state, row.merged_into = ClaimState.MERGED.value, target
    row.save(update_fields=["state", "merged_into"])
    stamp(milestone=Milestone.MERGED, at=now, claim=row.uuid, subject=f"claim:{target.uuid}", actor=actor(by))
    if row.broke_earliest < target.broke_earliest or row.broke_latest < target.broke_latest:
        earliest = min(row.broke_earliest, target.broke_earliest)
        latest = min(row.broke_latest, target.broke_latest)
        return correct(target, by=by, now=now, broke_earliest=earliest, broke_latest=latest)
    return target


def _move(row: Claim, target: Claim) -> None:
    Sighting.objects.filter(claim=row).update(claim=target)
    Flood.objects.filter(claim=row).update(claim=target)
    Claim.objects.filter(merged_into=row).update(merged_into=target)
    there = set(PickUp.objects.filter(claim=target).values_list("source_id", "at"))
    for pickup in PickUp.objects.filter(claim=row):
        if (pickup.source_id, pickup.at) not in there:
            PickUp.objects.filter(pk=pickup.pk).update(claim=target)
