"""Several people who take turns: the handover recurs on a wall, and each handover makes the next one responsible."""

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from itertools import pairwise

from planner.rosters.core.recurrence import Recurrence
from planner.spans import Span
from planner.wallclock import rrule_spans, zone

# Long enough that no handover falls into an hour (or, in Samoa, a day) that the clocks skip: none may go uncounted.
_REACH_MINUTES = 2 * 24 * 60
_NEXT_HANDOVER = timedelta(days=400)  # a turn ends at the next handover; a yearly one is still found


@dataclass(frozen=True, slots=True)
class Hours:
    """Of every day in a turn only this: from `start` on the wall for `minutes`, at most a day."""

    start: time
    minutes: int


@dataclass(frozen=True, slots=True)
class Rotation:
    """People in order, by id; the handovers (an RRULE on the wall of `zone` from the naive `local_start` on).

    The first handover makes the first of `members` responsible. With `hours` a turn is a shift on each of its days,
    without it is one shift from handover to handover. Where the rule ends, its last handover ends the last turn.
    """

    members: tuple[int, ...]
    rrule: str
    local_start: datetime
    zone: str
    hours: Hours | None = None

    def first_instant(self) -> datetime:
        """The instant before which nobody's turn lies, in UTC."""
        return Recurrence(self.rrule, self.local_start, 1, self.zone).first_instant()


@dataclass(frozen=True, slots=True)
class Turn:
    """A stretch for which a rotation makes one person responsible."""

    person_id: int
    span: Span


def turns(rotation: Rotation, *, since: datetime | None, until: datetime) -> list[Turn]:
    """The turns (with `hours`: their shifts) that start in [since, until), in order; without `since` all until then.

    Raises ValueError when the rule cannot be read.
    """
    begin = max(since or rotation.first_instant(), rotation.first_instant())
    if begin >= until:
        return []
    handovers = _handovers(rotation, until)
    hours = rotation.hours
    found = _by_day(rotation, hours, handovers, begin, until) if hours else _whole(rotation, handovers)
    return [turn for turn in found if begin <= turn.span.start < until]


def _handovers(rotation: Rotation, until: datetime) -> list[datetime]:
    tz = zone(rotation.zone)
    end = until + _NEXT_HANDOVER
    spans = rrule_spans(rotation.rrule, rotation.local_start, _REACH_MINUTES, tz, rotation.first_instant(), end)
    return [span.start for span in spans]


def _whole(rotation: Rotation, handovers: list[datetime]) -> Iterator[Turn]:
    for number, (start, end) in enumerate(pairwise(handovers)):
        if start < end:
            yield Turn(rotation.members[number % len(rotation.members)], Span(start, end))


def _by_day(
    rotation: Rotation, hours: Hours, handovers: list[datetime], begin: datetime, until: datetime
) -> Iterator[Turn]:
    first = datetime.combine(rotation.local_start.date(), hours.start)
    for span in rrule_spans("FREQ=DAILY", first, hours.minutes, zone(rotation.zone), begin, until):
        number = bisect_right(handovers, span.start) - 1
        if 0 <= number < len(handovers) - 1:  # the night that begins in a turn belongs to it, whenever it ends
            yield Turn(rotation.members[number % len(rotation.members)], span)
