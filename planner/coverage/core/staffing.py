"""Who or what can do a link of the chain, and when: the one answer that page, pager and report share.

| link | done by |
|---|---|
| seen | an analyst or a duty officer |
| drafted | a press officer, or a cleared line that somebody on watch may release |
| cleared | an approver other than the only drafter, or such a line |
| published | a channel that works |

A need that names a role asks for it of the person: who does the link, or who releases the cleared line, must hold it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from planner.coverage.core.columns import Columns
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
NOBODY: frozenset[int] = frozenset()
NOWHERE: frozenset[str] = frozenset()
LINE_LINKS = frozenset({Link.DRAFTED, Link.CLEARED})  # what a cleared line does


def roles_for(link: Link) -> frozenset[Role]:
    """The roles that a requirement may name for a link: none where people do nothing (published)."""
    return DOERS[link] | (RELEASERS if link in LINE_LINKS else frozenset())


class SupplyKind(StrEnum):
    CLEARED_LINE = "cleared_line"
    CHANNEL = "channel"


@dataclass(frozen=True, slots=True)
class Supply:
    """What does links besides people, while `span` lasts. No languages: any.

    `channel_kind` names the platform of a channel; `closed_as` says how it ended ("held", "retired", "used up",
    "withdrawn"; "" when it simply ran out or still stands). Of a cleared line: `releasers`, the roles in which people
    may release it; `people`, who else may, by name; `channel_kinds`, where it may go out (none: on every channel).
    """

    kind: SupplyKind
    links: frozenset[Link]
    languages: frozenset[str]
    span: Span
    label: str = ""
    channel_kind: str = ""
    closed_as: str = ""
    releasers: frozenset[str] = RELEASERS
    people: frozenset[int] = NOBODY
    channel_kinds: frozenset[str] = NOWHERE

    def is_released_by(self, duty: Duty, role: str | None = None) -> bool:
        """Whether this person, on this duty and in this role (None: whichever), may let the line out."""
        acting = {one.value for one in _narrowed(RELEASERS, role)} & duty.roles
        return bool(acting & self.releasers) or (bool(acting) and duty.person_id in self.people)

    def is_carried_by(self, channel: "Supply") -> bool:
        """Whether a channel is one on which the line may go out."""
        is_channel = channel.kind is SupplyKind.CHANNEL and channel.channel_kind in self.channel_kinds
        tongues = self.languages or {None}
        return is_channel and (not channel.languages or any(speaks(channel.languages, one) for one in tongues))


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

    @cached_property
    def columns(self) -> Columns:
        """The duties as columns, made once: every question after the first is a few sweeps."""
        return Columns.of(self.duties)

    def staffed(self, link: Link, language: str | None = None, people: int = 1, role: str | None = None) -> SpanSet:
        """When so many people or supplies, or more, can do the link in the language and the role (None: whichever)."""
        there = self._by_people(link, language, people, role)
        supplied = self._by_supplies(link, language, role)
        if not supplied:
            return there
        if people == 1:
            return SpanSet.union([there, *supplied])
        # So many in all: one supply fewer for every person more.
        exactly = [self._by_people(link, language, n, role) for n in range(1, people + 1)]
        return count_at_least([*exactly, *supplied], people)

    def whole(self, asked: Iterable[tuple[Link, str | None]] = ()) -> SpanSet:
        """When every link can be done at once; links asked for in a language must be doable in it."""
        wanted = set(asked)
        wanted |= {(link, None) for link in Link if link not in {of for of, _ in wanted}}
        sets = [self.staffed(link, language) for link, language in wanted]
        return count_at_least(sets, len(sets))

    def at_desk(self) -> SpanSet:
        """When somebody sits at the desk, rather than being on call."""
        return SpanSet(duty.span for duty in self.duties if duty.is_desk)

    def only_desk(self) -> "Watch":
        """The same without those who would have to be woken: what the desk can do by itself."""
        return replace(self, duties=[duty for duty in self.duties if duty.is_desk])

    def settled(self) -> "Watch":
        """The same with each cleared line only where somebody here may let it out on a channel that works.

        For whoever goes on to ask what others would add (a plan, a replay): they count nobody for it but who is there.
        """
        bound = [one for one in self.supplies if one.people or one.channel_kinds or one.releasers != RELEASERS]
        pieces = [
            replace(one, span=span, releasers=RELEASERS, people=NOBODY, channel_kinds=NOWHERE)
            for one in bound
            for span in self._working(one, None)
        ]
        return replace(self, supplies=[*(one for one in self.supplies if one not in bound), *pieces])

    def channels(self) -> list[Supply]:
        """The channels that work at some time."""
        return [supply for supply in self.supplies if supply.kind is SupplyKind.CHANNEL]

    def hands(self, link: Link) -> list[Hand]:
        """Who and what can do the link, each with the time for which it can: staffed(link) is where one of them is."""
        alone = self.alone(None) if link is Link.CLEARED else SpanSet.empty()
        doers = {role.value for role in DOERS[link]}
        people = [
            Hand(duty.kind.value, duty.name, SpanSet([duty.span]) - alone) for duty in self.duties if doers & duty.roles
        ]
        fitting = [supply for supply in self.supplies if link in supply.links]
        return people + [Hand(supply.kind.value, supply.label, self._working(supply, None)) for supply in fitting]

    def alone(self, language: str | None) -> SpanSet:
        """When the only drafter is the only approver: nobody may clear their own words."""
        officers = self.columns.people(self._able({Role.OFFICER}, language))
        approvers = self.columns.people(self._able({Role.APPROVER}, language))
        two = self.columns.people(self._able({Role.OFFICER, Role.APPROVER}, language), 2)
        return (officers & approvers) - two

    def _by_people(self, link: Link, language: str | None, people: int, role: str | None) -> SpanSet:
        """When so many people, or more, can do the link."""
        there = self.columns.people(self._able(_narrowed(DOERS[link], role), language), people)
        return there - self.alone(language) if link is Link.CLEARED and there else there

    def _able(self, roles: Iterable[Role], language: str | None) -> list[bool]:
        """For each profile of the columns, whether it acts in one of the roles and speaks the language."""
        wanted = {role.value for role in roles}
        return [bool(wanted & held) and speaks(spoken, language) for held, spoken in self.columns.profiles]

    def _by_supplies(self, link: Link, language: str | None, role: str | None) -> list[SpanSet]:
        fitting = [s for s in self.supplies if link in s.links and (not s.languages or speaks(s.languages, language))]
        return [self._working(supply, role) for supply in fitting]

    def _working(self, supply: Supply, role: str | None) -> SpanSet:
        if supply.kind is SupplyKind.CHANNEL:
            return SpanSet([supply.span])
        if supply.people:
            there = SpanSet(duty.span for duty in self.duties if supply.is_released_by(duty, role))
        else:
            may = {one for one in _narrowed(RELEASERS, role) if one.value in supply.releasers}
            there = self.columns.people(self._able(may, None))
        there &= SpanSet([supply.span])
        if supply.channel_kinds:
            there &= SpanSet(one.span for one in self.supplies if supply.is_carried_by(one))
        return there


def _narrowed(roles: frozenset[Role], role: str | None) -> frozenset[Role]:
    return frozenset(one for one in roles if role in (None, one.value))


def speaks(languages: Iterable[str], language: str | None) -> bool:
    """Whether one of the languages answers for the one asked: "ar-IQ" does for "ar", not the other way round."""
    if not language:
        return True
    sought = language.lower()
    return any(known.lower() == sought or known.lower().startswith(f"{sought}-") for known in languages)
