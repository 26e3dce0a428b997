"""A loss below which no plan can come, however its duties lie: also where people who need each other come and go apart.

`paths` bounds plans of watches. Here any plan is relieved of more than that, in two ways; the higher bound counts.

* **By colours.** Wherever a plan makes the chain stand, `heads` of its people or more are on duty. Intervals can be
  given `heads` colours so that each is there wherever so many overlap (their matrix is totally unimodular: Ghouila-
  Houri's equitable colouring). So the duties of the cheapest colour hold alone all that the plan holds, and taken
  `heads` times over they cost no more: stretches that begin with a shortest duty and go on slot by slot.
* **By slots.** Each slot that stands is paid for as many people as it needs; no duty has a shortest length.

An hour costs what it does on call. What an hour at the desk costs beyond that is paid by the silences whose end such a
duty quickens: it can be so many only (`_quickening`). Rest, weeks, nights, wake-ups and longest duties are not asked
for. Both rest on this: where more stands, no more is lost.
"""

from collections.abc import Sequence
from math import ceil, gcd

import numpy as np

from planner.coverage.core.loss import Stand
from planner.planning.core.grid import Grid
from planner.planning.core.paths import lower, silences
from planner.planning.core.problem import MINUTE
from planner.planning.core.watches import Teams
from planner.rosters.core.kinds import DutyKind

FINEST = 2000  # units into which a budget is cut


def floor(teams: Teams) -> float:
    """Audiences that every plan within the budget loses; 0 where more that stands might lose more."""
    grid, policy = teams.grid, teams.grid.problem.policy
    half_lives = {grid.answer(at, Stand.DESK).half_life for at in range(len(grid.slots))}
    if len(half_lives) > 1 or not all(map(grid.is_tied, grid.slots)):
        return 0.0
    heads = _heads(teams)
    fewest = min((some for some, stands in zip(heads, teams.stands, strict=True) if not stands), default=1)
    shortest = min(policy.shortest(kind) for kind in DutyKind)
    briefest = min(slot.end - slot.start for slot in grid.slots)
    by_colours = _least(teams, [fewest] * len(heads), shortest, _quickening(grid, shortest) * fewest)
    by_slots = _least(teams, heads, 0.0, _quickening(grid, 2 * briefest) * fewest)
    return max(by_colours, by_slots)


def _heads(teams: Teams) -> list[int]:
    """How many people of a plan make a slot stand, at least; one more than was looked at where so many do not."""
    beyond = len(teams.teams[-1]) + 1 if teams.teams else 1
    return [teams.smallest(at, at + 1) or beyond for at in range(len(teams.grid.slots))]


def _quickening(grid: Grid, apart: float) -> float:
    """Minutes of a desk duty for each silence that it quickens, at least; their ends lie more than `apart` apart."""
    policy, assumed = grid.problem.policy, grid.problem.assumptions
    sooner = max((assumed.on_call - assumed.desk) / MINUTE, 0.0)
    lengths = range(policy.desk_shortest, policy.desk_longest + 1, policy.step)
    return min(length / ceil((length + sooner) / apart) for length in lengths)


def _least(teams: Teams, heads: Sequence[int], shortest: float, quickening: float) -> float:
    """The least loss of stretches held by so many heads a slot, each beginning with `shortest` minutes."""
    grid, base, slots = teams.grid, teams.base, teams.grid.slots
    policy, size, budget = grid.problem.policy, len(slots), grid.problem.budget * 100
    pay = min(policy.pay(kind) for kind in DutyKind)
    quick = quickening * (policy.pay(DutyKind.DESK) - pay)
    unit = max(gcd(policy.step * pay, round(quick)), budget // FINEST, 1)  # prices are rounded down to it
    starts = {slot.start: at for at, slot in enumerate(slots)} | {slots[-1].end: size}
    held = np.full((size + 1, budget // unit + 1), np.inf)  # the slot before stands
    held[0] = 0.0
    for at, slot in enumerate(slots):
        ended = {stand: _ended(teams, held, at, stand) for stand in Stand}
        length = slot.end - slot.start
        first = starts.get(slot.start + shortest) if shortest else at + 1
        if first is not None:
            price = (shortest or length) * pay * heads[at]
            lower(held[first], ended[Stand.ON_CALL], int(price // unit))
            lower(held[first], ended[Stand.DESK], int((price + quick) // unit))
        if base.whole[at]:
            held[at + 1] = np.minimum.reduce([held[at + 1], held[at], *ended.values()])
        lower(held[at + 1], held[at], int(length * pay * heads[at] // unit))
    return float(min(held[size][-1], _ended(teams, held, size, Stand.DESK)[-1]))


def _ended(teams: Teams, held: np.ndarray, last: int, stand: Stand) -> np.ndarray:
    """The least loss where a silence ends so before the slot `last`."""
    found = np.full(held.shape[1], np.inf)
    for first, lost in silences(teams.grid, teams.base, last, stand):
        np.minimum(found, held[first] + lost, out=found)
    return found
