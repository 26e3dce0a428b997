"""Two curves on one picture, as values that the drawing tag `{% curve %}` reads: it asks for names, not for a class."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import NamedTuple

SHORTEST, LONGEST = 240.0, 7 * 1440.0  # minutes
MINUTE = timedelta(minutes=1)


class Step(NamedTuple):
    """From `minutes` after the break on, this share (0..1) was answered. Every claim is known: there is no interval."""

    minutes: float
    share: float
    low: float
    high: float


class Series(NamedTuple):
    """One curve."""

    name: str
    steps: tuple[Step, ...]


@dataclass(frozen=True)
class Curve:
    """`horizon`: the last minute shown. `title` and `desc` are read out."""

    series: tuple[Series, ...]
    horizon: float
    title: str
    desc: str
    targets: tuple[()] = ()


def curve(named: Sequence[tuple[str, Sequence[timedelta | None]]], *, title: str, desc: str) -> Curve:
    """The share answered over time of each series of waits; None waited in vain, and stays in the count."""
    longest = max((wait / MINUTE for _, waits in named for wait in waits if wait is not None), default=0.0)
    horizon = min(max(longest * 1.05, SHORTEST), LONGEST)
    return Curve(tuple(Series(name, _steps(waits, horizon)) for name, waits in named), horizon, title, desc)


def _steps(waits: Sequence[timedelta | None], horizon: float) -> tuple[Step, ...]:
    known = sorted(wait / MINUTE for wait in waits if wait is not None)
    shares = [(minutes, number / len(waits)) for number, minutes in enumerate(known, start=1)]
    steps = [(0.0, 0.0), *shares]
    last = steps[-1]
    drawn = steps if last[0] >= horizon else [*steps, (horizon, last[1])]
    return tuple(Step(minutes, share, share, share) for minutes, share in drawn)
