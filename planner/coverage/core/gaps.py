"""When could nobody answer: required minus staffed, for the whole chain.

A gap is a longest stretch in which the same links are missing. Where the set of missing links changes, one gap ends and
the next begins, because each set has its own mend (wake an approver; sign a line); requirements that fail together over
the same links are one gap. The desk draws touching gaps as one hatched night all the same.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple, Self

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import Watch
from planner.spans import Span, SpanSet, moment_of
from planner.wallclock import WeeklyRule, occurrences


@dataclass(frozen=True, slots=True)
class Requirement:
    """So many people for this link, in this language and role (None: whichever), at these wall times."""

    link: Link
    language: str | None
    rule: WeeklyRule
    people: int = 1
    role: str | None = None

    @property
    def need(self) -> "Need":
        """What it asks for, whenever that is."""
        return Need(self.link, self.language, self.role, self.people)


class Need(NamedTuple):
    """What a requirement asks for, without its hours."""

    link: Link
    language: str | None = None
    role: str | None = None
    people: int = 1


@dataclass(frozen=True, slots=True)
class Gap:
    """[start, end) in UTC in which exactly these links are missing; the languages for which a requirement named one.

    `needs`: everything asked for and not met at some time in it.
    """

    start: datetime
    end: datetime
    missing: frozenset[Link]
    languages: frozenset[str] = frozenset()
    needs: frozenset[Need] = frozenset()

    @property
    def span(self) -> Span:
        """The stretch itself."""
        return Span(self.start, self.end)

    def cut_at(self, moments: Iterable[datetime]) -> list[Self]:
        """The gap in pieces that begin and end at those of the moments that lie inside it, in order of time."""
        edges = [self.start, *sorted(moment for moment in moments if self.start < moment < self.end), self.end]
        return [replace(self, start=start, end=end) for start, end in pairwise(edges)]


@dataclass(frozen=True, slots=True)
class Chosen:
    """A stretch accepted without these links: a gap is spared when all of it, every link, lies inside."""

    span: Span
    links: frozenset[Link]

    def spares(self, gap: Gap) -> bool:
        """Whether the whole gap was chosen; half an acceptance is none."""
        return self.span.start <= gap.start and gap.end <= self.span.end and gap.missing <= self.links


@dataclass(frozen=True)
class Findings:
    """What was required in a stretch of time, what of it was covered, and the gaps between."""

    required: SpanSet
    covered: SpanSet
    gaps: list[Gap]


def find(requirements: Sequence[Requirement], watch: Watch, start: datetime, end: datetime) -> Findings:
    """Compare what is required in [start, end) with who and what is there."""
    times = {rule: occurrences(rule, start, end).clip(start, end) for rule in {need.rule for need in requirements}}
    asked = [(need, times[need.rule]) for need in requirements]
    unmet = [(need, when - watch.staffed(need.link, need.language, need.people, need.role)) for need, when in asked]
    required = SpanSet.union(when for _, when in asked)
    return Findings(required, required - SpanSet.union(when for _, when in unmet), _gaps(unmet))


def _gaps(unmet: Sequence[tuple[Requirement, SpanSet]]) -> list[Gap]:
    """Sweep over every edge; merge neighbours that miss the same links.

    `state` has a bit for each requirement that is not met; what a state means is worked out once.
    """
    edges = [
        edge
        for index, (_, when) in enumerate(unmet)
        for start, end in when.edges()
        for edge in ((start, 1 << index), (end, -1 << index))
    ]
    edges.sort()
    meanings: dict[int, _Meaning] = {}
    found: list[tuple[int, int, _Meaning]] = []
    state = 0
    for (moment, change), (following, _) in pairwise(edges):
        state += change
        if state and following > moment:
            if state not in meanings:
                meanings[state] = _meaning([need for index, (need, _) in enumerate(unmet) if state >> index & 1])
            _extend(found, moment, following, meanings[state])
    return [Gap(moment_of(start), moment_of(end), *meaning) for start, end, meaning in found]


class _Meaning(NamedTuple):
    """What a gap says besides its time."""

    missing: frozenset[Link]
    languages: frozenset[str]
    needs: frozenset[Need]


def _meaning(failing: Sequence[Requirement]) -> _Meaning:
    return _Meaning(
        frozenset(need.link for need in failing),
        frozenset(need.language for need in failing if need.language),
        frozenset(need.need for need in failing),
    )


def _extend(found: list[tuple[int, int, _Meaning]], start: int, end: int, meaning: _Meaning) -> None:
    last_start, last_end, last = found[-1] if found else (0, -1, meaning)
    if last_end == start and last.missing == meaning.missing:
        both = _Meaning(last.missing, last.languages | meaning.languages, last.needs | meaning.needs)
        found[-1] = (last_start, end, both)
    else:
        found.append((start, end, meaning))
