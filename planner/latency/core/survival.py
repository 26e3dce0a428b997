"""How fast, with the unanswered counted: Kaplan-Meier over right-censored minutes (docs/decisions/0007)."""

import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from scipy import stats

WITHIN = (15, 30, 60, 120, 240)
CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Sample:
    """Minutes until the event, or, when censored, the minutes for which it is known not to have happened."""

    minutes: float
    censored: bool


@dataclass(frozen=True, slots=True)
class Point:
    """From `minutes` on, this share (0..1) has had its event; `low`..`high` is the 95 % confidence band."""

    minutes: float
    share: float
    low: float
    high: float


@dataclass(frozen=True)
class Summary:
    """`median`, `p90` in minutes: None where so many never had the event. `within`: minutes → share, None where nobody
    was watched for that long. `curve`: the share over time, a step at each event, starting at (0, 0)."""

    count: int
    events: int
    median: float | None
    p90: float | None
    within: dict[int, float | None]
    curve: tuple[Point, ...]
    longest: float


def summary(samples: Sequence[Sample]) -> Summary:
    """The censored statistics of the samples; with none of them, counts of 0 and None throughout."""
    if not samples:
        return Summary(0, 0, None, None, dict.fromkeys(WITHIN), (Point(0, 0, 0, 1),), 0.0)
    curve = _curve(samples)
    longest = max(sample.minutes for sample in samples)
    return Summary(
        count=len(samples),
        events=sum(not sample.censored for sample in samples),
        median=_reached(curve, 0.5),
        p90=_reached(curve, 0.9),
        within={limit: _share_at(curve, limit, longest) for limit in WITHIN},
        curve=curve,
        longest=longest,
    )


def _curve(samples: Sequence[Sample]) -> tuple[Point, ...]:
    minutes = np.array([sample.minutes for sample in samples])
    censored = np.array([sample.censored for sample in samples])
    start = Point(0.0, 0.0, 0.0, 0.0)
    if censored.all():
        return (start,)
    survival = stats.ecdf(stats.CensoredData.right_censored(minutes, censored)).sf
    low, high = _band(survival)
    happened = np.isin(survival.quantiles, minutes[~censored])
    rows = zip(survival.quantiles, survival.probabilities, low, high, happened, strict=True)
    steps = tuple(
        Point(float(at), 1 - float(left), 1 - float(upper), 1 - float(lower))
        for at, left, lower, upper, event in rows
        if event
    )
    return steps if steps[0].minutes == 0 else (start, *steps)


def _band(survival: Any) -> tuple[np.ndarray, np.ndarray]:
    """Greenwood's log-log band of a survival function.

    Where the formula is undefined (nobody is left) the upper bound is carried on and the lower one is the estimate.
    """
    with warnings.catch_warnings(), np.errstate(divide="ignore", invalid="ignore"):
        warnings.simplefilter("ignore", RuntimeWarning)
        band = survival.confidence_interval(confidence_level=CONFIDENCE, method="log-log")
    low = np.where(np.isnan(band.low.probabilities), survival.probabilities, band.low.probabilities)
    high, carried = np.array(band.high.probabilities), 1.0
    for index, value in enumerate(high):
        carried = high[index] = carried if np.isnan(value) else value
    return low, high


def _reached(curve: Sequence[Point], share: float) -> float | None:
    return next((point.minutes for point in curve if point.share >= share - 1e-9), None)


def _share_at(curve: Sequence[Point], minutes: float, longest: float) -> float | None:
    """None where the curve is not known: everybody still open was watched for a shorter time."""
    if minutes > longest and curve[-1].share < 1 - 1e-9:
        return None
    return max((point.share for point in curve if point.minutes <= minutes), default=0.0)
