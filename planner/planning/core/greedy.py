"""The good old way, as a peer and a first plan: take the watch that avoids the most for its pay, again and again."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from planner.coverage.core.loss import Stand
from planner.planning.core.effect import sooner
from planner.planning.core.paths import stand_of
from planner.planning.core.watches import Teams, Watch

LAZY = 1e-12


def greedy(teams: Teams, watches: Sequence[Watch]) -> list[Watch]:
    """Watches by loss avoided per paid minute until the budget is spent, names not yet asked for.

    Lazily: a watch avoids less the more stand already (nearly always), so only the best of the queue is looked at anew.
    """
    base, budget = teams.base, teams.grid.problem.budget * 100
    stands = [base.stand(at) if whole else None for at, whole in enumerate(base.whole)]
    queue = [(-_gain(teams, stands, watch) / max(watch.cost, 1), index) for index, watch in enumerate(watches)]
    heapify(queue)
    taken: list[Watch] = []
    while queue:
        _, index = heappop(queue)
        watch = watches[index]
        if watch.cost > budget or any(one.first < watch.last and watch.first < one.last for one in taken):
            continue
        worth = -_gain(teams, stands, watch) / max(watch.cost, 1)
        if worth >= -LAZY:
            continue
        if queue and worth > queue[0][0] + LAZY:
            heappush(queue, (worth, index))
            continue
        taken.append(watch)
        budget -= watch.cost
        stands[watch.first : watch.last] = [one or stand_of(watch) for one in stands[watch.first : watch.last]]
    return taken


def _gain(teams: Teams, stands: list[Stand | None], watch: Watch) -> float:
    """The audiences that a watch avoids losing beside what stands already."""
    first = watch.first
    while first > 0 and stands[first - 1] is None:
        first -= 1
    before = _lost(teams, stands, first, watch.last)
    kept = stands[watch.first : watch.last]
    stands[watch.first : watch.last] = [one or stand_of(watch) for one in kept]
    after = _lost(teams, stands, first, watch.last)
    stands[watch.first : watch.last] = kept
    return before - after


def _lost(teams: Teams, stands: list[Stand | None], first: int, last: int) -> float:
    """The audiences lost in [first, last) and in the silence that goes on from there."""
    grid, lost = teams.grid, 0.0
    while last < len(stands) and stands[last] is None:
        last += 1
    answer = sooner(grid.after.get(Stand.ON_CALL), grid.after.get(Stand.DESK))
    for at in range(min(last, len(stands) - 1), first - 1, -1):
        if (stand := stands[at]) is not None:
            answer = sooner(grid.answer(at, stand), teams.base.desk_next[at])
        else:
            lost += grid.lost_in(at, answer)
    return lost
