"""The bound: the best path of silences and watches within the budget, whoever's names the watches get.

A path from the first slot to the end, where every step is a silence that a watch (or the roster) ends, a watch, or a
slot that stands already. Costs add up, losses add up, so dynamic programming over (slot, paid units) is exact. It is
a relief of the real question in one respect only: names, that is rest between watches, weeks and nights.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import gcd

import numpy as np

from planner.planning.core.grid import DEEP, Grid
from planner.planning.core.watches import Watch

SAME = 1e-9  # audiences


class Paths:
    """`best`: the least loss of any path; `route`: one such path; `through(watch)`: the least of those that take it."""

    def __init__(self, grid: Grid, stands: Sequence[bool], watches: Sequence[Watch]) -> None:
        self.grid, self.stands, self.watches = grid, stands, watches
        self.size = len(grid.slots)
        budget = grid.problem.budget * 100
        self.unit = max(gcd(*(watch.cost for watch in watches)) if watches else 1, 1, budget // 4000)
        self.units = budget // self.unit
        self.silences = {last: silences(grid, stands, last) for last in range(1, self.size + 1)}
        self.ending: dict[int, list[Watch]] = defaultdict(list)
        self.beginning: dict[int, list[Watch]] = defaultdict(list)
        for watch in watches:
            self.ending[watch.last].append(watch)
            self.beginning[watch.first].append(watch)
        self.forth, self.forth_open = self._forth()
        self.back = self._back()
        self.best = float(self.back[0][self.units])

    def price(self, watch: Watch) -> int:
        """Whole units, rounded down: a relief, and exact as long as the unit divides every cost."""
        return watch.cost // self.unit

    def _blank(self) -> np.ndarray:
        return np.full((self.size + 1, self.units + 1), np.inf)

    def _forth(self) -> tuple[np.ndarray, np.ndarray]:
        """Least loss before each slot for at most so many units: after a whole slot, and with a silence that ends."""
        whole, ended = self._blank(), self._blank()
        whole[0] = 0.0
        for at in range(self.size + 1):
            for watch in self.ending[at]:
                _lower(whole[at], np.minimum(whole, ended)[watch.first], self.price(watch))
            if at and self.stands[at - 1]:
                whole[at] = np.minimum(whole[at], np.minimum(whole[at - 1], ended[at - 1]))
            for first, lost in self.silences.get(at, ()):
                np.minimum(ended[at], whole[first] + lost, out=ended[at])
        return whole, ended

    def _back(self) -> np.ndarray:
        """Least loss from each slot on when the slot before was whole, with at most so many units left."""
        rest, held = self._blank(), self._blank()  # held: the slot itself must be whole
        rest[self.size] = held[self.size] = 0.0
        following = defaultdict(list)
        for last, found in self.silences.items():
            for first, lost in found:
                following[first].append((last, lost))
        for at in range(self.size - 1, -1, -1):
            if self.stands[at]:
                held[at] = rest[at + 1]
            for watch in self.beginning[at]:
                _lower(held[at], rest[watch.last], self.price(watch))
            rest[at] = held[at]
            for last, lost in following[at]:
                np.minimum(rest[at], held[last] + lost, out=rest[at])
        return rest

    def through(self, watch: Watch) -> float:
        """The least loss of any path within the budget that takes this watch."""
        price = self.price(watch)
        if price > self.units:
            return float("inf")
        before = np.minimum(self.forth[watch.first], self.forth_open[watch.first])[: self.units - price + 1]
        after = self.back[watch.last][self.units - price :: -1][: len(before)]
        return float((before + after).min())

    def route(self) -> list[Watch]:
        """The watches of one best path, in order of time."""
        at, units, taken = self.size, self.units, list[Watch]()
        reached = np.minimum(self.forth, self.forth_open)
        while at > 0:
            if (want := self.forth_open[at][units]) < self.forth[at][units]:
                at = next(i for i, lost in self.silences[at] if abs(self.forth[i][units] + lost - want) < SAME)
            if at > 0:
                at, units = self._step_back(at, units, reached, taken)
        return taken[::-1]

    def _step_back(self, at: int, units: int, reached: np.ndarray, taken: list[Watch]) -> tuple[int, int]:
        want = self.forth[at][units]
        for watch in self.ending[at]:
            left = units - self.price(watch)
            if left >= 0 and abs(reached[watch.first][left] - want) < SAME:
                taken.append(watch)
                return watch.first, left
        return at - 1, units


def _lower(target: np.ndarray, source: np.ndarray, price: int) -> None:
    if price < len(target):
        np.minimum(target[price:], source[: len(target) - price], out=target[price:])


def silences(grid: Grid, stands: Sequence[bool], last: int) -> list[tuple[int, float]]:
    """Every silence that ends with slot `last`: its first slot, and the audiences lost in it.

    Of one that is older than twenty half-lives the old part is lost whatever comes: less than a millionth is left.
    """
    answered, found, lost = grid.answered(last), [], 0.0
    edge = grid.slots[last - 1].end
    for first in range(last - 1, -1, -1):
        if stands[first]:
            break
        is_old = answered is None or edge - grid.slots[first].start > DEEP * grid.half_life
        lost += grid.slots[first].claims if is_old or answered is None else grid.lost_in(first, answered)
        found.append((first, lost))
    return found
