"""Who is on watch, as a value: the one form in which other packages see the roster."""

from dataclasses import dataclass
from enum import StrEnum

from planner.rosters.core.kinds import DutyKind
from planner.spans import Span


class Via(StrEnum):
    """By what somebody is on watch: a single shift, one of a series, their turn, a swap, or an override."""

    SHIFT = "shift"
    SERIES = "series"
    ROTATION = "rotation"
    SWAP = "swap"
    OVERRIDE = "override"


@dataclass(frozen=True, slots=True)
class Duty:
    """One person, at the desk or able to be woken, for one unbroken stretch of time, leave already taken out.

    `roles` are the roles they act in during it (values of Role), `languages` the codes they can answer in. `source`
    names the row that says so, as "shift:<uuid>"; a turn or a shift of a series that is not made yet names its rule.
    """

    person_id: int
    name: str
    roles: frozenset[str]
    languages: frozenset[str]
    kind: DutyKind
    span: Span
    via: Via = Via.SHIFT
    source: str = ""

    @property
    def is_desk(self) -> bool:
        """Whether they sit at the desk; otherwise they must be woken first."""
        return self.kind is DutyKind.DESK
