"""Names for watches, by CP-SAT: which watches of a pool are held, and by whom, so that every rule is kept."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from ortools.sat.python import cp_model

from planner.coverage.core.links import Link
from planner.people.core.roles import Role
from planner.planning.core.calendar import nights, quarter_of, weeks
from planner.planning.core.candidates import Hands, Someone, is_able, is_acting, is_releaser, stands
from planner.planning.core.grid import Ask, Slot
from planner.planning.core.paths import silences
from planner.planning.core.problem import MINUTE, Candidate, Proposal
from planner.planning.core.watches import Teams, Watch
from planner.spans import Span

SCALE = 1_000_000  # of an audience
Linear = Any  # OR-Tools' expressions: their operators are typed for numpy's numbers too, and do not add up under mypy


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look, with how many workers; the same seed gives the same plan whenever time does not run out."""

    seconds: float = 20.0
    workers: int = 2
    seed: int = 1
    close_enough: float = 0.002  # as a share of the loss: nothing nearer to the optimum is looked for


@dataclass(frozen=True)
class Chosen:
    """What was found: duties with names, and a loss below which no plan of these watches can come."""

    proposals: list[Proposal]
    bound: float


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
        grid, watch = self.teams.grid, self.pool[index]
        start, end = grid.slots[watch.first].start, grid.slots[watch.last - 1].end
        return Span(grid.problem.start + start * MINUTE, grid.problem.start + end * MINUTE)

    def cost(self, index: int) -> int:
        """Paid minutes times 100 of one person in a watch."""
        return self.pool[index].cost // self.pool[index].heads


def choose(teams: Teams, pool: Sequence[Watch], effort: Effort, hint: Sequence[Proposal] = ()) -> Chosen:
    """The watches of the pool that avoid the most loss within the budget, with names."""
    choice = _named(teams, pool)
    lost = _path(choice)
    costs = [(var, choice.cost(index)) for (index, _), var in choice.takes.items()]
    paid = sum(var * cost for var, cost in costs)
    choice.cp.add(paid <= teams.grid.problem.budget * 100)
    choice.cp.minimize(lost)
    _suggest(choice, hint)
    solver = _solver(effort)
    status = solver.solve(choice.cp)
    bound = max(0.0, solver.best_objective_bound / SCALE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Chosen([], bound)
    return Chosen(_proposals(choice, solver), bound)


def name(teams: Teams, watches: Sequence[Watch], effort: Effort) -> list[Proposal]:
    """Names for as many of the watches as possible, the longest first, and among such namings nights spread evenly."""
    choice = _named(teams, watches)
    uneven = sum(_unevenness(choice, person) for group in teams.groups for person in group.members)
    given = sum(var * round(choice.span(index).duration / MINUTE) for index, var in enumerate(choice.held))
    heads = sum(choice.takes.values())
    choice.cp.minimize(uneven + 100 * heads - 100_000 * given)
    solver = _solver(effort)
    if solver.solve(choice.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    return _proposals(choice, solver)


def _solver(effort: Effort) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_time_in_seconds = max(effort.seconds, 0.2)
    solver.parameters.num_workers = effort.workers
    solver.parameters.random_seed = effort.seed
    solver.parameters.relative_gap_limit = effort.close_enough
    solver.parameters.linearization_level = 2
    return solver


def _proposals(choice: Choice, solver: cp_model.CpSolver) -> list[Proposal]:
    found = [key for key, var in choice.takes.items() if solver.boolean_value(var)]
    return [Proposal(pk, choice.pool[index].kind, choice.span(index)) for index, pk in found]


def _suggest(choice: Choice, hint: Sequence[Proposal]) -> None:
    known = {(one.person_id, one.kind, one.span) for one in hint}
    for (index, pk), var in choice.takes.items():
        choice.cp.add_hint(var, (pk, choice.pool[index].kind, choice.span(index)) in known)


def _named(teams: Teams, pool: Sequence[Watch]) -> Choice:
    """Who could take part in which watch, with everything that binds people."""
    choice = Choice(teams, pool)
    for index, watch in enumerate(pool):
        held = choice.cp.new_bool_var(f"held{index}")
        choice.held.append(held)
        able = teams.able(watch.first, watch.last)
        for person in able:
            choice.takes[index, person.person_id] = choice.cp.new_bool_var(f"{index}-{person.person_id}")
            choice.cp.add_implication(choice.takes[index, person.person_id], held)
        for slot in _different(teams, watch):
            for ask in sorted(teams.grid.answering(slot)):
                if not stands(ask, slot, slot.duties):
                    _meets(choice, index, able, slot, ask)
    for group in teams.groups:
        for person in group.members:
            _bind(choice, person)
    return choice


def _different(teams: Teams, watch: Watch) -> list[Slot]:
    """The slots of a watch in which something is missing; of those that ask and hold the same only one."""
    slots = (teams.grid.slots[at] for at in range(watch.first, watch.last) if not teams.stands[at])
    return list({(teams.grid.answering(slot), slot.duties, slot.supplies): slot for slot in slots}.values())


def _meets(choice: Choice, index: int, able: Sequence[Candidate], slot: Slot, ask: Ask) -> None:
    """The watch is held only where the thing asked for can be done, as candidates.stands has it."""
    held, hands = choice.held[index], Hands.of(ask, slot)

    def count(fits: Any) -> Linear:
        base = sum(bool(fits(one)) for one in slot.duties)
        return base + sum(choice.takes[index, one.person_id] for one in able if fits(one))

    doing: Linear = count(partial(is_able, link=ask.link, language=ask.language))
    if ask.people == 1 and hands.lines:
        doing = count(lambda one: is_able(one, ask.link, ask.language) or is_releaser(one))
        choice.cp.add(doing + hands.channels >= 1).only_enforce_if(held)
        return
    if ask.link is Link.CLEARED:  # two people, or one who does not draft: nobody clears their own words
        either: Linear = count(lambda one: _drafts(one, ask) or _clears(one, ask))
        alone: Linear = count(lambda one: _clears(one, ask) and not _drafts(one, ask))
        choice.cp.add(either + alone >= 2 * held)
    if hands.lines:
        released = choice.cp.new_bool_var("")
        choice.cp.add(count(is_releaser) >= released)
        doing += hands.lines * released
    choice.cp.add(doing + hands.channels >= ask.people * held)


def _drafts(one: Someone, ask: Ask) -> bool:
    return is_acting(one, Role.OFFICER, ask.language)


def _clears(one: Someone, ask: Ask) -> bool:
    return is_acting(one, Role.APPROVER, ask.language)


def _bind(choice: Choice, person: Candidate) -> None:
    """Rest, week and nights of one person."""
    problem, policy = choice.teams.grid.problem, choice.teams.grid.problem.policy
    theirs = {index: var for (index, pk), var in choice.takes.items() if pk == person.person_id}
    spans = {index: choice.span(index) for index in theirs}
    for moment in sorted({span.start for span in spans.values()}):  # on duty or resting: one watch at a time
        there = [i for i, span in spans.items() if span.start <= moment < span.end + policy.rest * MINUTE]
        if len(there) > 1:
            choice.cp.add_at_most_one(theirs[index] for index in there)
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


def _unevenness(choice: Choice, person: Candidate) -> Linear:
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


def _path(choice: Choice) -> Linear:
    """A path of silences, watches and slots that stand; returns the loss in millionths of an audience."""
    grid, base, cp = choice.teams.grid, choice.teams.stands, choice.cp
    size = len(grid.slots)
    into: dict[int, list[Any]] = {0: [1]}  # the slot before was whole
    out: dict[int, list[Any]] = {}
    held: dict[int, list[Any]] = {}  # what begins with a slot that ends a silence
    lost: Linear = 0
    for index, watch in enumerate(choice.pool):
        into.setdefault(watch.last, []).append(choice.held[index])
        held.setdefault(watch.first, []).append(choice.held[index])
    for at in (at for at in range(size) if base[at]):
        passes = cp.new_bool_var("")
        into.setdefault(at + 1, []).append(passes)
        held.setdefault(at, []).append(passes)
    ended: dict[int, list[Any]] = {}
    for last in sorted({*held, size} - {0}):
        for first, price in silences(grid, base, last):
            if first in into:
                silent = cp.new_bool_var("")
                out.setdefault(first, []).append(silent)
                ended.setdefault(last, []).append(silent)
                lost += silent * round(price * SCALE)
    for at in sorted({*into, *held, *ended}):
        begins = sum(held.get(at, [])) if at < size else 1
        cp.add(sum(into.get(at, [])) + sum(ended.get(at, [])) == begins + sum(out.get(at, [])))
        if at in ended:  # two silences never follow one another
            cp.add(sum(ended[at]) <= begins)
    return lost
