"""Shapes a week may have: for each half-life, bandwidth and strength of the prior, what the same counts would say.

Each is a Gamma-Poisson posterior mean on the ring of 168 hours: the counts, weighted by recency and smoothed by a
circular kernel, are drawn towards an *outline* by a prior worth so many hours of exposure. Which of them speak, and how
loud, is for rolling-origin validation to say (stacking.py), not for a hand.
"""

from collections.abc import Sequence
from functools import lru_cache

import numpy as np

from planner.tempo.core.observed import Days
from planner.tempo.core.week import HOURS

HALF_LIVES = np.array([3.5, 7.0, 14.0, 28.0, np.inf])  # days
WIDTHS = (0.0, 0.7, 2.0)  # hours: standard deviation of the circular kernel
PRIORS = np.array([0.25, 1.5, 8.0])  # hours of exposure that the outline is worth in each hour of the week
ALONE = len(HALF_LIVES) * len(WIDTHS)  # candidates that are an outline alone; len(PRIORS) times as many posteriors
PER_OUTLINE = ALONE * (len(PRIORS) + 1)
OWN = 50  # events with which what was counted weighs as much, to begin with, as the outlines alone
MOST_OWN = len(PRIORS) / (len(PRIORS) + 1)


@lru_cache(maxsize=8)
def kernel(width: float) -> np.ndarray:
    """The circular Gaussian smoother of this standard deviation in hours, (168, 168); rows and columns add up to 1."""
    steps = np.arange(HOURS)
    apart = np.minimum(steps, HOURS - steps)
    weights = np.exp(-0.5 * (apart / width) ** 2) if width else (apart == 0) * 1.0
    smoother = (weights / weights.sum())[(steps[:, None] - steps) % HOURS]
    smoother.setflags(write=False)
    return smoother


def fading(ages: np.ndarray, half_lives: np.ndarray) -> np.ndarray:
    """Weight of each day, (half-lives, days): halves with every half-life of age; 0 for days that have not been yet."""
    return np.where(ages >= 0, 0.5 ** ((np.maximum(ages, 0) + 0.5) / half_lives[:, None]), 0.0)


def shapes(days: Days, known_from: int, outline: np.ndarray | None = None) -> np.ndarray:
    """All candidate shapes, each 168 factors with mean 1, from the days of age `known_from` or more.

    Three outlines are tried: hour of day × day of week, hour of day alone, flat; before them the one that is given.
    For each come the posteriors, then the outline alone (the prior taken to be certain), once for every three of them.
    """
    weights = fading(np.arange(len(days)) - known_from, HALF_LIVES)
    faded = (weights @ days.counts, weights @ days.hours)
    counts, hours = (np.stack([smoothed(table, width) for width in WIDTHS], axis=1) for table in faded)
    strength = PRIORS[:, None]
    found = []
    given = [] if outline is None else [_scaled(counts, hours, outline)]
    for drawn_to in (*given, *outlines(counts, hours)):
        posterior = (counts[:, :, None] + strength * drawn_to[:, :, None]) / (hours[:, :, None] + strength)
        found += [posterior.reshape(-1, HOURS), drawn_to.reshape(-1, HOURS)]
    every = np.concatenate(found)
    return every / every.mean(axis=1, keepdims=True)


def start_weights(candidates: int, events: float, given: bool) -> np.ndarray:
    """What the candidates weigh before anything is held out; the fewer events, the more the outlines alone.

    Where an outline is given, those alone are all of that outline.
    """
    place = np.arange(candidates)
    alone = place % PER_OUTLINE >= PER_OUTLINE - ALONE
    if given:
        alone &= place % (4 * PER_OUTLINE) < PER_OUTLINE
    own = MOST_OWN * events / (events + OWN)
    return np.where(alone, (1 - own) / alone.sum(), own / (~alone).sum())


def smoothed(table: np.ndarray, width: float) -> np.ndarray:
    """A table (..., 168) smoothed round the week; width in hours."""
    return np.einsum("...h,hi->...i", table, kernel(width)) if width else table


def outlines(counts: np.ndarray, hours: np.ndarray) -> Sequence[np.ndarray]:
    """Prior means of shape (..., 168): margins hour of day × day of week, hour of day alone, flat.

    Each margin is itself drawn towards the mean, by one event an hour of the day and four a day of the week.
    """
    grid, lived = (table.reshape(*table.shape[:-1], 7, 24) for table in (counts, hours))
    mean = _mean(counts, hours)
    by_hour = (grid.sum(-2) + 1) / (lived.sum(-2) * mean + 1)
    by_day = (grid.sum(-1) + 4) / (lived.sum(-1) * mean + 4)
    both = (by_day[..., :, None] * by_hour[..., None, :]).reshape(counts.shape)
    alone = np.tile(by_hour, 7)
    return [table / table.mean(-1, keepdims=True) * mean for table in (both, alone, np.ones(counts.shape))]


def _scaled(counts: np.ndarray, hours: np.ndarray, outline: np.ndarray) -> np.ndarray:
    return outline / outline.mean() * _mean(counts, hours)


def _mean(counts: np.ndarray, hours: np.ndarray) -> np.ndarray:
    """Events an hour over all hours, above 0."""
    return np.maximum((counts.sum(-1) + 1e-6) / np.maximum(hours.sum(-1), 1e-9), 1e-12)[..., None]
