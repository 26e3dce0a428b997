"""One row of a requirements file: link, language, role, days, from, to, zone, people."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from planner.coverage.core.links import LINKS, Link
from planner.coverage.core.staffing import roles_for
from planner.coverage.services import CoverageRefused, set_requirement
from planner.journal.core.intake import Fault, Row
from planner.wallclock import WeeklyRule, parse_days, parse_time
from planner.wallclock import zone as zone_named

REQUIRED = ("link", "days", "from", "to")
KNOWN = ("language", "role", "zone", "people")
MOST = 500
Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Line:
    """A row, read."""

    link: str
    language: str
    rule: WeeklyRule
    people: int
    role: str


def read(row: Row, *, zone: ZoneInfo) -> Line:
    """The row as values; `zone` where the row names none. Raises Fault with the field."""
    return Line(
        link=row.choice("link", tuple(LINKS)),
        language=row.get("language", limit=16).lower(),
        rule=_rule(row, zone),
        people=_people(row),
        role=_role(row),
    )


def take(line: Line, *, now: datetime) -> bool:
    """Ask for it; False when it was asked for already. Raises Fault."""
    try:
        return set_requirement(
            link=line.link, language=line.language, role=line.role, rule=line.rule, people=line.people, now=now
        )[1]
    except CoverageRefused as refused:
        raise Fault("", line.link, str(refused)) from refused


def _rule(row: Row, zone: ZoneInfo) -> WeeklyRule:
    days = _read(row, "days", parse_days)
    start, end = _read(row, "from", parse_time), _read(row, "to", parse_time)
    named = _read(row, "zone", zone_named) if row.get("zone") else zone
    if start == 1440:
        raise Fault("from", row.get("from"), _("a day starts at 00:00: write that, or the time before midnight"))
    if start == end:
        raise Fault("to", row.get("to"), _("the same as “from”: for the whole day write 00:00 to 24:00"))
    return WeeklyRule(days, start, end, named.key)


def _read(row: Row, name: str, parse: Callable[[str], Value]) -> Value:
    value = row.need(name)
    try:
        return parse(value)
    except ValueError as fault:
        raise Fault(name, value, str(fault)) from None


def _role(row: Row) -> str:
    """The role, "" for none; one that does not do the row's link is refused here, where the field is known."""
    fitting = sorted(roles_for(Link(row.choice("link", tuple(LINKS)))))
    if not row.get("role"):
        return ""
    if not fitting:
        raise Fault("role", row.get("role"), _("“published” asks for a channel, not for a role: leave it empty"))
    return row.choice("role", tuple(role.value for role in fitting))


def _people(row: Row) -> int:
    value = row.get("people") or "1"
    if not value.isascii() or not value.isdigit() or not 1 <= int(value) <= MOST:
        raise Fault("people", value, _("expected a whole number from 1 to %(most)s") % {"most": MOST})
    return int(value)
