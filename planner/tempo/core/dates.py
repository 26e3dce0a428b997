"""Holidays and dates that are known ahead: when they are, and how much more or less was posted on them before."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy import stats

HOLIDAY = "holiday"
FIRMNESS = 4.0  # how many expected posts the belief "no effect" is worth
INTERVAL = (0.1, 0.9)
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True, slots=True)
class KnownDate:
    """A date or a run of dates on the theatre's calendar; `yearly` ones come again from then on.

    `key` names those whose effect is learned together.
    """

    key: str
    name: str
    first: date
    last: date
    yearly: bool = False


@dataclass(frozen=True, slots=True)
class Factor:
    """How many times the usual is posted on the days of a key: mean and 80 % interval.

    `seen` posts came on its `days`, `usual` would have come on ordinary ones.
    """

    mean: float
    low: float
    high: float
    days: int
    seen: float
    usual: float


def holiday(day: date, name: str) -> KnownDate:
    """A public holiday: what holidays do is learned from all of them together."""
    return KnownDate(HOLIDAY, name, day, day)


def by_day(known: Iterable[KnownDate], start: date, end: date) -> dict[date, list[KnownDate]]:
    """Which dates fall on each day of [start, end); days without one are left out."""
    found: dict[date, list[KnownDate]] = {}
    for one in known:
        for first, last in _runs(one, start, end):
            for number in range((last - first).days + 1):
                day = first + timedelta(days=number)
                if start <= day < end:
                    found.setdefault(day, []).append(one)
    return dict(sorted(found.items()))


def _runs(one: KnownDate, start: date, end: date) -> Iterable[tuple[date, date]]:
    length = one.last - one.first
    years = range(max(one.first.year, start.year - 1), end.year + 1) if one.yearly else (one.first.year,)
    for year in years:
        first = _in_year(one.first, year)
        yield first, first + length


def _in_year(day: date, year: int) -> date:
    """The same date in another year; 29 February is kept on the 28th where there is none."""
    try:
        return day.replace(year=year)
    except ValueError:
        return day.replace(year=year, day=28)


def day_number(day: date) -> int:
    """Days since 1970-01-01."""
    return (day - _EPOCH).days


def learn(counts: np.ndarray, first: date, marked: Mapping[date, Sequence[KnownDate]]) -> dict[str, Factor]:
    """The effect of each key: `counts` posts on each day from `first` on, against ordinary days of the same weekday.

    Gamma-Poisson: a factor is Gamma(k, k) before, with mean 1, and Gamma(k + seen, k + usual) after, both counted in
    posts worth 1/dispersion of the days. So a day that nobody saw changes nothing, and one day changes little.
    """
    days = np.array([(first + timedelta(days=number)).weekday() for number in range(len(counts))])
    places = {day: (day - first).days for day in marked if 0 <= (day - first).days < len(counts)}
    ordinary = np.ones(len(counts), dtype=bool)
    ordinary[list(places.values())] = False
    if not places or not ordinary.any():
        return {}
    usual = _usual(counts, days, ordinary)
    residual = counts[ordinary] - usual[ordinary]
    burst = max(1.0, float((residual**2).mean() / max(float(usual[ordinary].mean()), 1e-9)))
    sums: dict[str, list[int]] = {}
    for day, place in places.items():
        for one in marked[day]:
            sums.setdefault(one.key, []).append(place)
    return {key: _factor(float(counts[at].sum()), float(usual[at].sum()), burst, len(at)) for key, at in sums.items()}


def _usual(counts: np.ndarray, weekdays: np.ndarray, ordinary: np.ndarray) -> np.ndarray:
    """What an ordinary day of each day's weekday has, drawn to the mean of all by one day's worth."""
    mean = float(counts[ordinary].mean())
    of_weekday = [
        (counts[ordinary & (weekdays == day)].sum() + mean) / ((ordinary & (weekdays == day)).sum() + 1)
        for day in range(7)
    ]
    return np.array(of_weekday)[weekdays]


def _factor(seen: float, usual: float, burst: float, days: int) -> Factor:
    shape, rate = FIRMNESS + seen / burst, FIRMNESS + usual / burst
    low, high = stats.gamma.ppf(INTERVAL, shape, scale=1 / rate)
    return Factor(shape / rate, float(low), float(high), days, seen, usual)


def factors(
    days: Sequence[date], marked: Mapping[date, Sequence[KnownDate]], learned: Mapping[str, Factor]
) -> np.ndarray:
    """The multiplier of each of these days: the product over the keys that fall on it, 1 on ordinary days."""
    found = np.ones(len(days))
    for place, day in enumerate(days):
        for key in {one.key for one in marked.get(day, ())}:
            found[place] *= learned[key].mean if key in learned else 1.0
    return found
