"""The optimiser against the verifier: what it says is left is what coverage's own functions find."""

import pytest

from planner.planning.core import verifier
from planner.planning.core.choosing import Effort
from planner.planning.core.solver import solve
from tests.planning.samples import team


@pytest.mark.parametrize("hours", [0, 10, 40])
def test_a_small_team_is_planned_and_the_verifier_agrees(hours):
    problem = team(6, 2, seed=1).with_budget(hours * 60)
    found = solve(problem, Effort(seconds=1))
    assert verifier.check(problem, found.proposals, found.loss_after) == []
    assert found.loss_before == pytest.approx(verifier.loss(problem, []))
    assert found.bound <= found.loss_after <= found.loss_before


def test_the_same_question_has_the_same_plan():
    """Also where names do not fit at once and CP-SAT must choose: its work is counted, not its time."""
    problem = team(6, 1, seed=1).with_budget(360)
    assert solve(problem, Effort(seconds=0.3)).proposals == solve(problem, Effort(seconds=0.3)).proposals
