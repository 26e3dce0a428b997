"""How times and stretches are said: the choice of unit and rounding, not the language."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


class Unit(StrEnum):
    """The unit a duration is said in."""

    MOMENT = "moment"
    MINUTES = "minutes"
    HOURS = "hours"
    DAYS = "days"


@dataclass(frozen=True)
class Spoken:
    """A duration as a press officer says it: 47 min; 2 h 18 min; over 6 h; over 3 days.

    `count` is in `unit`; `minutes` (0-59) is only ever set beside hours; `over` says the count was rounded down.
    """

    unit: Unit
    count: int
    minutes: int = 0
    over: bool = False


def spoken(duration: timedelta) -> Spoken:
    """Choose the words for a duration; a negative one is said as its absolute length.

    To the minute below six hours, to the hour below two days, then in days: nobody steers by the minute there.
    """
    length = abs(duration)
    if length < MINUTE:
        return Spoken(Unit.MOMENT, 0)
    if length < HOUR:
        return Spoken(Unit.MINUTES, length // MINUTE)
    if length < 6 * HOUR:
        return Spoken(Unit.HOURS, length // HOUR, minutes=(length % HOUR) // MINUTE)
    if length < 2 * DAY:
        return Spoken(Unit.HOURS, length // HOUR, over=length % HOUR >= MINUTE)
    return Spoken(Unit.DAYS, length // DAY, over=length % DAY >= MINUTE)


def plain(duration: timedelta) -> str:
    """The duration in plain English, for drawings whose texts nobody translated."""
    said = spoken(duration)
    if said.unit is Unit.MOMENT:
        return "under a minute"
    if said.unit is Unit.MINUTES:
        return f"{said.count} min"
    over = "over " if said.over else ""
    if said.unit is Unit.DAYS:
        return f"{over}{said.count} day{'' if said.count == 1 else 's'}"
    return f"{over}{said.count} h" + (f" {said.minutes} min" if said.minutes else "")


def city(zone: str) -> str:
    """The place that names an IANA zone: `America/Argentina/Buenos_Aires` is "Buenos Aires"; `UTC` stays "UTC"."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def is_ambiguous(instant: datetime, zone: str) -> bool:
    """Whether the wall time of this instant happens twice in that zone (the night the clocks go back).

    `instant` must be aware; an unknown zone raises ZoneInfoNotFoundError.
    """
    wall = instant.astimezone(ZoneInfo(zone))
    first, second = wall.replace(fold=0).utcoffset(), wall.replace(fold=1).utcoffset()
    return first is not None and second is not None and first > second


def offset(instant: datetime, zone: str) -> str:
    """The zone's offset at that instant as "UTC+3" or "UTC+5:30"."""
    gap = instant.astimezone(ZoneInfo(zone)).utcoffset() or timedelta(0)
    minutes = int(gap.total_seconds()) // 60
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'-' if minutes < 0 else '+'}{hours}" + (f":{rest:02}" if rest else "")
