"""The optimiser: the best path of silences and watches first, names second, both together where names do not fit.

`paths` finds the least loss of any plan whose watches need no names: the bound. Where names for that plan can be found,
it is the best. Where not, CP-SAT chooses watches and names at once from the pool of those watches that a better plan
could still hold.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from time import perf_counter

from planner.planning.core import effect
from planner.planning.core.candidates import opened
from planner.planning.core.choosing import Effort, choose, name
from planner.planning.core.floor import floor
from planner.planning.core.greedy import greedy
from planner.planning.core.grid import Grid
from planner.planning.core.paths import THRIFT, Paths
from planner.planning.core.problem import Problem, Proposal, Solution
from planner.planning.core.tidying import tidy
from planner.planning.core.verifier import check
from planner.planning.core.watches import Teams, Watch, useful

POOLS = ((250, 0.6), (500, 1.0))  # from how many watches CP-SAT chooses at once, for which share of the time left
POOLS_OF_FEW = ((250, 0.4), (1500, 1.0))
CHOOSING = 0.75  # share of the time for that; the rest is for everything else
FEW, DETOURS = 12, 8
LEAST = 0.3  # seconds: less is not worth a look
NAMING = Effort(seconds=2)  # seldom more than a tenth of it
PROVEN = 1e-3  # audiences: a difference not worth another look


def solve(problem: Problem, effort: Effort | None = None, hint: Sequence[Proposal] = ()) -> Solution:
    """The plan that avoids the most loss within the budget, as far as it was found in the time given.

    `hint`: a plan to start from (of another budget). Never worse than the hint, the greedy plan or no plan.
    """
    effort, began = effort or Effort(), perf_counter()
    grid = opened(problem)
    before = lost(grid, [])
    best = list(hint) if hint and not check(problem, hint) else []
    if problem.budget <= 0:
        return _solution(grid, before, best, before, began)
    teams = Teams(grid)
    watches = useful(grid, teams.watches())
    paths = Paths(grid, teams.base, watches)
    known = [greedy(teams, watches)]
    best = _better(grid, best, name(teams, known[0], NAMING))
    for route, named in _detours(teams, paths):
        known.append(route)
        best = _better(grid, best, named)
        if _is_close(lost(grid, best), paths.best, effort):
            break
    bound, left = paths.best, effort.seconds * CHOOSING
    for size, share in POOLS if len(teams.people) > FEW else POOLS_OF_FEW:
        if _is_close(lost(grid, best), bound, effort) or left < LEAST:
            break
        pool, excluded = _pool(paths, lost(grid, best), size, [watch for some in known[:2] for watch in some])
        chosen = choose(teams, pool, replace(effort, seconds=left * share), best, paths.best)
        best = _better(grid, best, chosen.proposals)
        bound = max(bound, min(chosen.bound, excluded))
        left -= chosen.seconds
    return _solution(grid, before, best, bound, began, floor(teams))


def greedily(problem: Problem) -> Solution:
    """The greedy plan alone, with the names that it finds: the peer of the optimiser."""
    began, grid = perf_counter(), opened(problem)
    teams = Teams(grid)
    taken = greedy(teams, useful(grid, teams.watches()))
    best = name(teams, taken, NAMING)
    return _solution(grid, lost(grid, []), best, 0.0, began)


def lost(grid: Grid, proposals: Sequence[Proposal]) -> float:
    """The audiences lost with the proposals on the roster, reckoned on the grid."""
    return effect.loss(grid, effect.extra(grid, proposals))


def _weight(grid: Grid, proposals: Sequence[Proposal]) -> float:
    """The audiences lost and, far behind them, the paid half-hours."""
    return lost(grid, proposals) + THRIFT * sum(one.paid(grid.problem.policy) for one in proposals) / 30


def _is_close(loss: float, bound: float, effort: Effort) -> bool:
    return loss - bound <= max(PROVEN, effort.close_enough * loss)


def _better(grid: Grid, best: list[Proposal], other: Sequence[Proposal]) -> list[Proposal]:
    return list(other) if _weight(grid, other) < _weight(grid, best) - 1e-9 else best


def _detours(teams: Teams, paths: Paths) -> Iterator[tuple[list[Watch], list[Proposal]]]:
    """The best path with names, then the best without the watches for which there were none, and so on."""
    for _ in range(DETOURS):
        route = paths.route()
        named = name(teams, route, NAMING)
        yield route, named
        unnamed = {watch for watch in route if not _is_held(teams, watch, named)}
        if not unnamed:
            return
        paths = Paths(teams.grid, teams.base, [watch for watch in paths.watches if watch not in unnamed])


def _is_held(teams: Teams, watch: Watch, named: Sequence[Proposal]) -> bool:
    span = teams.span(watch)
    there = [
        one for one in named if one.kind is watch.kind and one.span.start <= span.start and span.end <= one.span.end
    ]
    return len(there) >= watch.heads


def _pool(paths: Paths, known: float, size: int, always: Sequence[Watch]) -> tuple[list[Watch], float]:
    """The watches through which a better plan may pass, the most promising and those of plans that are known; and the
    least loss through any other."""
    ranked = sorted((paths.through(watch), index) for index, watch in enumerate(paths.watches))
    open_ones = [(through, paths.watches[index]) for through, index in ranked if through < known]
    rest = open_ones[size][0] if len(open_ones) > size else known
    return list(dict.fromkeys([*always, *(watch for _, watch in open_ones[:size])])), rest


def _solution(
    grid: Grid, before: float, best: Sequence[Proposal], bound: float, began: float, least: float = 0.0
) -> Solution:
    after, tidied = lost(grid, best), tidy(grid, best)
    ordered = tuple(sorted(tidied, key=lambda one: (one.span, one.person_id)))
    return Solution(ordered, before, after, min(bound, after), perf_counter() - began, min(least, after))
