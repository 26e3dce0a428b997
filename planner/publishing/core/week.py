"""A week of posts as a calendar: a row for each channel, and in it the seven days of the theatre."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from planner.wallclock import to_instant

DAYS = 7


@dataclass(frozen=True, slots=True)
class Row:
    """One channel's week: for each of the seven days its posts, in order."""

    channel: Any
    days: list[tuple[date, list[Any]]]


def dates(first: date) -> list[date]:
    """The seven days from `first`."""
    return [first + timedelta(days=number) for number in range(DAYS)]


def bounds(first: date, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC instants at which seven days from `first` begin and end in the zone."""
    midnights = (datetime.combine(day, time()) for day in (first, first + timedelta(days=DAYS)))
    start, end = (to_instant(midnight, tz) for midnight in midnights)
    return start, end


def rows(posts: Iterable[Any], channels: Sequence[Any], first: date, tz: ZoneInfo) -> list[Row]:
    """A row for each of the channels, in their order, and for every other one that has posts (with aware `due_at`).

    A post stands on the day of the zone's wall clock; of a day the earliest instant comes first, also in the hour that
    happens twice.
    """
    found = sorted(posts, key=lambda post: post.due_at)
    places = list(dict.fromkeys([*channels, *(post.channel for post in found)]))
    cells: dict[tuple[Any, date], list[Any]] = {}
    for post in found:
        cells.setdefault((post.channel, post.due_at.astimezone(tz).date()), []).append(post)
    return [Row(place, [(day, cells.get((place, day), [])) for day in dates(first)]) for place in places]
