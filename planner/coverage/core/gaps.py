"""When could nobody answer: required minus staffed, for the whole chain.

A gap is a longest stretch in which the same links are missing. Where the set of missing links changes, one gap ends and
the next begins, because each set has its own mend (wake an approver; sign a line); requirements that fail together over
the same links are one gap. The desk draws touching gaps as one hatched night all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import Watch
from planner.spans import Span, SpanSet
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
        return Span(self.start, self.end)


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
    """Sweep over every edge; merge neighbours that miss the same links."""
    edges: list[tuple[datetime, int, int]] = []
    for index, (_, when) in enumerate(unmet):
        for span in when:
            edges += [(span.start, 1, index), (span.end, -1, index)]
    edges.sort(key=lambda edge: edge[0])
    found: list[Gap] = []
    open_now: set[int] = set()
    for position, (moment, step, index) in enumerate(edges):
        (open_now.add if step > 0 else open_now.discard)(index)
        following = edges[position + 1][0] if position + 1 < len(edges) else moment
        if open_now and following > moment:
            _extend(found, moment, following, [unmet[one][0] for one in open_now])
    return found


def _extend(found: list[Gap], start: datetime, end: datetime, failing: Sequence[Requirement]) -> None:
    missing = frozenset(need.link for need in failing)
    languages = frozenset(need.language for need in failing if need.language)
    needs = frozenset(need.need for need in failing)
    last = found[-1] if found else None
    if last and last.end == start and last.missing == missing:
        found[-1] = Gap(last.start, end, missing, last.languages | languages, last.needs | needs)
    else:
        found.append(Gap(start, end, missing, languages, needs))
