"""Nobody is asked for more than helps: duties that avoid nothing are dropped, ends that avoid nothing are cut."""

from collections.abc import Sequence
from dataclasses import replace

from planner.planning.core import effect
from planner.planning.core.grid import Grid
from planner.planning.core.problem import MINUTE, Proposal
from planner.spans import Span

NOTHING = 1e-9  # audiences


def tidy(grid: Grid, proposals: Sequence[Proposal]) -> list[Proposal]:
    """The same loss with less duty: every constraint that held still does, for a part of a duty asks for less."""
    kept = list(proposals)
    least = effect.loss(grid, effect.extra(grid, kept))
    for one in sorted(proposals, key=lambda one: (one.minutes, one.span, one.person_id)):
        others = [other for other in kept if other != one]
        if effect.loss(grid, effect.extra(grid, others)) <= least + NOTHING:
            kept = others
    return [_cut(grid, one, kept, least) for one in list(kept)]


def _cut(grid: Grid, one: Proposal, kept: list[Proposal], least: float) -> Proposal:
    """Cut the duty in `kept` from both ends as far as nothing is lost by it."""
    for side in ("start", "end"):
        while (shorter := _shorter(grid, one, side)) is not None:
            with_it = [shorter if other == one else other for other in kept]
            if effect.loss(grid, effect.extra(grid, with_it)) > least + NOTHING:
                break
            kept[:] = with_it
            one = shorter
    return one


def _shorter(grid: Grid, one: Proposal, side: str) -> Proposal | None:
    step = grid.problem.policy.step
    if one.minutes - step < grid.problem.policy.shortest(one.kind):
        return None
    start = one.span.start + (step * MINUTE if side == "start" else 0 * MINUTE)
    end = one.span.end - (step * MINUTE if side == "end" else 0 * MINUTE)
    return replace(one, span=Span(start, end))
