"""How good the forecast is: the last week is held out, foretold from what came before, and compared."""

from dataclasses import dataclass
from datetime import timedelta
from zoneinfo import ZoneInfo

import numpy as np

from planner.tempo.core.rates import Basis, Observed, forecast, rhythm
from planner.tempo.core.week import hour_grid

HELD_OUT = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Scores:
    """Mean log score per held-out event in nats, higher is better: how well each foretold *when* it would happen.

    `model`, `uniform` (every hour alike), `histogram` (raw hour-of-week counts, half an event added to each hour).
    `inside`: share of held-out hours whose weighted count lay in the 80 % interval. `events`: how many were held out.
    """

    model: float
    uniform: float
    histogram: float
    inside: float
    events: int


def score(level: Observed, zone: ZoneInfo, *, basis: Basis, shape: Observed | None = None) -> Scores | None:
    """Hold out the last seven days. None where less than two weeks were observed or nothing happened in the last."""
    cut = level.end - HELD_OUT
    known, held = level.before(cut), level.since(cut)
    if cut - level.start < HELD_OUT or not len(held.instants) or not len(known.instants):
        return None
    foretold = rhythm(known, zone, basis=basis, shape=shape.before(cut) if shape else None)
    starts, bins = hour_grid(held.start, held.end, zone)
    hours = forecast(foretold, held.start, held.end)
    place = np.searchsorted(starts, held.instants, side="right") - 1
    counted = np.bincount(place, weights=held.weights, minlength=len(starts))
    counts, lived = known.by_hour_of_week(zone)
    histogram = ((counts + 0.5) / (lived + 0.5))[bins].mean(axis=1)
    low, high = np.array([hour.low for hour in hours]), np.array([hour.high for hour in hours])
    return Scores(
        model=_log_score(np.array([hour.expected for hour in hours]), counted),
        uniform=_log_score(np.ones(len(starts)), counted),
        histogram=_log_score(histogram, counted),
        inside=float(np.mean((counted >= low - 1e-9) & (counted <= high + 1e-9))),
        events=len(held.instants),
    )


def _log_score(expected: np.ndarray, counted: np.ndarray) -> float:
    return float((counted * np.log(expected / expected.sum())).sum() / counted.sum())
