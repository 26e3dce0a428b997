"""When they speak: expected claims per hour of the week, from a handful of claims and a great many messages.

The rhythm (*shape*) is learned from every distinct message, the amount (*level*) from claims. Each of the 168 hours has
a Gamma prior whose mean is drawn from the margins hour-of-day × day-of-week and whose weight the data choose (empirical
Bayes), so that an hour with little evidence borrows from its neighbours in the same row and column; then a light cyclic
smoothing that fades with evidence. docs/forecast.md says what was measured, docs/decisions/0005 what lost.
"""

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from zoneinfo import ZoneInfo

import numpy as np
from scipy import stats

from planner.tempo.core.week import HOURS, exposure, hour_grid, hours_of_week, instant

SEVERITY_WEIGHTS = {"low": 0.5, "medium": 1.0, "high": 2.0, "critical": 4.0}  # an assumption, shown wherever it is used
PRIOR_PER_HOUR = 1 / 24  # with no evidence at all: one claim a day, and a wide interval
OWN_SHAPE = 50  # with this many claims their own shape weighs as much as that of the messages
INTERVAL = (0.1, 0.9)


class Basis(StrEnum):
    """What the level was counted from, best first."""

    CLAIMS = "claims"
    FLOODS = "floods"
    MESSAGES = "messages"
    NOTHING = "nothing"


@dataclass(frozen=True)
class Observed:
    """What happened in [start, end): instants (seconds since 1970 UTC) inside it, one weight each."""

    instants: np.ndarray
    weights: np.ndarray
    start: datetime
    end: datetime

    def before(self, moment: datetime) -> "Observed":
        """The part of it that lies before an instant."""
        keep = self.instants < moment.timestamp()
        return Observed(self.instants[keep], self.weights[keep], self.start, max(self.start, min(self.end, moment)))

    def since(self, moment: datetime) -> "Observed":
        """The part of it from an instant on."""
        keep = self.instants >= moment.timestamp()
        return Observed(self.instants[keep], self.weights[keep], min(self.end, max(self.start, moment)), self.end)

    def by_hour_of_week(self, zone: ZoneInfo) -> tuple[np.ndarray, np.ndarray]:
        """(weighted counts, exposure in hours), 168 each."""
        bins = hours_of_week(self.instants, zone)
        counts = np.bincount(bins, weights=self.weights, minlength=HOURS)
        return counts, exposure(self.start, self.end, zone)


@dataclass(frozen=True)
class Rhythm:
    """Expected weighted claims per hour of the week: mean and variance of each hour's rate (168 each).

    `dispersion`: variance over mean of an hour's count around its rate (1 = Poisson, more = they come in bursts).
    `unit`: the weight of a typical event, in which counts come.
    """

    zone: ZoneInfo
    rate: np.ndarray
    variance: np.ndarray
    dispersion: float
    unit: float
    basis: Basis
    events: int
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class Hour:
    """Sixty minutes from `start` (UTC): expected weighted claims, and the 80 % interval of what will be counted.

    `rate_low` to `rate_high` is the 80 % interval of the expectation itself: how well the rhythm is known.
    """

    start: datetime
    expected: float
    low: float
    high: float
    rate_low: float = 0.0
    rate_high: float = 0.0


def rhythm(
    level: Observed, zone: ZoneInfo, *, basis: Basis, shape: Observed | None = None, whole: Rhythm | None = None
) -> Rhythm:
    """The rhythm that `level` events follow, leaning on the shape of `shape` events where they are more numerous.

    `whole`: the rhythm of which this is a part. Never NaN: without evidence the prior (one a day, wide) comes back with
    a note.
    """
    counts, hours = level.by_hour_of_week(zone)
    total, lived = counts.sum(), hours.sum()
    unit = _unit(level.weights)
    mean_rate = (total + 0.5 * unit) / (lived + 0.5 / PRIOR_PER_HOUR)
    burst = dispersion(level, zone)
    if whole is not None:
        own = len(level.instants) / (len(level.instants) + OWN_SHAPE)
        outline = (1 - own) * whole.rate / whole.rate.mean() + own * _margins(counts, hours)
    elif shape is not None and len(shape.instants) > len(level.instants):
        own = len(level.instants) / (len(level.instants) + OWN_SHAPE)
        outline = (1 - own) * _outline(shape, zone) + own * _margins(counts, hours)
    else:
        outline = _margins(counts, hours)
    prior = mean_rate * outline
    rate, variance = _posterior(counts, hours, prior, burst * unit)
    notes = _notes(level, basis)
    rate, variance = _smooth(rate, lived), _smooth(variance, lived)
    return Rhythm(zone, rate, variance, burst, unit, basis, len(level.instants), notes)


def forecast(of: Rhythm, start: datetime, end: datetime, factor: np.ndarray | None = None) -> list[Hour]:
    """One `Hour` for each hour on the zone's clocks from `start` (rounded down to one) to `end`.

    `factor`: one multiplier, above 0, for each of those hours (`week.hour_grid`): a holiday, a date that is known.

    `expected` is the mean. `low` and `high` bound the *count to be seen* in that hour, not the rate behind it: at least
    80 % of hours should hold a count inside, since that is what a person comparing last night with its forecast checks.
    They are quantiles of a negative binomial that carries both the uncertainty of the rate and the burstiness.
    """
    starts, bins = hour_grid(start, end, of.zone)
    mean = of.rate[bins].mean(axis=1)
    variance = of.variance[bins].mean(axis=1)
    if factor is not None:
        mean, variance = mean * factor, variance * np.square(factor)
    counted = interval(mean, variance, of.dispersion, of.unit)
    columns = (mean, *counted, *credible(mean, variance))
    rows = zip(starts.tolist(), *(column.tolist() for column in columns), strict=True)
    return [Hour(instant(at), *row) for at, *row in rows]


def credible(mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 10 % and 90 % quantiles of an hour's rate: a gamma distribution of this mean and variance."""
    spread = np.maximum(variance / mean, 1e-12)
    low, high = (stats.gamma.ppf(quantile, mean / spread, scale=spread) for quantile in INTERVAL)
    return low, high


def interval(mean: np.ndarray, variance: np.ndarray, burst: float, unit: float) -> tuple[np.ndarray, np.ndarray]:
    """The 10 % and 90 % quantiles of an hour's weighted count, given mean and variance of its rate."""
    events = mean / unit
    excess = (burst - 1) * events + variance / unit**2
    size = events**2 / np.maximum(excess, 1e-9)
    low, high = (stats.nbinom.ppf(quantile, size, size / (size + events)) for quantile in INTERVAL)
    return low * unit, high * unit


def dispersion(seen: Observed, zone: ZoneInfo) -> float:
    """Variance over mean of hourly counts around their hour of the week, at least 1: how much they come in bursts.

    With less than three weeks an hour of the week has no mean of its own worth the name: the margins stand in.
    """
    if len(seen.instants) < 10:
        return 1.0
    counts, hours = seen.by_hour_of_week(zone)
    starts, bins = hour_grid(seen.start, seen.end, zone)
    place = np.searchsorted(starts, seen.instants, side="right") - 1
    hourly = np.bincount(place, minlength=len(starts)) * 1.0
    events = len(seen.instants) / max(counts.sum(), 1e-9)
    if len(starts) >= 3 * HOURS:
        rate, fitted = counts / np.maximum(hours, 0.25), HOURS
    else:
        rate, fitted = counts.sum() / hours.sum() * _margins(counts, hours), 30
    expected = rate[bins].mean(axis=1) * events
    spare = len(starts) / max(len(starts) - fitted, 1)
    return float(max(1.0, spare * ((hourly - expected) ** 2).sum() / max(expected.sum(), 1e-9)))


def _unit(weights: np.ndarray) -> float:
    """The size of a compound count's steps that keeps both its mean and its variance: E[w²] / E[w]."""
    return float((weights**2).sum() / weights.sum()) if weights.size and weights.sum() > 0 else 1.0


def _outline(shape: Observed, zone: ZoneInfo) -> np.ndarray:
    """The shape alone: 168 factors around their mean of 1, learned from messages."""
    counts, hours = shape.by_hour_of_week(zone)
    prior = (counts.sum() + 0.5) / (hours.sum() + 12) * _margins(counts, hours)
    rate, _ = _posterior(counts, hours, prior, dispersion(shape, zone))
    rate = _smooth(rate, hours.sum())
    return rate / rate.mean()


def _margins(counts: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Hour-of-day factor × day-of-week factor, 168 of them with mean 1; each margin is itself drawn towards 1."""
    grid, lived = counts.reshape(7, 24), hours.reshape(7, 24)
    mean = max(counts.sum() / max(hours.sum(), 1e-9), 1e-9)
    by_hour = (grid.sum(axis=0) + 1) / (lived.sum(axis=0) * mean + 1)
    by_day = (grid.sum(axis=1) + 4) / (lived.sum(axis=1) * mean + 4)
    factors = np.outer(by_day, by_hour).ravel()
    return factors / factors.mean()


def _posterior(counts: np.ndarray, hours: np.ndarray, prior: np.ndarray, burst: float) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of each hour's rate after the data: Gamma prior of mean `prior`, counts worth 1/burst each."""
    seen, lived = counts / burst, hours / burst
    expected = prior * lived
    weight = _prior_weight(seen, expected)
    alpha, beta = weight + seen, weight / prior + lived
    return alpha / beta, alpha / beta**2


def _prior_weight(seen: np.ndarray, expected: np.ndarray) -> float:
    """Shape parameter of the Gamma prior by the method of moments: large when the prior explains the hours well."""
    excess = float(((seen - expected) ** 2 - expected).sum())
    return float(np.clip((expected**2).sum() / max(excess, 1e-9), 0.5, 200.0))


def _smooth(values: np.ndarray, lived: float) -> np.ndarray:
    """Each hour with a share of its two neighbours: a quarter each after two weeks, less as evidence grows.

    The week is a ring: Sunday's last hour lies beside Monday's first.
    """
    side = min(0.25, 0.5 * HOURS / max(lived, 1.0))
    return (1 - 2 * side) * values + side * (np.roll(values, 1) + np.roll(values, -1))


def _notes(level: Observed, basis: Basis) -> tuple[str, ...]:
    if basis is Basis.NOTHING or not len(level.instants):
        return ("No claims and no sightings yet: one claim a day is assumed. Import sightings to learn the rhythm.",)
    notes = []
    if basis is not Basis.CLAIMS:
        notes.append(f"No claims recorded yet: {basis.value} are counted instead, so read the level with care.")
    days = (level.end - level.start).days
    if days < 14:
        notes.append(f"Learned from {days} days only: two weeks or more make the rhythm trustworthy.")
    return tuple(notes)
