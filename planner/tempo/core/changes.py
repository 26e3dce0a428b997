"""Change points: the day on which they moved their working hours, or on which they began to post more or less.

Binary segmentation by likelihood (Scott & Knott, Biometrics 30, 1974) on one row of 24 hours a day. A split is believed
when three guards hold. Its gain, cut down for days that resemble the day before, beats the same days in random order
(permutation test on the maximum over all splits, as in Matteson & James, JASA 109, 2014). The gain pays for its
parameters (Schwarz's criterion). And the difference is one that a roster manager would act on.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime
from enum import StrEnum
from functools import partial
from zoneinfo import ZoneInfo

import numpy as np
from scipy.special import xlogy

from planner.tempo.core.offhours import local_days, quarter_grid
from planner.tempo.core.week import DAY, offsets

DAY_HOURS = 24
SHORTEST = 5  # days on either side
PERMUTED = 299
BELIEVED = 0.01
WEEKS = 28  # days from which on days change places with their own weekday only
LEAST_MOVED = 0.12  # of their posts came at other hours of the day
LEAST_RATIO = 1.5
MOST = 4
SEED = 20140610
Gains = Callable[[np.ndarray], np.ndarray]


class What(StrEnum):
    HOURS = "hours"
    LEVEL = "level"


@dataclass(frozen=True)
class Change:
    """From `day` (a local date) on it was different; the true day lies in `first`..`last` with about 95 %.

    `chance`: how often days in random order look as different. `before` and `after` are what held between the changes
    on either side: posts a day, and the share of each hour of the day (24 each). `moved`: share of the posts that came
    at other hours; `later`: by how many hours the day as a whole went later (negative: earlier), None where it did not
    move as a whole.
    """

    what: What
    day: date
    first: date
    last: date
    chance: float
    before: np.ndarray
    after: np.ndarray
    rate_before: float
    rate_after: float
    days_before: int
    days_after: int
    moved: float
    later: int | None


@dataclass(frozen=True)
class _Split:
    place: int
    first: int
    last: int
    chance: float


def changes(instants: np.ndarray, watched: tuple[datetime, datetime], zone: ZoneInfo) -> list[Change]:
    """Changes of hours and of level in these posts (seconds since 1970), on the zone's clocks; the latest first.

    Whole days count only; none are found with fewer than ten of them, or 40 posts.
    """
    first_day, table = _by_day(instants, watched, zone)
    if len(table) < 2 * SHORTEST or table.sum() < 40:
        return []
    found = []
    evened = _evened(table)
    for what, rows, gains, parameters in (
        (What.HOURS, evened, hour_gains, DAY_HOURS - 1),
        (What.LEVEL, _levels(table, first_day), level_gains, 1),
    ):
        splits = _segment(rows, gains, parameters, first_day, partial(_matters, what, table, evened))
        edges = [0, *(split.place for split in splits), len(table)]
        found += [
            _told(what, table, evened, first_day, split, edges[at], edges[at + 2]) for at, split in enumerate(splits)
        ]
    return sorted(found, key=lambda change: (change.day, change.what), reverse=True)


def hour_gains(rows: np.ndarray) -> np.ndarray:
    """How much likelier two hour profiles are than one, by the day that begins the second.

    Shape (…, days, 24) → (…, days). Half the likelihood ratio of two multinomials against one; 0 for the first day.
    """
    left = np.cumsum(rows, axis=-2)
    total = left[..., -1:, :]
    gain = _entropy(left) + _entropy(total - left) - _entropy(total)
    return np.concatenate([np.zeros_like(gain[..., :1]), gain[..., :-1]], axis=-1)


def _entropy(counts: np.ndarray) -> np.ndarray:
    counts = np.maximum(counts, 0.0)
    total = counts.sum(axis=-1)
    return xlogy(counts, counts).sum(axis=-1) - xlogy(total, total)


def level_gains(rows: np.ndarray) -> np.ndarray:
    """The same for two means of a normal value against one: shape (…, days, 1) → (…, days)."""
    values = rows[..., 0]
    days = values.shape[-1]
    left = np.cumsum(values, axis=-1)
    count = np.arange(1, days + 1)
    total, square = left[..., -1:], (values**2).sum(axis=-1, keepdims=True)
    within = square - left**2 / count - (total - left) ** 2 / np.maximum(days - count, 1)
    whole = np.maximum(square - total**2 / days, 1e-12)
    gain = days / 2 * np.log(whole / np.maximum(within, 1e-12))
    return np.concatenate([np.zeros_like(gain[..., :1]), gain[..., :-1]], axis=-1)


def _by_day(instants: np.ndarray, watched: tuple[datetime, datetime], zone: ZoneInfo) -> tuple[int, np.ndarray]:
    """The first whole local day (since 1970-01-01), and posts by day and hour, shape (days, 24)."""
    days, quarters = np.unique(local_days(quarter_grid(*watched), zone), return_counts=True)
    whole = days[quarters >= 92]  # 23 hours at a changeover
    if not len(whole):
        return 0, np.zeros((0, DAY_HOURS))
    first, last = int(whole[0]), int(whole[-1])
    day = local_days(instants, zone)
    keep = (day >= first) & (day <= last)
    hour = np.floor_divide((instants + offsets(instants, zone)) % DAY, 3600).astype(int)
    place = (day[keep] - first) * DAY_HOURS + hour[keep]
    return first, np.bincount(place, minlength=(last - first + 1) * DAY_HOURS).reshape(-1, DAY_HOURS) * 1.0


def _evened(table: np.ndarray) -> np.ndarray:
    """Days with more posts than the usual day count like the usual day: one flood is not a working day."""
    total = table.sum(axis=1)
    usual = max(float(np.median(total[total > 0])), 1.0)
    return table * np.minimum(1.0, usual / np.maximum(total, 1.0))[:, None]


def _levels(table: np.ndarray, first_day: int) -> np.ndarray:
    """The logarithm of one more than each day's posts, less what is usual for its weekday."""
    level = np.log1p(table.sum(axis=1))
    if len(level) >= WEEKS:
        weekday = (first_day + np.arange(len(level))) % 7
        for day in range(7):
            level[weekday == day] -= np.median(level[weekday == day])
    return level[:, None]


def _segment(
    rows: np.ndarray, gains: Gains, parameters: int, first_day: int, matters: Callable[[int, int, int], bool]
) -> list[_Split]:
    """Splits that are believed, in order of time: the best split of the whole, then of each part."""
    found: list[_Split] = []
    waiting = [(0, len(rows))]
    draw = np.random.default_rng(SEED)
    while waiting and len(found) < MOST:
        start, end = waiting.pop(0)
        if end - start < 2 * SHORTEST:
            continue
        split = _best(rows[start:end], gains, parameters, (first_day + start) % 7, draw)
        if split is None or not matters(start, start + split.place, end):
            continue
        place = start + split.place
        found.append(_Split(place, start + split.first, start + split.last, split.chance))
        waiting += [(start, place), (place, end)]
    return sorted(found, key=lambda split: split.place)


def _best(rows: np.ndarray, gains: Gains, parameters: int, weekday: int, draw: np.random.Generator) -> _Split | None:
    allowed = slice(SHORTEST, len(rows) - SHORTEST + 1)
    gain = gains(rows)[allowed]
    place = SHORTEST + int(gain.argmax())
    reach = gain.max() / _persistence(rows, place)
    if reach <= (parameters + 1) / 2 * np.log(len(rows)):
        return None
    shuffled = gains(rows[_shuffles(len(rows), weekday, draw)])[:, allowed]
    chance = (1 + int((shuffled.max(axis=1) >= reach).sum())) / (PERMUTED + 1)
    if chance > BELIEVED:
        return None
    scale = max(float(shuffled.mean()) / (parameters / 2), 1.0)
    near = np.flatnonzero(gain >= gain.max() - 2 * scale) + SHORTEST
    return _Split(place, int(near[0]), int(near[-1]), chance)


def _persistence(rows: np.ndarray, place: int) -> float:
    """How much less a day tells because it resembles the day before: (1 + r) / (1 − r), r along the change found."""
    before, after = rows[:place].mean(axis=0), rows[place:].mean(axis=0)
    if rows.shape[1] > 1:
        direction = np.log((after + 0.5) / (after.sum() + 12)) - np.log((before + 0.5) / (before.sum() + 12))
        values = rows @ direction / np.maximum(rows.sum(axis=1), 1.0)
    else:
        values = rows[:, 0]
    rest = np.concatenate([values[:place] - values[:place].mean(), values[place:] - values[place:].mean()])
    alike = float((rest[1:] * rest[:-1]).sum() / max(float((rest**2).sum()), 1e-12))
    alike = min(max(alike, 0.0), 0.9)
    return (1 + alike) / (1 - alike)


def _shuffles(days: int, weekday: int, draw: np.random.Generator) -> np.ndarray:
    """Orders of the days, shape (PERMUTED, days); over four weeks or more Mondays change places with Mondays only."""
    order = np.tile(np.arange(days), (PERMUTED, 1))
    kind = (weekday + np.arange(days)) % 7 if days >= WEEKS else np.zeros(days, dtype=int)
    for one in np.unique(kind):
        places = np.flatnonzero(kind == one)
        order[:, places] = places[np.argsort(draw.random((PERMUTED, len(places))), axis=1)]
    return order


def _matters(what: What, table: np.ndarray, evened: np.ndarray, start: int, place: int, end: int) -> bool:
    if what is What.HOURS:
        before, after = evened[start:place].sum(axis=0), evened[place:end].sum(axis=0)
        return before.sum() > 0 and after.sum() > 0 and _distance(_profile(before), _profile(after)) >= LEAST_MOVED
    rates = table[start:place].sum() / (place - start) + 1e-9, table[place:end].sum() / (end - place) + 1e-9
    return max(rates) / min(rates) >= LEAST_RATIO


def _told(
    what: What, table: np.ndarray, evened: np.ndarray, first_day: int, split: _Split, start: int, end: int
) -> Change:
    before, after = (
        _profile(evened[one:other].sum(axis=0)) for one, other in ((start, split.place), (split.place, end))
    )
    return Change(
        what,
        _date(first_day + split.place),
        _date(first_day + split.first),
        _date(first_day + split.last),
        split.chance,
        before,
        after,
        float(table[start : split.place].sum() / (split.place - start)),
        float(table[split.place : end].sum() / (end - split.place)),
        split.place - start,
        end - split.place,
        _distance(before, after),
        _later(before, after),
    )


def _profile(counts: np.ndarray) -> np.ndarray:
    return counts / max(float(counts.sum()), 1.0)


def _distance(before: np.ndarray, after: np.ndarray) -> float:
    """Total variation: the share of the posts that would have to come at another hour to make the two alike."""
    return float(np.abs(before - after).sum() / 2)


def _later(before: np.ndarray, after: np.ndarray) -> int | None:
    """The turn of the day that makes the two most alike, when it takes away half of their difference; -11 to 12."""
    turns = np.array([_distance(np.roll(before, turn), after) for turn in range(-11, 13)])
    best = int(turns.argmin()) - 11
    return best if best and turns.min() <= _distance(before, after) / 2 else None


def _date(day: int) -> date:
    return datetime.fromtimestamp(day * DAY, UTC).date()
