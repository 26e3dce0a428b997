"""Decide what becomes of a claim, and mark it answered. Silence is a decision: with a reason, a name and a time."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.claims.core.words import ClaimState, Decision
from planner.claims.models import Claim
from planner.claims.services.refusals import ClaimRefused, actor, held
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User

OUTCOME = {
    Decision.ANSWER: ClaimState.TAKEN_UP,
    Decision.WATCH: ClaimState.WATCHED,
    Decision.DECLINE: ClaimState.DECLINED,
}


@transaction.atomic
def decide(claim: Claim, *, decision: str, by: User | None, now: datetime, reason: str = "") -> Claim:
    """Answer, watch or decline a claim: TAKEN_UP, WATCHED or DECLINED; journal TRIAGED or DECLINED. Return the row.

    A decision may be changed until the claim is answered; the same one again changes nothing. Raises ClaimRefused: a
    decline without a reason, a claim that is answered or merged.
    """
    decision, reason, row = Decision(decision), reason.strip(), held(claim)
    if row.state == OUTCOME[decision]:
        return row
    _check(row, decision, reason)
    row.state = OUTCOME[decision].value
    row.decided_at, row.decided_by, row.decision_reason = now, by, reason
    row.save(update_fields=["state", "decided_at", "decided_by", "decision_reason"])
    milestone = Milestone.DECLINED if decision is Decision.DECLINE else Milestone.TRIAGED
    stamp(milestone=milestone, at=now, claim=row.uuid, actor=actor(by), decision=decision.value, reason=reason)
    return row


@transaction.atomic
def mark_answered(claim: Claim, *, at: datetime, now: datetime, by: User | None = None) -> bool:
    """Mark a claim answered; `at` is the moment of the first official word. Return whether it was news.

    Journal ANSWERED once: later words change nothing. A merged claim passes it on to the one it became part of.
    """
    row = held(claim)
    if row.merged_into is not None:
        return mark_answered(row.merged_into, at=at, now=now, by=by)
    if row.state == ClaimState.ANSWERED:
        return False
    row.state = ClaimState.ANSWERED.value
    row.save(update_fields=["state"])
    stamp(milestone=Milestone.ANSWERED, at=at, claim=row.uuid, actor=actor(by, otherwise="hands"))
    return True


def _check(row: Claim, decision: Decision, reason: str) -> None:
    if row.state == ClaimState.MERGED:
        raise ClaimRefused(_("This claim was merged into another one: decide about that one."))
    if row.state == ClaimState.ANSWERED:
        raise ClaimRefused(_("This claim is answered already; what was published stands in its story."))
    if decision is Decision.DECLINE and not reason:
        raise ClaimRefused(_("Say why there will be no public answer: silence is a decision that stays on record."))
