"""Had that roster stood: what would have been answered of the claims of a period, how late, and who was woken for it.

The rules by which one claim finds its way through a roster stand in `answering`.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from zoneinfo import ZoneInfo

from planner.coverage.core.staffing import Watch
from planner.planning.core.answering import Answer, Broken, Desk, Pace, Page
from planner.planning.core.waking import AWAKE
from planner.rosters.core.duty import Duty
from planner.spans import Span
from planner.wallclock import night_of

WITHIN = (15, 30, 60, 120, 240)  # minutes, as INTERFACE fixes them


@dataclass(frozen=True, slots=True)
class Night:
    """How often one person was woken in one night, noon to noon."""

    person_id: int
    name: str
    night: Span
    wake_ups: int


@dataclass(frozen=True)
class Replay:
    """What a roster would have made of the claims that broke in a period."""

    answers: tuple[Answer, ...]
    half_life: timedelta

    @property
    def answered(self) -> int:
        """Claims that got an answer at all."""
        return sum(one.at is not None for one in self.answers)

    @cached_property
    def within(self) -> dict[int, int]:
        """Minutes → claims answered in so many or fewer."""
        waits = [one.wait for one in self.answers if one.wait is not None]
        return {limit: sum(wait <= timedelta(minutes=limit) for wait in waits) for limit in WITHIN}

    @cached_property
    def loss(self) -> float:
        """Weighted audiences gone before the answer."""
        return sum(one.lost(self.half_life) for one in self.answers)

    @cached_property
    def wakings(self) -> list[Page]:
        """The pages that woke somebody, in order: those within an hour of the one before them that did are part of it.

        A claim that breaks while somebody is up for another does not wake them again.
        """
        found: list[Page] = []
        last: dict[int, datetime] = {}
        for page in sorted((page for one in self.answers for page in one.pages), key=lambda page: (page.at, page)):
            if page.person_id not in last or page.at - last[page.person_id] >= AWAKE:
                last[page.person_id] = page.at
                found.append(page)
        return found

    def nights(self, zone: ZoneInfo) -> list[Night]:
        """How often each person was woken in each night of the zone, in order of the night."""
        counts: dict[tuple[Span, str, int], int] = defaultdict(int)
        for page in self.wakings:
            counts[night_of(page.at, zone), page.name, page.person_id] += 1
        return [Night(person, name, night, count) for (night, name, person), count in sorted(counts.items())]


def replay(claims: Iterable[Broken], watch: Watch, pace: Pace, half_life: timedelta) -> Replay:
    """What the roster and the supplies of `watch` would have made of the claims, in order of time.

    `watch` should reach past the last claim, so that late answers are seen; what lies beyond it never comes.
    """
    desk = Desk(watch, pace)
    return Replay(tuple(map(desk.answer, sorted(claims, key=lambda claim: (claim.at, claim.key)))), half_life)


def paid(duties: Sequence[Duty], start: datetime, end: datetime, pay: Callable[[Duty], float]) -> float:
    """Paid hours within [start, end): each hour of a duty times what `pay` says an hour of it costs."""
    spent = ((max(min(duty.span.end, end) - max(duty.span.start, start), timedelta(0)), pay(duty)) for duty in duties)
    return sum(length / timedelta(hours=1) * share for length, share in spent)
