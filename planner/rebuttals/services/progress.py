"""What every act on words touches besides them: the lock, the task that is moving, the supply that a line was."""

from datetime import datetime
from typing import Any

from planner.claims.models import Claim
from planner.coverage.services import close_supply
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User
from planner.rebuttals.models import Approval, ClearedLine, Draft, Rebuttal
from planner.tasking.selectors import standing_for
from planner.tasking.services import TaskRefused, acknowledge, touch_claim


def locked(rebuttal: Rebuttal) -> Rebuttal:
    """Hold the rebuttal until the commit, so that acts on its words come one after the other."""
    return Rebuttal.objects.select_for_update(no_key=True).get(pk=rebuttal.pk)


def hold_claim(claim: Claim | None) -> None:
    """Hold the claim until the commit, before the first stamp: whoever stamps must not wait for a row afterwards."""
    if claim is not None:
        Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)


def moved_on(claim: Claim | None, *, now: datetime) -> None:
    """Work on the answer goes on: the claim's task, if somebody has it, is followed up later. Holds the claim."""
    hold_claim(claim)
    if claim is not None:
        touch_claim(claim, now=now)


def taken_on(claim: Claim | None, *, by: User, now: datetime) -> None:
    """Whoever writes or releases an answer has the claim's task, unless somebody took it before: no more pages."""
    if claim is None or (task := standing_for(claim)) is None:
        return
    try:
        acknowledge(task, person=by, now=now)
    except TaskRefused:
        touch_claim(claim, now=now)


def supply_key(line: ClearedLine) -> str:
    """Under which name a line supplies the links `drafted` and `cleared`."""
    return f"line:{line.uuid}"


def close_lines(approval: Approval, *, now: datetime) -> None:
    """The lines of an approval that ended cover nothing any more (the database has ended the lines themselves)."""
    for line in approval.lines.all():
        close_supply(supply_key(line), at=now, closed_as="withdrawn")


def stamp_words(
    draft: Draft, milestone: Milestone, *, actor: User, now: datetime, subject: str = "", **detail: object
) -> None:
    """One journal entry about a version of a text, under its claim when it answers one."""
    claim = draft.rebuttal.claim
    stamp(
        milestone=milestone,
        at=now,
        claim=claim.uuid if claim else None,
        subject=subject or f"draft:{draft.uuid}",
        actor=actor.username,
        language=draft.language,
        channel_kind=draft.channel_kind,
        version=draft.version,
        **detail,
    )


def covered(draft: Draft) -> dict[str, Any]:
    """What the journal keeps of a version beside its words: the verdict, the hashes of the pictures, no bytes."""
    verdict = {"rating": draft.rating, "claim_words": draft.claim_words} if draft.rating else {}
    pictures = {"pictures": [one.sha256 for one in draft.shown]} if draft.pictures else {}
    return verdict | pictures
