"""Where a post of approved words would avoid most: one ranking, for the plan and for whoever schedules.

A post stands at t in a silence that is answered at W (coverage/core/loss.py). Hc is the half-life of a claim's
audience, Hp that of the post's own on its channel. As if the post answered whatever is expected there (an upper limit,
and said so wherever it is shown), it avoids of each claim that breaks at s

    s ≤ t:  2^(−(t−s)/Hc) − 2^(−(W−s)/Hc)            who is still listening when the post comes, and not when W does
    s > t:  2^(−(s−t)/Hp) · (1 − 2^(−(W−s)/Hc))      who still meets the post, of those whom W would be too late for

With λ(s) claims expected per hour and r(t), the share of the channel's audience that is up while the post lives,

    avoids(t) = r(t) · ∫ λ(s) · (one of the two) ds over the silence,    r(t) = ∫₀^∞ a(t+u) · ln 2/Hp · 2^(−u/Hp) du.

λ and a are constant within an hour, so each piece has a closed form. What lies further than `FAR` half-lives from the
post is left out: less than a ten-thousandth. The unit is whole audiences, as of losses.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import log
from zoneinfo import ZoneInfo

from planner.coverage.core.loss import HOUR, expected_claims, pieces
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour

FAR = 14
ROOM = timedelta(minutes=15)  # so long before the end of a silence a post must stand: later, the desk is there at once


@dataclass(frozen=True, slots=True)
class Silence:
    """A stretch in which nobody could answer, what it is expected to cost, and when its claims meet an answer at last.

    `answered` None: not in sight. `half_life`: of a claim's audience.
    """

    span: Span
    loss: float
    answered: datetime | None
    half_life: timedelta


@dataclass(frozen=True, slots=True)
class Audience:
    """The share of a channel's audience that is up at each hour 0-23 of the zone's wall clock: an assumption."""

    zone: ZoneInfo
    shares: tuple[float, ...]

    def at(self, moment: datetime) -> float:
        """The share at an aware instant."""
        return self.shares[moment.astimezone(self.zone).hour]


@dataclass(frozen=True, slots=True)
class Offer:
    """A moment for a post: `avoids` at most so many audiences; `claims` are expected in its silence."""

    at: datetime
    silence: Silence
    claims: float
    avoids: float


def merged(found: Iterable[Silence]) -> list[Silence]:
    """Silences in order of time, those that touch and are answered at the same moment made one."""
    whole: list[Silence] = []
    for one in sorted(found, key=lambda one: one.span):
        last = whole[-1] if whole else None
        if last is not None and (last.span.end, last.answered) == (one.span.start, one.answered):
            whole[-1] = Silence(Span(last.span.start, one.span.end), last.loss + one.loss, one.answered, one.half_life)
        else:
            whole.append(one)
    return whole


def offers(
    silences: Iterable[Silence],
    hours: Sequence[Hour],
    audience: Audience,
    half_life: timedelta,
    *,
    start: datetime,
    closed: SpanSet,
    apart: timedelta = HOUR,
    step: timedelta = timedelta(minutes=5),
    most: int = 3,
) -> list[Offer]:
    """Up to `most` moments from `start` on, what avoids most first (of equals the earliest), each `apart` from others.

    `half_life` is that of the channel; `closed`: when no post is wanted (quiet hours, too near another post). Moments
    lie on whole multiples of `step` past the hour (UTC), and `ROOM` before the end of their silence.
    """
    found = []
    for one in silences:
        claims = expected_claims([one.span], hours)
        at = _rounded_up(max(one.span.start, start), step)
        while at + ROOM <= one.span.end:
            if not closed.contains(at):
                found.append(Offer(at, one, claims, avoided(at, one, hours, audience, half_life)))
            at += step
    chosen: list[Offer] = []
    for offer in sorted(found, key=lambda offer: (-offer.avoids, offer.at)):
        if len(chosen) == most:
            break
        if all(abs(other.at - offer.at) >= apart for other in chosen):
            chosen.append(offer)
    return chosen


def avoided(at: datetime, silence: Silence, hours: Sequence[Hour], audience: Audience, half_life: timedelta) -> float:
    """avoids(t) as above, in audiences."""
    far = FAR * max(half_life, silence.half_life)
    first, last = max(silence.span.start, at - far), min(silence.span.end, at + far)
    total = 0.0
    for start, end, rate in pieces(Span(first, last), hours):
        if start < at:
            total += rate * _before(start, min(end, at), at, silence)
        if end > at:
            total += rate * _after(max(start, at), end, at, silence, half_life)
    return reached(at, audience, half_life) * total


def reached(at: datetime, audience: Audience, half_life: timedelta) -> float:
    """r(t): the share of the audience that is up while a post lives, weighted by how much of the post is left."""
    total, start, life = 0.0, at, half_life / HOUR
    while start < at + FAR * half_life:
        wall = start.astimezone(audience.zone)
        end = start - timedelta(minutes=wall.minute, seconds=wall.second, microseconds=wall.microsecond) + HOUR
        left = [2 ** -((moment - at) / HOUR / life) for moment in (start, end)]
        total += audience.at(start) * (left[0] - left[1])
        start = end
    return total


def _before(start: datetime, end: datetime, at: datetime, silence: Silence) -> float:
    """∫ of the first case over [start, end), end ≤ t; in hours."""
    late = _faded(start, end, silence.answered, silence.half_life) if silence.answered else 0.0
    return _faded(start, end, at, silence.half_life) - late


def _after(start: datetime, end: datetime, at: datetime, silence: Silence, half_life: timedelta) -> float:
    """∫ of the second case over [start, end), start ≥ t; in hours."""
    near, far = ((moment - at) / HOUR for moment in (start, end))
    post, claim = half_life / HOUR, silence.half_life / HOUR
    still_met = post / log(2) * (2 ** -(near / post) - 2 ** -(far / post))
    if silence.answered is None:
        return still_met
    slope = (1 / claim - 1 / post) * log(2)
    flat = abs(slope) < 1e-9
    both = far - near if flat else (2 ** (slope / log(2) * far) - 2 ** (slope / log(2) * near)) / slope
    return still_met - 2 ** -((silence.answered - at) / silence.half_life) * both


def _faded(start: datetime, end: datetime, until: datetime, half_life: timedelta) -> float:
    """∫ 2^(−(until−s)/H) ds over [start, end), in hours."""
    early, late = (2 ** -((until - moment) / half_life) for moment in (start, end))
    return half_life / HOUR / log(2) * (late - early)


def _rounded_up(at: datetime, step: timedelta) -> datetime:
    hour = at.replace(minute=0, second=0, microsecond=0)
    return hour + -(-(at - hour) // step) * step
