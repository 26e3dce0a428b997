"""Swaps on offer as their pages show them: who may do what with each."""

from dataclasses import dataclass
from datetime import datetime

from planner.people.core.roles import Role
from planner.people.models import User
from planner.rosters.models import Swap
from planner.rosters.refusals import RosterRefused
from planner.rosters.swapping import refuse_taker
from planner.rosters.words import span_of
from planner.spans import Span


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer for one viewer. `obstacle`: why the viewer cannot take it, in words; empty when they can."""

    swap: Swap
    span: Span
    is_own: bool
    may_accept: bool
    may_approve: bool
    obstacle: str


def offers(viewer: User, now: datetime) -> list[Offer]:
    """Everything on offer that lies ahead, in order of time, those that wait for a roster manager included."""
    standing = Swap.objects.filter(ended_at=None, taken=None, shift__cancelled_at=None, during__startswith__gte=now)
    rows = standing.select_related("shift__person", "shift__team", "taker").order_by("during", "pk")
    return [_offer(swap, viewer) for swap in rows]


def _offer(swap: Swap, viewer: User) -> Offer:
    own = viewer.pk in {swap.shift.person_id, swap.offered_by_id}
    obstacle = ""
    if swap.taker_id is None and viewer.pk != swap.shift.person_id:
        try:
            refuse_taker(viewer, swap.shift, span_of(swap))
        except RosterRefused as refused:
            obstacle = str(refused)
    may_accept = swap.taker_id is None and viewer.pk != swap.shift.person_id and not obstacle
    may_approve = swap.taker_id is not None and viewer.has_role(Role.MANAGER)
    return Offer(swap, span_of(swap), own, may_accept, may_approve, obstacle)
