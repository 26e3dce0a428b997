"""What binds one person in CP-SAT's words: rest, weeks, nights, and how evenly they are spread."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from math import ceil
from typing import Any

from ortools.sat.python import cp_model

from planner.planning.core.calendar import nights, quarter_of, weeks
from planner.planning.core.problem import MINUTE, Candidate
from planner.planning.core.watches import Teams, Watch, pages_in
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span

SCALE = 1_000_000  # of an audience
THRIFT = 100  # of SCALE: a paid half-hour that avoids less than this is not asked for
Linear = Any  # OR-Tools' expressions: their operators are typed for numpy's numbers too, and do not add up under mypy


@dataclass
class Choice:
    """The model: `held` says whether a watch is, `takes` who takes part in it."""

    teams: Teams
    pool: Sequence[Watch]
    cp: cp_model.CpModel = field(default_factory=cp_model.CpModel)
    held: list[cp_model.IntVar] = field(default_factory=list)
    takes: dict[tuple[int, int], cp_model.IntVar] = field(default_factory=dict)

    def span(self, index: int) -> Span:
        """When a watch is."""
        return self.teams.span(self.pool[index])

    def cost(self, index: int) -> int:
        """Paid minutes times 100 of one person in a watch."""
        return self.pool[index].cost // self.pool[index].heads


def bind(choice: Choice, person: Candidate) -> None:
    """Rest, week and nights of one person."""
    problem, policy = choice.teams.grid.problem, choice.teams.grid.problem.policy
    theirs = {index: var for (index, pk), var in choice.takes.items() if pk == person.person_id}
    spans = {index: choice.span(index) for index in theirs}
    _rest(choice, theirs, spans)
    for week in weeks(problem.start, problem.end, problem.zone):
        had = sum(_minutes(own.span, week) * policy.counts(own.kind) for own in person.own)
        counted = [(i, round(_minutes(span, week) * policy.counts(choice.pool[i].kind))) for i, span in spans.items()]
        left = int(max(0.0, policy.weekly * 100 - had) + 1e-6)
        if sum(share for _, share in counted) > left:
            choice.cp.add(sum(theirs[index] * share for index, share in counted) <= left)
    for quarter, taken in _taken(choice, theirs, spans).items():
        left = max(0, policy.nights - person.nights.get(quarter, 0))
        if len(taken) > left:
            choice.cp.add(sum(taken) <= left)


def _rest(choice: Choice, theirs: dict[int, cp_model.IntVar], spans: dict[int, Span]) -> None:
    """On duty or resting: one watch at a time. Watches of one kind that touch are one duty, if that may be so long."""
    policy = choice.teams.grid.problem.policy
    for moment in sorted({span.start for span in spans.values()}):
        for kind in DutyKind:
            there = [
                index
                for index, span in spans.items()
                if span.start <= moment < span.end + policy.rest * MINUTE
                and not (span.end == moment and choice.pool[index].kind is kind)
            ]
            if len(there) > 1:
                choice.cp.add_at_most_one(theirs[index] for index in there)
    for kind in DutyKind:
        some = [index for index in spans if choice.pool[index].kind is kind]
        for moment in sorted({spans[index].start for index in some}):
            until = moment + (policy.longest(kind) + policy.step) * MINUTE
            inside = [(index, round(_minutes(spans[index], Span(moment, until)))) for index in some]
            inside = [(index, minutes) for index, minutes in inside if minutes]
            if sum(minutes for _, minutes in inside) > policy.longest(kind):
                choice.cp.add(sum(theirs[index] * minutes for index, minutes in inside) <= policy.longest(kind))
            if kind is DutyKind.ON_CALL and len(inside) > 1:
                _pages(choice, theirs, [index for index, _ in inside], until)


def _pages(choice: Choice, theirs: dict[int, cp_model.IntVar], inside: Sequence[int], until: datetime) -> None:
    """As many pages as one duty may expect, for watches that could be one."""
    grid = choice.teams.grid
    end = (until - grid.problem.start) / MINUTE
    pages = {
        index: sum(pages_in(slot) for slot in grid.slots[choice.pool[index].first : choice.pool[index].last])
        for index in inside
        if grid.slots[choice.pool[index].last - 1].end <= end
    }
    if sum(pages.values()) > grid.problem.policy.wake_ups:
        most = int(grid.problem.policy.wake_ups * SCALE)
        choice.cp.add(sum(theirs[index] * ceil(many * SCALE - 1e-3) for index, many in pages.items()) <= most)


def _taken(
    choice: Choice, theirs: dict[int, cp_model.IntVar], spans: dict[int, Span]
) -> dict[tuple[int, int], list[cp_model.IntVar]]:
    """For each quarter one variable a night that could be taken: whether it is."""
    problem, found = choice.teams.grid.problem, dict[tuple[int, int], list[cp_model.IntVar]]()
    for night in nights(problem.start, problem.end, problem.zone):
        some = [theirs[index] for index, span in spans.items() if span.overlaps(night)]
        if some:
            taken = choice.cp.new_bool_var("")
            choice.cp.add_max_equality(taken, some)
            found.setdefault(quarter_of(night, problem.zone), []).append(taken)
    return found


def unevenness(choice: Choice, person: Candidate) -> Linear:
    """The square of a person's nights in each quarter, those already done included, and of their duties."""
    theirs = {index: var for (index, pk), var in choice.takes.items() if pk == person.person_id}
    if not theirs:
        return 0
    uneven: Linear = _square(choice.cp, sum(theirs.values()), 0, len(theirs))
    for quarter, taken in _taken(choice, theirs, {index: choice.span(index) for index in theirs}).items():
        uneven += 4 * _square(choice.cp, sum(taken), person.nights.get(quarter, 0), len(taken))
    return uneven


def _square(cp: cp_model.CpModel, count: Linear, done: int, most: int) -> Linear:
    """(done + count)² or more, by its tangents, which meet it at every whole number."""
    found = cp.new_int_var(0, (done + most) ** 2, "")
    for n in range(done, done + most):
        cp.add(found >= (2 * n + 1) * (count + done) - n * (n + 1))
    return found


def _minutes(span: Span, week: Span) -> float:
    return max(0.0, (min(span.end, week.end) - max(span.start, week.start)) / MINUTE)
