"""The operators' door to requirements: a CSV file of what must be covered, when."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from planner.coverage.importing import KNOWN, REQUIRED, read, take
from planner.journal.core.intake import Fault, Unreadable
from planner.journal.intake import Intake
from planner.journal.rejects import finish, refuse_file
from planner.wallclock import zone as zone_named


class Command(BaseCommand):
    help = (
        "Import requirements (link, language, role, days, from, to, zone, people). The same file twice changes nothing."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="CSV in UTF-8; required columns: link, days, from, to")
        parser.add_argument("--zone", default="", help="IANA zone of rows that name none (default: the theatre's)")
        parser.add_argument("--rejects", metavar="FILE", help="where refused rows go, with row, field and reason")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        doors = {"as_json": options["json"], "out": self.stdout, "err": self.stderr}
        now, added, duplicates = timezone.now(), 0, 0
        try:
            zone = zone_named(options["zone"] or settings.PLANNER_ZONE)
            with Intake(
                options["file"], rejects=options["rejects"], kind="csv", progress=not options["json"]
            ) as intake:
                for row in intake.rows(required=REQUIRED, known=KNOWN):
                    try:
                        is_new = take(read(row, zone=zone), now=now)
                    except Fault as fault:
                        intake.refuse(row, fault)
                    else:
                        added, duplicates = added + is_new, duplicates + (not is_new)
        except (Unreadable, ValueError) as fault:
            refuse_file(Unreadable(str(fault)), **doors)
        finish(intake.outcome(added=added, duplicates=duplicates), **doors)
