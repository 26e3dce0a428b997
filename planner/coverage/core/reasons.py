"""Why a link is missing in a gap, from values alone: one sentence's worth for each cause, the longest cause first.

The gap is cut at every edge of a duty, an absence or a supply inside it; within a piece nothing changes, so each unmet
need has one set of causes there. The pieces of one cause are then added up.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import chain, pairwise
from typing import NamedTuple

from planner.coverage.core.gaps import Gap, Need
from planner.coverage.core.links import Link
from planner.coverage.core.staffing import DOERS, LINE_LINKS, Supply, SupplyKind, Watch, speaks
from planner.people.core.roles import Role
from planner.rosters.core.duty import Duty

RECENTLY = timedelta(days=2)  # a supply that ended longer ago explains nothing any more


class Cause(StrEnum):
    """What keeps a link from being done."""

    NOBODY = "nobody"  # nobody is rostered
    ON_LEAVE = "on_leave"  # who would do it is away
    OWN_WORDS = "own_words"  # the only drafter is the only approver
    OTHER_LANGUAGES = "other_languages"  # who could does not speak the language
    LACKS_ROLE = "lacks_role"  # people are there, none of them in the role
    TOO_FEW = "too_few"  # some do it, but not as many as are asked for
    NO_RELEASER = "no_releaser"  # a cleared line stands, and nobody may release it
    NO_CARRIER = "no_carrier"  # a cleared line stands, and no channel on which it may go out works
    LINE_EXPIRED = "line_expired"  # the cleared line has run out
    NO_CHANNEL = "no_channel"  # no channel ever worked
    CHANNEL_CLOSED = "channel_closed"  # held, or off the register


class Reason(NamedTuple):
    """One cause for one link. `names`: of people, a line or a channel. `at`: since when, where that says something.

    `how`: how a supply ended. `there`: how many there are, where that is too few. `lasts`: how long the cause holds.
    """

    link: Link
    cause: Cause
    names: tuple[str, ...] = ()
    language: str | None = None
    roles: tuple[str, ...] = ()
    at: datetime | None = None
    how: str = ""
    there: int = 0
    asked: int = 0
    lasts: timedelta = timedelta(0)


def reasons(gap: Gap, watch: Watch, absent: Sequence[Duty] = (), past: Sequence[Supply] = ()) -> list[Reason]:
    """Why each link of the gap is missing: in the order of the chain, for each link the longest cause first.

    `absent`: what leave took from the roster. `past`: supplies that have ended, with `closed_as`.
    """
    lasting: dict[Reason, timedelta] = defaultdict(timedelta)
    for start, end, duties, away in _pieces(gap, watch, absent):
        scene = _Scene(start, duties, away, watch.supplies, past)
        short = [need for need in sorted(gap.needs, key=str) if scene.there(need) < need.people]
        for reason in dict.fromkeys(chain.from_iterable(map(scene.causes, short))):
            lasting[reason] += end - start
    found = [reason._replace(lasts=lasts) for reason, lasts in lasting.items()]
    order = list(Link)
    return sorted(found, key=lambda one: (order.index(one.link), -one.lasts))


class _Scene(NamedTuple):
    """One piece of a gap: who is on duty, who would be but for leave, what supplies there are and were."""

    at: datetime
    duties: Sequence[Duty]
    away: Sequence[Duty]
    supplies: Sequence[Supply]
    past: Sequence[Supply]

    def there(self, need: Need) -> int:
        """How many people and supplies meet the need."""
        people = {duty.person_id for duty in self._doers(need, self.duties, need.language)}
        if need.link is Link.CLEARED and self._own_words(need.language):
            people = set()
        return len(people) + len(self._working(need))

    def causes(self, need: Need) -> Iterator[Reason]:
        """What keeps the need from being met, people first; never nothing."""
        if need.link is Link.PUBLISHED:
            yield self._channel(need)
            return
        if there := self.there(need):
            yield Reason(need.link, Cause.TOO_FEW, there=there, asked=need.people)
        else:
            yield from self._people(need)
        if away := _names(self._doers(need, self.away, need.language)):
            yield Reason(need.link, Cause.ON_LEAVE, away)
        yield from self._lines(need)

    def _people(self, need: Need) -> Iterator[Reason]:
        doers = self._doers(need, self.duties, None)
        if not self.duties:
            yield Reason(need.link, Cause.NOBODY)
        elif not doers:
            roles = tuple(sorted(_roles(need))) or tuple(filter(None, (need.role,)))
            yield Reason(need.link, Cause.LACKS_ROLE, _names(self.duties), roles=roles)
        elif need.link is Link.CLEARED and (only := self._own_words(need.language)):
            yield Reason(need.link, Cause.OWN_WORDS, (only,))
        else:
            yield Reason(need.link, Cause.OTHER_LANGUAGES, _names(doers), language=need.language)

    def _lines(self, need: Need) -> Iterator[Reason]:
        if need.link not in LINE_LINKS:
            return
        standing = [one for one in self._fitting(need, self.supplies) if one.span.contains(self.at)]
        if standing and not self._working(need):
            is_released = any(one.is_released_by(duty, need.role) for one in standing for duty in self.duties)
            cause = Cause.NO_CARRIER if is_released else Cause.NO_RELEASER
            yield Reason(need.link, cause, tuple(sorted({one.label for one in standing})))
        elif not standing and (ended := self._ended(need, (*self.supplies, *self.past))):
            yield Reason(need.link, Cause.LINE_EXPIRED, (ended.label,), at=ended.span.end, how=ended.closed_as)

    def _channel(self, need: Need) -> Reason:
        working = [one for one in self.supplies if need.link in one.links and one.span.contains(self.at)]
        if there := self.there(need):
            return Reason(need.link, Cause.TOO_FEW, there=there, asked=need.people)
        if working:
            names = tuple(sorted({one.label for one in working}))
            return Reason(need.link, Cause.OTHER_LANGUAGES, names, language=need.language)
        if ended := self._ended(need, (*self.supplies, *self.past)):
            return Reason(need.link, Cause.CHANNEL_CLOSED, (ended.label,), at=ended.span.end, how=ended.closed_as)
        return Reason(need.link, Cause.NO_CHANNEL)

    def _doers(self, need: Need, among: Sequence[Duty], language: str | None) -> list[Duty]:
        roles = _roles(need)
        return [duty for duty in among if roles & duty.roles and speaks(duty.languages, language)]

    def _own_words(self, language: str | None) -> str:
        """The name of the only drafter and approver there is; "" otherwise."""
        able = [duty for duty in self.duties if speaks(duty.languages, language)]
        held = {role: {duty.person_id for duty in able if role.value in duty.roles} for role in Role}
        officers, approvers = held[Role.OFFICER], held[Role.APPROVER]
        is_alone = len(officers | approvers) == 1 and officers == approvers
        return next(duty.name for duty in able if duty.person_id in approvers) if is_alone else ""

    def _working(self, need: Need) -> list[Supply]:
        fitting = [one for one in self._fitting(need, self.supplies) if one.span.contains(self.at)]
        return [one for one in fitting if one.kind is SupplyKind.CHANNEL or self._goes_out(one, need)]

    def _goes_out(self, line: Supply, need: Need) -> bool:
        """Whether somebody here may let a line out, on a channel of its scope that works."""
        carried = any(line.is_carried_by(one) and one.span.contains(self.at) for one in self.supplies)
        is_released = any(line.is_released_by(duty, need.role) for duty in self.duties)
        return is_released and (carried or not line.channel_kinds)

    def _fitting(self, need: Need, among: Iterable[Supply]) -> list[Supply]:
        return [
            one
            for one in among
            if need.link in one.links and (not one.languages or speaks(one.languages, need.language))
        ]

    def _ended(self, need: Need, among: Iterable[Supply]) -> Supply | None:
        """The supply that ended last before this piece, not long ago."""
        gone = [one for one in self._fitting(need, among) if self.at - RECENTLY < one.span.end <= self.at]
        return max(gone, key=lambda one: one.span.end, default=None)


def _roles(need: Need) -> set[str]:
    return {role.value for role in DOERS[need.link] if need.role in (None, role.value)}


def _names(duties: Iterable[Duty]) -> tuple[str, ...]:
    return tuple(sorted({duty.name for duty in duties}))


def _pieces(
    gap: Gap, watch: Watch, absent: Sequence[Duty]
) -> Iterator[tuple[datetime, datetime, list[Duty], list[Duty]]]:
    """(start, end, on duty, away) for each stretch of the gap in which nothing changes."""
    near = [duty for duty in watch.duties if duty.span.overlaps(gap.span)]
    away = [duty for duty in absent if duty.span.overlaps(gap.span)]
    inside = {
        moment
        for span in [one.span for one in (*near, *away)] + [supply.span for supply in watch.supplies]
        for moment in (span.start, span.end)
        if gap.start < moment < gap.end
    }
    for start, end in pairwise([gap.start, *sorted(inside), gap.end]):
        yield (
            start,
            end,
            [duty for duty in near if duty.span.contains(start)],
            [duty for duty in away if duty.span.contains(start)],
        )
