"""What a roster would have made of one claim: when it would have been seen, drafted, cleared, published, and by whom.

The rules (docs/decisions/0028 says why, and what lost):

* Links are done in order. Each begins at the first moment, not before the link before it is done, at which somebody on
  duty can do it; whoever has begun finishes, also past the end of the shift. People do several claims at once.
* At the desk a link takes its share of the desk's reaction time. Somebody on call must be woken first. The alarm goes
  out when the claim can first be seen by anybody on duty, to everybody on call who will be needed.
* Author and approver are two people; of all pairs the one that is through first. Drafter and approver speak the claim's
  language ("": any). A cleared line that somebody on watch may release takes the place of both, and of the drafting.
* A channel that works in the language publishes.

Every choice is the earliest, and no claim takes anybody from another: so one shift more never makes an answer later.
"""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from typing import NamedTuple

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import DOERS, RELEASERS, Supply, SupplyKind, Watch, speaks
from planner.rosters.core.duty import Duty
from planner.spans import Span

SHARES = {Link.SEEN: 1 / 6, Link.DRAFTED: 1 / 2, Link.CLEARED: 1 / 6, Link.PUBLISHED: 1 / 6}  # of the desk's reaction


@dataclass(frozen=True, slots=True)
class Pace:
    """How long each link takes once somebody has it in hand, and how long until somebody on call has."""

    seen: timedelta
    drafted: timedelta
    cleared: timedelta
    published: timedelta
    wake: timedelta

    @classmethod
    def of(cls, desk: timedelta, on_call: timedelta) -> "Pace":
        """From the whole reaction of the desk and of people on call; the difference is what waking takes."""
        seen, drafted, cleared, published = (desk * SHARES[link] for link in Link)
        return cls(seen, drafted, cleared, published, max(on_call - desk, timedelta(0)))

    def work(self, link: Link) -> timedelta:
        """How long the link takes."""
        return {
            Link.SEEN: self.seen,
            Link.DRAFTED: self.drafted,
            Link.CLEARED: self.cleared,
            Link.PUBLISHED: self.published,
        }[link]


@dataclass(frozen=True, slots=True)
class Broken:
    """A claim: when it broke (UTC), what it weighs by its severity, in which language it must be answered ("": any)."""

    key: str
    at: datetime
    weight: float = 1.0
    language: str = ""
    text: str = ""


class Page(NamedTuple):
    """Somebody on call was paged for a claim."""

    person_id: int
    name: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Step:
    """A link as it was done: reached this person at `reached`, begun at `began`, done at `done`.

    `kind` is desk, on_call, cleared_line or channel, `who` the name of the person or supply.
    """

    link: Link
    reached: datetime
    began: datetime
    done: datetime
    kind: str
    who: str
    page: Page | None = None


@dataclass(frozen=True)
class Answer:
    """What became of a claim: the links that were done, in order. All four: it was answered."""

    claim: Broken
    steps: tuple[Step, ...]

    @property
    def at(self) -> datetime | None:
        """When the first official word was out; None when nobody answered."""
        return self.steps[-1].done if len(self.steps) == len(Link) else None

    @property
    def wait(self) -> timedelta | None:
        """From the break to the first official word."""
        return self.at - self.claim.at if self.at else None

    @property
    def missing(self) -> Link | None:
        """The link for which nobody ever came."""
        return None if self.at else list(Link)[len(self.steps)]

    @property
    def longest(self) -> Link | None:
        """The link that was waited for longest; the missing one; None when no link was waited for."""
        if self.missing:
            return self.missing
        before = [self.claim.at, *(step.done for step in self.steps)]
        waits = [(step.began - ready, step.link) for step, ready in zip(self.steps, before, strict=False)]
        most = max(wait for wait, _ in waits)
        return next((link for wait, link in waits if wait == most), None) if most else None

    @property
    def pages(self) -> list[Page]:
        """Who was woken for it, each once."""
        return list(dict.fromkeys(step.page for step in self.steps if step.page))

    def lost(self, half_life: timedelta) -> float:
        """Audiences gone before the answer, times the weight; all of it without an answer."""
        return self.claim.weight * (1 - 2 ** -(self.wait / half_life) if self.wait is not None else 1.0)


class _Option(NamedTuple):
    """Somebody who could do a link: sorted by who is through first, then those who need not be woken."""

    done: datetime
    is_woken: bool
    who: str
    person_id: int
    reached: datetime
    began: datetime
    page: Page | None


@dataclass(frozen=True)
class _Shifts:
    """One person's duties in order of their start; `ends[i]` is the latest end among the first i + 1."""

    duties: list[Duty]
    ends: list[datetime]

    def first(self, ready: datetime, alarm: datetime | None, wake: timedelta, within: Span | None) -> _Option | None:
        """The earliest moment from `ready` on at which this person has the claim in hand (as an option of no work)."""
        best: _Option | None = None
        for duty in self.duties[bisect_right(self.ends, ready) :]:
            if best and duty.span.start > best.began:
                break
            reached = max(ready, duty.span.start, within.start if within else ready)
            if reached >= (min(duty.span.end, within.end) if within else duty.span.end):
                continue
            paged = max(alarm or reached, duty.span.start)
            began = reached if duty.is_desk else max(reached, paged + wake)
            page = None if duty.is_desk else Page(duty.person_id, duty.name, paged)
            found = _Option(began, not duty.is_desk, duty.name, duty.person_id, reached, began, page)
            best = min(best or found, found, key=_order)
        return best


def _order(option: _Option) -> tuple[datetime, bool, str, int, datetime]:
    return option.done, option.is_woken, option.who, option.person_id, option.reached


@dataclass
class Desk:
    """A roster and the supplies that stood, ready to be asked what would have become of a claim."""

    watch: Watch
    pace: Pace
    _known: dict[tuple[frozenset[str], str], list[_Shifts]] = field(default_factory=dict)

    def answer(self, claim: Broken) -> Answer:
        """What would have become of one claim."""
        seen = self._earliest(DOERS[Link.SEEN], "", claim.at, None, self.pace.seen)
        if seen is None:
            return Answer(claim, ())
        alarm = min(found.reached for found in self._each(DOERS[Link.SEEN], "", claim.at, None))
        first = _step(Link.SEEN, seen)
        written, released = self._written(claim, first.done, alarm), self._released(claim, first.done, alarm)
        ways = [way for way in (released, written) if len(way) == 2]
        steps = (first, *(min(ways, key=lambda way: way[1].done) if ways else written))
        if len(steps) < 3:
            return Answer(claim, steps)
        return Answer(claim, (*steps, *self._published(claim, steps[-1].done)))

    def _written(self, claim: Broken, ready: datetime, alarm: datetime) -> tuple[Step, ...]:
        """Drafted and cleared by two people; what there is of it."""
        work = self.pace.drafted
        authors = sorted(
            (_worked(found, work) for found in self._each(DOERS[Link.DRAFTED], claim.language, ready, alarm)),
            key=_order,
        )[:2]
        if not authors:
            return ()
        pairs = []
        for author in authors:
            for found in self._each(DOERS[Link.CLEARED], claim.language, author.done, alarm):
                if found.person_id != author.person_id:
                    pairs.append((_worked(found, self.pace.cleared), author))
        if not pairs:
            return (_step(Link.DRAFTED, authors[0]),)
        cleared, author = min(pairs, key=lambda pair: (*_order(pair[0]), *_order(pair[1])))
        return _step(Link.DRAFTED, author), _step(Link.CLEARED, cleared)

    def _released(self, claim: Broken, ready: datetime, alarm: datetime) -> tuple[Step, ...]:
        """The first cleared line that somebody could let out: no drafting, and the time of clearing."""
        options = [
            (found, line)
            for line in self._supplies(SupplyKind.CLEARED_LINE, {Link.DRAFTED, Link.CLEARED}, claim.language)
            for found in self._each(frozenset(RELEASERS), "", ready, alarm, line.span)
        ]
        if not options:
            return ()
        found, line = min(options, key=lambda pair: (*_order(pair[0]), pair[1].label))
        drafted = Step(Link.DRAFTED, found.reached, found.began, found.began, line.kind.value, line.label, found.page)
        return drafted, _step(Link.CLEARED, _worked(found, self.pace.cleared))

    def _published(self, claim: Broken, ready: datetime) -> tuple[Step, ...]:
        channels = self._supplies(SupplyKind.CHANNEL, {Link.PUBLISHED}, claim.language)
        open_ones = [(max(ready, one.span.start), one.label) for one in channels if one.span.end > ready]
        if not open_ones:
            return ()
        began, label = min(open_ones)
        return (Step(Link.PUBLISHED, began, began, began + self.pace.published, SupplyKind.CHANNEL.value, label),)

    def _earliest(
        self, roles: Iterable[str], language: str, ready: datetime, alarm: datetime | None, work: timedelta
    ) -> _Option | None:
        return min((_worked(one, work) for one in self._each(roles, language, ready, alarm)), key=_order, default=None)

    def _each(
        self, roles: Iterable[str], language: str, ready: datetime, alarm: datetime | None, within: Span | None = None
    ) -> list[_Option]:
        """Each person who can ever do it from `ready` on, with their earliest moment."""
        found = (one.first(ready, alarm, self.pace.wake, within) for one in self._people(frozenset(roles), language))
        return [one for one in found if one]

    def _people(self, roles: frozenset[str], language: str) -> list[_Shifts]:
        if (roles, language) not in self._known:
            theirs: dict[int, list[Duty]] = defaultdict(list)
            for duty in self.watch.duties:
                if roles & duty.roles and speaks(duty.languages, language):
                    theirs[duty.person_id].append(duty)
            self._known[roles, language] = [_shifts(duties) for duties in theirs.values()]
        return self._known[roles, language]

    def _supplies(self, kind: SupplyKind, links: set[Link], language: str) -> list[Supply]:
        return [
            one
            for one in self.watch.supplies
            if one.kind is kind and links <= one.links and (not one.languages or speaks(one.languages, language))
        ]


def _shifts(duties: list[Duty]) -> _Shifts:
    ordered = sorted(duties, key=lambda duty: duty.span)
    return _Shifts(ordered, list(accumulate((duty.span.end for duty in ordered), max)))


def _worked(option: _Option, work: timedelta) -> _Option:
    return option._replace(done=option.began + work)


def _step(link: Link, option: _Option) -> Step:
    kind = "on_call" if option.is_woken else "desk"
    return Step(link, option.reached, option.began, option.done, kind, option.who, option.page)
