"""A question to the optimiser, and its answer, as values: who could take which duty, and what silence costs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from planner.coverage.core.gaps import Requirement
from planner.coverage.core.links import Link
from planner.coverage.core.loss import Assumptions
from planner.coverage.core.staffing import Watch
from planner.planning.core.policy import Policy
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
Quarter = tuple[int, int]  # year, 1..4


@dataclass(frozen=True, slots=True)
class Own:
    """A duty that a person has already: it is not changed, but asks for rest and counts towards the week."""

    kind: DutyKind
    span: Span


@dataclass(frozen=True)
class Candidate:
    """Somebody who could take a duty. `own` reaches a week beyond the plan on both sides; `away` is leave.

    `nights`: nights on watch in each quarter that the plan touches, their own future ones included.
    """

    person_id: int
    name: str
    roles: frozenset[str]
    languages: frozenset[str]
    own: tuple[Own, ...] = ()
    away: SpanSet = field(default_factory=SpanSet.empty)
    nights: Mapping[Quarter, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Problem:
    """Avoid the most loss in [start, end) within `budget` paid minutes.

    `start` and `end` lie on the grid of half-hours from `start` on. `watch` holds everybody and everything on the
    roster from `start` to a week past `end` (so that the next whole moment is seen), `hours` the forecast of [start,
    end), `accepted` the time of gaps that were chosen on purpose and cost nothing here.
    """

    start: datetime
    end: datetime
    zone: ZoneInfo
    hours: Sequence[Hour]
    requirements: Sequence[Requirement]
    watch: Watch
    candidates: Sequence[Candidate]
    assumptions: Assumptions
    budget: int
    policy: Policy = field(default_factory=Policy)
    accepted: SpanSet = field(default_factory=SpanSet.empty)

    def with_budget(self, budget: int) -> "Problem":
        """The same question for other paid minutes."""
        return replace(self, budget=budget)

    @property
    def asked(self) -> list[tuple[Link, str | None]]:
        """What the chain must do to be whole: each link, and each language that a requirement names for it."""
        return [(need.link, need.language) for need in self.requirements]

    def candidate(self, person_id: int) -> Candidate:
        """The candidate of that id. Raises KeyError."""
        return {one.person_id: one for one in self.candidates}[person_id]


class Proof(StrEnum):
    """How sure it is that no better plan exists."""

    OPTIMAL = "optimal"
    BOUNDED = "bounded"  # the bound says how far away the best can be


@dataclass(frozen=True, slots=True)
class Proposal:
    """One person takes one duty: [start, end) in UTC, at the desk or on call, in every role they hold."""

    person_id: int
    kind: DutyKind
    span: Span

    @property
    def minutes(self) -> int:
        """How long it lasts."""
        return int(self.span.duration / MINUTE)

    def paid(self, policy: Policy) -> float:
        """Paid minutes."""
        return self.minutes * policy.pay(self.kind) / 100

    def duty(self, person: Candidate) -> Duty:
        """As it would stand on the roster."""
        return Duty(person.person_id, person.name, person.roles, person.languages, self.kind, self.span)


@dataclass(frozen=True)
class Solution:
    """The best plan found. Losses in whole audiences; `bound`: no plan of watches within the budget can lose less.

    `floor`: no plan at all can, also where duties that need each other begin and end apart (floor.py); 0: not known.
    """

    proposals: tuple[Proposal, ...]
    loss_before: float
    loss_after: float
    bound: float
    seconds: float
    floor: float = 0.0

    @property
    def proof(self) -> Proof:
        """Proven when nothing better is possible, to the thousandth of an audience."""
        return Proof.OPTIMAL if self.loss_after - self.bound <= 1e-3 else Proof.BOUNDED

    @property
    def gap(self) -> float:
        """How far from the best this may be, as a share of the loss that is left; 0 when proven."""
        return max(0.0, self.loss_after - self.bound) / max(self.loss_after, 1e-9)
