"""The bound: the best path of silences and watches within the budget, whoever's names the watches get.

A path from the first slot to the end, where every step is a silence that a watch (or the roster) ends, a watch, or a
slot that stands already. Costs add up, losses add up, so dynamic programming over (slot, paid units) is exact. It is
a relief of the real question in one respect only: names, that is rest between watches, weeks and nights.
"""

from collections import defaultdict
from collections.abc import Sequence
from math import gcd

import numpy as np

from planner.coverage.core.loss import Stand
from planner.planning.core.effect import Base, sooner
from planner.planning.core.grid import Grid
from planner.planning.core.watches import Watch

SAME = 1e-9  # audiences
THRIFT = 1e-4  # audiences: a paid half-hour that avoids less is not asked for


class Paths:
    """`best`: the least loss of any path; `route`: one such path; `through(watch)`: the least of those that take it."""

    def __init__(self, grid: Grid, base: Base, watches: Sequence[Watch]) -> None:
        self.grid, self.base, self.watches = grid, base, watches
        self.size = len(grid.slots)
        budget = grid.problem.budget * 100
        self.unit = max(gcd(*(watch.cost for watch in watches)) if watches else 1, 1, budget // 4000)
        self.units = budget // self.unit
        self.ending: dict[int, list[Watch]] = defaultdict(list)
        self.beginning: dict[int, list[Watch]] = defaultdict(list)
        for watch in watches:
            self.ending[watch.last].append(watch)
            self.beginning[watch.first].append(watch)
        self.silences = {
            (last, stand): silences(grid, base, last, stand)
            for last in range(1, self.size + 1)
            for stand in Stand
            if self._may_end(last, stand)
        }
        self.forth = self._blank()
        self.ended = {stand: self._blank() for stand in Stand}
        self._forth()
        self.back = self._back()
        self.best = float(self.back[0][self.units])

    def price(self, watch: Watch) -> int:
        """Whole units, rounded down: a relief, and exact as long as the unit divides every cost."""
        return watch.cost // self.unit

    def _may_end(self, at: int, stand: Stand) -> bool:
        """Whether a silence may end with the slot in this way: by the roster, by a watch, or with the end."""
        if at == self.size:
            return stand is Stand.DESK  # both answers are weighed there: one entry will do
        if self.base.whole[at]:
            return stand is self.base.stand(at)
        return any(stand_of(watch) is stand for watch in self.beginning[at])

    def _blank(self) -> np.ndarray:
        return np.full((self.size + 1, self.units + 1), np.inf)

    def reached(self, at: int, stand: Stand | None = None) -> np.ndarray:
        """The least loss before a slot that is held from then on: after a whole slot, or ending a silence."""
        if stand is None or at == self.size or self.base.whole[at]:
            return np.minimum(self.forth[at], np.minimum(self.ended[Stand.DESK][at], self.ended[Stand.ON_CALL][at]))
        return np.minimum(self.forth[at], self.ended[stand][at])

    def _forth(self) -> None:
        self.forth[0] = 0.0
        for at in range(self.size + 1):
            for watch in self.ending[at]:
                lower(self.forth[at], self.reached(watch.first, stand_of(watch)), self.price(watch))
            if at and self.base.whole[at - 1]:
                self.forth[at] = np.minimum(self.forth[at], self.reached(at - 1))
            for stand in Stand:
                for first, lost in self.silences.get((at, stand), ()):
                    np.minimum(self.ended[stand][at], self.forth[first] + lost, out=self.ended[stand][at])

    def _back(self) -> np.ndarray:
        """Least loss from each slot on when the slot before was whole, with at most so many units left."""
        rest, held = self._blank(), {stand: self._blank() for stand in Stand}  # held: the slot itself ends a silence
        rest[self.size] = held[Stand.DESK][self.size] = 0.0
        following = defaultdict(list)
        for (last, stand), found in self.silences.items():
            for first, lost in found:
                following[first].append((last, stand, lost))
        for at in range(self.size - 1, -1, -1):
            for stand in Stand:
                if self.base.whole[at]:
                    held[stand][at] = rest[at + 1].copy()
                for watch in self.beginning[at]:
                    if self.base.whole[at] or stand_of(watch) is stand:
                        lower(held[stand][at], rest[watch.last], self.price(watch))
                np.minimum(rest[at], held[stand][at], out=rest[at])
            for last, stand, lost in following[at]:
                np.minimum(rest[at], held[stand][last] + lost, out=rest[at])
        return rest

    def through(self, watch: Watch) -> float:
        """The least loss of any path within the budget that takes this watch."""
        price = self.price(watch)
        if price > self.units:
            return float("inf")
        before = self.reached(watch.first, stand_of(watch))[: self.units - price + 1]
        return float((before + self.back[watch.last][: len(before)][::-1]).min())

    def route(self) -> list[Watch]:
        """The watches of one best path, in order of time."""
        at, units, taken = self.size, self._thrifty(), list[Watch]()
        want, stand = float(self.reached(at)[units]), None
        while at > 0:
            if want < self.forth[at][units] - SAME:  # a silence ends here
                found = (one for one in Stand if stand in (None, one) and abs(self.ended[one][at][units] - want) < SAME)
                ended = self.silences[at, next(found)]
                at = next(first for first, lost in ended if abs(self.forth[first][units] + lost - want) < SAME)
                want = float(self.forth[at][units])
            if at > 0:
                at, units, stand = self._step_back(at, units, taken)
                want = float(self.reached(at, stand)[units])
        return taken[::-1]

    def _thrifty(self) -> int:
        """With how many units the loss and, far behind it, the pay come to the least."""
        half_hours = np.arange(self.units + 1) * self.unit / 3000
        return int(np.argmin(np.round(self.reached(self.size) + THRIFT * half_hours, 9)))

    def _step_back(self, at: int, units: int, taken: list[Watch]) -> tuple[int, int, Stand | None]:
        want = self.forth[at][units]
        for watch in self.ending[at]:
            left, stand = units - self.price(watch), stand_of(watch)
            if left >= 0 and abs(self.reached(watch.first, stand)[left] - want) < SAME:
                taken.append(watch)
                return watch.first, left, None if self.base.whole[watch.first] else stand
        return at - 1, units, None


def stand_of(watch: Watch) -> Stand:
    """How the chain stands in a watch: at the desk only where everybody sits at it (a relief where some do not)."""
    return Stand(watch.kind.value)


def lower(target: np.ndarray, source: np.ndarray, price: int) -> None:
    if price < len(target):
        np.minimum(target[price:], source[: len(target) - price], out=target[price:])


def silences(grid: Grid, base: Base, last: int, stand: Stand) -> list[tuple[int, float]]:
    """Every silence that ends with slot `last` standing so: its first slot, and the audiences lost in it."""
    if last == len(grid.slots):
        answer = sooner(grid.after.get(Stand.ON_CALL), grid.after.get(Stand.DESK))
    else:
        answer = sooner(grid.answer(last, stand), base.desk_next[last])
    found, lost = [], 0.0
    for first in range(last - 1, -1, -1):
        if base.whole[first]:
            break
        lost += grid.lost_in(first, answer)
        found.append((first, lost))
    return found
