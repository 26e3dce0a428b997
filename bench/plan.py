"""The optimiser's headline figures: how sure it is of a plan, and what its plans do to real weeks. No database.

    python bench/plan.py [solve] [--people 50] [--days 14] [--hours 30 50 80] [--seed 1]
    python bench/plan.py [backtest] [--nights 1] [--seconds 1]

`solve`: 50 people, 14 days, half-hour steps, proven within 1 % in 20 s on two cores. For each budget of paid hours one
line a figure: the optimiser with its bound and gap, the greedy plan beside it in the same run, and whether the
independent verifier agrees. `backtest`: planned on what was known, measured on what came; bench/backtest.py says how.
Without a word both, the backtest against one rotation (`--nights 3`: against all three).
"""

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

import backtest

from planner.planning.core import verifier
from planner.planning.core.choosing import Effort
from planner.planning.core.problem import Problem, Solution
from planner.planning.core.solver import greedily, solve
from tests.planning.samples import team

TARGET_GAP, TARGET_SECONDS = 0.01, 20.0


def main() -> int:
    """Print the figures; 1 when a plan does not stand up to its check."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--people", type=int, default=50)
    parser.add_argument("--days", type=int, default=14)
    parser.add_argument("--hours", type=float, nargs="+", default=[30, 50, 80])
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--nights", type=int, default=1, help="1 to 3 fixed rotations to compare with")
    parser.add_argument("--seconds", type=float, default=1.0, help="of one search of the backtest")
    parser.add_argument("part", nargs="?", choices=("solve", "backtest"))
    options = parser.parse_args()
    sound = options.part == "backtest" or _solved(options)
    if options.part != "solve":
        backtest.main(backtest.NIGHTS[: options.nights], options.seconds)
    return 0 if sound else 1


def _solved(options: argparse.Namespace) -> bool:
    base = team(options.people, options.days, options.seed)
    print(f"people {options.people}, days {options.days}, step {base.policy.step} min, seed {options.seed}")
    sound = True
    for hours in options.hours:
        problem = base.with_budget(round(hours * 60))
        sound &= _tell(f"{hours:g} h", "optimiser", problem, solve(problem, Effort(seconds=TARGET_SECONDS - 1)))
        sound &= _tell(f"{hours:g} h", "greedy", problem, greedily(problem))
    return sound


def _tell(budget: str, who: str, problem: Problem, found: Solution) -> bool:
    faults = verifier.check(problem, found.proposals, found.loss_after)
    paid = sum(one.paid(problem.policy) for one in found.proposals) / 60
    print(f"{budget} {who}: loss {found.loss_before:.3f} -> {found.loss_after:.3f} audiences")
    print(f"{budget} {who}: duties {len(found.proposals)}, paid {paid:.2f} h")
    print(f"{budget} {who}: seconds {found.seconds:.1f}")
    if who == "optimiser":
        met = found.gap <= TARGET_GAP and found.seconds <= TARGET_SECONDS
        print(f"{budget} {who}: bound {found.bound:.3f}, gap {found.gap:.2%} ({'met' if met else 'NOT met'})")
        apart = (found.loss_after - found.floor) / max(found.loss_after, 1e-9)
        print(f"{budget} {who}: bound for duties that begin and end apart, too {found.floor:.3f}, gap {apart:.2%}")
    print(f"{budget} {who}: verifier {'agrees' if not faults else faults[:3]}")
    return not faults


if __name__ == "__main__":
    raise SystemExit(main())
