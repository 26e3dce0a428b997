"""The good old way, as a peer and a first plan: take the watch that avoids the most for its pay, again and again."""

from collections.abc import Sequence
from heapq import heapify, heappop, heappush

from planner.planning.core.watches import Teams, Watch

LAZY = 1e-12


def greedy(teams: Teams, watches: Sequence[Watch]) -> list[Watch]:
    """Watches by loss avoided per paid minute until the budget is spent, names not yet asked for.

    Lazily: a watch avoids less the more stand already (nearly always), so only the best of the queue is looked at anew.
    """
    stands, budget = list(teams.stands), teams.grid.problem.budget * 100
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
        stands[watch.first : watch.last] = [True] * (watch.last - watch.first)
    return taken


def _gain(teams: Teams, stands: list[bool], watch: Watch) -> float:
    """The audiences that a watch avoids losing beside what stands already."""
    last = watch.last
    while last < len(stands) and not stands[last]:
        last += 1
    first = watch.first
    while first > 0 and not stands[first - 1]:
        first -= 1
    return _lost(teams, stands[first : last + 1], first) - _lost(
        teams,
        [there or watch.first <= at < watch.last for at, there in enumerate(stands[first : last + 1], first)],
        first,
    )


def _lost(teams: Teams, stands: Sequence[bool], first: int) -> float:
    grid, lost = teams.grid, 0.0
    end = first + len(stands)
    answered = grid.answered(len(grid.slots)) if end == len(grid.slots) else None
    for at in range(end - 1, first - 1, -1):
        if stands[at - first]:
            answered = grid.answered(at)
        else:
            lost += grid.slots[at].claims if answered is None else grid.lost_in(at, answered)
    return lost
