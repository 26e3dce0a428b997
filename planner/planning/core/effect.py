"""What duties would change, slot by slot: the solver's own reckoning, which the verifier does another way."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.coverage.core.loss import Stand
from planner.planning.core.candidates import all_stand
from planner.planning.core.grid import Answer, Grid
from planner.planning.core.problem import MINUTE, Proposal
from planner.rosters.core.duty import Duty
from planner.spans import Span

Extra = Sequence[Sequence[Duty]]  # who is added in each slot


@dataclass(frozen=True)
class Base:
    """How the chain stands slot by slot with nobody added; `desk_next`: the desk's next answer from each slot on."""

    whole: list[bool]
    desk: list[bool]
    desk_next: list[Answer | None]

    def stand(self, at: int) -> Stand:
        """How a slot that stands does."""
        return Stand.DESK if self.desk[at] else Stand.ON_CALL


def base(grid: Grid) -> Base:
    """How the chain stands as the roster is."""
    nobody: list[list[Duty]] = [[] for _ in grid.slots]
    desk = stands(grid, nobody, only_desk=True)
    following = [grid.after.get(Stand.DESK)]
    for at in range(len(grid.slots) - 1, -1, -1):
        following.append(grid.answer(at, Stand.DESK) if desk[at] else following[-1])
    return Base(stands(grid, nobody), desk, following[::-1])


def extra(grid: Grid, proposals: Sequence[Proposal]) -> list[list[Duty]]:
    """Who is added in each slot."""
    people = {one.person_id: one for one in grid.problem.candidates}
    added: list[list[Duty]] = [[] for _ in grid.slots]
    for one in proposals:
        for at in inside(grid, one.span):
            added[at].append(one.duty(people[one.person_id]))
    return added


def inside(grid: Grid, span: Span) -> list[int]:
    """The slots of a span that begins and ends at edges of slots."""
    first, last = ((moment - grid.problem.start) / MINUTE for moment in (span.start, span.end))
    return [at for at, slot in enumerate(grid.slots) if first <= slot.start and slot.end <= last]


def stands(grid: Grid, added: Extra, *, only_desk: bool = False) -> list[bool]:
    """In which slots a silence ends; `only_desk`: by those at the desk alone."""
    return [_stand(grid, at, added[at], only_desk=only_desk) for at in range(len(grid.slots))]


def loss(grid: Grid, added: Extra) -> float:
    """The audiences lost with these people added."""
    return sum(losses(grid, added))


def losses(grid: Grid, added: Extra) -> list[float]:
    """The audiences lost in each slot with these people added."""
    found, whole, desk = [0.0] * len(grid.slots), stands(grid, added), stands(grid, added, only_desk=True)
    first, by_desk = grid.after.get(Stand.ON_CALL), grid.after.get(Stand.DESK)
    for at in range(len(grid.slots) - 1, -1, -1):
        slot = grid.slots[at]
        if desk[at]:
            first = by_desk = grid.answer(at, Stand.DESK)
        elif whole[at]:
            first = grid.answer(at, Stand.ON_CALL)
        elif slot.claims and (grid.is_tied(slot) or not _stand(grid, at, added[at], is_need=True)):
            found[at] = grid.lost_in(at, sooner(first, by_desk))
    return found


def sooner(first: Answer | None, by_desk: Answer | None) -> Answer | None:
    """The earlier of two answers; of two in the same minute that of the chain that stands first."""
    known = [one for one in (first, by_desk) if one is not None]
    return min(known, key=lambda one: one.minute, default=None)


def _stand(grid: Grid, at: int, more: Sequence[Duty], *, is_need: bool = False, only_desk: bool = False) -> bool:
    """Whether the slot's requirement, or all that ends a silence, stands. Asked again and again: remembered."""
    key = (at, is_need, only_desk, *sorted((one.person_id, one.kind) for one in more))
    if key not in grid.known:
        slot = grid.slots[at]
        people = [one for one in (*slot.duties, *more) if one.is_desk or not only_desk]
        grid.known[key] = all_stand(slot.needs if is_need else grid.answering(slot), slot, people)
    return grid.known[key]
