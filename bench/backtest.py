"""Plan on what was known, measure on what came: loss avoided at equal paid hours, on real weeks (bench/plan.py).

Weeks 1..k of a slice (bench/weeks.py) are known, week k+1 is planned and then replayed as it happened, for every k from
the first (slices of two weeks) or the fourth on. All plans stand on the same office hours and may spend what the
rotation costs:

* rotation   two people on call every night, taking turns: author and approver, the fewest who can answer at all
* greedy     the best next duty, again and again
* plan       the optimiser, given the forecast
* foresight  the optimiser, given the floods that came, waking people or only at the desk; where one of the others did
             better in a week (the optimiser minimises `gaps`, as the plan does), that one: for each figure the best

"+ line" is the same with a cleared line that fits every claim, which is how coverage counts a line: an upper limit.

Three figures, in whole audiences, reckoned claim by claim by the replay; nothing of the forecast is in them:

* gaps       the audiences of claims that broke while nobody could answer: the loss of PRODUCT, of coverage, of the plan
* silence    the whole loss beyond what a desk that always sits there loses while it works (22.9 % of each audience in
             30 min): waking people costs here too
* loss       the whole loss, of which a part could be saved by no roster
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from weeks import DATA, SLICES, STORYLINES, Seen, Slice, read

from planner.coverage.core.gaps import Requirement
from planner.coverage.core.links import Link
from planner.coverage.core.loss import Assumptions, standing
from planner.coverage.core.staffing import LINE_LINKS, Supply, SupplyKind, Watch
from planner.planning.core.answering import Broken, Pace
from planner.planning.core.choosing import Effort
from planner.planning.core.policy import Policy
from planner.planning.core.problem import Candidate, Problem, Proposal
from planner.planning.core.replay import replay
from planner.planning.core.solver import greedily, solve
from planner.planning.core.verifier import watch_with
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span
from planner.tempo.core.rates import Basis, Hour, forecast, rhythm
from planner.tempo.core.week import hour_grid, instant
from planner.wallclock import WeeklyRule, occurrences

WEEK = timedelta(days=7)
OFFICE = (9, 17)
NIGHTS = ((22, 4), (22, 6), (17, 9))  # the product's own night; a night's sleep; from desk to desk
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
FIGURES = ("gaps", "silence", "loss")
LINE = " + line"


@dataclass
class Tally:
    """Sums over weeks for one plan. `figures`: audiences, by FIGURES."""

    figures: np.ndarray = field(default_factory=lambda: np.zeros(len(FIGURES)))
    answered: int = 0
    wake_ups: int = 0
    paid: float = 0.0

    def add(self, other: "Tally") -> None:
        """Another week, or another slice."""
        self.figures = self.figures + other.figures
        self.answered, self.wake_ups = self.answered + other.answered, self.wake_ups + other.wake_ups
        self.paid += other.paid


def main(nights: Sequence[tuple[int, int]] = NIGHTS[:1], seconds: float = 1.0) -> None:
    """Print the tables of each slice and of all, for each rotation. `seconds` bound one search."""
    if not DATA.exists():
        print(f"the real data is not here: {DATA}")
        return
    seen = {one: read(one.path) for one in SLICES}
    for one in SLICES:
        weeks = list(pairwise(one.starts[one.known :]))
        foreseen = sum(seen[one].foreseen(start, end) for start, end in weeks)
        floods = sum(len(seen[one].came(start, end)) for start, end in weeks)
        print(f"{one.name}: {foreseen} of {floods} floods are of one of the {STORYLINES} storylines before them")
    for night in nights:
        together: dict[str, Tally] = defaultdict(Tally)
        for one in SLICES:
            tallies = backtest(one, seen[one], night, seconds)
            tell(f"{one.name}, {one.weeks - one.known} weeks, rotation {_clock(night)}, {one.zone}", tallies)
            for name, tally in tallies.items():
                together[name].add(tally)
        tell(f"all slices, rotation {_clock(night)}", together)


def _clock(night: tuple[int, int]) -> str:
    return f"{night[0]:02}:00-{night[1]:02}:00"


def tell(title: str, tallies: dict[str, Tally]) -> None:
    """One line a plan, one a figure."""
    print(f"\n{title}")
    for name, tally in tallies.items():
        told = "  ".join(f"{figure} {value:7.2f}" for figure, value in zip(FIGURES, tally.figures, strict=True))
        rest = f"in 60 min {tally.answered:4}  wake-ups {tally.wake_ups:4}  paid {tally.paid / 60:6.1f} h"
        print(f"  {name:<17} {told}  {rest}")
    for at, figure in enumerate(FIGURES):
        office, fixed = (tallies[name].figures[at] for name in ("office", "rotation"))
        for name in [name for name in ("greedy", "plan", f"plan{LINE}") if name in tallies]:
            ours, best = (tallies[one].figures[at] for one in (name, f"foresight{LINE if LINE in name else ''}"))
            less, most = _share(fixed - ours, fixed), _share(fixed - best, fixed)
            print(f"  {figure:<7} {name:<11} {less} less than the rotation (target 25 %; foresight {most})", end=", ")
            print(f"{_share(office - ours, office - best)} of what foresight avoids (target 90 %)", flush=True)


def _share(part: float, whole: float) -> str:
    return f"{part / whole:7.1%}" if whole > 1e-9 else "      –"


def backtest(one: Slice, seen: Seen, night: tuple[int, int], seconds: float) -> dict[str, Tally]:
    """Plan every week from the first k on, and replay it; the tallies by plan."""
    zone, starts = ZoneInfo(one.zone), one.starts
    tallies: dict[str, Tally] = defaultdict(Tally)
    for k in range(one.known, one.weeks):
        start, end = starts[k], starts[k + 1]
        floods = seen.came(start, end)
        level, shape = seen.known(starts[0], start)
        foretold = forecast(rhythm(level, zone, basis=Basis.FLOODS, shape=shape), start, end)
        problem = problem_of(start, end, zone, foretold, night)
        known = replace(problem, hours=came(floods, start, end, zone))
        claims = [Broken(str(number), instant(at)) for number, at in enumerate(floods)]
        for name, tally in week(problem, known, claims, night, Effort(seconds=seconds)).items():
            tallies[name].add(tally)
    return tallies


def week(
    problem: Problem, known: Problem, claims: Sequence[Broken], night: tuple[int, int], effort: Effort
) -> dict[str, Tally]:
    """Every plan of one week as it would have gone. `known`: the same question, with what came as its forecast."""
    fixed = rotation(problem, night)
    found = {
        "office": measured(problem, claims, ()),
        "rotation": measured(problem, claims, fixed),
        "greedy": measured(problem, claims, greedily(problem).proposals),
        "plan": measured(problem, claims, solve(problem, effort).proposals),
    }
    found["foresight"] = _best([*found.values(), *_hindsight(known, claims, effort)])
    if night == NIGHTS[0]:
        lined, told = with_line(problem), with_line(known)
        found[f"rotation{LINE}"] = measured(lined, claims, fixed)
        found[f"plan{LINE}"] = measured(lined, claims, solve(lined, effort).proposals)
        rivals = [found["foresight"], found[f"rotation{LINE}"], found[f"plan{LINE}"]]
        found[f"foresight{LINE}"] = _best([*rivals, *_hindsight(told, claims, effort)])
    return found


def _hindsight(known: Problem, claims: Sequence[Broken], effort: Effort) -> list[Tally]:
    """What the optimiser does that knows what came: as it likes, and where nobody may be woken (only at the desk)."""
    only_desk = replace(known, policy=replace(known.policy, wake_ups=0.0))
    return [measured(one, claims, solve(one, effort).proposals) for one in (known, only_desk)]


def _best(tallies: Sequence[Tally]) -> Tally:
    """For each figure the best of them; hours and wake-ups of the one with the least silence."""
    least = min(tallies, key=lambda one: one.figures[FIGURES.index("silence")])
    return replace(least, figures=np.min([one.figures for one in tallies], axis=0))


def problem_of(
    start: datetime, end: datetime, zone: ZoneInfo, hours: Sequence[Hour], night: tuple[int, int]
) -> Problem:
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
    night_hours = (night[1] - night[0]) % 24
    return Problem(
        start=start,
        end=end,
        zone=zone,
        hours=hours,
        requirements=[Requirement(link, None, always) for link in Link],
        watch=Watch(duties, [everywhere]),
        candidates=candidates,
        assumptions=ASSUMED,
        budget=round(7 * night_hours * 2 * 60 * POLICY.on_call_pay / 100),  # what the rotation costs
        policy=POLICY,
    )


def with_line(problem: Problem) -> Problem:
    """The same with a cleared line that fits every claim, as coverage counts it."""
    line = Supply(SupplyKind.CLEARED_LINE, LINE_LINKS, frozenset(), Span(problem.start, problem.end + WEEK))
    return replace(problem, watch=Watch(problem.watch.duties, [*problem.watch.supplies, line]))


def came(floods: np.ndarray, start: datetime, end: datetime, zone: ZoneInfo) -> list[Hour]:
    """What came as if it had been foretold: the floods of each hour."""
    starts, _ = hour_grid(start, end, zone)
    place = np.searchsorted(starts, floods, side="right") - 1
    counts = np.bincount(place, minlength=len(starts))
    return [Hour(instant(at), float(n), float(n), float(n)) for at, n in zip(starts, counts, strict=True)]


def rotation(problem: Problem, night: tuple[int, int]) -> list[Proposal]:
    """Two people on call every night, taking turns; what a week's edge cuts off is not worked."""
    rule = WeeklyRule(frozenset(range(7)), night[0] * 60, night[1] * 60, problem.zone.key)
    nights = list(occurrences(rule, problem.start, problem.end))
    return [
        Proposal(person, DutyKind.ON_CALL, span)
        for turn, span in enumerate(nights)
        for person in (1 + turn % 3, 4 + turn % 3)
    ]


def measured(problem: Problem, claims: Sequence[Broken], proposals: Sequence[Proposal]) -> Tally:
    """The week as it would have been with these duties."""
    watch = watch_with(problem, proposals)
    whole = standing(watch, problem.requirements).whole
    found = replay(claims, watch, Pace.of(ASSUMED.desk, ASSUMED.on_call), ASSUMED.half_life)
    lost = np.array([one.lost(ASSUMED.half_life) for one in found.answers])
    in_gap = np.array([not whole.contains(one.claim.at) for one in found.answers], dtype=bool)
    at_desk = len(lost) * (1 - 2 ** -(ASSUMED.desk / ASSUMED.half_life))
    figures = np.array([lost[in_gap].sum(), lost.sum() - at_desk, lost.sum()])
    return Tally(figures, found.within[60], len(found.wakings), sum(one.paid(POLICY) for one in proposals))
