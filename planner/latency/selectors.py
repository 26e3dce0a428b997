"""The journal → stories → censored statistics. Nothing is stored: a corrected time corrects every report."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from statistics import median
from uuid import UUID

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.coverage import selectors as coverage
from planner.journal.core.milestones import Milestone
from planner.journal.models import Entry
from planner.latency.core.hours import OfficeHours, nights, office_hours
from planner.latency.core.story import STEPS, Stamp, Story, fold
from planner.latency.core.survival import Sample, Summary, summary
from planner.rosters import selectors as rosters
from planner.spans import SpanSet
from planner.tempo.selectors import theatre

GROUPINGS = ("off_hours", "night", "severity", "narrative", "language", "channel")
BATCH = 1000
NIGHT_MEDIAN_TARGET = 60.0  # minutes, PRODUCT.md
DECIDED_LIMIT, DECIDED_TARGET = 240, 0.95
ACKNOWLEDGED_TARGET = 10.0


@dataclass(frozen=True)
class Record:
    """One claim and its story. `staffed_minutes`: the part of its wait in which the requirement was covered."""

    claim: Claim
    story: Story
    sample: Sample
    decision: Sample
    off_hours: bool
    night: bool
    staffed_minutes: float

    @property
    def state(self) -> str:
        """answered, declined or open."""
        return "answered" if self.story.first_word else "declined" if self.story.declined else "open"

    @property
    def waited(self) -> timedelta:
        """From the break to the first official word, to the decline, or to now."""
        return timedelta(minutes=self.sample.minutes)

    def value(self, grouping: str) -> str:
        """The group it belongs to, in the words of the JSON document."""
        match grouping:
            case "off_hours":
                return "off_hours" if self.off_hours else "office_hours"
            case "night":
                return "night" if self.night else "day"
            case "narrative":
                return self.claim.narrative.name if self.claim.narrative else ""
            case "channel":
                return self.story.channel if self.story.first_word else ""
        return str(getattr(self.claim, grouping))


@dataclass(frozen=True)
class Figures:
    """The censored statistics of some claims."""

    claims: int
    answered: int
    declined: int
    open: int
    latency: Summary


@dataclass(frozen=True)
class Group:
    """The claims that share a value of a grouping."""

    by: str
    value: str
    figures: Figures


@dataclass(frozen=True)
class Stage:
    """How long the step took where it was taken: median minutes of `count` claims."""

    step: str
    median: float | None
    count: int


@dataclass(frozen=True)
class Report:
    """How fast we were on the claims that broke in [start, end), as known at `now`."""

    start: datetime
    end: datetime
    now: datetime
    records: list[Record]
    groups: list[Group]
    hours_by_roster: bool

    @cached_property
    def figures(self) -> Figures:
        """All claims together."""
        return figures(self.records)

    @cached_property
    def night_figures(self) -> Figures:
        """Those that broke between 22:00 and 04:00 in the theatre."""
        return figures([record for record in self.records if record.night])

    @cached_property
    def decided(self) -> Summary:
        """Minutes until answered or declined, whichever came first."""
        return summary([record.decision for record in self.records])

    @cached_property
    def acknowledged(self) -> Summary:
        """Minutes from a page to its acknowledgement, for claims that broke at night."""
        samples = (record.story.acknowledgement(self.now) for record in self.records if record.night)
        return summary([sample for sample in samples if sample])

    @cached_property
    def stages(self) -> list[Stage]:
        """The stage split, in the order of the chain."""
        spent: dict[str, list[float]] = defaultdict(list)
        for record in self.records:
            for step, minutes in record.story.stages().items():
                spent[step].append(minutes)
        return [Stage(step, median(spent[step]) if spent[step] else None, len(spent[step])) for step in STEPS[1:]]

    @property
    def listed(self) -> list[Record]:
        """Open claims first, the oldest on top; then the others, the slowest on top."""
        return sorted(self.records, key=lambda record: (record.state != "open", -record.sample.minutes))


def report(start: datetime, end: datetime, now: datetime, by: Iterable[str] = ("off_hours",)) -> Report:
    """The censored statistics of the claims that broke in [start, end), aware instants, split by `GROUPINGS`.

    Raises ValueError for an unknown grouping.
    """
    wanted = list(dict.fromkeys(by))
    if unknown := [name for name in wanted if name not in GROUPINGS]:
        raise ValueError(f"“{unknown[0]}” is not a grouping: expected {', '.join(GROUPINGS)}")
    told = [(claim, story) for claim, story in _stories(start, end, now) if start <= story.broke < end]
    records, hours = _records(told, now)
    groups = [group for name in wanted for group in _groups(name, records)]
    return Report(start, end, now, records, groups, hours.by_roster)


def figures(records: Sequence[Record]) -> Figures:
    """Counts and censored statistics of these records."""
    states = [record.state for record in records]
    return Figures(
        claims=len(records),
        answered=states.count("answered"),
        declined=states.count("declined"),
        open=states.count("open"),
        latency=summary([record.sample for record in records]),
    )


def story_of(claim: Claim, now: datetime) -> Story:
    """One claim's story as known at `now`, for its own page."""
    return _fold(claim, _stamps([claim.uuid]).get(claim.uuid, []), now) or Story(
        claim.broke_earliest, claim.broke_latest
    )


def _stories(start: datetime, end: datetime, now: datetime) -> list[tuple[Claim, Story]]:
    rows = Claim.objects.filter(broke_earliest__gte=start, broke_earliest__lt=min(end, now))
    claims = list(rows.exclude(state=ClaimState.MERGED).select_related("narrative").order_by("broke_earliest"))
    stamps = _stamps([claim.uuid for claim in claims])
    folded = ((claim, _fold(claim, stamps.get(claim.uuid, []), now)) for claim in claims)
    return [(claim, story) for claim, story in folded if story is not None and not story.merged]


def _fold(claim: Claim, stamps: list[Stamp], now: datetime) -> Story | None:
    if not any(stamp.milestone == Milestone.CLAIMED for stamp in stamps):
        # A row without its stamp still broke: it must not drop out of the statistic.
        broke = {"broke_earliest": claim.broke_earliest, "broke_latest": claim.broke_latest}
        stamps = [Stamp(Milestone.CLAIMED, claim.created_at, broke), *stamps]
    return fold(stamps, now)


def _stamps(claims: Sequence[UUID]) -> dict[UUID, list[Stamp]]:
    """The journal of each claim in the order in which it was written."""
    found: dict[UUID, list[Stamp]] = defaultdict(list)
    for first in range(0, len(claims), BATCH):
        entries = Entry.objects.filter(claim__in=claims[first : first + BATCH]).order_by("seq")
        for claim, milestone, at, detail in entries.values_list("claim", "milestone", "at", "detail"):
            if claim is not None:
                found[claim].append(Stamp(milestone, at, detail))
    return found


def _records(told: Sequence[tuple[Claim, Story]], now: datetime) -> tuple[list[Record], OfficeHours]:
    if not told:
        return [], OfficeHours(SpanSet.empty(), False)
    start, zone = min(story.broke for _, story in told), theatre().key
    end = max(now, start + timedelta(minutes=1))
    hours = office_hours(rosters.duties(start, end), start, end, zone)
    night, covered = nights(start, end, zone), coverage.covered_between(start, end)
    records = []
    for claim, story in told:
        sample = story.sample(now)
        wait_ends = story.broke + timedelta(minutes=sample.minutes)
        staffed = covered.clip(story.broke, wait_ends).total() if wait_ends > story.broke else timedelta(0)
        records.append(
            Record(
                claim=claim,
                story=story,
                sample=sample,
                decision=story.decision(now),
                off_hours=not hours.spans.contains(story.broke),
                night=night.contains(story.broke),
                staffed_minutes=staffed / timedelta(minutes=1),
            )
        )
    return records, hours


def _groups(by: str, records: Sequence[Record]) -> list[Group]:
    members: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        members[record.value(by)].append(record)
    return [Group(by, value, figures(theirs)) for value, theirs in sorted(members.items())]
