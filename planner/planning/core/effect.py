"""What duties would change, slot by slot: the solver's own reckoning, which the verifier does another way."""

from collections.abc import Sequence

from planner.planning.core.candidates import all_stand
from planner.planning.core.grid import Grid
from planner.planning.core.problem import MINUTE, Candidate, Proposal
from planner.rosters.core.duty import Duty
from planner.spans import Span

Extra = Sequence[Sequence[Candidate]]  # who is added in each slot


def extra(grid: Grid, proposals: Sequence[Proposal]) -> list[list[Candidate]]:
    """Who is added in each slot."""
    people = {one.person_id: one for one in grid.problem.candidates}
    added: list[list[Candidate]] = [[] for _ in grid.slots]
    for one in proposals:
        for at in inside(grid, one.span):
            added[at].append(people[one.person_id])
    return added


def inside(grid: Grid, span: Span) -> list[int]:
    """The slots of a span that begins and ends at edges of slots."""
    first, last = ((moment - grid.problem.start) / MINUTE for moment in (span.start, span.end))
    return [at for at, slot in enumerate(grid.slots) if first <= slot.start and slot.end <= last]


def whole(grid: Grid, added: Extra) -> list[bool]:
    """In which slots a silence ends."""
    return [_stand(grid, at, added[at], is_need=False) for at in range(len(grid.slots))]


def loss(grid: Grid, added: Extra) -> float:
    """The audiences lost with these people added."""
    return sum(losses(grid, added))


def losses(grid: Grid, added: Extra) -> list[float]:
    """The audiences lost in each slot with these people added."""
    found, stands = [0.0] * len(grid.slots), whole(grid, added)
    answered = grid.answered(len(grid.slots))
    for at in range(len(grid.slots) - 1, -1, -1):
        slot = grid.slots[at]
        if stands[at]:
            answered = grid.answered(at)
        elif slot.claims and (grid.is_tied(slot) or not _stand(grid, at, added[at], is_need=True)):
            found[at] = slot.claims if answered is None else grid.lost_in(at, answered)
    return found


def _stand(grid: Grid, at: int, more: Sequence[Candidate], *, is_need: bool) -> bool:
    """Whether the slot's requirement, or all that ends a silence, stands. Asked again and again: remembered."""
    key = (at, is_need, *sorted(one.person_id for one in more))
    if key not in grid.known:
        slot = grid.slots[at]
        people: list[Candidate | Duty] = [*slot.duties, *more]
        grid.known[key] = all_stand(slot.needs if is_need else grid.answering(slot), slot, people)
    return grid.known[key]
