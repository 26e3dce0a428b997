"""When they speak: expected claims per hour of the week, from a handful of claims and a great many messages.

The rhythm (*shape*) is learned from every distinct message, the amount (*level*) from claims. Each hour of the week is
a Gamma-Poisson rate; how fast the past fades, how widely neighbours are heard, how strongly thin hours are drawn to the
mean and whether bursts are discounted, rolling-origin validation decides (validation.py). docs/forecast.md says what
was measured, docs/decisions/0017 what lost.
"""

from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np
from scipy import stats

from planner.tempo.core.bursts import bursts
from planner.tempo.core.notes import Note, Remark
from planner.tempo.core.observed import Basis, Evidence, Observed
from planner.tempo.core.validation import Level, Shape, level_of, stacked, straying
from planner.tempo.core.week import hour_grid, instant

SEVERITY_WEIGHTS = {"low": 0.5, "medium": 1.0, "high": 2.0, "critical": 4.0}  # an assumption, shown wherever it is used
PRIOR_PER_HOUR = 1 / 24  # with no evidence at all: one claim a day, and a wide interval
INTERVAL = (0.1, 0.9)


@dataclass(frozen=True)
class Rhythm:
    """Expected weighted claims per hour of the week: mean and variance of each hour's rate (168 each).

    An hour's count, in units, has the variance `dispersion` × mean + `spread` × mean² (1 and 0: Poisson). `unit`: the
    weight of a typical event, in which counts come. `heard`: messages that gave the shape. `branching`: how many
    others each of them brought on, by the estimate that tells bursts from rhythm.
    """

    zone: ZoneInfo
    rate: np.ndarray
    variance: np.ndarray
    dispersion: float
    unit: float
    basis: Basis
    events: int
    notes: tuple[Note, ...] = field(default=())
    spread: float = 0.0
    heard: int = 0
    branching: float = 0.0


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


def learn(known: Evidence, zone: ZoneInfo) -> Rhythm:
    """The rhythm of what is known; a part's is drawn to that of its whole."""
    whole = learn(known.whole, zone) if known.whole else None
    return rhythm(known.level, zone, basis=known.basis, shape=known.shape, whole=whole)


def rhythm(
    level: Observed, zone: ZoneInfo, *, basis: Basis, shape: Observed | None = None, whole: Rhythm | None = None
) -> Rhythm:
    """The rhythm that `level` events follow, leaning on the shape of `shape` events where they are more numerous.

    `whole`: the rhythm of which this is a part, and towards which it is drawn. Never NaN: without evidence the prior
    (one a day, wide) comes back with a note.
    """
    unit, heard = level.unit, shape if shape is not None and len(shape.instants) else None
    outline, branching = (whole.rate if whole else None), 0.0
    if heard:
        found, branching = _shape(heard, zone, outline)
        outline = found.factors
    days = level.by_day(zone)
    factors, own = _shape(level, zone, outline)
    count = len((heard or level).instants)
    much = level_of(days, factors, unit, _anchor(unit, count, whole))
    dispersion, spread = straying(days, factors, much, unit)
    rate = much.rate * factors.factors
    return Rhythm(
        zone,
        rate,
        _variance(factors, much, len(level.instants)),
        dispersion,
        unit,
        basis,
        len(level.instants),
        _notes(level, basis),
        spread,
        count,
        branching if heard else own,
    )


def _shape(seen: Observed, zone: ZoneInfo, outline: np.ndarray | None) -> tuple[Shape, float]:
    """(shape, branching ratio): all events, and each by its chance of being background, are offered to validation."""
    burst = bursts(seen, zone)
    sets = [seen.by_day(zone), seen.by_day(zone, seen.weights * burst.background)]
    return stacked(sets, seen.unit, outline), burst.branching


def _anchor(unit: float, count: int, whole: Rhythm | None) -> tuple[float, float]:
    """(rate, hours) of the level's prior: half an event at one a day; for a part, one event at its share of the whole.

    The share is that of the messages.
    """
    if whole is None:
        return PRIOR_PER_HOUR * unit, 0.5 / PRIOR_PER_HOUR
    rate = float(whole.rate.mean()) * min((count + 0.5) / (whole.heard + 1), 1.0)
    return rate, unit / rate


def _variance(shape: Shape, level: Level, events: int) -> np.ndarray:
    """Of each hour's rate: doubt about the level, about which shape is right, and about the hour itself."""
    relative = shape.doubt / shape.factors**2 + level.doubt
    thin = 1 / (events * shape.factors / len(shape.factors) + 1)
    return (level.rate * shape.factors) ** 2 * (relative + thin)


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
    counted = interval(mean, variance, of.dispersion, of.unit, of.spread)
    columns = (mean, *counted, *credible(mean, variance))
    rows = zip(starts.tolist(), *(column.tolist() for column in columns), strict=True)
    return [Hour(instant(at), *row) for at, *row in rows]


def credible(mean: np.ndarray, variance: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The 10 % and 90 % quantiles of an hour's rate: a gamma distribution of this mean and variance."""
    spread = np.maximum(variance / mean, 1e-12)
    low, high = (stats.gamma.ppf(quantile, mean / spread, scale=spread) for quantile in INTERVAL)
    return low, high


def interval(
    mean: np.ndarray, variance: np.ndarray, burst: float, unit: float, spread: float = 0.0
) -> tuple[np.ndarray, np.ndarray]:
    """The 10 % and 90 % quantiles of an hour's weighted count, given mean and variance of its rate.

    Errors seen on held-out weeks (`burst`, `spread`) hold the doubt about the rate already: the larger one counts.
    """
    events = mean / unit
    excess = np.maximum((burst - 1) * events + spread * events**2, variance / unit**2)
    size = events**2 / np.maximum(excess, 1e-9)
    low, high = (stats.nbinom.ppf(quantile, size, size / (size + events)) for quantile in INTERVAL)
    return low * unit, high * unit


def _notes(level: Observed, basis: Basis) -> tuple[Note, ...]:
    if basis is Basis.NOTHING or not len(level.instants):
        return (Note(Remark.NOTHING_YET),)
    notes = []
    if basis is not Basis.CLAIMS:
        notes.append(Note(Remark.NO_CLAIMS, basis))
    days = (level.end - level.start).days
    if days < 14:
        notes.append(Note(Remark.FEW_DAYS, days=days))
    return tuple(notes)
