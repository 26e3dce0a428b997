"""The week's page as values: each person's line with what they do and what comes to nothing, each role's coverage."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS, User
from planner.people.selectors import holding
from planner.rosters import selectors
from planner.rosters.core import fairness
from planner.rosters.core.duty import Duty
from planner.rosters.core.week import Bar, Coverage, bar, coverage, midnights, place
from planner.rosters.entries import Entry, of_duties, of_leave, without_effect
from planner.rosters.values import ACTING
from planner.spans import Span, SpanSet
from planner.wallclock import zone as zone_named

COVERED_ROLES = (Role.ANALYST, Role.OFFICER, Role.APPROVER, Role.DUTY)
AROUND = timedelta(days=8)  # so that a duty shows where it begins, not where the week does


@dataclass(frozen=True, slots=True)
class Line:
    """One person's week. `own_days`: where days begin in their own zone, when it is another one.

    `hours` on watch in the week, `nights` in the quarter so far and as planned.
    """

    person: User
    role_words: list[str]
    bars: list[Bar]
    own_days: list[float]
    entries: list[Entry]
    hours: int
    nights: int


@dataclass(frozen=True, slots=True)
class RoleLine:
    """One role's coverage and its name; `open_hours`: how long nobody can act in it, rounded up."""

    words: str
    coverage: Coverage

    @property
    def open_hours(self) -> int:
        return _hours(self.coverage.open_time)


@dataclass(frozen=True, slots=True)
class Week:
    """Everything the page shows. `days`: the instants at which the theatre's days begin; `now` on the axis or None."""

    span: Span
    days: list[datetime]
    day_marks: list[float]
    now: float | None
    lines: list[Line]
    resting: list[User]
    roles: list[RoleLine]
    nights: tuple[int, int] = field(default=(0, 0))  # the fewest and the most of anybody in the quarter


def week(span: Span, *, zone: str, now: datetime) -> Week:
    """The roster of one week, for the theatre's zone."""
    tz = zone_named(zone)
    around = selectors.duties(span.start - AROUND, span.end + AROUND)
    duties = [duty for duty in around if duty.span.overlaps(span)]
    entries = _entries(span, duties)
    people = {person.pk: person for person in holding(*ACTING)}
    people |= {entry.person.pk: entry.person for found in entries.values() for entry in found if entry.person}
    people |= {pk: User.objects.get(pk=pk) for pk in entries if pk not in people}
    nights = _nights(fairness.quarter(span.start.astimezone(tz).date(), tz), people)
    days = midnights(span, tz)
    lines = [_line(people[pk], found, nights.get(pk, 0), span, zone) for pk, found in entries.items()]
    return Week(
        span=span,
        days=days,
        day_marks=[place(day, span) for day in days[1:]],
        now=place(now, span) if span.contains(now) else None,
        lines=sorted(lines, key=lambda line: str(line.person)),
        resting=sorted((person for pk, person in people.items() if pk not in entries), key=str),
        roles=[RoleLine(str(ROLE_WORDS[role]), coverage(role.value, duties, span)) for role in COVERED_ROLES],
        nights=(min(nights.values(), default=0), max(nights.values(), default=0)),
    )


def _entries(span: Span, duties: Iterable[Duty]) -> dict[int, list[Entry]]:
    found: dict[int, list[Entry]] = {}
    duties = list(duties)
    for entry in (*of_duties(duties), *of_leave(span), *without_effect(span, duties)):
        found.setdefault(entry.person_id, []).append(entry)
    return {pk: sorted(entries, key=lambda entry: entry.span) for pk, entries in found.items()}


def _line(person: User, entries: list[Entry], nights: int, span: Span, zone: str) -> Line:
    kinds = [("cancelled" if entry.is_off else entry.kind, entry.span) for entry in entries]
    kinds.sort(key=lambda pair: pair[0] == "leave")  # leave is drawn over the shifts that it takes away
    working = SpanSet(entry.span for entry in entries if not entry.is_off and entry.kind != "leave")
    own = ZoneInfo(person.zone)
    return Line(
        person=person,
        role_words=[str(ROLE_WORDS[role]) for role in Role if role in ACTING and role.value in person.roles],
        bars=[drawn for kind, found in kinds if (drawn := bar(found, kind, span))],
        own_days=[place(day, span) for day in midnights(span, own)] if person.zone != zone else [],
        entries=entries,
        hours=_hours(working.clip(span.start, span.end).total()),
        nights=nights,
    )


def _nights(quarter: Span, people: dict[int, User]) -> dict[int, int]:
    theirs: dict[int, list[Duty]] = {pk: [] for pk in people}
    for duty in selectors.duties(quarter.start, quarter.end):
        theirs.setdefault(duty.person_id, []).append(duty)
    return {
        pk: fairness.nights(found, quarter, ZoneInfo(people[pk].zone)) for pk, found in theirs.items() if pk in people
    }


def _hours(time: timedelta) -> int:
    return -(-time // timedelta(hours=1))
