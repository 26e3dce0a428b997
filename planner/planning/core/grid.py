"""Time cut into slots in which nothing on the roster changes, and what a silence from one slot to another costs.

The grid of half-hours is cut further wherever the forecast, a requirement, a duty or a supply changes, so that within
a slot everything is constant and the loss of planner.coverage.core.loss holds exactly, slot by slot.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from math import log

from planner.coverage.core.links import Link
from planner.coverage.core.loss import Stand, pieces, standing
from planner.coverage.core.staffing import Supply, SupplyKind
from planner.planning.core.calendar import nights, weeks
from planner.planning.core.problem import MINUTE, Problem
from planner.rosters.core.duty import Duty
from planner.spans import Span, SpanSet
from planner.wallclock import occurrences


@dataclass(frozen=True, slots=True, order=True)
class Ask:
    """One thing that must be able to be done: a link, in a language and a role ("": whichever), by so many people."""

    link: Link
    language: str = ""
    role: str = ""
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


@dataclass(frozen=True, slots=True, order=True)
class Answer:
    """A first official word: in which minute from the problem's start, and the half-life on its channel in minutes."""

    minute: float
    half_life: float


@dataclass(frozen=True)
class Grid:
    """The slots of [start, end) in order. `after`: the first answers, by how the chain stands, to a silence that lasts
    to the end; none where it is not whole again in sight."""

    problem: Problem
    slots: list[Slot]
    after: dict[Stand, Answer]
    wholly: frozenset[Ask] = field(default_factory=frozenset)
    known: dict[object, bool] = field(default_factory=dict, compare=False)  # what effect.py found out, for later

    def answering(self, slot: Slot) -> frozenset[Ask]:
        """Everything that must stand for the slot to end a silence."""
        return self.wholly | slot.needs

    def is_tied(self, slot: Slot) -> bool:
        """Whether the requirement of the slot is met exactly when the slot ends a silence."""
        return not slot.needs or self.wholly <= {Ask(ask.link, ask.language) for ask in slot.needs}

    def answer(self, at: int, stand: Stand) -> Answer:
        """The first word when the chain stands so from slot `at` on, and did not before."""
        assumed, slot = self.problem.assumptions, self.slots[at]
        kinds = {one.channel_kind for one in slot.supplies if one.kind is SupplyKind.CHANNEL}
        return Answer(slot.start + assumed.reaction(stand) / MINUTE, assumed.half_life_of(kinds) / MINUTE)

    def lost_in(self, at: int, answer: Answer | None) -> float:
        """Audiences lost of one slot; all of them when nobody answers."""
        slot = self.slots[at]
        if answer is None or not slot.claims:
            return slot.claims
        early = 2 ** -((answer.minute - slot.start) / answer.half_life)
        late = 2 ** -((answer.minute - slot.end) / answer.half_life)
        return slot.rate / 60 * ((slot.end - slot.start) - answer.half_life / log(2) * (late - early))


def grid(problem: Problem) -> Grid:
    """Cut the time of a problem into slots."""
    needs = [
        (
            Ask(one.link, one.language or "", one.role or "", one.people),
            occurrences(one.rule, problem.start, problem.end),
        )
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


def _after(problem: Problem) -> dict[Stand, Answer]:
    assumed, chain = problem.assumptions, standing(problem.watch, problem.requirements)
    found = {}
    for stand, when in ((Stand.DESK, chain.at_desk), (Stand.ON_CALL, chain.whole)):
        if again := when.next_start(problem.end):
            minute = (again + assumed.reaction(stand) - problem.start) / MINUTE
            found[stand] = Answer(minute, assumed.half_life_of(chain.kinds_at(again)) / MINUTE)
    return found


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
