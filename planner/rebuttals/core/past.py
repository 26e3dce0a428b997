"""What a line would have covered: the claims of the last weeks that its scope fits, and those of its hours."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, tzinfo

from planner.rebuttals.core.scope import Line
from planner.wallclock import is_at_hours


@dataclass(frozen=True, slots=True)
class Broke:
    """A claim of the past: its storyline, its language ("" where unknown), when it broke (aware)."""

    key: int
    narrative: int | None
    language: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Preview:
    """Of so many claims: the keys of those that a line's scope fits, and of those that broke at its hours, too."""

    claims: int
    fitting: tuple[int, ...]
    at_its_hours: tuple[int, ...]


def preview(line: Line, past: Iterable[Broke], tz: tzinfo) -> Preview:
    """Which of the claims the line would have answered had it stood at its hours of every day; the latest first."""
    known = sorted(past, key=lambda one: (one.at, one.key), reverse=True)
    fitting = [one for one in known if line.fits(one.narrative, one.language)]
    there = [one for one in fitting if is_at_hours(one.at, line.starts, line.ends, tz)]
    return Preview(len(known), tuple(one.key for one in fitting), tuple(one.key for one in there))
