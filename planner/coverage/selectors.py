"""Rosters, supplies and requirements → values → gaps with their cost. Reads only."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Max, Q, QuerySet

from planner.coverage import assumed
from planner.coverage.core import bands, gaps, loss
from planner.coverage.core.bands import Piece
from planner.coverage.core.gaps import Chosen, Findings, Gap
from planner.coverage.core.links import Link
from planner.coverage.core.loss import Assumptions, Cost
from planner.coverage.core.reasons import RECENTLY, Reason, reasons
from planner.coverage.core.staffing import RELEASERS, Supply, SupplyKind, Watch
from planner.coverage.core.weekgrid import Ask, Row, grid
from planner.coverage.models import AcceptedGap, Ledger, Requirement
from planner.coverage.models import Supply as SupplyRow
from planner.rosters import selectors as rosters
from planner.rosters.core.duty import Duty
from planner.rosters.core.watch import watch as on_duty
from planner.spans import Span, SpanSet
from planner.tempo import calendars
from planner.tempo.selectors import Forecast
from planner.wallclock import WeeklyRule, occurrences

WEEK = timedelta(days=7)
NIGHT = (22, 4)  # the hours, on the theatre's clocks, for which PRODUCT sets the target
NIGHT_TARGET = 0.9
LOOKAHEAD = timedelta(days=7)  # how far past the last gap the next whole moment is looked for


@dataclass(frozen=True, slots=True)
class PricedGap:
    """A gap, what it costs, and the acceptance that covers all of it, if any."""

    gap: Gap
    cost: Cost
    accepted: AcceptedGap | None

    @property
    def links(self) -> list[Link]:
        """The missing links in the order of the chain."""
        return [link for link in Link if link in self.gap.missing]


@dataclass(frozen=True)
class Reading:
    """How a stretch of time is covered. `requirements_assumed`: nobody set any, so every link is asked for always."""

    start: datetime
    end: datetime
    watch: Watch
    findings: Findings
    gaps: list[PricedGap]
    forecast: Forecast
    assumptions: Assumptions
    requirements_assumed: bool

    @property
    def covered_share(self) -> float:
        """Share of the required clock time that is covered, 0..1."""
        return loss.covered_share(self.findings.required, self.findings.covered)

    @property
    def weighted_covered_share(self) -> float:
        """Share of the expected claims that fall into covered time, 0..1."""
        return loss.weighted_covered_share(self.findings.required, self.findings.covered, self.forecast.hours)

    @property
    def night_share(self) -> float:
        """The same between 22:00 and 04:00 in the theatre's zone: the figure with a target."""
        rule = WeeklyRule(frozenset(range(7)), NIGHT[0] * 60, NIGHT[1] * 60, self.forecast.zone)
        nights = occurrences(rule, self.start, self.end)
        found = self.findings
        return loss.weighted_covered_share(found.required & nights, found.covered & nights, self.forecast.hours)

    @property
    def lost(self) -> float:
        """Audiences expected to be lost in gaps that nobody accepted."""
        return sum(one.cost.loss for one in self.gaps if not one.accepted)

    @property
    def open_gaps(self) -> list[PricedGap]:
        """Gaps that nobody accepted, the costliest first."""
        return sorted((one for one in self.gaps if not one.accepted), key=lambda one: (-one.cost.loss, one.gap.start))

    @property
    def accepted_gaps(self) -> list[PricedGap]:
        """Gaps chosen on purpose, in order of time."""
        return [one for one in self.gaps if one.accepted]


def reading(start: datetime, end: datetime, now: datetime) -> Reading:
    """Gaps in [start, end), aware instants, with what each is expected to cost, as known at `now`."""
    asked, is_assumed = requirements()
    there = watch(start, end + LOOKAHEAD)
    findings = gaps.find(asked, there, start, end)
    forecast = calendars.forecast(start, end, now)
    chain = loss.standing(there, asked)
    assumptions = current_assumptions()
    accepted = list(standing_acceptances(now).filter(during__overlap=DateTimeTZRange(start, end)))
    expiries = sorted({row.expires_at for row in accepted})
    priced = [
        PricedGap(gap, loss.cost(gap, forecast.hours, chain, assumptions), _acceptance(gap, accepted))
        for found in findings.gaps
        for gap in found.cut_at(expiries)
    ]
    return Reading(start, end, there, findings, priced, forecast, assumptions, is_assumed)


def explained(found: Reading) -> dict[Gap, list[Reason]]:
    """Why each link of each gap is missing; asked for where it is read, since it needs the roster once more."""
    absent, past = _absent(found.start, found.end), _ended(found.start)
    return {one.gap: reasons(one.gap, found.watch, absent, past) for one in found.gaps}


def week(now: datetime) -> Reading:
    """The seven days from `now`."""
    return reading(now, now + WEEK, now)


def gaps_between(start: datetime, end: datetime, now: datetime) -> list[PricedGap]:
    """The gaps in [start, end) in order of time, each with its cost and acceptance."""
    return reading(start, end, now).gaps


def covered_between(start: datetime, end: datetime) -> SpanSet:
    """The staffed clock: when the requirement was covered. Recorded days stand as they stood when they ended."""
    recorded = list(Ledger.objects.filter(day__gte=start.date() - timedelta(days=2), day__lte=end.date()))
    asked, _ = requirements()
    fresh = gaps.find(asked, watch(start, end), start, end).covered
    settled = SpanSet.union(day.covered | day.gaps for day in recorded)
    return (SpanSet.union(day.covered for day in recorded) | (fresh - settled)).clip(start, end)


def silence_at(at: datetime, until: datetime) -> datetime | None:
    """The end of the silence in which `at` lies, `until` when it lasts longer; None when the chain stands at `at`."""
    asked, _ = requirements()
    found = gaps.find(asked, watch(at, until), at, until)
    silence = next(iter(found.required - found.covered), None)
    return silence.end if silence is not None and silence.start == at else None


def expected_loss(start: datetime, end: datetime, now: datetime) -> float:
    """Audiences expected to be lost in the gaps of [start, end) that nobody accepted, as known at `now`."""
    return reading(start, end, now).lost


def chain(start: datetime, end: datetime) -> dict[Link, list[Piece]]:
    """For each link, how it is held in [start, end) and by whom: (start, end, kind, label), for the night line."""
    return bands.chain(watch(start, end))


def watch(start: datetime, end: datetime) -> Watch:
    """Everybody on duty and everything that supplies a link in [start, end), aware instants."""
    return Watch(rosters.duties(start, end), supplies(start, end))


def supplies(start: datetime, end: datetime) -> list[Supply]:
    """Cleared lines and working channels that touch [start, end), clipped to it."""
    rows = SupplyRow.objects.filter(during__overlap=DateTimeTZRange(start, end)).order_by("key", "during")
    return [_supply(row, start, end) for row in rows]


def standing_requirements() -> QuerySet[Requirement]:
    """The requirements that hold now."""
    return Requirement.objects.filter(ended_at=None)


def last_change() -> datetime | None:
    """When requirements were last added or ended."""
    moments = Requirement.objects.aggregate(set=Max("set_at"), ended=Max("ended_at"))
    return max(filter(None, moments.values()), default=None)


def week_rows() -> list[Row]:
    """The standing requirements as rows of a week."""
    return grid(
        (
            Ask(one.link, one.role, one.language, one.people, one.zone),
            (one.from_minute, one.to_minute),
            one.days,
        )
        for one in standing_requirements().order_by("pk")
    )


def requirements() -> tuple[list[gaps.Requirement], bool]:
    """What must be covered, and whether that is assumed: with no requirement set, every link, one person, always."""
    found = [_value(row) for row in standing_requirements()]
    if found:
        return found, False
    always = WeeklyRule(frozenset(range(7)), 0, 1440, settings.PLANNER_ZONE)
    return [gaps.Requirement(link, None, always) for link in Link], True


def standing_acceptances(now: datetime) -> QuerySet[AcceptedGap]:
    """Accepted gaps that were neither taken back nor have expired."""
    standing = Q(ended_at=None) | Q(ended_at__gt=now)
    return AcceptedGap.objects.filter(standing, expires_at__gt=now).select_related("owner").order_by("during")


def current_assumptions() -> Assumptions:
    """The half-lives and reaction times with which losses are computed."""
    return assumed.current()


def _value(row: Requirement) -> gaps.Requirement:
    rule = WeeklyRule(frozenset(row.days), row.from_minute, row.to_minute, row.zone)
    return gaps.Requirement(Link(row.link), row.language or None, rule, row.people, row.role or None)


def _supply(row: SupplyRow, start: datetime, end: datetime) -> Supply:
    return Supply(
        kind=SupplyKind(row.kind),
        links=frozenset(Link(link) for link in row.links),
        languages=frozenset(row.languages),
        span=Span(max(row.during.lower, start), min(row.during.upper or end, end)),
        label=row.label,
        channel_kind=row.channel_kind,
        closed_as=row.closed_as,
        releasers=frozenset(row.releasers) if row.releasers or row.people else RELEASERS,
        people=frozenset(row.people),
        channel_kinds=frozenset(row.channel_kinds),
    )


def _ended(before: datetime) -> list[Supply]:
    """Supplies that ended not long before."""
    lately = DateTimeTZRange(before - RECENTLY, before)
    rows = SupplyRow.objects.filter(during__overlap=lately, during__endswith__lte=before)
    return [_supply(row, before - RECENTLY, before) for row in rows]


def _absent(start: datetime, end: datetime) -> list[Duty]:
    """What leave takes from the roster in [start, end)."""
    found = rosters.layers(start, end)
    planned = on_duty(found.shifts, {}, start, end, swaps=found.swaps, overrides=found.overrides)
    nobody = SpanSet.empty()
    return [
        replace(duty, span=span)
        for duty in planned
        for span in SpanSet([duty.span]) & found.away.get(duty.person_id, nobody)
    ]


def _acceptance(gap: Gap, accepted: Sequence[AcceptedGap]) -> AcceptedGap | None:
    """The acceptance that covers the whole gap and every link it misses; half an acceptance is none."""
    return next((row for row in accepted if _chosen(row).spares(gap)), None)


def _chosen(row: AcceptedGap) -> Chosen:
    """What a row accepts: nothing from its expiry on."""
    start = row.during.lower
    span = Span(start, max(start, min(row.during.upper, row.expires_at)))
    return Chosen(span, frozenset(Link(link) for link in row.links))
