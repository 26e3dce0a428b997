"""The curve on the page as values: what the drawing tag `{% curve %}` reads. It asks for names, not for a class."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from planner.latency.core.survival import Point, Summary

SHORTEST, LONGEST = 240.0, 7 * 1440.0  # minutes


class Series(NamedTuple):
    """One curve: its name and its steps (minutes, share, low, high)."""

    name: str
    steps: tuple[Point, ...]


class Target(NamedTuple):
    """A promise drawn as a line at a moment."""

    minutes: float
    label: str


@dataclass(frozen=True)
class Curve:
    """`horizon`: the last minute shown. `title` and `desc` are read out."""

    series: tuple[Series, ...]
    horizon: float
    targets: tuple[Target, ...]
    title: str
    desc: str


def curve(named: Sequence[tuple[str, Summary]], targets: Sequence[Target], *, title: str, desc: str) -> Curve:
    """The curves of these summaries, each drawn on to the last minute for which it is known."""
    longest = max((of.longest for _, of in named), default=0.0)
    series = tuple(Series(name, _drawn_on(of)) for name, of in named)
    return Curve(series, min(max(longest, SHORTEST), LONGEST), tuple(targets), title, desc)


def _drawn_on(of: Summary) -> tuple[Point, ...]:
    last = of.curve[-1]
    if of.longest <= last.minutes:
        return of.curve
    return (*of.curve, Point(of.longest, last.share, last.low, last.high))
