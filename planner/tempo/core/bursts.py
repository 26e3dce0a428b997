"""Telling bursts from rhythm: for each event, the chance that the hour of the week brought it and no earlier event did.

A Hawkes process whose background follows the hour of the week and in which every event brings on others, `branching`
of them on average, exponentially fading with `half_life`. The chances are those of stochastic declustering (Zhuang,
Ogata and Vere-Jones, JASA 2002): background over whole intensity, rhythm and branching estimated in turns (EM).
"""

from dataclasses import dataclass
from zoneinfo import ZoneInfo

import numpy as np
from scipy.signal import lfilter

from planner.tempo.core.observed import Observed
from planner.tempo.core.shapes import smoothed
from planner.tempo.core.week import HOURS, epoch, hours_of_week

STEP = 300.0  # seconds: feeds know the minute at best, and half a year has 52,000 steps
HALF_LIVES = (600.0, 1800.0, 7200.0)  # seconds; the likeliest is taken
FIRST, ROUNDS = 4, 16  # of EM: to choose among half-lives, and with the one chosen
WIDTH = 2.0  # hours: the background is smooth, else an hour with one burst would explain itself
THIN = 2.0  # hours' worth of the mean in each hour of the background, for the same reason
MOST = 0.95  # a branching ratio of 1 never ends


@dataclass(frozen=True)
class Bursts:
    """`background`: one probability an event; `branching`: events brought on by each; `half_life` in seconds."""

    background: np.ndarray
    branching: float
    half_life: float


def bursts(seen: Observed, zone: ZoneInfo) -> Bursts:
    """How much of what was seen came in bursts. Without events, nothing did."""
    start = epoch(seen.start)
    count = int((epoch(seen.end) - start) // STEP) + 1
    where = np.clip(((seen.instants - start) // STEP).astype(int), 0, count - 1)
    counts = np.bincount(where, minlength=count).astype(float)
    if not counts.any():
        return Bursts(np.ones(len(where)), 0.0, HALF_LIVES[0])
    bins = hours_of_week(start + np.arange(count) * STEP, zone)
    lived = np.bincount(bins, minlength=HOURS).astype(float)
    first = (np.full(count, 0.7), 0.3)
    tried = {half_life: _decluster(counts, bins, lived, half_life, *first, FIRST) for half_life in HALF_LIVES}
    best = max(tried, key=lambda half_life: tried[half_life][2])
    chance, branching, _ = _decluster(counts, bins, lived, best, *tried[best][:2], ROUNDS)
    return Bursts(chance[where], branching, best)


def _decluster(
    counts: np.ndarray,
    bins: np.ndarray,
    lived: np.ndarray,
    half_life: float,
    chance: np.ndarray,
    branching: float,
    rounds: int,
) -> tuple[np.ndarray, float, float]:
    """(background probability of each step, branching ratio, log-likelihood) after so many rounds of EM."""
    fade = 0.5 ** (STEP / half_life)
    stirred = lfilter([0.0, 1 - fade], [1.0, -fade], counts)
    thin = THIN * 3600 / STEP
    spread, total = smoothed(lived, WIDTH) + thin, counts.sum()
    for _round in range(rounds):
        own = np.bincount(bins, weights=counts * chance, minlength=HOURS)
        rate = (smoothed(own, WIDTH) + thin * own.sum() / lived.sum()) / spread
        background = np.maximum(rate, 1e-12)[bins]
        intensity = background + branching * stirred
        chance = background / intensity
        branching = min(float(1 - (chance * counts).sum() / total), MOST)
    return chance, branching, float((counts * np.log(intensity) - intensity).sum())
