"""What a gap costs: the audience expected to hear a claim before anybody can answer it.

A claim that breaks at t meets its first answer at W: the next moment at which the whole chain stands, plus the time
that answering takes from there: less at the desk than on call, where somebody must be woken first. Of the two moments,
the chain whole at the desk and the chain whole on call, the one with the earlier answer counts: more people never make
a gap cost more. By then a share 1 − 2^(−(W−t)/H) of the claim's audience is gone, H being the reach half-life on the
channel that carries the answer: where several work, the one whose audience lasts longest, for there most still listen.
With λ(t) claims expected per hour,

    loss = ∫ λ(t) · (1 − 2^(−(W−t)/H)) dt   over the gap.

λ is constant within an hour, so each piece [a, b) of the gap adds, in closed form,

    λ · [ (b − a) − H/ln 2 · (2^(−(W−b)/H) − 2^(−(W−a)/H)) ].

The unit is whole audiences: a loss of 2 is two claims heard by everybody unanswered.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum
from math import log

from planner.coverage.core import gaps
from planner.coverage.core.gaps import Chosen, Gap, Requirement
from planner.coverage.core.staffing import Watch
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour

HOUR = timedelta(hours=1)


class Stand(StrEnum):
    """How a whole chain stands: at the desk, or only by waking somebody."""

    DESK = "desk"
    ON_CALL = "on_call"


@dataclass(frozen=True, slots=True)
class Assumptions:
    """Shown wherever a loss is shown. Half of an audience is gone after the half-life of the channel's kind.

    `half_life` holds for kinds that `half_lives` does not name. `desk`, `on_call`: from the moment at which a claim
    meets a chain that stands so to the first official word.
    """

    half_life: timedelta = timedelta(minutes=80)
    desk: timedelta = timedelta(minutes=30)
    on_call: timedelta = timedelta(minutes=60)
    half_lives: Mapping[str, timedelta] = field(default_factory=dict)

    def reaction(self, stand: Stand) -> timedelta:
        """How long answering takes once the chain stands like this."""
        return self.desk if stand is Stand.DESK else self.on_call

    def half_life_of(self, kinds: Iterable[str]) -> timedelta:
        """The longest half-life among channels of these kinds; the general one where there are none."""
        return max((self.half_lives.get(kind, self.half_life) for kind in kinds), default=self.half_life)


@dataclass(frozen=True)
class Standing:
    """When the whole chain stands: at all, and by the desk alone; and when channels of each kind work."""

    whole: SpanSet
    at_desk: SpanSet
    channels: Mapping[str, SpanSet] = field(default_factory=dict)

    def kinds_at(self, moment: datetime) -> list[str]:
        """The kinds of the channels that work at the moment."""
        return [kind for kind, when in self.channels.items() if when.contains(moment)]


@dataclass(frozen=True, slots=True)
class Cost:
    """Expected weighted claims in a gap; the audiences lost; the claims that reach half their audience unanswered.

    `whole_again`: when the chain stands again (UTC), None when that is not in sight; `stand`: how it does; `answered`:
    that moment plus its reaction; `half_life`: with which the loss was reckoned.
    """

    expected: float
    loss: float
    half_lost: float
    whole_again: datetime | None
    stand: Stand | None = None
    answered: datetime | None = None
    half_life: timedelta | None = None

    @property
    def reaction(self) -> timedelta | None:
        """From the moment the chain stands again to the answer; None while it does not."""
        return self.answered - self.whole_again if self.answered and self.whole_again else None


def standing(watch: Watch, requirements: Iterable[Requirement] = ()) -> Standing:
    """When the chain stands, in every language for which something is required."""
    asked = [(need.link, need.language) for need in requirements]
    kinds = {supply.channel_kind for supply in watch.channels()}
    working = {
        kind: SpanSet(supply.span for supply in watch.channels() if supply.channel_kind == kind) for kind in kinds
    }
    return Standing(watch.whole(asked), watch.only_desk().whole(asked), working)


def cost(gap: Gap, hours: Sequence[Hour], chain: Standing, assumed: Assumptions) -> Cost:
    """What the gap costs. `hours`: the forecast in order of time; `chain`: when it stands, also past the gap.

    While no whole moment is in sight after the gap, every claim in it is wholly lost.
    """
    expected = expected_claims([gap.span], hours)
    again = _again(gap.end, chain, assumed)
    if again is None:
        return Cost(expected, expected, expected, None)
    answered, moment, stand = again
    half_life = assumed.half_life_of(chain.kinds_at(moment))
    half = min(max(answered - half_life, gap.start), gap.end)
    half_lost = expected_claims([Span(gap.start, half)], hours) if half > gap.start else 0.0
    lost = sum(_lost(start, end, rate, answered, half_life) for start, end, rate in pieces(gap.span, hours))
    return Cost(expected, lost, half_lost, moment, stand, answered, half_life)


def _again(end: datetime, chain: Standing, assumed: Assumptions) -> tuple[datetime, datetime, Stand] | None:
    """(answered, whole again, how) for the earliest answer at or after the end of a gap; None: not in sight."""
    first = chain.whole.next_start(end)
    if first is None:
        return None
    moments = [(chain.at_desk.next_start(end), Stand.DESK)]
    if not chain.at_desk.contains(first):
        moments.append((first, Stand.ON_CALL))
    return min((moment + assumed.reaction(stand), moment, stand) for moment, stand in moments if moment is not None)


def expected_loss(
    watch: Watch,
    requirements: Sequence[Requirement],
    hours: Sequence[Hour],
    assumed: Assumptions,
    start: datetime,
    end: datetime,
    chosen: Sequence[Chosen] = (),
) -> float:
    """Audiences expected to be lost in the gaps of [start, end) that were not chosen: the sum of their costs.

    The watch should reach some days past `end`, so that the next whole moment after the last gap is in sight.
    """
    chain = standing(watch, requirements)
    found = gaps.find(requirements, watch, start, end).gaps
    return sum(cost(gap, hours, chain, assumed).loss for gap in found if not any(one.spares(gap) for one in chosen))


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
