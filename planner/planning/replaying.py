"""Had that roster stood: the claims, supplies and requirements of a past period, and what the roster makes of them."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cached_property
from uuid import UUID
from zoneinfo import ZoneInfo

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim, Flood
from planner.coverage import selectors as coverage
from planner.coverage.core import gaps
from planner.coverage.core.gaps import Requirement
from planner.coverage.core.links import Link
from planner.coverage.core.staffing import Supply, SupplyKind, Watch
from planner.journal.core.milestones import Milestone
from planner.journal.models import Entry
from planner.planning import asking
from planner.planning.core.answering import Broken, Pace
from planner.planning.core.pattern import WEEK, repeat
from planner.planning.core.replay import Replay, paid, replay
from planner.planning.models import Plan
from planner.rosters import selectors as rosters
from planner.rosters.core.duty import Duty, Via
from planner.rosters.values import duty_of
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import SEVERITY_WEIGHTS, Basis
from planner.tempo.selectors import theatre

LOOKAHEAD = coverage.LOOKAHEAD  # an answer to the period's last claim is looked for so far past its end


@dataclass(frozen=True)
class Report:
    """What a roster would have made of the claims that broke in [start, end).

    `truth`: when each claim was really answered, by its key; empty for floods. `required`: claims that broke while the
    whole chain was asked for, `uncovered` those of them at whose moment a requirement was not met.
    """

    start: datetime
    end: datetime
    zone: ZoneInfo
    basis: Basis
    found: Replay
    truth: dict[str, datetime]
    duties: Sequence[Duty]
    pace: Pace
    channel_assumed: bool
    required: int
    uncovered: int
    notes: tuple[str, ...] = ()

    @cached_property
    def really(self) -> list[timedelta | None]:
        """How long each claim really waited, in the order of the answers; None: nobody answered."""
        moments = (self.truth.get(one.claim.key) for one in self.found.answers)
        pairs = zip(moments, self.found.answers, strict=True)
        return [max(moment - one.claim.at, timedelta(0)) if moment else None for moment, one in pairs]

    @property
    def true_loss(self) -> float:
        """Weighted audiences that were really gone before the answer."""
        pairs = zip(self.really, self.found.answers, strict=True)
        half_life = self.found.half_life
        return sum(one.claim.weight * (1 - 2 ** -(wait / half_life) if wait is not None else 1) for wait, one in pairs)

    def hours_of(self, *, desk: bool) -> float:
        """Person-hours at the desk, or on call."""
        return paid(self.duties, self.start, self.end, lambda duty: float(duty.is_desk is desk))

    @property
    def hours(self) -> float:
        """Paid hours: an hour on call counts a part of one at the desk."""
        policy = asking.policy()
        return paid(self.duties, self.start, self.end, lambda duty: policy.pay(duty.kind) / 100)


def report(
    duties: Sequence[Duty],
    start: datetime,
    end: datetime,
    *,
    asked: Sequence[Requirement] | None = None,
    notes: Sequence[str] = (),
) -> Report:
    """What these duties, which should reach `LOOKAHEAD` past `end`, would have made of the claims of [start, end).

    Cleared lines and channels are those that stood then. `asked`: the requirements to measure by, else those that hold.
    """
    claims, basis = happened(start, end)
    supplied, assumed = _supplies(start, end + LOOKAHEAD)
    watch, needs = Watch(duties, supplied).settled(), asked if asked is not None else coverage.requirements()[0]
    assumptions = coverage.current_assumptions()
    measured = gaps.find(needs, watch, start, end)
    uncovered = measured.required - measured.covered
    pace = Pace.of(assumptions.desk, assumptions.on_call)
    half_life = assumptions.half_life_of({one.channel_kind for one in supplied if one.kind is SupplyKind.CHANNEL})
    return Report(
        start=start,
        end=end,
        zone=theatre(),
        basis=basis,
        found=replay(claims, watch, pace, half_life),
        truth=_truth([claim.key for claim in claims]) if basis is Basis.CLAIMS else {},
        duties=duties,
        pace=pace,
        channel_assumed=assumed,
        required=sum(measured.required.contains(claim.at) for claim in claims),
        uncovered=sum(uncovered.contains(claim.at) for claim in claims),
        notes=tuple(notes),
    )


def happened(start: datetime, end: datetime) -> tuple[list[Broken], Basis]:
    """The claims that broke in [start, end), merged ones left out; where there are none, its floods, of weight 1."""
    rows = Claim.objects.filter(broke_earliest__gte=start, broke_earliest__lt=end).exclude(state=ClaimState.MERGED)
    claims = [
        Broken(str(row.uuid), row.broke_earliest, SEVERITY_WEIGHTS[row.severity], row.language, row.text)
        for row in rows.order_by("broke_earliest", "pk")
    ]
    if claims:
        return claims, Basis.CLAIMS
    floods = Flood.objects.filter(started_at__gte=start, started_at__lt=end).order_by("started_at", "pk")
    found = [Broken(str(flood.uuid), flood.started_at, text=flood.text) for flood in floods]
    return found, Basis.FLOODS if found else Basis.NOTHING


def others_than(team: str, people: frozenset[int], start: datetime, end: datetime) -> list[Duty]:
    """The duties, as the roster has them, of everybody who is in none of `people` and has no shift in the team."""
    theirs = set(rosters.shifts_between(start, end).filter(team__name=team).values_list("person_id", flat=True))
    return [duty for duty in rosters.duties(start, end) if duty.person_id not in theirs | people]


def with_plan(plan: Plan, start: datetime, end: datetime) -> list[Duty]:
    """The roster of a plan's whole weeks with what it proposes, again and again in [start, end)."""
    begins, zone = plan.during.lower, theatre()
    weeks = max(1, (plan.during.upper - begins) // WEEK)
    span = Span(begins, begins + WEEK * weeks)
    proposed = [
        duty_of(one.person, one.kind, (), Span(one.during.lower, one.during.upper), Via.SHIFT, f"proposal:{one.uuid}")
        for one in plan.proposals.filter(shift=None).select_related("person")
    ]
    inside = [replace(duty, span=part) for duty in proposed for part in SpanSet([duty.span]).clip(span.start, span.end)]
    return repeat([*rosters.duties(span.start, span.end), *inside], start, end, zone, weeks=weeks)


def _supplies(start: datetime, end: datetime) -> tuple[list[Supply], bool]:
    """What supplied a link then. Where the register knows of no channel at all, one is assumed: that is said."""
    found = coverage.supplies(start, end)
    if any(one.kind is SupplyKind.CHANNEL for one in found):
        return found, False
    assumed = Supply(SupplyKind.CHANNEL, frozenset({Link.PUBLISHED}), frozenset(), Span(start, end))
    return [*found, assumed], True


def _truth(claims: Sequence[str]) -> dict[str, datetime]:
    """When each claim was really answered first, as the journal has it, corrections of that time included."""
    told = (Milestone.ANSWERED, Milestone.PUBLISHED, Milestone.CORRECTED)
    entries = Entry.objects.filter(claim__in=[UUID(claim) for claim in claims], milestone__in=told).order_by("seq")
    found: dict[str, datetime] = {}
    for claim, milestone, at, detail in entries.values_list("claim", "milestone", "at", "detail"):
        key = str(claim)
        if milestone != Milestone.CORRECTED:
            found[key] = min(found.get(key, at), at)
        elif detail.get("field") == "answered_at" and detail.get("after"):
            found[key] = datetime.fromisoformat(detail["after"])
    return found
