"""What an event of somebody's calendar means for the roster, as values: who, what, when."""

from dataclasses import dataclass, field, replace
from zoneinfo import ZoneInfo

from planner.spans import Span

LEAVE = "leave"
KINDS = ("desk", "on_call", LEAVE)


@dataclass(frozen=True, slots=True)
class Who:
    """A person as an event names them. `is_guess`: a bare title, which counts only when somebody bears that name."""

    name: str
    email: str = ""
    is_guess: bool = False


@dataclass(frozen=True, slots=True)
class Meaning:
    """What an event says besides when: `kind` is one of KINDS; `roles` narrow what a shift is for."""

    people: tuple[Who, ...]
    kind: str
    roles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Occurrence:
    """One stretch that an event puts on the roster. `key` stays the same when the stretch moves (RECURRENCE-ID)."""

    key: str
    span: Span
    meaning: Meaning


@dataclass(frozen=True, slots=True)
class Reading:
    """How a calendar is to be read: whose it is, what its events are, in which zone times without one are meant."""

    zone: ZoneInfo | None = None
    person: str = ""
    kind: str = ""

    def beside(self, zone: ZoneInfo | None) -> "Reading":
        """The same, where the calendar names a zone of its own: that one wins."""
        return replace(self, zone=zone or self.zone)


@dataclass(slots=True)
class LeftOut:
    """Events that were read and put nothing on the roster, by reason: cancelled, tentative, free."""

    counts: dict[str, int] = field(default_factory=dict)

    def add(self, reason: str, count: int = 1) -> None:
        """One more."""
        self.counts[reason] = self.counts.get(reason, 0) + count
