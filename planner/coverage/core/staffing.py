"""Who or what can do a link of the chain, and when: the one answer that page, pager and report share.

| link | done by |
|---|---|
| seen | an analyst or a duty officer |
| drafted | a press officer, or a cleared line that somebody on watch may release |
| cleared | an approver other than the only drafter, or such a line |
| published | a channel that works |
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from planner.coverage.core.links import Link
from planner.people.core.roles import Role
from planner.rosters.core.duty import Duty
from planner.spans import Span, SpanSet, count_at_least

DOERS = {
    Link.SEEN: frozenset({Role.ANALYST, Role.DUTY}),
    Link.DRAFTED: frozenset({Role.OFFICER}),
    Link.CLEARED: frozenset({Role.APPROVER}),
    Link.PUBLISHED: frozenset(),
}
RELEASERS = frozenset({Role.DUTY, Role.OFFICER, Role.APPROVER})


class SupplyKind(StrEnum):
    CLEARED_LINE = "cleared_line"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Supply:
    """What does links besides people, while `span` lasts. No languages: any."""

    kind: SupplyKind
    links: frozenset[Link]
    languages: frozenset[str]
    span: Span
    label: str = ""


@dataclass(frozen=True, slots=True)
class Hand:
    """One person or supply that can do a link: `kind` is desk, on_call, cleared_line or channel."""

    kind: str
    label: str
    spans: SpanSet


@dataclass(frozen=True)
class Watch:
    """Everything that can answer in some stretch of time: people on duty (leave already taken out) and supplies."""

    duties: Sequence[Duty]
    supplies: Sequence[Supply]

    def staffed(self, link: Link, language: str | None = None, people: int = 1) -> SpanSet:
        """When at least so many people or supplies can do the link in the language (None: whichever)."""
        return count_at_least(self._by_people(link, language) + self._by_supplies(link, language), people)

    def whole(self, asked: Iterable[tuple[Link, str | None]] = ()) -> SpanSet:
        """When every link can be done at once; links asked for in a language must be doable in it."""
        wanted = set(asked)
        wanted |= {(link, None) for link in Link if link not in {of for of, _ in wanted}}
        sets = [self.staffed(link, language) for link, language in wanted]
        return count_at_least(sets, len(sets))

    def at_desk(self) -> SpanSet:
        """When somebody sits at the desk, rather than being on call."""
        return SpanSet(duty.span for duty in self.duties if duty.is_desk)

    def hands(self, link: Link) -> list[Hand]:
        """Who and what can do the link, each with the time for which it can: staffed(link) is where one of them is."""
        alone = self._alone(None) if link is Link.CLEARED else SpanSet.empty()
        doers = {role.value for role in DOERS[link]}
        people = [
            Hand(duty.kind.value, duty.name, SpanSet([duty.span]) - alone) for duty in self.duties if doers & duty.roles
        ]
        fitting = [supply for supply in self.supplies if link in supply.links]
        return people + [Hand(supply.kind.value, supply.label, self._working(supply)) for supply in fitting]

    def _by_people(self, link: Link, language: str | None) -> list[SpanSet]:
        """One set for each person who can do the link."""
        doing = self._each(DOERS[link], language)
        if link is not Link.CLEARED:
            return list(doing.values())
        alone = self._alone(language)
        return [there - alone for there in doing.values()]

    def _alone(self, language: str | None) -> SpanSet:
        """When the only drafter is the only approver: nobody may clear their own words."""
        officers, approvers = self._each({Role.OFFICER}, language), self._each({Role.APPROVER}, language)
        both = SpanSet.union(officers[person] & approvers[person] for person in officers.keys() & approvers.keys())
        two = count_at_least(self._each({Role.OFFICER, Role.APPROVER}, language).values(), 2)
        return both - two

    def _each(self, roles: Iterable[Role], language: str | None) -> dict[int, SpanSet]:
        wanted = {role.value for role in roles}
        spans: dict[int, list[Span]] = defaultdict(list)
        for duty in self.duties:
            if wanted & set(duty.roles) and speaks(duty.languages, language):
                spans[duty.person_id].append(duty.span)
        return {person: SpanSet(theirs) for person, theirs in spans.items()}

    def _by_supplies(self, link: Link, language: str | None) -> list[SpanSet]:
        fitting = [s for s in self.supplies if link in s.links and (not s.languages or speaks(s.languages, language))]
        return [self._working(supply) for supply in fitting]

    def _working(self, supply: Supply) -> SpanSet:
        if supply.kind is SupplyKind.CHANNEL:
            return SpanSet([supply.span])
        return SpanSet([supply.span]) & SpanSet.union(self._each(RELEASERS, None).values())


def speaks(languages: Iterable[str], language: str | None) -> bool:
    """Whether one of the languages answers for the one asked: "ar-IQ" does for "ar", not the other way round."""
    if not language:
        return True
    sought = language.lower()
    return any(known.lower() == sought or known.lower().startswith(f"{sought}-") for known in languages)
