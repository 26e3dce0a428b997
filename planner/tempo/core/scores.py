"""How good the forecast is: foretold from several past moments, beside what guessing would have said at the same ones.

Three scores, all proper. *When*: mean log score per held-out event in nats, higher is better, of the forecast taken as
a density over the held-out hours. *Amount*: mean Poisson log score per hour (without the constant log n!), higher is
better. *Interval*: mean interval score at 80 % (Gneiting and Raftery, JASA 2007, 6.2), lower is better: the width, and
ten times what it missed by.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from scipy import stats

from planner.tempo.core.observed import Evidence, Observed
from planner.tempo.core.rates import INTERVAL, forecast, learn
from planner.tempo.core.week import HOURS, hour_grid, instant

HELD_OUT = timedelta(days=7)
DAILY = timedelta(days=1)
FEW = 3  # fewer whole weeks to hold out than this: a cut is made every day
MOST = 4
PENALTY = 2 / (1 - (INTERVAL[1] - INTERVAL[0]))


@dataclass(frozen=True)
class Foretold:
    """Expected count of every hour, and the 80 % interval of what will be counted."""

    mean: np.ndarray
    low: np.ndarray
    high: np.ndarray


@dataclass(frozen=True)
class Judged:
    """Sums over held-out hours: `when` over events, `amount`, `interval`, `inside`, `width` over hours."""

    when: float
    amount: float
    interval: float
    inside: float
    width: float
    events: float
    hours: int


@dataclass(frozen=True, slots=True)
class Scores:
    """Mean scores over the held-out hours of several origins, of the model and of three who guess.

    `model`, `uniform` (every hour alike), `histogram` (raw hour-of-week counts), `last_week` (the last seven days
    again): log score per held-out event. `amounts`, `intervals`: the other two scores of each. `inside`: share of hours
    whose weighted count lay in the 80 % interval of the model, `width` its mean width. `events`: how many held out.
    """

    model: float
    uniform: float
    histogram: float
    last_week: float
    inside: float
    width: float
    events: int
    origins: int
    amounts: dict[str, float]
    intervals: dict[str, float]


def score(known: Evidence, zone: ZoneInfo) -> Scores | None:
    """Judge forecasts of the seven days after several past moments. None where less than eight days were watched.

    None, too, where nothing happened before or after.
    """
    level, tables = known.level.before(last_hour(known.level.end, zone)), []
    tried = cuts(level.start, level.end, zone, most=MOST)
    for cut in tried:
        past, held = known.before(cut), level.since(cut).before(cut + HELD_OUT)
        if not len(past.level.instants) or not len(held.instants):
            continue
        hours = forecast(learn(past, zone), held.start, held.end)
        ours = Foretold(*(np.array([getattr(hour, key) for hour in hours]) for key in ("expected", "low", "high")))
        table = {"model": ours} | guesses(past.level, zone, held.start, held.end)
        tables.append({name: judge(one, counted(held, zone), level.unit) for name, one in table.items()})
    if not tables:
        return None
    total = {name: sums([table[name] for table in tables]) for name in tables[0]}
    model = total["model"]
    return Scores(
        **{name: one.when / one.events for name, one in total.items()},
        inside=model.inside / model.hours,
        width=model.width / model.hours,
        events=len(level.since(tried[-1]).instants),
        origins=len(tables),
        amounts={name: one.amount / one.hours for name, one in total.items()},
        intervals={name: one.interval / one.hours for name, one in total.items()},
    )


def cuts(start: datetime, end: datetime, zone: ZoneInfo, *, most: int) -> list[datetime]:
    """Moments from which to foretell, the newest first: full hours with at least a week before and a day after them.

    Weeks apart, `most` of them; days apart (at most seven) where fewer than three whole weeks could be held out.
    """
    edge = last_hour(end, zone)
    weeks = [edge - HELD_OUT * number for number in range(1, most + 1)]
    days = [edge - DAILY * number for number in range(1, 8)]
    kept, few = ([cut for cut in found if cut - start >= HELD_OUT] for found in (weeks, days))
    return kept if len(kept) >= min(FEW, most) else few


def last_hour(moment: datetime, zone: ZoneInfo) -> datetime:
    """The last full hour on the zone's clocks at or before an instant."""
    return instant(float(hour_grid(moment, moment + timedelta(hours=1), zone)[0][0]))


def guesses(known: Observed, zone: ZoneInfo, start: datetime, end: datetime) -> dict[str, Foretold]:
    """What three who guess would say of the hours of [start, end); their intervals are those of a Poisson count.

    Half an event is added to every hour of the week, and the time in which it would have come at the mean rate, so that
    no hour is impossible and the level stays what it is.
    """
    last = known.since(known.end - HELD_OUT)
    rates = {
        "uniform": np.full(HOURS, known.weights.sum() / known.lived),
        "histogram": _histogram(known, zone),
        "last_week": _histogram(last if len(last.instants) else known, zone),
    }
    _, bins = hour_grid(start, end, zone)
    return {name: poisson(rate[bins].mean(axis=1), known.unit) for name, rate in rates.items()}


def _histogram(seen: Observed, zone: ZoneInfo) -> np.ndarray:
    counts, lived = seen.by_hour_of_week(zone)
    half = 0.5 * seen.unit
    return (counts + half) / (lived + half * lived.sum() / counts.sum())


def poisson(mean: np.ndarray, unit: float = 1.0) -> Foretold:
    """The interval of a Poisson count of this mean, in units."""
    low, high = (stats.poisson.ppf(quantile, mean / unit) * unit for quantile in INTERVAL)
    return Foretold(mean, low, high)


def counted(held: Observed, zone: ZoneInfo) -> np.ndarray:
    """The weighted count of every hour of what was held out."""
    starts, _ = hour_grid(held.start, held.end, zone)
    place = np.searchsorted(starts, held.instants, side="right") - 1
    return np.bincount(place, weights=held.weights, minlength=len(starts))


def judge(said: Foretold, came: np.ndarray, unit: float = 1.0) -> Judged:
    """The three scores of one forecast, summed over its hours; counts and means in units."""
    mean, low, high, came = (values / unit for values in (said.mean, said.low, said.high, came))
    missed = np.maximum(low - came, 0) + np.maximum(came - high, 0)
    return Judged(
        when=float((came * np.log(mean / mean.sum())).sum()),
        amount=float((came * np.log(mean) - mean).sum()),
        interval=float((high - low + PENALTY * missed).sum()),
        inside=float((missed < 1e-9).sum()),
        width=float((high - low).sum()),
        events=float(came.sum()),
        hours=len(came),
    )


def sums(parts: list[Judged]) -> Judged:
    """Scores of several origins together."""
    return Judged(*(sum(column) for column in zip(*(vars(part).values() for part in parts), strict=True)))
