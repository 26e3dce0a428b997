"""Who avoids how much: the loss that a plan avoids, shared out among its duties so that the shares add up to it."""

from collections.abc import Sequence
from dataclasses import dataclass

from planner.planning.core import effect
from planner.planning.core.candidates import opened
from planner.planning.core.grid import Grid
from planner.planning.core.problem import Problem, Proposal


@dataclass(frozen=True, slots=True)
class Share:
    """What a duty avoids, and what was expected to be lost in the silences that it touches: whole audiences."""

    avoids: float
    expected: float


def shares(problem: Problem, proposals: Sequence[Proposal]) -> list[Share]:
    """One share for each proposal, in their order.

    What is avoided in a silence is shared among the duties that touch it by what each of them alone is needed for: the
    loss that would come back without it. Where nobody alone is needed they share by their time.
    """
    grid = opened(problem)
    before, after = _lost(grid, []), _lost(grid, proposals)
    without = [_lost(grid, [other for other in proposals if other != one]) for one in proposals]
    found = [Share(0.0, 0.0) for _ in proposals]
    for first, last in _silences(grid):
        lost, left = sum(before[first:last]), sum(after[first:last])
        there = [[at for at in effect.inside(grid, one.span) if first <= at < last] for one in proposals]
        needed = [max(0.0, sum(w[first:last]) - left) if t else 0.0 for w, t in zip(without, there, strict=True)]
        weights = needed if sum(needed) > 1e-9 else [float(len(t)) for t in there]
        for index, weight in enumerate(weights):
            if there[index]:
                part = (lost - left) * weight / (sum(weights) or 1.0)
                found[index] = Share(found[index].avoids + part, found[index].expected + lost)
    return found


def _lost(grid: Grid, proposals: Sequence[Proposal]) -> list[float]:
    return effect.losses(grid, effect.extra(grid, proposals))


def _silences(grid: Grid) -> list[tuple[int, int]]:
    """The stretches in which the chain does not stand as the roster is, by slots [first, last)."""
    whole, found, first = effect.base(grid).whole, [], 0
    for at in range(len(whole) + 1):
        if at == len(whole) or whole[at]:
            if at > first:
                found.append((first, at))
            first = at + 1
    return found
