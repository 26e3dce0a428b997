"""Watches: stretches that a few people take together so that the chain is whole, and the fewest people each needs.

People who need each other begin and end together. That is how a desk can be run, and it makes a plan a path through
time: silences and watches, one after the other.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import combinations_with_replacement

from planner.coverage.core.loss import Stand
from planner.planning.core import effect
from planner.planning.core.candidates import Group, all_stand, free, groups
from planner.planning.core.grid import Grid, Slot
from planner.planning.core.problem import MINUTE, Candidate
from planner.planning.core.waking import expected_wake_ups
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span

LARGEST = 4  # people in a watch; whoever needs more has no desk to plan for
MOST_TEAMS = 6000


@dataclass(frozen=True, slots=True)
class Watch:
    """Slots [first, last) held by `heads` people more, at the desk or on call. `cost`: paid minutes times 100."""

    first: int
    last: int
    kind: DutyKind
    heads: int
    cost: int


class Teams:
    """Which teams make the chain whole where: groups of people, their smallest teams, and when each person is free."""

    def __init__(self, grid: Grid) -> None:
        self.grid = grid
        self.base = effect.base(grid)
        self.stands = self.base.whole
        self.groups: list[Group] = groups(grid)
        self.teams = self._teams()
        self._free: dict[tuple[int, ...], tuple[int, ...]] = {}
        self._sound: dict[object, int] = {}

    def _teams(self) -> list[tuple[int, ...]]:
        found: list[tuple[int, ...]] = []
        for size in range(1, LARGEST + 1):
            more = list(combinations_with_replacement(range(len(self.groups)), size))
            if len(found) + len(more) > MOST_TEAMS and found:
                break
            found += more
        return found

    @cached_property
    def free_until(self) -> dict[int, list[int]]:
        """For each person and slot: the slot before which they must stop if they begin there (itself: not free)."""
        return {person.person_id: self._until(person) for group in self.groups for person in group.members}

    def _until(self, person: Candidate) -> list[int]:
        problem, slots = self.grid.problem, self.grid.slots
        when = free(problem, person)
        until = [0] * len(slots)
        for at in range(len(slots) - 1, -1, -1):
            span = Span(problem.start + slots[at].start * MINUTE, problem.start + slots[at].end * MINUTE)
            following = until[at + 1] if at + 1 < len(slots) and until[at + 1] > at + 1 else at + 1
            until[at] = following if when.covers(span) else at
        return until

    @property
    def people(self) -> list[Candidate]:
        """Everybody who can do anything that is asked for."""
        return [person for group in self.groups for person in group.members]

    def span(self, watch: Watch) -> Span:
        """When a watch is."""
        start, end = self.grid.slots[watch.first].start, self.grid.slots[watch.last - 1].end
        return Span(self.grid.problem.start + start * MINUTE, self.grid.problem.start + end * MINUTE)

    def able(self, first: int, last: int) -> list[Candidate]:
        """Everybody who is free throughout the slots [first, last)."""
        return [one for group in self.groups for one in group.members if self.free_until[one.person_id][first] >= last]

    def smallest(self, first: int, last: int) -> int | None:
        """How many people it takes at least to make the slots [first, last) whole; None: nobody can."""
        sound = -1
        for at in range(first, last):
            if not self.stands[at]:
                sound &= self._sound_in(self.grid.slots[at])
        heads = tuple(
            min(LARGEST, sum(self.free_until[one.person_id][first] >= last for one in group.members))
            for group in self.groups
        )
        return self._smallest(sound, heads)

    def _smallest(self, sound: int, heads: tuple[int, ...]) -> int | None:
        key = (sound, *heads)
        if key not in self._free:
            fits = (
                len(team)
                for index, team in enumerate(self.teams)
                if sound >> index & 1 and all(team.count(group) <= heads[group] for group in set(team))
            )
            self._free[key] = (next(fits, 0),)
        return self._free[key][0] or None

    def _sound_in(self, slot: Slot) -> int:
        """Which of the teams make the slot whole, one bit each."""
        asks = self.grid.answering(slot)
        key = (asks, tuple((one.roles, one.languages) for one in slot.duties), slot.supplies)
        if key not in self._sound:
            bits = 0
            for index, team in enumerate(self.teams):
                there: list[Candidate | Duty] = [*slot.duties, *(self.groups[group].one for group in team)]
                bits |= all_stand(asks, slot, there) << index
            self._sound[key] = bits
        return self._sound[key]

    def watches(self) -> Iterator[Watch]:
        """Every watch that could help: it begins and ends in a silence, or is as short as may be."""
        for kind in DutyKind:
            for first in range(len(self.grid.slots)):
                yield from self._from(first, kind)

    def _from(self, first: int, kind: DutyKind) -> Iterator[Watch]:
        slots, policy = self.grid.slots, self.grid.problem.policy
        if slots[first].start % policy.step:
            return
        pages, helps = 0.0, False
        for last in range(first + 1, len(slots) + 1):
            slot = slots[last - 1]
            length = slot.end - slots[first].start
            pages += pages_in(slot)
            helps = helps or not self.stands[last - 1]
            if length > policy.longest(kind) or (kind is DutyKind.ON_CALL and pages > policy.wake_ups):
                return
            bare = length == policy.shortest(kind) or not (self.stands[first] or self.stands[last - 1])
            if helps and bare and length >= policy.shortest(kind) and not slot.end % policy.step:
                heads = self.smallest(first, last)
                if heads is None:
                    if not self.able(first, last):
                        return
                    continue
                yield Watch(first, last, kind, heads, round(length) * policy.pay(kind) * heads)


def pages_in(slot: Slot) -> float:
    """How often somebody on call must expect to be woken in the slot, accepted gap or not."""
    return expected_wake_ups(slot.rate, (slot.end - slot.start) * MINUTE)


def useful(grid: Grid, found: Iterable[Watch]) -> list[Watch]:
    """Without watches that another of the same slots beats: one that costs no more and answers no later."""
    assumed = grid.problem.assumptions
    best: dict[tuple[int, int], list[Watch]] = {}
    for one in sorted(found, key=lambda one: (one.cost, assumed.reaction(Stand(one.kind.value)))):
        better = best.setdefault((one.first, one.last), [])
        quickness = assumed.reaction(Stand(one.kind.value))
        if all(quickness < assumed.reaction(Stand(other.kind.value)) for other in better):
            better.append(one)
    return sorted((one for some in best.values() for one in some), key=lambda one: (one.first, one.last, one.kind))
