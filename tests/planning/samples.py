"""Small and large questions for the optimiser, made from a seed."""

import random
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.coverage.core.gaps import Requirement
from planner.coverage.core.links import Link
from planner.coverage.core.loss import Assumptions
from planner.coverage.core.staffing import Supply, SupplyKind, Watch
from planner.planning.core.policy import Policy
from planner.planning.core.problem import Candidate, Own, Problem
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour
from planner.wallclock import WeeklyRule

BAGHDAD = ZoneInfo("Asia/Baghdad")
MONDAY = datetime(2014, 6, 1, 21, tzinfo=UTC)  # Monday 00:00 in Baghdad
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ROLES = [{"officer", "duty"}, {"approver"}, {"analyst"}, {"officer"}, {"approver", "duty"}, {"analyst", "officer"}]


def channel(start: datetime, end: datetime) -> Supply:
    """A channel that works throughout."""
    return Supply(SupplyKind.CHANNEL, frozenset({Link.PUBLISHED}), frozenset(), Span(start, end), "Mastodon")


def always() -> list[Requirement]:
    """Every link, one person, at every hour."""
    rule = WeeklyRule(frozenset(range(7)), 0, 1440, BAGHDAD.key)
    return [Requirement(link, None, rule) for link in Link]


def tempo(start: datetime, days: int) -> list[Hour]:
    """Most is said at night, some by day."""
    local = ((start + n * HOUR).astimezone(BAGHDAD).hour for n in range(24 * days))
    rates = [0.30 if hour >= 22 or hour < 2 else 0.15 if hour < 6 or hour >= 19 else 0.05 for hour in local]
    return [Hour(start + n * HOUR, rate, 0, 3) for n, rate in enumerate(rates)]


def team(people: int, days: int, seed: int, start: datetime = MONDAY) -> Problem:
    """A desk by day, seven days a week, of people who each work four days, some away; nobody at night.

    The budget is 0: give the problem another.
    """
    chance = random.Random(seed)
    end = start + days * DAY
    candidates, duties = [], []
    for pk in range(1, people + 1):
        roles = frozenset(ROLES[pk % len(ROLES)])
        languages = frozenset(chance.sample(["ar", "en", "ku"], chance.choice([1, 2])))
        free_from = chance.randrange(7)
        own = [
            Own(DutyKind.DESK, Span(start + day * DAY + 8 * HOUR, start + day * DAY + 16 * HOUR))
            for day in range(-7, days + 7)
            if (day + free_from) % 7 < 4
        ]
        away = SpanSet([(start + 3 * DAY, start + 6 * DAY)]) if chance.random() < 0.15 else SpanSet.empty()
        nights = {(2014, 2): chance.randrange(18)}
        candidates.append(Candidate(pk, f"Person {pk}", roles, languages, tuple(own), away, nights))
        duties += [Duty(pk, f"Person {pk}", roles, languages, one.kind, one.span) for one in own]
    reach = end + 7 * DAY
    there = [one for one in duties if one.span.end > start and one.span.start < reach]
    watch = Watch(there, [channel(start, reach)])
    return Problem(start, end, BAGHDAD, tempo(start, days), always(), watch, candidates, Assumptions(), 0, Policy())
