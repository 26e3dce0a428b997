"""manage.py readiness: the facts of the readiness page, for people and for programs."""

import json
from datetime import datetime
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.desk.forms import FURTHEST
from planner.desk.readiness import Readiness, tonight
from planner.desk.readiness.channels import Answering
from planner.desk.readiness.night import Uncovered
from planner.desk.readiness.people import OnDuty
from planner.desk.readiness.shelf import Standing
from planner.desk.readiness.words import REACH_WORDS, WHY_WORDS
from planner.people.models import ROLE_WORDS
from planner.spans import Span
from planner.tempo.arguments import BAD_INPUT, SAID, moment
from planner.tempo.selectors import theatre


class Command(BaseCommand):
    help = (
        "Is tonight ready? People, approvers, channels, lines, posts, reviews; what is wrong first. Exit 1 on findings."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--until", metavar="T", help=f"default: the next 08:00 in the theatre. {SAID}")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        until = moment(options["until"], "--until", theatre())
        if until is not None and not now < until <= now + FURTHEST:
            told = f"--until “{options['until']}”: expected a moment within the next {FURTHEST.days} days"
            raise CommandError(told, returncode=BAD_INPUT)
        ready = tonight(now, until)
        if options["json"]:
            self.stdout.write(json.dumps(document(ready), ensure_ascii=False))
        else:
            tell(ready, Console(file=cast(TextIO, self.stdout), width=120))
        if not ready.is_fine:
            raise SystemExit(1)


def document(ready: Readiness) -> dict[str, Any]:
    """The JSON document of the command; instants UTC."""
    return {
        "ok": ready.is_fine,
        "at": ready.now.isoformat(),
        "from": ready.start.isoformat(),
        "to": ready.end.isoformat(),
        "zone": theatre().key,
        "findings": [
            {"level": one.level, "detail": one.what, "mend": one.mend, "url": one.url} for one in ready.troubles
        ],
        "people": [_person(one) for one in ready.people],
        "roles": {
            one.role.value: [
                {"start": piece.start.isoformat(), "end": piece.end.isoformat(), "people": list(piece.people)}
                for piece in one.stretches
            ]
            for one in ready.roles
        },
        "gaps": [_gap(one) for one in ready.gaps],
        "channels": [_channel(one) for one in ready.channels],
        "lines": [_line(one) for one in ready.lines],
        "storylines": [
            {"narrative": one.narrative.name, "nights": one.nights, "covered": _spans(one.covered)}
            for one in ready.storylines
        ],
        "posts": [
            {"post": str(one.uuid), "channel": one.channel.name, "due_at": one.due_at.isoformat(), "state": one.state}
            for one in ready.posts
        ],
        "reviews": [
            {"draft": str(one.item.draft.uuid), "due_at": _iso(one.due_at), "overdue": one.is_past, "red": one.is_red}
            for one in ready.reviews
        ],
    }


def _gap(one: Uncovered) -> dict[str, Any]:
    return {
        "start": one.gap.gap.start.isoformat(),
        "end": one.gap.gap.end.isoformat(),
        "missing": [link.value for link in one.links],
        "accepted": one.gap.accepted is not None,
        "why": one.why,
    }


def _channel(one: Answering) -> dict[str, Any]:
    return {
        "channel": one.channel.name,
        "ready": one.is_ready,
        "held": one.channel.held_at is not None,
        "works": one.rehearsal.works if one.rehearsal else None,
        "rehearsed_at": _iso(one.rehearsal.checked_at if one.rehearsal else None),
        "credential_ends_at": _iso(one.ends_at),
    }


def _person(one: OnDuty) -> dict[str, Any]:
    return {
        "person": str(one.person),
        "username": one.person.username,
        "roles": one.roles,
        "reach": one.reach.value,
        "acknowledged_at": _iso(one.acknowledged_at),
        "duties": [
            {"kind": duty.kind.value, "start": duty.span.start.isoformat(), "end": duty.span.end.isoformat()}
            for duty in one.duties
        ],
    }


def _line(one: Standing) -> dict[str, Any]:
    line = one.shown.line
    return {
        "line": str(line.uuid),
        "narratives": [narrative.name for narrative in one.shown.scope.narratives],
        "language": line.approval.draft.language,
        "start": line.during.lower.isoformat(),
        "end": line.during.upper.isoformat(),
        "uses_left": one.shown.value.uses_left,
        "usable": _spans(one.usable),
        "channels": [channel.name for channel in one.channels],
        "short": [why.value for why in one.whys],
    }


def _spans(spans: Any) -> list[dict[str, str]]:
    return [{"start": span.start.isoformat(), "end": span.end.isoformat()} for span in spans]


def _iso(instant: datetime | None) -> str | None:
    return instant.isoformat() if instant else None


def tell(ready: Readiness, console: Console) -> None:
    """The tables for people, in the theatre's zone: what is wrong first."""
    zone = theatre()
    console.print(f"Tonight, {_wall(ready.start)} – {_wall(ready.end)} {zone.key}", highlight=False)
    for one in ready.troubles:
        console.print(f"{'MEND' if one.level == 'error' else 'LOOK'}  {one.what}\n      → {one.mend}", highlight=False)
    if ready.is_fine:
        console.print("Nothing is to be mended.", highlight=False)
    people = Table("person", "acts as", "reach", title="On duty", title_justify="left")
    for person in ready.people:
        acts = ", ".join(str(ROLE_WORDS[role]) for role in ROLE_WORDS if role.value in person.roles)
        people.add_row(str(person.person), acts, str(REACH_WORDS[person.reach]))
    approvers = Table("from – until", "approver, then deputies", title="Who approves", title_justify="left")
    for piece in ready.approvers:
        approvers.add_row(_said(Span(piece.start, piece.end)), ", ".join(piece.people) or "nobody")
    channels = Table("channel", "", title="Channels", title_justify="left")
    for channel in ready.channels:
        channels.add_row(channel.channel.name, "ready" if channel.is_ready else "MEND")
    lines = Table("line", "may go out", "", title="Cleared lines", title_justify="left")
    for line in ready.lines:
        pieces = ", ".join(map(_said, line.usable)) or "–"
        lines.add_row(str(line.shown.line.narrative), pieces, "; ".join(str(WHY_WORDS[why]) for why in line.whys))
    for table in (people, approvers, channels, lines):
        if table.row_count:
            console.print(table, highlight=False)


def _wall(instant: datetime) -> str:
    return f"{instant.astimezone(theatre()):%a %d %b %H:%M}"


def _said(span: Span) -> str:
    return f"{span.start.astimezone(theatre()):%H:%M}-{span.end.astimezone(theatre()):%H:%M}"
