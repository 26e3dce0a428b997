"""What a gap costs: the audience expected to hear a claim before anybody can answer it.

A claim that breaks at t meets its first answer at W: the next moment at which the whole chain stands, plus the time
that answering takes. By then a share 1 − 2^(−(W−t)/H) of its audience is gone, H being the reach half-life. With
λ(t) claims expected per hour,

    loss = ∫ λ(t) · (1 − 2^(−(W−t)/H)) dt   over the gap.

λ is constant within an hour, so each piece [a, b) of the gap adds, in closed form,

    λ · [ (b − a) − H/ln 2 · (2^(−(W−b)/H) − 2^(−(W−a)/H)) ].

The unit is whole audiences: a loss of 2 is two claims heard by everybody unanswered.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log

from planner.coverage.core.gaps import Gap
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour

HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Shown wherever a loss is shown. Half of an audience is gone after `half_life`; answering takes `reaction`."""

    half_life: timedelta = timedelta(minutes=80)
    reaction: timedelta = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Cost:
    """Expected weighted claims in a gap; the audiences lost; the claims that reach half their audience unanswered.

    `whole_again`: when the chain stands again (UTC), None when that is not in sight.
    """

    expected: float
    loss: float
    half_lost: float
    whole_again: datetime | None


def cost(gap: Gap, hours: Sequence[Hour], whole: SpanSet, assumed: Assumptions) -> Cost:
    """What the gap costs. `hours`: the forecast in order of time; `whole`: when every link stands, also past the gap.

    While no whole moment is in sight after the gap, every claim in it is wholly lost.
    """
    again = whole.next_start(gap.end)
    expected = expected_claims([gap.span], hours)
    if again is None:
        return Cost(expected, expected, expected, None)
    answered = again + assumed.reaction
    half = min(max(answered - assumed.half_life, gap.start), gap.end)
    half_lost = expected_claims([Span(gap.start, half)], hours) if half > gap.start else 0.0
    lost = sum(_lost(start, end, rate, answered, assumed.half_life) for start, end, rate in pieces(gap.span, hours))
    return Cost(expected, lost, half_lost, again)


def expected_claims(spans: Iterable[Span], hours: Sequence[Hour]) -> float:
    """∫ λ dt over the spans; hours that the forecast does not hold add nothing."""
    return sum((end - start) / HOUR * rate for span in spans for start, end, rate in pieces(span, hours))


def pieces(span: Span, hours: Sequence[Hour]) -> Iterable[tuple[datetime, datetime, float]]:
    """(start, end, claims per hour) for each stretch of the span in which the forecast is constant."""
    first = max(bisect_right(hours, span.start, key=lambda hour: hour.start) - 1, 0)
    for hour in hours[first:]:
        if hour.start >= span.end:
            return
        start, end = max(hour.start, span.start), min(hour.start + HOUR, span.end)
        if end > start:
            yield start, end, hour.expected


def _lost(start: datetime, end: datetime, rate: float, answered: datetime, half_life: timedelta) -> float:
    left_early = 2 ** -((answered - start) / half_life)
    left_late = 2 ** -((answered - end) / half_life)
    return rate * ((end - start) / HOUR - half_life / HOUR / log(2) * (left_late - left_early))


def covered_share(required: SpanSet, covered: SpanSet) -> float:
    """Share of the required time that is covered; 1 where nothing is required."""
    asked = required.total()
    return covered.total() / asked if asked else 1.0


def weighted_covered_share(required: SpanSet, covered: SpanSet, hours: Sequence[Hour]) -> float:
    """The same, counting expected claims instead of clock hours; 1 where none are expected."""
    asked = expected_claims(required, hours)
    return expected_claims(covered, hours) / asked if asked else 1.0
