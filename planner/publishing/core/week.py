"""A week of posts as a calendar: days of the theatre, and within them the hours in which something is due."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from planner.wallclock import to_instant

DAYS = 7


@dataclass(frozen=True, slots=True)
class Hour:
    """What is due within one hour of wall time; `start` is an aware instant."""

    start: datetime
    posts: list[Any]


@dataclass(frozen=True, slots=True)
class Day:
    """One day of the theatre with the hours that hold posts, in order."""

    date: date
    hours: list[Hour]

    @property
    def count(self) -> int:
        return sum(len(hour.posts) for hour in self.hours)


def bounds(first: date, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """The UTC instants at which seven days from `first` begin and end in the zone."""
    midnights = (datetime.combine(day, time()) for day in (first, first + timedelta(days=DAYS)))
    start, end = (to_instant(midnight, tz) for midnight in midnights)
    return start, end


def days(posts: Iterable[Any], first: date, tz: ZoneInfo) -> list[Day]:
    """Seven days from `first` with the posts (anything with an aware `due_at`) by the hour of the zone's wall clock."""
    by_hour: dict[datetime, list[Any]] = {}
    for post in sorted(posts, key=lambda post: post.due_at):
        # Minutes are taken off the instant, so that the two same-named hours of an autumn night stay two.
        local = post.due_at.astimezone(tz)
        past = timedelta(minutes=local.minute, seconds=local.second, microseconds=local.microsecond)
        by_hour.setdefault(post.due_at - past, []).append(post)
    wanted = [first + timedelta(days=number) for number in range(DAYS)]
    return [
        Day(day, [Hour(at, due) for at, due in by_hour.items() if at.astimezone(tz).date() == day]) for day in wanted
    ]
