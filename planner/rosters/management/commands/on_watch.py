"""The operators' door to the roster: who can do what at an instant, and by what."""

import json
from datetime import datetime
from typing import Any, TextIO, cast

from django.conf import settings
from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.journal.core.intake import Fault, parse_instant
from planner.journal.documents import BAD_INPUT, DocumentCommand
from planner.people.selectors import by_id
from planner.rosters import selectors
from planner.rosters.core.duty import Duty
from planner.rosters.core.watch import able
from planner.rosters.words import VIA_WORDS, said
from planner.wallclock import zone as zone_named


class Command(DocumentCommand):
    help = "Who can do what at an instant, each with the reason. Exit 1 when nobody is on watch."
    empty = {"at": "", "zone": "", "people": []}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--at", metavar="T", help="ISO 8601; without an offset: theatre's wall time; default: now")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        at = _instant(options["at"]) if options["at"] else timezone.now()
        duties = selectors.on_watch(at)
        if options["json"]:
            self.stdout.write(json.dumps(document(at, duties), ensure_ascii=False))
        else:
            tell(at, duties, Console(file=cast(TextIO, self.stdout), width=120))
        if not duties:
            raise SystemExit(1)


def document(at: datetime, duties: list[Duty]) -> dict[str, Any]:
    """The JSON document of the command; instants UTC. `can`: usernames by role, the desk first."""
    people = by_id(duty.person_id for duty in duties)
    return {
        "at": at.isoformat(),
        "zone": settings.PLANNER_ZONE,
        "people": [
            {
                "person": duty.name,
                "username": people[duty.person_id].username,
                "kind": duty.kind.value,
                "roles": sorted(duty.roles),
                "languages": sorted(duty.languages),
                "start": duty.span.start.isoformat(),
                "end": duty.span.end.isoformat(),
                "via": duty.via.value,
                "source": duty.source,
            }
            for duty in duties
        ],
        "can": {role: [people[duty.person_id].username for duty in found] for role, found in able(duties).items()},
    }


def tell(at: datetime, duties: list[Duty], console: Console) -> None:
    """The table for people, in the theatre's zone."""
    zone = settings.PLANNER_ZONE
    local = at.astimezone(zone_named(zone))
    if not duties:
        console.print(f"Nobody is on watch {local:%a %d %b %Y %H:%M} {zone}.", highlight=False)
        return
    table = Table(title=f"On watch {local:%a %d %b %Y %H:%M} {zone}", title_justify="left")
    for column in ("person", "kind", "acts as", "languages", "from – until", "by"):
        table.add_column(column)
    for duty in duties:
        acts, speaks = ", ".join(sorted(duty.roles)), ", ".join(sorted(duty.languages))
        table.add_row(duty.name, duty.kind.value, acts, speaks, said(duty.span, zone), str(VIA_WORDS[duty.via]))
    console.print(table)


def _instant(text: str) -> datetime:
    try:
        return parse_instant(text, zone_named(settings.PLANNER_ZONE), field_name="--at")
    except Fault as fault:
        raise CommandError(f"--at “{text}”: {fault}", returncode=BAD_INPUT) from None
