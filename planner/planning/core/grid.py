"""Time cut into slots in which nothing on the roster changes, and what a silence from one slot to another costs.

The grid of half-hours is cut further wherever the forecast, a requirement, a duty or a supply changes, so that within
a slot everything is constant and the loss of planner.coverage.core.loss holds exactly, slot by slot.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from itertools import pairwise
from math import log

from planner.coverage.core.links import Link
from planner.coverage.core.loss import pieces
from planner.coverage.core.staffing import Supply
from planner.planning.core.calendar import nights, weeks
from planner.planning.core.problem import MINUTE, Problem
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span, SpanSet
from planner.wallclock import occurrences

DEEP = 20  # half-lives after which the audience left is below a millionth: counted as gone


@dataclass(frozen=True, slots=True, order=True)
class Ask:
    """One thing that the chain must be able to do: a link, in a language ("": whichever), by so many people."""

    link: Link
    language: str
    people: int = 1


@dataclass(frozen=True, slots=True)
class Slot:
    """[start, end) in minutes from the problem's start. `needs`: what is required in it; `whole`: what makes the chain.

    `duties` and `supplies` are those on the roster throughout the slot. `weight`: expected claims that cost something.
    """

    start: float
    end: float
    rate: float
    needs: frozenset[Ask]
    is_priced: bool
    duties: tuple[Duty, ...]
    supplies: tuple[Supply, ...]

    @property
    def claims(self) -> float:
        """Expected claims in the slot that are lost when nobody can answer."""
        return self.rate * (self.end - self.start) / 60 if self.is_priced and self.needs else 0.0


@dataclass(frozen=True)
class Grid:
    """The slots of [start, end) in order, and the moments after it at which the chain is whole again."""

    problem: Problem
    slots: list[Slot]
    after: float | None  # minutes from start to the answer to a silence that lasts to the end; None: not in sight
    wholly: frozenset[Ask] = field(default_factory=frozenset)
    known: dict[object, bool] = field(default_factory=dict, compare=False)  # what effect.py found out, for later

    def answering(self, slot: Slot) -> frozenset[Ask]:
        """Everything that must stand for the slot to end a silence."""
        return self.wholly | slot.needs

    def is_tied(self, slot: Slot) -> bool:
        """Whether the requirement of the slot is met exactly when the slot ends a silence."""
        return not slot.needs or self.wholly <= {Ask(ask.link, ask.language) for ask in slot.needs}

    @cached_property
    def half_life(self) -> float:
        """In minutes."""
        return self.problem.assumptions.half_life / MINUTE

    def answered(self, index: int, kind: DutyKind = DutyKind.ON_CALL) -> float | None:
        """When a silence is answered that ends with slot `index` (the number of slots: with the end)."""
        if index == len(self.slots):
            return self.after
        return self.slots[index].start + self.problem.assumptions.reaction / MINUTE

    def lost_in(self, index: int, answered: float) -> float:
        """Audiences lost of one slot."""
        slot = self.slots[index]
        if not slot.claims:
            return 0.0
        early = 2 ** -((answered - slot.start) / self.half_life)
        late = 2 ** -((answered - slot.end) / self.half_life)
        return slot.rate / 60 * ((slot.end - slot.start) - self.half_life / log(2) * (late - early))


def grid(problem: Problem) -> Grid:
    """Cut the time of a problem into slots."""
    needs = [
        (Ask(one.link, one.language or "", one.people), occurrences(one.rule, problem.start, problem.end))
        for one in problem.requirements
    ]
    edges = _edges(problem, [when for _, when in needs])
    hours = list(pieces(Span(problem.start, problem.end), problem.hours))
    starts = [start for start, _, _ in hours]
    slots = []
    for start, end in pairwise(edges):
        at = bisect_right(starts, start) - 1
        rate = hours[at][2] if at >= 0 and start < hours[at][1] else 0.0
        slots.append(
            Slot(
                start=(start - problem.start) / MINUTE,
                end=(end - problem.start) / MINUTE,
                rate=rate,
                needs=frozenset(ask for ask, when in needs if when.contains(start)),
                is_priced=not problem.accepted.contains(start),
                duties=tuple(one for one in problem.watch.duties if one.span.contains(start)),
                supplies=tuple(one for one in problem.watch.supplies if one.span.contains(start)),
            )
        )
    return Grid(problem, slots, _after(problem), _wholly(problem))


def _wholly(problem: Problem) -> frozenset[Ask]:
    """What `Watch.whole` asks for: every link, in each language that a requirement names for it."""
    named = {Ask(link, language or "") for link, language in problem.asked}
    return frozenset(named | {Ask(link, "") for link in Link if link not in {ask.link for ask in named}})


def _after(problem: Problem) -> float | None:
    again = problem.watch.whole(problem.asked).next_start(problem.end)
    return None if again is None else (again + problem.assumptions.reaction - problem.start) / MINUTE


def _edges(problem: Problem, needs: Iterable[SpanSet]) -> list[datetime]:
    """Every moment in [start, end] at which something changes, and every step of the grid."""
    step = problem.policy.step * MINUTE
    steps = int((problem.end - problem.start) / step)
    found = {problem.start + step * index for index in range(steps)} | {problem.end}
    found |= {
        moment for start, end, _ in pieces(Span(problem.start, problem.end), problem.hours) for moment in (start, end)
    }
    spans: Sequence[Span] = [
        *(span for when in needs for span in when),
        *(one.span for one in problem.watch.duties),
        *(one.span for one in problem.watch.supplies),
        *problem.accepted,
        *nights(problem.start, problem.end, problem.zone),
        *weeks(problem.start, problem.end, problem.zone),
    ]
    found |= {moment for span in spans for moment in (span.start, span.end)}
    return sorted(moment for moment in found if problem.start <= moment <= problem.end)
