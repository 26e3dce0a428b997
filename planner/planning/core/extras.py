"""What else would help beside people: a text cleared ahead, a post in the silence that is left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from planner.coverage.core.links import Link
from planner.coverage.core.loss import expected_claims, pieces
from planner.coverage.core.staffing import Supply, SupplyKind, Watch
from planner.planning.core.problem import Problem, Proposal
from planner.planning.core.verifier import loss, losses, watch_with
from planner.spans import Span


@dataclass(frozen=True, slots=True)
class PostSlot:
    """A moment worth a post: when most is expected within a silence that stays; `loss` is that of the silence."""

    at: datetime
    span: Span
    claims: float
    loss: float


def line_avoids(problem: Problem, proposals: Sequence[Proposal], language: str = "") -> float:
    """The audiences that a cleared line for every claim (in one language; "": any) would avoid losing, plan and all.

    It drafts and clears wherever somebody on watch may release it: this is what Watch makes of such a supply.
    """
    watch = watch_with(problem, proposals)
    reach = max((duty.span.end for duty in watch.duties), default=problem.end)
    line = Supply(
        kind=SupplyKind.CLEARED_LINE,
        links=frozenset({Link.DRAFTED, Link.CLEARED}),
        languages=frozenset({language} if language else ()),
        span=Span(problem.start, max(reach, problem.end)),
    )
    with_line = replace(problem, watch=Watch(watch.duties, [*watch.supplies, line]))
    return max(0.0, loss(problem, proposals) - loss(with_line, ()))


def post_slots(problem: Problem, proposals: Sequence[Proposal], most: int = 3) -> list[PostSlot]:
    """The costliest silences that the plan leaves, each with the hour in which most is expected; in order of loss."""
    left = sorted(losses(problem, proposals), key=lambda one: -one[1])[:most]
    found = []
    for span, lost in left:
        hours = list(pieces(span, problem.hours))
        if hours and lost > 0:
            at = max(hours, key=lambda hour: (hour[2], -hour[0].timestamp()))[0]
            found.append(PostSlot(at, span, expected_claims([span], problem.hours), lost))
    return found
