"""Rolling-origin validation: what would have been foretold at past moments, and what then came.

From it come the weights of the candidate shapes (stacking), how fast the level forgets, and how far counts stray from
what was foretold. Nothing is set by hand that the data can say; where they say little, weights stay near their start.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import stats
from scipy.special import gammaln

from planner.tempo.core.observed import Days
from planner.tempo.core.shapes import fading, shapes, start_weights

WEEK = 7
SHORT = 21  # days: with less, every past day is an origin; with more, every past week
MOST_ORIGINS = 12
FIRST, ROUNDS = 15, 45  # of EM, with all candidates and with those that are left
STRIDE = 1.9
FAINT = 1e-3
BELIEF = 20.0  # events that must be held out before they count as much as the weights from which stacking starts
LEVEL_HALF_LIVES = np.array([0.75, 1.75, 3.5, 7.0, 14.0, 28.0, 56.0, np.inf])  # days
DENSE = 10.0  # events a day from which means of roots and logarithms (which one flood hardly moves) make sense
STRAY = 0.02  # squared log error of a level that nobody can beat
FACTORS = (1.0, 1.25, 1.6, 2.5, 4.0, 8.0, 16.0, 32.0)  # variance = factor × mean + spread × mean²
SPREADS = (0.01, 0.03, 0.06, 0.1, 0.15, 0.2, 0.3, 0.4, 0.6, 0.8, 1.6, 3.2, 6.4, 12.8)
UNKNOWN = (1.0, 1.0)  # nothing held out yet: an hour may hold twice what was foretold
TURN = 0.8  # the spread assumed of a level that has kept for one week only; fades with the square of the weeks held out
PROMISED = 0.8  # of held-out hours must lie inside the interval: the spread is widened until they do
WIDEN, MOST_WIDER = 1.5, 6


@dataclass(frozen=True)
class Shape:
    """168 factors with mean 1; `doubt`: their variance among the candidates; `held`: as foretold at each origin."""

    factors: np.ndarray
    doubt: np.ndarray
    held: tuple[np.ndarray, ...] = ()


@dataclass(frozen=True)
class Level:
    """Weighted events an hour; `doubt`: the variance of its logarithm; `held`: as foretold at each origin."""

    rate: float
    doubt: float
    held: tuple[float, ...] = ()


def origins(days: int) -> list[int]:
    """Ages in days of the moments from which the following week (as much as there was of it) is foretold."""
    return list(range(1, days - 1) if days <= SHORT else range(WEEK, days - WEEK + 1, WEEK))[:MOST_ORIGINS]


def following(table: np.ndarray, origin: int) -> np.ndarray:
    """The rows of the seven days that followed an origin, or of as many as there were."""
    return table[max(0, origin - WEEK) : origin]


def stacked(sets: Sequence[Days], unit: float, outline: np.ndarray | None = None) -> Shape:
    """The mixture of candidate shapes that would have foretold held-out weeks best.

    `sets`: the same days counted in several ways (all events; each by its chance of being background). The first is
    what has to be foretold. With an `outline` the mixture starts from it where events are few.
    """
    seen = sets[0]
    now = np.concatenate([shapes(days, 0, outline) for days in sets])
    at = origins(len(seen))
    past = [np.concatenate([shapes(days, origin, outline) for days in sets]) for origin in at]
    share = 1 / WEEK if len(seen) <= SHORT else 1.0  # overlapping weeks hold every event out several times
    held = [following(seen.counts, origin).sum(axis=0) * share / unit for origin in at]
    lived = [following(seen.hours, origin).sum(axis=0) for origin in at]
    weights = start_weights(len(now), seen.counts.sum() / unit, outline is not None)
    if at and sum(counts.sum() for counts in held) > 0:
        foretold = [one / np.einsum("kh,h->k", one, hours)[:, None] for one, hours in zip(past, lived, strict=True)]
        weights = stacking(np.concatenate(foretold, axis=1), np.concatenate(held), weights)
    factors = _mixed(weights, now)
    doubt = np.maximum(_mixed(weights, now**2) - factors**2, 0.0)
    return Shape(factors, doubt, tuple(_mixed(weights, one) for one in past))


def _mixed(weights: np.ndarray, candidates: np.ndarray) -> np.ndarray:
    return np.einsum("k,kh->h", weights, candidates)


def stacking(densities: np.ndarray, counts: np.ndarray, start: np.ndarray) -> np.ndarray:
    """Weights of a mixture by EM on held-out counts: densities (candidates, cells), counts (cells,).

    Maximises the log score of the mixture (Yao et al., Bayesian Analysis 2018) under a Dirichlet prior around `start`.
    """
    met = counts > 0
    densities, counts = np.maximum(densities[:, met], 1e-12).astype(np.float32), counts[met].astype(np.float32)
    weights = _climb(densities, counts, start, start, FIRST)
    alive = weights > weights.max() * FAINT  # the others have no say, and cost as much
    weights[~alive] = 0.0
    prior = start[alive] / start[alive].sum()
    weights[alive] = _climb(densities[alive], counts, prior, weights[alive], ROUNDS)
    return weights / weights.sum()


def _climb(
    densities: np.ndarray, counts: np.ndarray, prior: np.ndarray, weights: np.ndarray, rounds: int
) -> np.ndarray:
    """So many rounds of EM, each going further than EM would by a power (over-relaxed; converges below 2)."""
    total = float(counts.sum())
    for _round in range(rounds):
        # einsum, not @: BLAS would start threads, which fight over busy processors for longer than the sum takes
        mixed = np.einsum("k,kc->c", weights.astype(np.float32), densities)
        answered = weights * np.einsum("kc,c->k", densities, counts / mixed)
        better = (answered + BELIEF * prior) / (total + BELIEF)
        weights = np.maximum(weights * (better / weights) ** STRIDE, 1e-15)
        weights = weights / weights.sum()
    return weights


def level_of(seen: Days, shape: Shape, unit: float, anchor: tuple[float, float]) -> Level:
    """How many, by the mixture of half-lives that would have foretold past weeks' totals best.

    `anchor`: (events an hour, hours) of the prior. Errors are those of the logarithm of a week's total.
    """
    dense = seen.counts.sum() * 24 > DENSE * unit * seen.hours.sum()
    now, known = _levels(seen, shape.factors, 0, unit, anchor, dense)
    at = origins(len(seen))
    past = [
        _levels(seen, factors, origin, unit, anchor, dense)[0] for origin, factors in zip(at, shape.held, strict=True)
    ]
    counted = 1 / (known + 0.5)  # what counting alone leaves open
    merit, error = -0.5 * np.log(counted + STRAY), np.zeros(len(now))
    if at:
        totals = np.array([following(seen.counts, origin).sum() / unit for origin in at])
        hours = np.array([(following(seen.hours, o) @ f).sum() for o, f in zip(at, shape.held, strict=True)])
        missed = np.log((totals + 0.5) / np.maximum(hours, 1e-9))[:, None] - np.log(np.array(past) / unit)
        error = (missed**2).mean(axis=0)
        merit = merit - 0.5 * len(at) * np.log(error + (1 / (totals + 1)).mean() + STRAY)
    weights = np.exp(merit - merit.max())
    weights /= weights.sum()
    return Level(float(weights @ now), float(weights @ (error + counted)), tuple(float(weights @ one) for one in past))


def _levels(
    seen: Days, factors: np.ndarray, known_from: int, unit: float, anchor: tuple[float, float], dense: bool
) -> tuple[np.ndarray, np.ndarray]:
    """(events an hour, events they were counted from) of every candidate: half-lives, then means a flood moves less."""
    hours, counts = seen.hours @ factors, seen.counts.sum(axis=1)
    weights = fading(np.arange(len(seen)) - known_from, LEVEL_HALF_LIVES)
    rate, worth = anchor
    plain = (weights @ counts + rate * worth) / (weights @ hours + worth)
    known = (weights @ counts) ** 2 / np.maximum((weights**2) @ counts, 1e-12) / unit
    if not dense:
        return plain, known
    lived = np.where(hours > 1, weights * hours, 0.0) + 1e-12
    lived /= lived.sum(axis=1, keepdims=True)
    each = (counts + 0.5 * unit) / np.maximum(hours, 1.0)
    tame = [(lived @ np.sqrt(each)) ** 2, np.exp(lived @ np.log(each))]
    return np.concatenate([plain, *tame]), np.tile(known, 3)


def straying(seen: Days, shape: Shape, level: Level, unit: float) -> tuple[float, float]:
    """(factor, spread): variance of an hour's count = factor × mean + spread × mean², likeliest on held-out weeks.

    Counts in units, negative binomial: the first term is for bursts within the hour, the second for levels that drift
    and programmes that fail to come.
    """
    counts, means = [], []
    for origin, factors, rate in zip(origins(len(seen)), shape.held, level.held, strict=True):
        hours = following(seen.hours, origin)
        met = hours > 0
        counts.append(following(seen.counts, origin)[met] / unit)
        means.append((hours * factors * rate)[met] / unit)
    if not counts or not (count := np.concatenate(counts)).any():
        return UNKNOWN
    mean, weeks = np.concatenate(means), len(counts) / WEEK if len(seen) <= SHORT else len(counts)
    pairs = [(factor, spread) for factor in FACTORS for spread in SPREADS]
    factor, spread = max(pairs, key=lambda pair: _likelihood(count, mean, *pair))
    wider = (spread * WIDEN**step for step in range(MOST_WIDER))
    spread = next((one for one in wider if _inside(count, mean, factor, one) >= PROMISED), spread * WIDEN**MOST_WIDER)
    return factor, (weeks**2 * spread + max(spread, TURN)) / (weeks**2 + 1)


def _inside(count: np.ndarray, mean: np.ndarray, factor: float, spread: float) -> float:
    """Share of counts between the 10 % and 90 % quantiles of this negative binomial."""
    size = mean / (factor - 1 + spread * mean)
    chance = size / (size + mean)
    below, upto = (stats.nbinom.cdf(count - step, size, chance) for step in (1, 0))
    return float(((upto >= 0.1) & (below < 0.9)).mean())


def _likelihood(count: np.ndarray, mean: np.ndarray, factor: float, spread: float) -> float:
    """Log-likelihood of negative binomial counts of this mean and variance factor × mean + spread × mean²."""
    size = mean / (factor - 1 + spread * mean)
    terms = gammaln(count + size) - gammaln(size) + size * np.log(size / (size + mean))
    return float((terms + count * np.log(mean / (size + mean))).sum())
