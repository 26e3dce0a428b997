"""Rows → the question to the optimiser, and the fingerprint by which a plan knows that its basis has changed."""

import hashlib
from collections import Counter, defaultdict
from dataclasses import asdict
from datetime import datetime, timedelta

from django.conf import settings

from planner.coverage import selectors as coverage
from planner.coverage.core.loss import expected_claims
from planner.people.core.roles import Role
from planner.people.selectors import holding
from planner.planning.core.calendar import nights, quarter_of
from planner.planning.core.policy import Policy
from planner.planning.core.problem import Candidate, Own, Problem, Quarter
from planner.planning.core.slots import Audience
from planner.rosters import selectors as rosters
from planner.rosters.core.duty import Duty
from planner.rosters.words import span_of
from planner.spans import Span, SpanSet
from planner.tempo.selectors import theatre

ACTING = (Role.ANALYST, Role.OFFICER, Role.APPROVER, Role.DUTY)
HELD = frozenset(ACTING)
AROUND = timedelta(days=8)  # duties so far beyond the plan ask for rest in it, or count towards its weeks
TOLERATED = 0.1  # share by which the claims expected may change before a plan is out of date
Basis = dict[str, str | float]


def policy() -> Policy:
    """The policy of the organisation: the defaults, and what PLANNER_PLAN_POLICY changes. Raises ValueError."""
    known = asdict(Policy())
    unknown = sorted(set(settings.PLANNER_PLAN_POLICY) - set(known))
    if unknown:
        raise ValueError(f"PLANNER_PLAN_POLICY: {', '.join(unknown)} is no policy; known are {', '.join(known)}")
    return Policy(**settings.PLANNER_PLAN_POLICY)


def audience() -> Audience:
    """The share of a channel's audience that is up at each hour of the theatre's day: PLANNER_AUDIENCE_HOURS."""
    return Audience(theatre(), settings.PLANNER_AUDIENCE_HOURS)


def first_step(now: datetime) -> datetime:
    """The first full half-hour at or after an instant."""
    step = timedelta(minutes=30)
    whole = now.replace(minute=0, second=0, microsecond=0)
    return whole + step * -(-(now - whole) // step)


def question(start: datetime, end: datetime, budget: int, now: datetime, rules: Policy | None = None) -> Problem:
    """What the roster, the requirements and the forecast ask of the optimiser for [start, end), as known at `now`."""
    found = coverage.reading(start, end, now)
    asked, _assumed = coverage.requirements()
    return Problem(
        start=start,
        end=end,
        zone=theatre(),
        hours=found.forecast.hours,
        requirements=asked,
        watch=found.watch.settled(),  # a line that few may let out counts where they are on duty already
        candidates=_candidates(start, end),
        assumptions=found.assumptions,
        budget=budget,
        policy=rules or policy(),
        accepted=SpanSet(one.gap.span for one in found.accepted_gaps),
    )


def _candidates(start: datetime, end: datetime) -> list[Candidate]:
    duties: dict[int, list[Duty]] = defaultdict(list)
    for duty in rosters.duties(start - AROUND, end + AROUND):
        duties[duty.person_id].append(duty)
    away: dict[int, list[Span]] = defaultdict(list)
    for leave in rosters.leaves_between(start, end):
        away[leave.person_id].append(span_of(leave))
    done = _nights_done(start, end)
    return [
        Candidate(
            person_id=person.pk,
            name=str(person),
            roles=frozenset(str(role) for role in HELD.intersection(person.roles)),
            languages=frozenset(person.languages),
            own=tuple(Own(duty.kind, duty.span) for duty in duties[person.pk]),
            away=SpanSet(away[person.pk]),
            nights=done[person.pk],
        )
        for person in holding(*ACTING)
    ]


def _nights_done(start: datetime, end: datetime) -> dict[int, Counter[Quarter]]:
    """For each person the nights of the quarters that the plan touches, in which they were or will be on watch."""
    zone = theatre()
    first, last = _quarter_edges(start, end)
    found: dict[int, Counter[Quarter]] = defaultdict(Counter)
    theirs: dict[int, list[Span]] = defaultdict(list)
    for duty in rosters.duties(first, last):
        theirs[duty.person_id].append(duty.span)
    every = nights(first, last, zone)
    for pk, spans in theirs.items():
        there = SpanSet(spans)
        for night in every:
            if there.clip(night.start, night.end):
                found[pk][quarter_of(night, zone)] += 1
    return found


def _quarter_edges(start: datetime, end: datetime) -> tuple[datetime, datetime]:
    zone = theatre()
    local = start.astimezone(zone)
    first = local.replace(month=(local.month - 1) // 3 * 3 + 1, day=1, hour=0, minute=0, second=0, microsecond=0)
    return first, end + timedelta(days=1)


def basis(problem: Problem) -> Basis:
    """What a plan was computed from: a hash of each part, and the claims expected."""
    parts: dict[str, object] = {
        "roster": sorted((one.person_id, one.kind, one.span) for one in problem.watch.duties),
        "leave": sorted((one.person_id, repr(one.away)) for one in problem.candidates),
        "people": sorted((one.person_id, sorted(one.roles), sorted(one.languages)) for one in problem.candidates),
        "requirements": [*sorted(map(repr, problem.requirements)), repr(problem.accepted)],
        "supplies": sorted(repr((one.kind, sorted(one.links), one.span, one.label)) for one in problem.watch.supplies),
        "assumptions": repr((problem.assumptions, problem.policy)),
    }
    hashes: Basis = {name: hashlib.sha256(repr(part).encode()).hexdigest()[:16] for name, part in parts.items()}
    expected = expected_claims([Span(problem.start, problem.end)], problem.hours)
    return {**hashes, "forecast": round(expected, 6)}


def changed(before: Basis, after: Basis) -> list[str]:
    """The parts that are not as they were; the forecast may move a little, as it does with every hour."""
    parts = [name for name in after if name != "forecast" and before.get(name) != after[name]]
    was, now = float(before.get("forecast", 0)), float(after["forecast"])
    return [*parts, "forecast"] if abs(now - was) > TOLERATED * max(was, 1e-9) else parts
