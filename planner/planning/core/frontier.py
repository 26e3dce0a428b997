"""Hours against loss: what each budget could avoid, and where more hours begin to avoid little."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from planner.planning.core.choosing import Effort
from planner.planning.core.problem import Problem, Proposal
from planner.planning.core.solver import solve

SHARES = (0.25, 0.5, 0.75, 1.0, 1.5, 2.0)  # of the budget asked for


@dataclass(frozen=True, slots=True)
class Point:
    """With so many paid hours, the loss of the best plan found, and a loss below which none can fall."""

    hours: float
    loss: float
    bound: float


def frontier(problem: Problem, before: float, known: Point, plan: Sequence[Proposal], effort: Effort) -> list[Point]:
    """The plan that is known among plans for other budgets, each started from the one before it; hours ascend.

    More hours never lose more: a plan for fewer is one for more.
    """
    found, hint = [Point(0.0, before, before)], list[Proposal]()
    for share in SHARES:
        budget = round(problem.budget * share / 30) * 30
        if budget <= found[-1].hours * 60:
            continue
        if budget == problem.budget:
            found.append(known)
            hint = list(plan)
            continue
        solved = solve(problem.with_budget(budget), effort, hint)
        hint = list(solved.proposals)
        found.append(Point(budget / 60, min(solved.loss_after, found[-1].loss), solved.bound))
    return _bounded(found)


def _bounded(points: Sequence[Point]) -> list[Point]:
    """What no plan of more hours can avoid, none of fewer can."""
    highest, found = 0.0, list[Point]()
    for point in reversed(points):
        highest = max(highest, point.bound)
        found.append(replace(point, bound=min(highest, point.loss)))
    return found[::-1]


def knee(points: Sequence[Point]) -> Point | None:
    """The point farthest below the straight line from the first to the last; None where there is no bend."""
    if len(points) < 3 or points[0].loss - points[-1].loss < 1e-9:
        return None
    width, height = points[-1].hours - points[0].hours, points[0].loss - points[-1].loss

    def below(point: Point) -> float:
        return (points[0].loss - point.loss) / height - (point.hours - points[0].hours) / width

    best = max(points[1:-1], key=below)
    return best if below(best) > 0.02 else None
