"""Tiny problems against the enumeration of every plan: nothing found by trying everything beats the optimiser."""

from dataclasses import replace
from datetime import timedelta
from itertools import chain, combinations

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from planner.coverage.core.gaps import Gap
from planner.coverage.core.links import Link
from planner.coverage.core.loss import Assumptions, Stand, cost, standing
from planner.coverage.core.staffing import Watch
from planner.planning.core import effect, verifier
from planner.planning.core.candidates import opened
from planner.planning.core.choosing import Effort
from planner.planning.core.floor import floor
from planner.planning.core.paths import Paths, silences
from planner.planning.core.policy import Policy
from planner.planning.core.problem import Candidate, Own, Problem, Proposal
from planner.planning.core.solver import greedily, solve
from planner.planning.core.watches import Teams, useful
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour
from tests.planning.samples import BAGHDAD, HOUR, MONDAY, always, channel, team

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
    opens = MONDAY + draw(st.integers(0, 6)) * STEP
    second = replace(channel(opens, reach), channel_kind=draw(st.sampled_from(["email", "webhook"])))
    assumed = Assumptions(half_lives={"email": timedelta(hours=6), "webhook": timedelta(minutes=20)})
    watch = Watch(duties, [channel(MONDAY, reach), second])
    return Problem(MONDAY, END, BAGHDAD, hours, always(), watch, people, assumed, budget, RULES)


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
    found = solve(problem, Effort(seconds=5, close_enough=0.0))
    assert verifier.check(problem, found.proposals, found.loss_after) == []
    best = min(verifier.loss(problem, plan) for plan in watches(problem))
    thrift = 1e-4 * (problem.budget / 30 + 2)
    assert found.loss_after <= best + thrift
    grid = opened(problem)
    teams = Teams(grid)
    assert Paths(grid, teams.base, useful(grid, teams.watches())).best <= best + 1e-6  # not cut down to what was found


@settings(max_examples=25, deadline=None)
@given(problems(), st.data())
def test_a_silence_costs_what_coverage_says_of_a_gap_that_ends_so(problem, data):
    grid = opened(problem)
    base = effect.base(grid)
    silent = [at for at, whole in enumerate(base.whole) if not whole]
    assume(silent)
    last, stand = data.draw(st.sampled_from(silent)), data.draw(st.sampled_from(Stand))
    chain = standing(problem.watch, problem.requirements)
    held = SpanSet([(minute(grid.slots[last].start), minute(grid.slots[last].end))])
    ended = replace(
        chain, whole=chain.whole | held, at_desk=chain.at_desk | held if stand is Stand.DESK else chain.at_desk
    )
    for first, price in silences(grid, base, last, stand):
        gap = Gap(minute(grid.slots[first].start), minute(grid.slots[last].start), frozenset(Link))
        assert price == pytest.approx(cost(gap, problem.hours, ended, problem.assumptions).loss, abs=1e-9)


@settings(max_examples=40, deadline=None)
@given(problems(), st.data())
def test_no_plan_at_all_beats_the_floor(problem, data):
    """Duties wherever they lie, also those of one watch that begin and end apart."""
    problem = replace(problem, assumptions=Assumptions())
    grid = opened(problem)
    teams = Teams(grid)
    least = floor(teams)
    assert least <= Paths(grid, teams.base, useful(grid, teams.watches())).best + 1e-6
    people = st.sampled_from([one.person_id for one in problem.candidates])
    duty = st.tuples(people, st.sampled_from(DutyKind), st.integers(0, 5), st.integers(1, 4))
    for _ in range(6):
        drawn = data.draw(st.lists(duty, max_size=4))
        plan = [
            Proposal(pk, kind, Span(MONDAY + at * STEP, MONDAY + (at + long) * STEP)) for pk, kind, at, long in drawn
        ]
        known = [fault for fault in verifier.check(problem, plan) if fault.rule in RELIEVED]
        if len(known) == len(verifier.check(problem, plan)):
            assert least <= verifier.loss(problem, plan) + 1e-6


RELIEVED = {verifier.Rule.REST, verifier.Rule.WEEK, verifier.Rule.NIGHTS, verifier.Rule.WAKE_UPS}  # by the floor


@pytest.mark.parametrize(("people", "days", "hours", "pay", "close"), [(50, 14, 30, 25, 0.99), (12, 3, 20, 95, 0)])
def test_the_floor_lies_below_the_best_watches_and_where_two_are_needed_close(people, days, hours, pay, close):
    """With on call at 95 % the best watches are at the desk."""
    problem = team(people, days, seed=1).with_budget(hours * 60)
    grid = opened(replace(problem, policy=replace(problem.policy, on_call_pay=pay)))
    teams = Teams(grid)
    best = Paths(grid, teams.base, useful(grid, teams.watches())).best
    assert best > 1
    assert close * best <= floor(teams) <= best + 1e-6


def minute(number):
    """The instant so many minutes after the beginning."""
    return MONDAY + timedelta(minutes=number)


@pytest.mark.parametrize(("rest", "duties"), [(0, 2), (240, 1)])
def test_between_two_duties_of_one_person_lies_their_rest(rest, duties):
    busy = [0.6 if n in (0, 1, 4, 5) else 0.0 for n in range(12)]
    problem = alone(busy, rest)
    assert len(solve(problem, Effort(seconds=5)).proposals) == duties


@pytest.mark.parametrize(("rest", "begins"), [(0, 0), (240, 4)])
def test_a_duty_begins_rested_from_the_one_on_the_roster(rest, begins):
    problem = alone([0.6 if n < 6 else 0.0 for n in range(12)], rest)
    mine = Own(DutyKind.ON_CALL, Span(MONDAY - 4 * HOUR, MONDAY))
    problem = replace(problem, candidates=[replace(problem.candidates[0], own=(mine,))], budget=60)
    found = solve(problem, Effort(seconds=5)).proposals
    assert found[0].span.start == MONDAY + begins * HOUR


def alone(rates, rest):
    """One approver beside officers who are always there: whoever is asked for more must be this one."""
    hours = [Hour(MONDAY + n * HOUR, rate, 0, 3) for n, rate in enumerate(rates)]
    person = Candidate(1, "P1", frozenset({"approver"}), frozenset())
    there = Span(MONDAY, END)
    desk = [
        Duty(pk, f"P{pk}", frozenset({role}), frozenset(), DutyKind.DESK, there)
        for pk, role in ((2, "officer"), (3, "analyst"))
    ]
    watch = Watch(desk, [channel(MONDAY, END + timedelta(days=7))])
    policy = replace(RULES, rest=rest, nights=9, wake_ups=9.0, on_call_longest=240)
    return Problem(MONDAY, END, BAGHDAD, hours, always(), watch, [person], Assumptions(), 600, policy)


@settings(max_examples=12, deadline=None)
@given(problems())
def test_the_greedy_plan_is_sound_and_never_better_than_the_bound(problem):
    greedy = greedily(problem)
    assert verifier.check(problem, greedy.proposals, greedy.loss_after) == []
    assert greedy.loss_after >= solve(problem, Effort(seconds=5)).bound - 1e-3


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
