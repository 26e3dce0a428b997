"""The zone in which a source's week looks most like an office week: a hint with its uncertainty, never a fact.

An office week: five working days whose office hours (nine or twelve, from 9 o'clock or near it) hold most of the posts,
quiet nights, and a weekend of two days with less. A night shift elsewhere, or a scheduler, looks the same.
"""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from scipy.special import gammaln, logsumexp

QUARTERS = 672
OFFSETS = (*range(-11, 15), 3.5, 4.5, 5.5, 6.5, 9.5, 5.75)  # hours east of Greenwich at which people work in offices
# When an office opens, how many hours later it closes, and how often that is expected.
HOURS = tuple(
    (opens, length, often * share)
    for opens, often in ((7, 0.05), (8, 0.2), (9, 0.5), (10, 0.2), (11, 0.05))
    for length, share in ((9, 0.75), (12, 0.25))
)
# What part of a week's posts an office week puts into office hours, other waking hours, nights, waking weekends.
EXPECTED = np.array([0.60, 0.20, 0.07, 0.13])
FIRMNESS = 12.0  # how many posts that expectation is worth
FEWEST_EVENTS, FEWEST_DAYS = 40, 14
WIDEST, LIKELIEST_EVEN = 8, 0.05
LEAST_OFFICE = 0.45  # an even week puts 27 % into nine office hours, 36 % into twelve
MOST_REST = 0.7  # posts of a day of rest against a working day
CARICATURE = 150.0  # however many posts there are, the template is too crude to be believed like more than so many
CREDIBLE = 0.80
_UTC_MONDAY = 3 * 96


class Weekend(StrEnum):
    SATURDAY_SUNDAY = "sat-sun"
    FRIDAY_SATURDAY = "fri-sat"
    THURSDAY_FRIDAY = "thu-fri"


REST_DAYS = {Weekend.SATURDAY_SUNDAY: (5, 6), Weekend.FRIDAY_SATURDAY: (4, 5), Weekend.THURSDAY_FRIDAY: (3, 4)}


class Refusal(StrEnum):
    """Why there is no hint."""

    FEW = "few"
    SHORT = "short"
    EVEN = "even"
    VAGUE = "vague"


@dataclass(frozen=True)
class ZoneHint:
    """UTC offsets (hours) with their probability, the likeliest first, as many as hold 80 %; or why there is no hint.

    `even`: probability that there is no office day at all. `office_share`: part of the posts in the office hours of the
    likeliest. `effective`: how many independent posts these are worth.
    """

    candidates: tuple[tuple[float, float], ...]
    weekend: Weekend | None
    even: float
    office_share: float
    events: int
    effective: float
    refusal: Refusal | None


def clumping(instants: np.ndarray) -> float:
    """Variance over mean of hourly counts around their hour of the week, at least 1: how many posts come together.

    With less than three weeks an hour of the week has no mean of its own worth the name: hour of the day × day of the
    week stands in.
    """
    if len(instants) < 10:
        return 1.0
    hours = np.floor_divide(instants, 3600).astype(np.int64)
    counts = np.bincount(hours - hours[0]) * 1.0
    bins = (hours[0] + np.arange(len(counts)) + _UTC_MONDAY // 4) % 168
    sums, lived = np.bincount(bins, counts, minlength=168), np.bincount(bins, minlength=168) * 1.0
    if len(counts) >= 3 * 168:
        usual, fitted = sums / lived, 168
    else:
        by_hour, by_day = (
            sums.reshape(7, 24).sum(axis=axis) / np.maximum(lived.reshape(7, 24).sum(axis=axis), 1) for axis in (0, 1)
        )
        usual, fitted = np.outer(by_day, by_hour).ravel() / counts.mean(), 30
    expected = usual[bins]
    spare = len(counts) / max(len(counts) - fitted, 1)
    return float(max(1.0, spare * ((counts - expected) ** 2).sum() / max(expected.sum(), 1e-9)))


def zone_hint(instants: np.ndarray, burst: float) -> ZoneHint:
    """What the posts (seconds since 1970) say about the zone of their office, if there is one.

    `burst`: variance over mean of hourly counts (`clumping`): posts in bursts weigh 1/burst each. Every offset,
    office hours and weekend is a hypothesis with its Dirichlet-multinomial marginal likelihood (Minka, Estimating a
    Dirichlet distribution, 2000, eq. 2), flat over offsets; the opponent is a week in which every hour is alike. The
    likelihood is tempered as for a model that is only roughly right (Miller & Dunson, JASA 114, 2019, the coarsened
    posterior), so that a year of posts does not become certainty about a caricature.
    """
    events, days = len(instants), len(np.unique(np.floor_divide(instants, 86_400)))
    effective = events / max(burst, 1.0)
    refused = Refusal.FEW if effective < FEWEST_EVENTS else Refusal.SHORT if days < FEWEST_DAYS else None
    if refused:
        return ZoneHint((), None, 1.0, 0.0, events, effective, refused)
    counts = _by_quarter(instants)
    joint, office, even = _posterior(counts, effective / events / (1 + effective / CARICATURE))
    by_offset = joint.sum(axis=(1, 2))
    weekend = list(Weekend)[int(joint.sum(axis=(0, 1)).argmax())]
    likeliest = np.unravel_index(joint.argmax(), joint.shape)
    office_share = float(office[likeliest] / events)
    candidates = _credible(by_offset)
    if even > LIKELIEST_EVEN or office_share < LEAST_OFFICE or _rest(counts, candidates[0][0], weekend) > MOST_REST:
        refused = Refusal.EVEN
    elif len(candidates) > WIDEST:
        refused = Refusal.VAGUE
    shown = () if refused else candidates
    return ZoneHint(shown, None if refused else weekend, even, office_share, events, effective, refused)


def _by_quarter(instants: np.ndarray) -> np.ndarray:
    """Counts by quarter of the week in UTC, the first from Monday 00:00."""
    bins = (np.floor_divide(instants, 900).astype(np.int64) + _UTC_MONDAY) % QUARTERS
    return np.bincount(bins, minlength=QUARTERS)


def _posterior(counts: np.ndarray, worth: float) -> tuple[np.ndarray, np.ndarray, float]:
    """Probabilities by (offset, hours, weekend) given that there is an office; posts in office hours; P(even)."""
    local = np.stack([np.roll(counts, round(offset * 4)) for offset in OFFSETS])
    shape = (len(OFFSETS), len(HOURS), len(Weekend))
    score, office = np.empty(shape), np.empty(shape)
    alpha = EXPECTED * FIRMNESS
    for column, (opens, length, prior) in enumerate(HOURS):
        for row, weekend in enumerate(Weekend):
            masks = _template(opens, length, weekend)
            held = local @ masks
            office[:, column, row] = held[:, 0]
            score[:, column, row] = _marginal(held * worth, alpha, masks.sum(axis=0)) + np.log(prior / len(Weekend))
    total = logsumexp(score - np.log(len(OFFSETS)))
    even = float(np.exp(-np.logaddexp(0.0, total + worth * counts.sum() * np.log(QUARTERS))))
    return np.exp(score - logsumexp(score)), office, even


def _rest(counts: np.ndarray, offset: float, weekend: Weekend) -> float:
    """Posts of a day of rest against those of a working day, were this their zone and their weekend."""
    by_day = np.roll(counts, round(offset * 4)).reshape(7, 96).sum(axis=1)
    rest = np.isin(np.arange(7), REST_DAYS[weekend])
    return float(by_day[rest].mean() / max(float(by_day[~rest].mean()), 1e-9))


def _template(opens: int, length: int, weekend: Weekend) -> np.ndarray:
    """Which of the four parts of an office week each of the 672 quarters belongs to, shape (672, 4) of 0 and 1."""
    quarter = np.arange(QUARTERS)
    day, hour = quarter // 96, quarter % 96 / 4
    rest = np.isin(day, REST_DAYS[weekend])
    awake = (hour >= 7) & (hour < 23)
    office = ~rest & (hour >= opens) & (hour < opens + length)
    return np.stack([office, ~rest & awake & ~office, ~awake, rest & awake], axis=1) * 1.0


def _marginal(held: np.ndarray, alpha: np.ndarray, width: np.ndarray) -> np.ndarray:
    """Log probability of counts by part (rows), each part being `width` quarters that share its posts evenly."""
    total = held.sum(axis=1)
    drawn = (gammaln(alpha + held) - gammaln(alpha)).sum(axis=1)
    return drawn + gammaln(alpha.sum()) - gammaln(alpha.sum() + total) - held @ np.log(width)


def _credible(by_offset: np.ndarray) -> tuple[tuple[float, float], ...]:
    """The likeliest offsets, as many as it takes to hold 80 %."""
    order = np.argsort(-by_offset, kind="stable")
    needed = int(np.searchsorted(np.cumsum(by_offset[order]), CREDIBLE)) + 1
    return tuple((float(OFFSETS[place]), float(by_offset[place])) for place in order[:needed])
