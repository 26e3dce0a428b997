"""Simulated adversaries: events of a Poisson process with a weekly rhythm, and of one that excites itself."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np

from planner.tempo.core.observed import Basis, Observed
from planner.tempo.core.rates import rhythm
from planner.tempo.core.week import HOURS, hour_grid

BAGHDAD = ZoneInfo("Asia/Baghdad")
START = datetime(2014, 5, 5, tzinfo=BAGHDAD)  # a Monday


def observed(instants, weeks, start=START, weights=None):
    seconds = np.sort(np.asarray(instants, dtype=float))
    return Observed(
        seconds, np.ones(len(seconds)) if weights is None else weights, start, start + timedelta(weeks=weeks)
    )


def poisson_events(rate, weeks, seed, zone=BAGHDAD, start=START):
    """Events at `rate` (168, an hour) for so many weeks."""
    chance = np.random.default_rng(seed)
    starts, bins = hour_grid(start, start + timedelta(weeks=weeks), zone)
    counts = chance.poisson(rate[bins].mean(axis=1))
    return np.repeat(starts, counts) + chance.uniform(0, 3600, counts.sum())


def excited(parents, branching, half_life, seed):
    """The cluster process of Hawkes (1971), generation by generation: every event brings on others."""
    chance = np.random.default_rng(seed)
    generations = [np.asarray(parents, dtype=float)]
    while len(generations[-1]):
        children = chance.poisson(branching, len(generations[-1]))
        lags = chance.exponential(half_life / np.log(2), children.sum())
        generations.append(np.repeat(generations[-1], children) + lags)
    return np.concatenate(generations)


def night_rate(by_night, by_day):
    """22:00-04:00 at one rate, the rest of the day at another."""
    hour = np.arange(HOURS) % 24
    return np.where((hour >= 22) | (hour < 4), by_night, by_day).astype(float)


def learned(seen, zone=BAGHDAD):
    return rhythm(seen, zone, basis=Basis.MESSAGES)
