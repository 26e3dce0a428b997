"""The week's page as values: each person's line, each role's coverage, what can be cancelled or put back."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS, User
from planner.people.selectors import holding
from planner.rosters import selectors
from planner.rosters.core.duty import Duty
from planner.rosters.core.week import Bar, Coverage, bar, coverage, midnights, place
from planner.rosters.models import Leave, Shift
from planner.rosters.values import ACTING
from planner.rosters.words import span_of
from planner.spans import Span
from planner.wallclock import zone as zone_named

COVERED_ROLES = (Role.ANALYST, Role.OFFICER, Role.APPROVER, Role.DUTY)


@dataclass(frozen=True, slots=True)
class Item:
    """A shift or leave in a person's list. `kind`: desk, on_call or leave."""

    row: Shift | Leave
    kind: str
    span: Span
    is_cancelled: bool

    @property
    def series(self) -> object:
        """The rule that made a shift, while it still makes more; None otherwise."""
        rule = self.row.rule if isinstance(self.row, Shift) else None
        return rule if rule is not None and rule.ended_at is None else None


@dataclass(frozen=True, slots=True)
class Line:
    """One person's week. `own_days`: where days begin in their own zone, when it is another one; `hours` less leave."""

    person: User
    role_words: list[str]
    bars: list[Bar]
    own_days: list[float]
    items: list[Item]
    hours: int


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


def week(span: Span, *, zone: str, now: datetime) -> Week:
    """The roster of one week, for the theatre's zone."""
    duties = selectors.duties(span.start, span.end)
    items = _items(span)
    people = {item.row.person_id: item.row.person for found in items.values() for item in found}
    people |= {person.pk: person for person in holding(*ACTING)}
    lines = [_line(people[pk], found, duties, span, zone) for pk, found in items.items()]
    days = midnights(span, zone_named(zone))
    return Week(
        span=span,
        days=days,
        day_marks=[place(day, span) for day in days[1:]],
        now=place(now, span) if span.contains(now) else None,
        lines=sorted(lines, key=lambda line: str(line.person)),
        resting=sorted((person for pk, person in people.items() if pk not in items), key=str),
        roles=[RoleLine(str(ROLE_WORDS[role]), coverage(role.value, duties, span)) for role in COVERED_ROLES],
    )


def _items(span: Span) -> dict[int, list[Item]]:
    shifts = selectors.shifts_between(span.start, span.end).select_related("rule")
    cancelled_shifts, cancelled_leaves = selectors.cancelled_between(span.start, span.end)
    rows: Iterable[Shift | Leave] = (
        *shifts,
        *cancelled_shifts,
        *selectors.leaves_between(span.start, span.end),
        *cancelled_leaves,
    )
    found: dict[int, list[Item]] = {}
    for row in rows:
        item = Item(row, getattr(row, "kind", "leave"), span_of(row), row.cancelled_at is not None)
        if item.span.overlaps(span):
            found.setdefault(row.person_id, []).append(item)
    return {pk: sorted(items, key=lambda item: item.span) for pk, items in found.items()}


def _line(person: User, items: list[Item], duties: list[Duty], span: Span, zone: str) -> Line:
    kinds = [("cancelled" if item.is_cancelled else item.kind, item.span) for item in items]
    kinds.sort(key=lambda pair: pair[0] == "leave")  # leave is drawn over the shifts that it takes away
    own = ZoneInfo(person.zone)
    return Line(
        person=person,
        role_words=[str(ROLE_WORDS[role]) for role in Role if role in ACTING and role.value in person.roles],
        bars=[drawn for kind, found in kinds if (drawn := bar(found, kind, span))],
        own_days=[place(day, span) for day in midnights(span, own)] if person.zone != zone else [],
        items=items,
        hours=_hours(sum((duty.span.duration for duty in duties if duty.person_id == person.pk), timedelta())),
    )


def _hours(time: timedelta) -> int:
    return -(-time // timedelta(hours=1))
