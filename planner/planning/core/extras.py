"""What else would help beside people: a text cleared ahead, a post in the silence that is left."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from planner.coverage.core.links import Link
from planner.coverage.core.loss import standing
from planner.coverage.core.staffing import Supply, SupplyKind, Watch
from planner.planning.core.problem import MINUTE, Problem, Proposal
from planner.planning.core.slots import Audience, Offer, Silence, merged, offers
from planner.planning.core.verifier import costs, losses, watch_with
from planner.spans import Span, SpanSet

HALF_A_DAY = timedelta(hours=12)


@dataclass(frozen=True, slots=True)
class LineUse:
    """A stretch in which a cleared line would make the chain whole, and the audiences it would avoid losing there."""

    span: Span
    avoids: float


def line_uses(problem: Problem, proposals: Sequence[Proposal], language: str = "") -> list[LineUse]:
    """Where a cleared line (in one language; "": any) would end a silence that the plan leaves; in order of time.

    `problem.hours` are the claims that the line is for. It drafts and clears wherever somebody on watch may release it:
    this is what Watch makes of such a supply.
    """
    watch = watch_with(problem, proposals)
    reach = max((duty.span.end for duty in watch.duties), default=problem.end)
    line = Supply(
        kind=SupplyKind.CLEARED_LINE,
        links=frozenset({Link.DRAFTED, Link.CLEARED}),
        languages=frozenset({language} if language else ()),
        span=Span(problem.start, max(reach, problem.end)),
    )
    with_line = Watch(watch.duties, [*watch.supplies, line])
    gained = standing(with_line, problem.requirements).whole - standing(watch, problem.requirements).whole
    before = losses(problem, proposals)
    after = losses(replace(problem, watch=with_line), ())
    found = []
    for silence in SpanSet(span for span, _ in before):
        avoids = _within(silence, before) - _within(silence, after)
        if (there := gained.clip(silence.start, silence.end)) and avoids > 0:
            found.append(LineUse(Span(min(there).start, max(there).end), avoids))
    return found


def _within(silence: Span, lost: Sequence[tuple[Span, float]]) -> float:
    return sum(loss for span, loss in lost if silence.start <= span.start and span.end <= silence.end)


def post_slots(
    problem: Problem, proposals: Sequence[Proposal], audience: Audience, half_life: timedelta, most: int = 3
) -> list[Offer]:
    """Where a post would avoid most in the silences that the plan leaves, at most one in half a day; the most first.

    `half_life`: of a channel, in general: which one it will be is not known yet.
    """
    left = [
        Silence(span, cost.loss, cost.answered, cost.half_life or problem.assumptions.half_life)
        for span, cost in costs(problem, proposals)
    ]
    found = offers(
        merged(left),
        problem.hours,
        audience,
        half_life,
        start=problem.start,
        closed=SpanSet.empty(),
        apart=HALF_A_DAY,
        step=problem.policy.step * MINUTE,
        most=most,
    )
    return [offer for offer in found if offer.avoids > 0]
