"""Tiny problems against the enumeration of every plan: nothing found by trying everything beats the optimiser."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.core.loss import Assumptions
from planner.coverage.core.staffing import Watch
from planner.planning.core import verifier
from planner.planning.core.choosing import Effort
from planner.planning.core.policy import Policy
from planner.planning.core.problem import Candidate, Own, Problem, Proposal
from planner.planning.core.solver import greedily, solve
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour
from tests.planning.samples import BAGHDAD, HOUR, MONDAY, always, channel

STEP = timedelta(hours=2)
RULES = Policy(
    step=120,
    rest=240,
    weekly=12 * 60,
    nights=1,
    wake_ups=1.5,
    desk_shortest=240,
    desk_longest=480,
    on_call_shortest=120,
    on_call_longest=360,
)
SKILLS = [{"officer", "analyst"}, {"approver"}, {"approver", "officer"}, {"duty", "officer"}]
END = MONDAY + 12 * HOUR


@st.composite
def problems(draw):
    """Twelve hours in steps of two, up to three people with other skills, duties of their own, leave."""
    people = []
    for pk in range(1, draw(st.integers(1, 3)) + 1):
        roles = frozenset(draw(st.sampled_from(SKILLS)))
        at = draw(st.integers(-8, 16))
        own = (Own(DutyKind.DESK, Span(MONDAY + at * HOUR, MONDAY + (at + 4) * HOUR)),) if draw(st.booleans()) else ()
        leave = draw(st.integers(0, 5))
        away = SpanSet([(MONDAY + leave * STEP, MONDAY + (leave + 1) * STEP)]) if draw(st.booleans()) else SpanSet()
        nights = {(2014, 2): draw(st.integers(0, 1))}
        people.append(Candidate(pk, f"P{pk}", roles, frozenset(), own, away, nights))
    rates = draw(st.lists(st.sampled_from([0.0, 0.1, 0.3, 0.6]), min_size=12, max_size=12))
    hours = [Hour(MONDAY + n * HOUR, rate, 0, 3) for n, rate in enumerate(rates)]
    reach = END + timedelta(days=7)
    duties = [
        Duty(one.person_id, one.name, one.roles, one.languages, own.kind, own.span)
        for one in people
        for own in one.own
        if own.span.end > MONDAY
    ]
    duties = [replace(one, span=Span(max(one.span.start, MONDAY), one.span.end)) for one in duties]
    budget = draw(st.sampled_from([60, 120, 240, 600, 1200]))
    watch = Watch(duties, [channel(MONDAY, reach)])
    return Problem(MONDAY, END, BAGHDAD, hours, always(), watch, people, Assumptions(), budget, RULES)


def watches(problem):
    """Every set of up to two watches: who is in each, and when; all of them make the chain whole throughout theirs."""
    spans = [
        (kind, Span(MONDAY + a * STEP, MONDAY + b * STEP))
        for kind in DutyKind
        for a in range(6)
        for b in range(a + 1, 7)
        if RULES.shortest(kind) <= (b - a) * 120 <= RULES.longest(kind)
    ]
    teams = chain.from_iterable(combinations(problem.candidates, size) for size in (1, 2, 3))
    every = [[Proposal(one.person_id, kind, span) for one in team] for team in teams for kind, span in spans]
    sound = [
        one
        for one in every
        if not verifier.check(problem, one)
        and verifier.watch_with(problem, one).whole(problem.asked).covers(one[0].span)
    ]
    yield []
    yield from sound
    for one, other in combinations(sound, 2):
        if not verifier.check(problem, both := one + other):
            yield both


@settings(max_examples=12, deadline=None)
@given(problems())
def test_no_plan_of_two_watches_beats_the_optimiser_nor_the_bound(problem):
    found = solve(problem, Effort(seconds=5, workers=1, close_enough=0.0))
    assert verifier.check(problem, found.proposals, found.loss_after) == []
    best = min(verifier.loss(problem, plan) for plan in watches(problem))
    thrift = 1e-4 * (problem.budget / 30 + 2)
    assert found.loss_after <= best + thrift
    assert found.bound <= best + 1e-3


@settings(max_examples=12, deadline=None)
@given(problems())
def test_the_greedy_plan_is_sound_and_never_better_than_the_bound(problem):
    greedy = greedily(problem)
    assert verifier.check(problem, greedy.proposals, greedy.loss_after) == []
    assert greedy.loss_after >= solve(problem, Effort(seconds=5, workers=1)).bound - 1e-3


@pytest.mark.parametrize(
    ("rule", "kind", "start", "end"),
    [
        (verifier.Rule.LENGTH, DutyKind.DESK, 0, 1),
        (verifier.Rule.GRID, DutyKind.ON_CALL, 5, 7),
        (verifier.Rule.AWAY, DutyKind.ON_CALL, 2, 4),
        (verifier.Rule.REST, DutyKind.ON_CALL, 4, 5),
        (verifier.Rule.WAKE_UPS, DutyKind.ON_CALL, 0, 3),
        (verifier.Rule.NIGHTS, DutyKind.ON_CALL, 0, 1),
        (verifier.Rule.BUDGET, DutyKind.DESK, 0, 3),
    ],
)
def test_the_verifier_names_the_rule_that_a_plan_breaks(rule, kind, start, end):
    own = (Own(DutyKind.DESK, Span(END, END + 4 * HOUR)),)
    away = SpanSet([(MONDAY + 3 * STEP, MONDAY + 4 * STEP)])
    person = Candidate(1, "P1", frozenset({"officer"}), frozenset(), own, away, {(2014, 2): 1})
    hours = [Hour(MONDAY + n * HOUR, 0.6, 0, 3) for n in range(12)]
    watch = Watch([], [channel(MONDAY, END)])
    problem = Problem(MONDAY, END, BAGHDAD, hours, always(), watch, [person], Assumptions(), 200, RULES)
    plan = [Proposal(1, kind, Span(MONDAY + start * STEP, MONDAY + end * STEP))]
    assert rule in {fault.rule for fault in verifier.check(problem, plan)}
