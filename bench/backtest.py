"""Plan on what was known, measure on what came: loss avoided at equal paid hours, on real weeks.

    .venv/bin/python bench/backtest.py [SECONDS]      (or bench/plan.py backtest)

Each slice of ../shared/data/ira is read by the product's own rules: floods stand for claims, distinct messages give the
shape of the week. Weeks 1..k are known, week k+1 is planned and then replayed as it happened, for every k from the
first (slices of two weeks) or the fourth on. Four plans stand on the same office hours and may spend the same hours:

* rotation   two people on call every night, 22:00-04:00, taking turns: what most teams have
* greedy     the best next duty, again and again
* plan       the optimiser, given the forecast
* foresight  the optimiser, given the floods that came

Losses are those of the replay, claim by claim; nothing of the forecast is in them. No roster can save what a desk that
always sits there would lose while it works (22.9 % of each audience in 30 min): "silence" is the loss beyond that: what
gaps cost, and what a plan can change. SECONDS (5) bound one search.
"""

import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, time, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

import numpy as np  # noqa: E402

from planner.claims.adapters import ira  # noqa: E402
from planner.claims.core.fingerprint import fingerprint  # noqa: E402
from planner.claims.core.floods import Copy, find_floods  # noqa: E402
from planner.claims.core.observed import Observed as Sighting  # noqa: E402
from planner.coverage.core.gaps import Requirement  # noqa: E402
from planner.coverage.core.links import Link  # noqa: E402
from planner.coverage.core.loss import Assumptions  # noqa: E402
from planner.coverage.core.staffing import Supply, SupplyKind, Watch  # noqa: E402
from planner.journal.core.intake import Fault  # noqa: E402
from planner.journal.intake import Intake  # noqa: E402
from planner.planning.core.answering import Broken, Pace  # noqa: E402
from planner.planning.core.choosing import Effort  # noqa: E402
from planner.planning.core.policy import Policy  # noqa: E402
from planner.planning.core.problem import Candidate, Problem, Proposal  # noqa: E402
from planner.planning.core.replay import Replay, replay  # noqa: E402
from planner.planning.core.solver import greedily, solve  # noqa: E402
from planner.rosters.core.duty import Duty  # noqa: E402
from planner.rosters.core.kinds import DutyKind  # noqa: E402
from planner.spans import Span  # noqa: E402
from planner.tempo.core.rates import Basis, Hour, Observed, forecast, rhythm  # noqa: E402
from planner.tempo.core.week import hour_grid, instant  # noqa: E402
from planner.wallclock import WeeklyRule, occurrences, to_instant  # noqa: E402

DATA = ROOT.parent / "shared/data/ira"
WEEK = timedelta(days=7)
OFFICE, NIGHT = (9, 17), (22, 4)


@dataclass(frozen=True)
class Slice:
    """A file, the zone of those who answer it (the theatre), its first day there, how many weeks, the first k."""

    name: str
    zone: str
    first: str
    weeks: int
    known: int


SLICES = (
    Slice("all_2016-03-14_2016-03-27_brussels", "Europe/Brussels", "2016-03-14", 2, 1),
    Slice("all_2017-09-25_2017-10-08_botnet24", "America/New_York", "2017-09-25", 2, 1),
    Slice("ru_all_2015-09-15_2015-10-31", "Europe/Moscow", "2015-09-14", 7, 3),
    Slice("hashtaggamer_2016-01_2016-06", "America/New_York", "2016-01-04", 25, 4),
)
# By day three people sit at the desk. Six others can take more: one of the first three and one of the last are a chain.
DESK = {7: ("Sara", {"analyst"}), 8: ("Tariq", {"officer"}), 9: ("Zaid", {"approver"})}
PEOPLE = {
    1: ("Ali", {"analyst", "officer"}),
    2: ("Basma", {"analyst", "officer"}),
    3: ("Huda", {"analyst", "officer"}),
    4: ("Dina", {"approver", "duty"}),
    5: ("Omar", {"approver", "duty"}),
    6: ("Rami", {"approver", "duty"}),
}
ASSUMED = Assumptions()
POLICY = Policy()
NIGHT_HOURS = (NIGHT[1] - NIGHT[0]) % 24
BUDGET = round(7 * NIGHT_HOURS * 2 * 60 * POLICY.on_call_pay / 100)  # paid minutes a week of the fixed rotation


@dataclass(frozen=True)
class Seen:
    """What was posted: floods and distinct messages, seconds since 1970, ascending."""

    floods: np.ndarray
    messages: np.ndarray

    def known(self, start: datetime, cut: datetime) -> tuple[Observed, Observed]:
        """Floods and messages of [start, cut)."""
        parts = (part[(part >= start.timestamp()) & (part < cut.timestamp())] for part in (self.floods, self.messages))
        level, shape = (Observed(part, np.ones(len(part)), start, cut) for part in parts)
        return level, shape


@dataclass
class Tally:
    """Sums over the weeks of a slice for one plan."""

    loss: float = 0.0
    silence: float = 0.0
    answered: int = 0
    wake_ups: int = 0
    paid: float = 0.0

    def add(self, found: Replay, paid: float) -> None:
        """One more week."""
        self.loss += found.loss
        self.silence += found.loss - len(found.answers) * (1 - 2 ** -(ASSUMED.desk / ASSUMED.half_life))
        self.answered += found.within[60]
        self.wake_ups += len(found.wakings)
        self.paid += paid

    def join(self, other: "Tally") -> None:
        """One more slice."""
        self.loss, self.silence = self.loss + other.loss, self.silence + other.silence
        self.answered, self.wake_ups = self.answered + other.answered, self.wake_ups + other.wake_ups
        self.paid += other.paid


def main(seconds: float = 5.0) -> None:
    """Print the table of each slice."""
    if not DATA.exists():
        print(f"the real data is not here: {DATA}")
        return
    together: dict[str, Tally] = defaultdict(Tally)
    for one in SLICES:
        tallies, claims, weeks = backtest(one, seconds)
        tell(f"{one.name}, {weeks} weeks planned, {claims} floods, {one.zone}", tallies)
        for name, tally in tallies.items():
            together[name].join(tally)
    print()
    tell("all slices", together)


def tell(title: str, tallies: dict[str, Tally]) -> None:
    """One line a figure."""
    print(title)
    for name, tally in tallies.items():
        print(
            f"  {name:<10} silence {tally.silence:8.2f}  loss {tally.loss:8.2f}  in 60 min {tally.answered:4}  "
            f"wake-ups {tally.wake_ups:4}  paid {tally.paid / 60:6.1f} h"
        )
    for measure in ("silence", "loss"):
        names = ("office", "rotation", "greedy", "plan", "foresight")
        office, fixed, simple, ours, best = (float(getattr(tallies[name], measure)) for name in names)
        print(f"  less {measure:<8}than the rotation   {_share(fixed - ours, fixed)}  (target 25 %)")
        print(f"  less {measure:<8}than greedy         {_share(simple - ours, simple)}")
        print(f"  foresight: less than the rotation {_share(fixed - best, fixed)}")
    print(f"  of what foresight could avoid     {_share(office - ours, office - best)}  (target 90 %)", flush=True)


def _share(part: float, whole: float) -> str:
    return f"{part / whole:7.1%}" if whole > 1e-9 else "      –"


def backtest(one: Slice, seconds: float) -> tuple[dict[str, Tally], int, int]:
    """Plan every week from the first k on, and replay it; the tallies by plan, floods measured, weeks planned."""
    zone, seen = ZoneInfo(one.zone), read(DATA / f"{one.name}.csv.gz")
    starts = [_midnight(one.first, 7 * week, zone) for week in range(one.weeks + 1)]
    tallies = {name: Tally() for name in ("office", "rotation", "greedy", "plan", "foresight")}
    count = 0
    for k in range(one.known, one.weeks):
        start, end = starts[k], starts[k + 1]
        inside = seen.floods[(seen.floods >= start.timestamp()) & (seen.floods < end.timestamp())]
        claims = [Broken(str(n), instant(at)) for n, at in enumerate(inside)]
        count += len(claims)
        level, shape = seen.known(starts[0], start)
        foretold = forecast(rhythm(level, zone, basis=Basis.FLOODS, shape=shape), start, end)
        problem = problem_of(start, end, zone, foretold)
        known = replace(problem, hours=came(inside, start, end, zone))
        effort = Effort(seconds=seconds)
        plans = {
            "office": (),
            "rotation": rotation(problem),
            "greedy": greedily(problem).proposals,
            "plan": solve(problem, effort).proposals,
            "foresight": solve(known, effort).proposals,
        }
        for name, proposals in plans.items():
            tallies[name].add(measured(problem, claims, proposals), sum(each.paid(POLICY) for each in proposals))
    return tallies, count, one.weeks - one.known


def read(path: Path) -> Seen:
    """The floods of a file, and its distinct messages of each day (a flood once), as tempo counts them."""
    copies: dict[int, list[Copy]] = defaultdict(list)
    for number, (sighting, print_) in enumerate(_sightings(path)):
        copies[print_].append(Copy(sighting.posted_at, sighting.author, number))
    floods, messages = [], []
    for theirs in copies.values():
        found = find_floods(theirs)
        floods += [flood.started_at.timestamp() for flood in found]
        loose = (c for c in theirs if not any(f.started_at <= c.posted_at <= f.ended_at for f in found))
        firsts: dict[object, float] = {}
        for copy in sorted(loose):
            firsts.setdefault(copy.posted_at.astimezone(UTC).date(), copy.posted_at.timestamp())
        messages += firsts.values()
    return Seen(np.sort(floods), np.sort([*messages, *floods]))


def _sightings(path: Path) -> Iterator[tuple[Sighting, int]]:
    once: set[tuple[str, str]] = set()
    with Intake(path, kind="csv") as intake:
        for row in intake.rows(required=ira.READER.required, known=ira.READER.known):
            try:
                sighting = ira.read(row, None)
            except Fault as fault:
                intake.refuse(row, fault)
                continue
            if (sighting.source, sighting.external_id) not in once:
                once.add((sighting.source, sighting.external_id))
                yield sighting, fingerprint(sighting.text)


def problem_of(start: datetime, end: datetime, zone: ZoneInfo, hours: Sequence[Hour]) -> Problem:
    """The week's question: a desk in office hours from Monday to Friday, six people who can take more."""
    office = occurrences(WeeklyRule(frozenset(range(5)), OFFICE[0] * 60, OFFICE[1] * 60, zone.key), start, end + WEEK)
    english = frozenset({"en"})
    duties = [
        Duty(person, name, frozenset(roles), english, DutyKind.DESK, span)
        for span in office
        for person, (name, roles) in DESK.items()
    ]
    everywhere = Supply(SupplyKind.CHANNEL, frozenset({Link.PUBLISHED}), frozenset(), Span(start, end + WEEK))
    always = WeeklyRule(frozenset(range(7)), 0, 1440, zone.key)
    candidates = [Candidate(person, name, frozenset(roles), english) for person, (name, roles) in PEOPLE.items()]
    return Problem(
        start=start,
        end=end,
        zone=zone,
        hours=hours,
        requirements=[Requirement(link, None, always) for link in Link],
        watch=Watch(duties, [everywhere]),
        candidates=candidates,
        assumptions=ASSUMED,
        budget=BUDGET,
        policy=POLICY,
    )


def came(floods: np.ndarray, start: datetime, end: datetime, zone: ZoneInfo) -> list[Hour]:
    """What came as if it had been foretold: the floods of each hour."""
    starts, _ = hour_grid(start, end, zone)
    place = np.searchsorted(starts, floods, side="right") - 1
    counts = np.bincount(place, minlength=len(starts))
    return [Hour(instant(at), float(n), float(n), float(n)) for at, n in zip(starts, counts, strict=True)]


def rotation(problem: Problem) -> list[Proposal]:
    """Two people on call every night, taking turns."""
    rule = WeeklyRule(frozenset(range(7)), NIGHT[0] * 60, NIGHT[1] * 60, problem.zone.key)
    nights = [span for span in occurrences(rule, problem.start, problem.end)]
    return [
        Proposal(person, DutyKind.ON_CALL, span)
        for turn, span in enumerate(nights)
        for person in (1 + turn % 3, 4 + turn % 3)
    ]


def measured(problem: Problem, claims: Sequence[Broken], proposals: Sequence[Proposal]) -> Replay:
    """The week as it would have been with these duties."""
    added = [one.duty(problem.candidate(one.person_id)) for one in proposals]
    watch = Watch([*problem.watch.duties, *added], problem.watch.supplies)
    return replay(claims, watch, Pace.of(ASSUMED.desk, ASSUMED.on_call), ASSUMED.half_life)


def _midnight(first: str, days: int, zone: ZoneInfo) -> datetime:
    return to_instant(datetime.combine(datetime.fromisoformat(first) + timedelta(days=days), time()), zone)


if __name__ == "__main__":
    main(*map(float, sys.argv[1:2]))
