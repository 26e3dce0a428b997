"""manage.py import_claims FILE: take claims in, with what became of them."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from planner.claims.services import import_claims
from planner.journal.core.intake import Unreadable
from planner.journal.intake import Intake
from planner.journal.rejects import finish, refuse_file
from planner.wallclock import zone


class Command(BaseCommand):
    help = "Import claims (CSV or JSONL; gzip too), answered, declined or open. Twice is once."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("file", help="the file; columns are in the README")
        parser.add_argument("--zone", help="the zone of local times in the file, like Asia/Baghdad")
        parser.add_argument(
            "--rejects", metavar="FILE", help="keep refused rows there, to be mended and imported again"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON document")

    def handle(self, *args: Any, **given: Any) -> None:
        quiet = given["json"]
        try:
            local = zone(given["zone"]) if given["zone"] else None
            with Intake(given["file"], rejects=given["rejects"], progress=not quiet) as intake:
                outcome = import_claims(intake, now=timezone.now(), zone=local)
        except (Unreadable, ValueError) as fault:
            refuse_file(fault, as_json=quiet, out=self.stdout, err=self.stderr)
        finish(outcome, as_json=quiet, out=self.stdout, err=self.stderr)
