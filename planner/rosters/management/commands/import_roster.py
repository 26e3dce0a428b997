"""The operators' door to the roster: shifts, on-call duty and leave from a CSV file or an iCalendar file."""

import time
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from planner.journal.core.intake import Fault, Unreadable
from planner.journal.intake import Intake
from planner.journal.rejects import finish, refuse_file
from planner.people.core.refusals import Refused
from planner.rosters.calendars.bringing import bring, ensure_source
from planner.rosters.calendars.file import CalendarFile, is_calendar
from planner.rosters.calendars.rejects import write_rejects
from planner.rosters.core.calendar import Reading
from planner.rosters.importing import KNOWN, REQUIRED, read, take
from planner.rosters.services import ensure_team
from planner.wallclock import zone as zone_named


class Command(BaseCommand):
    help = (
        "Import shifts, on-call duty and leave from a CSV or iCalendar file. The same file twice changes nothing; a "
        "calendar that changed since changes the roster."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="CSV in UTF-8 (required columns: person, kind, start, end), or .ics")
        parser.add_argument("--team", default="Desk", help="the team whose roster this is (default: %(default)s)")
        parser.add_argument("--zone", default="", help="IANA zone of local times in rows that name no zone")
        parser.add_argument("--rejects", metavar="FILE", help="where refused rows go, with row, field and reason")
        parser.add_argument("--person", default="", help="iCalendar: whose calendar it is (name or e-mail address)")
        parser.add_argument(
            "--kind", default="", choices=["", "desk", "on_call", "leave"], help="iCalendar: of events that say no kind"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        doors = {"as_json": options["json"], "out": self.stdout, "err": self.stderr}
        now, added, duplicates = timezone.now(), 0, 0
        if is_calendar(options["file"]):
            return self._calendar(options, now, doors)
        try:
            zone = _zone(options["zone"])
            with Intake(
                options["file"], rejects=options["rejects"], kind="csv", progress=not options["json"]
            ) as intake:
                team = ensure_team(name=options["team"], zone=options["zone"] or settings.PLANNER_ZONE)
                for row in intake.rows(required=REQUIRED, known=KNOWN):
                    try:
                        is_new = take(read(row, zone=zone), team=team, now=now)
                    except Fault as fault:
                        intake.refuse(row, fault)
                    else:
                        added, duplicates = added + is_new, duplicates + (not is_new)
        except (Unreadable, Refused) as fault:
            refuse_file(Unreadable(str(fault)), **doors)
        finish(intake.outcome(added=added, duplicates=duplicates), **doors)

    def _calendar(self, options: dict[str, Any], now: datetime, doors: dict[str, Any]) -> None:
        began = time.monotonic()
        try:
            with CalendarFile(options["file"], progress=not options["json"]) as file:
                zone = _zone(options["zone"])
                reading = Reading(zone, options["person"].strip(), options["kind"])
                found = file.look_into(reading)
                team = ensure_team(name=options["team"], zone=options["zone"] or settings.PLANNER_ZONE)
                source = ensure_source(
                    name=found.name or file.path.stem,
                    key=found.key,
                    team=team,
                    person=reading.person,
                    kind=reading.kind,
                    zone=options["zone"],
                )
                brought = bring(found, source, reading, now=now, may_make_people=True, on_each=file.advance)
                if found.rejects and options["rejects"]:
                    write_rejects(options["rejects"], found, key=found.key or found.name or file.path.stem)
        except (Unreadable, Refused) as fault:
            refuse_file(Unreadable(str(fault)), **doors)
        kept = options["rejects"] if brought.rejects else None
        finish(brought.outcome(seconds=time.monotonic() - began, rejects_file=kept), **doors)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return zone_named(name) if name else None
    except ValueError as unknown:
        raise Unreadable(f"--zone: {unknown}") from unknown
