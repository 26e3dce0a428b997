"""The second opinion: every constraint and the loss, recomputed from the duties by coverage's own exact functions.

It shares nothing with the solver but the values of the question. No plan is shown that it does not agree with.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from enum import StrEnum

from planner.coverage.core import gaps
from planner.coverage.core.loss import Cost, cost, pieces, standing
from planner.coverage.core.staffing import Watch
from planner.planning.core.calendar import nights, quarter_of, weeks
from planner.planning.core.problem import MINUTE, Candidate, Problem, Proposal
from planner.planning.core.waking import expected_wake_ups
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span, SpanSet

TOLERANCE = 1e-4  # audiences; the solver counts in millionths, a thousand stretches long


class Rule(StrEnum):
    """What a plan must keep to."""

    KNOWN = "known"  # a person who can take duties
    GRID = "grid"
    LENGTH = "length"
    AWAY = "away"
    REST = "rest"
    WEEK = "week"
    NIGHTS = "nights"
    WAKE_UPS = "wake_ups"
    BUDGET = "budget"
    LOSS = "loss"


@dataclass(frozen=True, slots=True)
class Fault:
    """A rule that a plan breaks, by whom (None: the plan as a whole), and what was found."""

    rule: Rule
    person_id: int | None
    found: str


def watch_with(problem: Problem, proposals: Sequence[Proposal]) -> Watch:
    """The watch as it would be with the proposals on the roster."""
    added = [one.duty(problem.candidate(one.person_id)) for one in proposals]
    return Watch([*problem.watch.duties, *added], problem.watch.supplies)


def costs(problem: Problem, proposals: Sequence[Proposal]) -> list[tuple[Span, Cost]]:
    """What each gap of [start, end) costs with the proposals on the roster; accepted time costs nothing."""
    watch = watch_with(problem, proposals)
    chain = standing(watch, problem.requirements)
    found: list[tuple[Span, Cost]] = []
    for gap in gaps.find(problem.requirements, watch, problem.start, problem.end).gaps:
        for span in SpanSet([gap.span]) - problem.accepted:
            piece = replace(gap, start=span.start, end=span.end)
            found.append((span, cost(piece, problem.hours, chain, problem.assumptions)))
    return found


def losses(problem: Problem, proposals: Sequence[Proposal]) -> list[tuple[Span, float]]:
    """The audiences lost in each gap of [start, end) with the proposals on the roster."""
    return [(span, one.loss) for span, one in costs(problem, proposals)]


def loss(problem: Problem, proposals: Sequence[Proposal]) -> float:
    """The audiences lost in [start, end) with the proposals on the roster."""
    return sum(lost for _, lost in losses(problem, proposals))


def check(problem: Problem, proposals: Sequence[Proposal], claimed: float | None = None) -> list[Fault]:
    """Every rule that the proposals break; none for a sound plan. `claimed`: the loss that the solver says is left.

    A requirement for several people, or for a role, can be unmet while the chain is whole; there, and only there, the
    solver's figure is an upper limit, so less loss than claimed is no fault then.
    """
    by_person: dict[int, list[Proposal]] = defaultdict(list)
    for one in proposals:
        by_person[one.person_id].append(one)
    people = {one.person_id: one for one in problem.candidates}
    faults = [Fault(Rule.KNOWN, pk, "cannot take duties") for pk in by_person if pk not in people]
    for pk, theirs in by_person.items():
        if pk in people:
            faults += [Fault(rule, pk, found) for rule, found in _person(problem, people[pk], theirs)]
    paid = sum(one.paid(problem.policy) for one in proposals)
    if paid > problem.budget + 1e-6:
        faults.append(Fault(Rule.BUDGET, None, f"{paid:g} paid minutes of {problem.budget}"))
    if claimed is not None and not faults:
        exact = loss(problem, proposals)
        several = any(need.people > 1 or need.role for need in problem.requirements)
        if exact > claimed + TOLERANCE or (exact < claimed - TOLERANCE and not several):
            faults.append(Fault(Rule.LOSS, None, f"{exact:.6f} audiences, not {claimed:.6f}"))
    return faults


def _person(problem: Problem, person: Candidate, theirs: Sequence[Proposal]) -> list[tuple[Rule, str]]:
    policy = problem.policy
    found: list[tuple[Rule, str]] = []
    for one in theirs:
        said = f"{one.kind} {one.span.start.isoformat()} to {one.span.end.isoformat()}"
        if not (problem.start <= one.span.start and one.span.end <= problem.end and _on_grid(problem, one.span)):
            found.append((Rule.GRID, said))
        if not policy.shortest(one.kind) <= one.minutes <= policy.longest(one.kind):
            found.append((Rule.LENGTH, f"{said}: {one.minutes} minutes"))
        if SpanSet([one.span]) & person.away:
            found.append((Rule.AWAY, said))
        pages = sum(expected_wake_ups(rate, end - start) for start, end, rate in pieces(one.span, problem.hours))
        if one.kind is DutyKind.ON_CALL and pages > policy.wake_ups + 1e-6:
            found.append((Rule.WAKE_UPS, f"{said}: {pages:.2f} wake-ups expected"))
    return found + _rest(problem, person, theirs) + _weeks(problem, person, theirs) + _nights(problem, person, theirs)


def _on_grid(problem: Problem, span: Span) -> bool:
    step = problem.policy.step * MINUTE
    return not (span.start - problem.start) % step and not (span.end - problem.start) % step


def _rest(problem: Problem, person: Candidate, theirs: Sequence[Proposal]) -> list[tuple[Rule, str]]:
    """Rest between a new duty and the next, own or new; the rest between two own duties is not this plan's doing."""
    all_of_them = sorted([(one.span, True) for one in theirs] + [(own.span, False) for own in person.own])
    found = []
    for index, (span, is_new) in enumerate(all_of_them):
        for other, other_new in all_of_them[index + 1 :]:
            if (is_new or other_new) and other.start - span.end < problem.policy.rest * MINUTE:
                found.append((Rule.REST, f"{span.end.isoformat()} to {other.start.isoformat()}"))
    return found


def _weeks(problem: Problem, person: Candidate, theirs: Sequence[Proposal]) -> list[tuple[Rule, str]]:
    policy, found = problem.policy, []
    for week in weeks(problem.start, problem.end, problem.zone):
        added = sum((_within(one.span, week) * policy.counts(one.kind) / 100 for one in theirs), timedelta())
        had = sum((_within(one.span, week) * policy.counts(one.kind) / 100 for one in person.own), timedelta())
        if added and added + had > policy.weekly * MINUTE:
            found.append((Rule.WEEK, f"{(added + had) / timedelta(hours=1):g} hours"))
    return found


def _within(span: Span, week: Span) -> timedelta:
    return max(timedelta(), min(span.end, week.end) - max(span.start, week.start))


def _nights(problem: Problem, person: Candidate, theirs: Sequence[Proposal]) -> list[tuple[Rule, str]]:
    touched: dict[tuple[int, int], int] = defaultdict(int)
    for night in nights(problem.start, problem.end, problem.zone):
        if any(one.span.overlaps(night) for one in theirs):
            touched[quarter_of(night, problem.zone)] += 1
    totals = {quarter: added + person.nights.get(quarter, 0) for quarter, added in touched.items()}
    limit = problem.policy.nights
    return [(Rule.NIGHTS, f"{total} nights in quarter {q}") for q, total in totals.items() if total > limit]
