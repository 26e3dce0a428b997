"""The demonstration's house: people who can sign in, their roster, the narratives, the channels."""

import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.contrib.auth.hashers import make_password

from planner.claims.core.words import SourceKind
from planner.claims.models import Source
from planner.desk.core.scenario import roster_rows
from planner.desk.core.scenario_texts import MEDIA, STORYLINES, TEAM
from planner.narratives.models import Narrative
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS, User
from planner.people.services import ensure_person
from planner.publishing.models import Channel
from planner.publishing.services import register_channel
from planner.rosters.importing import Line, take
from planner.rosters.services import ensure_team

CHANNELS = (
    ("Riverland newsroom (simulated)", "/newsroom", "Head of the press office"),
    ("Night wire (simulated)", "/wire", "Duty officer"),
)


@dataclass(frozen=True)
class SignIn:
    """How to enter the demonstration as somebody."""

    name: str
    username: str
    password: str
    roles: str


def people(*, now: datetime, zone: ZoneInfo) -> list[SignIn]:
    """Make the team, with one password drawn for this copy of the demonstration."""
    sign_ins = []
    password = f"{secrets.token_hex(3)}-{secrets.token_hex(3)}"
    hashed = make_password(password)  # slow on purpose, so once
    for member in TEAM:
        person, _new = ensure_person(
            name=f"{member.first} {member.last}",
            email=f"{member.username}@riverland.example",
            username=member.username,
            zone=zone.key,
            languages=member.languages,
            roles=member.roles,
            now=now,
        )
        person.password = hashed
        person.save(update_fields=["password"])
        roles = ", ".join(str(ROLE_WORDS[Role(role)]) for role in member.roles)
        sign_ins.append(SignIn(str(person), person.username, password, roles))
    return sign_ins


def roster(*, now: datetime, zone: ZoneInfo) -> None:
    """Put the team on its roster: a desk by day, on-call in the evening, nobody to clear after half past midnight."""
    team = ensure_team(name="Riverland desk", zone=zone.key)
    for row in roster_rows(now, zone):
        line = Line(
            person=row["person"],
            email=row["email"],
            zone=zone,
            roles=row["roles"].split(";"),
            languages=row["languages"].split(";"),
            kind=row["kind"],
            start=datetime.fromisoformat(row["start"]).replace(tzinfo=zone),
            end=datetime.fromisoformat(row["end"]).replace(tzinfo=zone),
            rule=row["rule"],
        )
        take(line, team=team, now=now)


def narratives() -> dict[str, Narrative]:
    """The storylines by name."""
    return {
        story.name: Narrative.objects.create(
            name=story.name, summary=story.summary, phrases=[text for _language, text in story.said][:3]
        )
        for story in STORYLINES
    }


def outlets() -> list[Source]:
    """The outlets whose pick-ups are noted."""
    return [Source.objects.create(name=name, kind=SourceKind.MEDIA.value) for name in MEDIA]


def channels(*, receiver: str, organisation: str, now: datetime) -> list[Channel]:
    """Two official channels; what they are sent arrives at the demonstration's own receiver."""
    return [
        register_channel(
            name=name,
            kind="webhook",
            owner=owner,
            attribution=organisation,
            address=receiver + path,
            secret=secrets.token_urlsafe(24),
            languages=["ar", "en"],
            options={"takes_pictures": True},
            now=now - timedelta(days=30),
            by=None,
        )
        for name, path, owner in CHANNELS
    ]


def person(username: str) -> User:
    """One of the team."""
    return User.objects.get(username=username)
