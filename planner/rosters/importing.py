"""One row of a roster file: a shift, a shift that recurs, or leave, of a person who is made known on the way."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.intake import Fault, Row
from planner.people.core.refusals import Refused
from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.services import ensure_person
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import Recurrence
from planner.rosters.models import Team
from planner.rosters.rolling import add_rule
from planner.rosters.services import add_leave, add_shift
from planner.wallclock import zone as zone_named

REQUIRED = ("person", "kind", "start", "end")
KNOWN = ("email", "zone", "roles", "languages", "rule")
KINDS = (*(kind.value for kind in DutyKind), "leave")
LONGEST_CODE = 16  # characters, as people_user keeps them
LONGEST_SHIFT = timedelta(days=366)
# A roster says who acts on watch; who may read everything or manage accounts is decided elsewhere.
ROLES = (Role.ANALYST, Role.OFFICER, Role.APPROVER, Role.DUTY, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Line:
    """A row, read: everything checked that can be checked without the database. `zone` is the one of its wall times."""

    person: str
    email: str
    zone: ZoneInfo | None
    roles: list[str]
    languages: list[str]
    kind: str
    start: datetime
    end: datetime
    rule: str


def read(row: Row, *, zone: ZoneInfo | None) -> Line:
    """The row as values. `zone` reads local times where the row names no zone. Raises Fault with the field."""
    own = _zone(row) or zone
    line = Line(
        person=row.need("person", limit=150),
        email=_email(row),
        zone=own,
        roles=_roles(row),
        languages=_languages(row),
        kind=row.choice("kind", KINDS),
        start=row.need_instant("start", own),
        end=row.need_instant("end", own),
        rule=row.get("rule", limit=255),
    )
    if line.end <= line.start:
        raise Fault("end", row.get("end"), _("not after the start, which is %(start)s") % {"start": row.get("start")})
    if line.kind != "leave" and line.end - line.start > LONGEST_SHIFT:
        raise Fault("end", row.get("end"), "more than a year after the start: is the year right?")
    if line.rule and line.kind == "leave":
        raise Fault("rule", line.rule, _("leave does not recur: write one row for each stretch of leave"))
    if line.rule and own is None:
        raise Fault("zone", "", _("missing value: a rule is read in the person's wall time, so it needs their zone"))
    return line


@transaction.atomic
def take(line: Line, *, team: Team, now: datetime) -> bool:
    """Put the row on the roster; False when it was there already. Raises Fault; then nothing of the row is kept."""
    person = _person(line, team, now)
    try:
        if line.kind == "leave":
            return add_leave(person=person, start=line.start, end=line.end, now=now)[1]
        words: dict[str, Any] = {
            "person": person,
            "team": team,
            "kind": DutyKind(line.kind),
            "roles": line.roles,
            "now": now,
        }
        if line.rule and line.zone:
            return _taken_rule(line, line.zone, words)
        return add_shift(**words, start=line.start, end=line.end)[1]
    except Refused as refused:
        field = "rule" if line.rule else "start"
        raise Fault(field, line.rule or line.start.isoformat(), str(refused)) from refused


def _taken_rule(line: Line, zone: ZoneInfo, words: dict[str, Any]) -> bool:
    start, end = (moment.astimezone(zone).replace(tzinfo=None) for moment in (line.start, line.end))
    minutes = int((end - start).total_seconds() // 60)
    return add_rule(**words, recurrence=Recurrence(line.rule, start, minutes, zone.key))[1]


def _person(line: Line, team: Team, now: datetime) -> User:
    zone = line.zone.key if line.zone else team.zone
    try:
        return ensure_person(
            name=line.person, email=line.email, zone=zone, languages=line.languages, roles=line.roles, now=now
        )[0]
    except Refused as refused:
        raise Fault("person", line.person, str(refused)) from refused


def _zone(row: Row) -> ZoneInfo | None:
    name = row.get("zone", limit=64)
    try:
        return zone_named(name) if name else None
    except ValueError as unknown:
        raise Fault("zone", name, str(unknown)) from unknown


def _roles(row: Row) -> list[str]:
    roles = [role.lower() for role in row.items("roles")]
    for role in roles:
        if role not in set(ROLES):
            raise Fault(
                "roles", role, _("not a role on watch: expected some of %(known)s") % {"known": ";".join(ROLES)}
            )
    return roles


def _languages(row: Row) -> list[str]:
    codes = [code.lower() for code in row.items("languages")]
    if long := next((code for code in codes if len(code) > LONGEST_CODE), ""):
        raise Fault("languages", long, "not a language code: expected codes such as ar;en")
    return codes


def _email(row: Row) -> str:
    email = row.get("email", limit=254)
    local, at, host = email.rpartition("@")
    if email and not (local and at and "." in host and not any(c.isspace() for c in email)):
        raise Fault("email", email, _("not an e-mail address: expected one like layla@example.org"))
    return email
