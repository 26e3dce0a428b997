"""The operators' door to calendars at addresses: ask them now, and see what each said."""

import json
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone

from planner.rosters.calendars.polling import poll
from planner.rosters.calendars.sources import host, polled


class Command(BaseCommand):
    help = "Ask every calendar that is polled, now. Leaves with 1 when one could not be read."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        told = []
        for source in polled():
            now = timezone.now()
            asked = poll(source.pk, now=now)
            words = {"name": source.name, "team": source.team.name, "host": host(source.url)}
            if asked is None:
                told.append({**words, "ok": True, "result": "another hand asks it just now"})
            else:
                told.append({**words, "ok": not asked.last_error, "result": asked.last_result})
        if options["json"]:
            self.stdout.write(json.dumps({"calendars": told}, ensure_ascii=False))
        else:
            for line in told:
                self.stdout.write(f"{line['name']} ({line['host']}): {line['result']}")
            if not told:
                self.stdout.write("No calendar is polled: a roster manager adds one on the page “Calendars”.")
        if not all(line["ok"] for line in told):
            raise SystemExit(1)
