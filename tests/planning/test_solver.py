"""The optimiser against the verifier: what it says is left is what coverage's own functions find."""

import pytest

from planner.planning.core import verifier
from planner.planning.core.choosing import Effort
from planner.planning.core.solver import solve
from tests.planning.samples import team


@pytest.mark.parametrize("hours", [0, 10, 40])
def test_a_small_team_is_planned_and_the_verifier_agrees(hours):
    problem = team(6, 2, seed=1).with_budget(hours * 60)
    found = solve(problem, Effort(seconds=3))
    assert verifier.check(problem, found.proposals, found.loss_after) == []
    assert found.loss_before == pytest.approx(verifier.loss(problem, []))
    assert found.bound <= found.loss_after <= found.loss_before
