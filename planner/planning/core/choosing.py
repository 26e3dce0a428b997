"""Names for watches, by CP-SAT: which watches of a pool are held, and by whom, so that every rule is kept."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from ortools.sat.python import cp_model

from planner.coverage.core.links import Link
from planner.coverage.core.loss import Stand
from planner.people.core.roles import Role
from planner.planning.core.binding import SCALE, THRIFT, Choice, Linear, bind, unevenness
from planner.planning.core.candidates import Hands, Someone, is_able, is_acting, is_releaser, stands
from planner.planning.core.grid import Ask, Slot
from planner.planning.core.paths import silences, stand_of
from planner.planning.core.problem import MINUTE, Candidate, Proposal
from planner.planning.core.watches import Teams, Watch
from planner.spans import Span


@dataclass(frozen=True, slots=True)
class Effort:
    """How long to look, in seconds of an idle machine: work is counted, not the time on the clock, and one search does
    it. So the same question has the same answer, on a busy machine too, up to `PATIENCE` times that long."""

    seconds: float = 20.0
    seed: int = 1
    close_enough: float = 0.002  # as a share of the loss: nothing nearer to the optimum is looked for


PATIENCE = 4


@dataclass(frozen=True)
class Chosen:
    """What was found: duties with names, and a loss below which no plan of these watches can come; seconds of work."""

    proposals: list[Proposal]
    bound: float
    seconds: float


def choose(
    teams: Teams, pool: Sequence[Watch], effort: Effort, hint: Sequence[Proposal] = (), floor: float = 0.0
) -> Chosen:
    """The watches of the pool that avoid the most loss within the budget, with names.

    `floor`: a loss that no plan can fall below, as known: the search ends where it comes close.
    """
    choice = _named(teams, pool)
    lost = _path(choice)
    choice.cp.add(lost >= int(floor * SCALE) - 1000)  # a silence's price is rounded
    half_hours = teams.grid.problem.budget // 30 + 1
    spent = choice.cp.new_int_var(0, half_hours, "spent")
    choice.cp.add(_paid(choice) <= spent * 30 * 100)
    choice.cp.minimize(lost + THRIFT * spent)
    _suggest(choice, hint)
    solver = _solver(effort)
    status = solver.solve(choice.cp)
    worked = solver.response_proto.deterministic_time
    bound = max(0.0, (solver.best_objective_bound - THRIFT * half_hours) / SCALE)
    if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return Chosen([], bound, worked)
    return Chosen(_proposals(choice, solver), bound, worked)


def name(teams: Teams, watches: Sequence[Watch], effort: Effort) -> list[Proposal]:
    """Names for as many of the watches as possible, the longest first, and among such namings nights spread evenly."""
    choice = _named(teams, watches)
    uneven = sum(unevenness(choice, person) for group in teams.groups for person in group.members)
    given = sum(var * round(choice.span(index).duration / MINUTE) for index, var in enumerate(choice.held))
    heads = sum(choice.takes.values())
    choice.cp.minimize(uneven + 100 * heads - 100_000 * given)
    solver = _solver(effort)
    if solver.solve(choice.cp) not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
        return []
    return _proposals(choice, solver)


def _solver(effort: Effort) -> cp_model.CpSolver:
    solver = cp_model.CpSolver()
    solver.parameters.max_deterministic_time = effort.seconds
    solver.parameters.max_time_in_seconds = PATIENCE * effort.seconds
    solver.parameters.num_workers = 1
    solver.parameters.random_seed = effort.seed
    solver.parameters.relative_gap_limit = effort.close_enough
    solver.parameters.linearization_level = 2
    return solver


def _proposals(choice: Choice, solver: cp_model.CpSolver) -> list[Proposal]:
    found = [(pk, choice.span(i), choice.pool[i].kind) for (i, pk), var in choice.takes.items() if solver.value(var)]
    merged: list[Proposal] = []
    for pk, span, kind in sorted(found, key=lambda one: one[:2]):
        last = merged[-1] if merged else None
        if last and last.person_id == pk and last.kind is kind and last.span.end == span.start:
            merged[-1] = Proposal(pk, kind, Span(last.span.start, span.end))
        else:
            merged.append(Proposal(pk, kind, span))
    return merged


def _suggest(choice: Choice, hint: Sequence[Proposal]) -> None:
    for (index, pk), var in choice.takes.items():
        span, kind = choice.span(index), choice.pool[index].kind
        choice.cp.add_hint(
            var,
            any(
                (one.person_id, one.kind) == (pk, kind) and one.span.start <= span.start and span.end <= one.span.end
                for one in hint
            ),
        )


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
            bind(choice, person)
    choice.cp.add(_paid(choice) <= teams.grid.problem.budget * 100)
    return choice


def _paid(choice: Choice) -> Linear:
    """Paid minutes times 100."""
    return sum(var * choice.cost(index) for (index, _), var in choice.takes.items())


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

    doing: Linear = count(partial(is_able, ask=ask))
    if ask.people == 1 and hands.lines:
        doing = count(lambda one: is_able(one, ask) or is_releaser(one, ask))
        choice.cp.add(doing + hands.channels >= 1).only_enforce_if(held)
        return
    if ask.link is Link.CLEARED:  # two people, or one who does not draft: nobody clears their own words
        either: Linear = count(lambda one: _drafts(one, ask) or _clears(one, ask))
        alone: Linear = count(lambda one: _clears(one, ask) and not _drafts(one, ask))
        choice.cp.add(either + alone >= 2 * held)
    if hands.lines:
        released = choice.cp.new_bool_var("")
        choice.cp.add(count(partial(is_releaser, ask=ask)) >= released)
        doing += hands.lines * released
    choice.cp.add(doing + hands.channels >= ask.people * held)


def _drafts(one: Someone, ask: Ask) -> bool:
    return is_acting(one, Role.OFFICER, ask.language)


def _clears(one: Someone, ask: Ask) -> bool:
    return is_acting(one, Role.APPROVER, ask.language)


def _path(choice: Choice) -> Linear:
    """A path of silences, watches and slots that stand; returns the loss in millionths of an audience."""
    grid, base, cp = choice.teams.grid, choice.teams.base, choice.cp
    size = len(grid.slots)
    into: dict[int, list[Any]] = {0: [1]}  # the slot before was whole
    held: dict[int, list[tuple[Stand | None, Any]]] = {}  # what begins with a slot and ends a silence; None: in any way
    for index, watch in enumerate(choice.pool):
        into.setdefault(watch.last, []).append(choice.held[index])
        stand = None if base.whole[watch.first] else stand_of(watch)
        held.setdefault(watch.first, []).append((stand, choice.held[index]))
    for at in (at for at in range(size) if base.whole[at]):
        passes = cp.new_bool_var("")
        into.setdefault(at + 1, []).append(passes)
        held.setdefault(at, []).append((base.stand(at), passes))
    held[size] = [(Stand.DESK, 1)]
    out: dict[int, list[Any]] = {}
    ended: dict[int, list[Any]] = {}
    lost: Linear = 0
    for last in sorted(set(held) - {0}):
        for stand in sorted({stand for stand, _ in held[last] if stand}):
            silent = [(first, price) for first, price in silences(grid, base, last, stand) if first in into]
            taken = [cp.new_bool_var("") for _ in silent]
            for var, (first, price) in zip(taken, silent, strict=True):
                out.setdefault(first, []).append(var)
                lost += var * round(price * SCALE)
            ended.setdefault(last, []).extend(taken)
            cp.add(sum(taken) <= sum(var for how, var in held[last] if how in (None, stand)))
    for at in sorted({*into, *held}):
        begins = sum(var for _, var in held.get(at, []))
        cp.add(sum(into.get(at, [])) + sum(ended.get(at, [])) == begins + sum(out.get(at, [])))
    return lost
