"""manage.py doctor: is everything there that tonight needs, and if not, what to do."""

import json
from dataclasses import asdict
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.config.doctor import Finding, examine


class Command(BaseCommand):
    help = "Check database, broker, hands, clock, mail, credentials, and who is reachable tonight. Exit 1 on findings."
    requires_system_checks: list[str] = []  # a doctor must come to a patient who cannot get up

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        found = examine(timezone.now())
        if options["json"]:
            self.stdout.write(json.dumps(document(found), ensure_ascii=False))
        else:
            tell(found, Console(file=cast(TextIO, self.stdout), width=100))
        if not all(one.ok for one in found):
            raise SystemExit(1)


def document(found: list[Finding]) -> dict[str, Any]:
    """The JSON document of the command (INTERFACE.md)."""
    return {"ok": all(one.ok for one in found), "findings": [asdict(one) for one in found]}


def tell(found: list[Finding], console: Console) -> None:
    """The table for people: each finding, and under it how to mend it."""
    table = Table(title="What tonight needs", title_justify="left")
    for head in ("check", "", "found"):
        table.add_column(head)
    for one in found:
        table.add_row(one.check, "ok" if one.ok else "MEND", f"{one.detail}\n→ {one.mend}" if one.mend else one.detail)
    console.print(table, highlight=False)
    faults = sum(not one.ok for one in found)
    console.print("All is well." if not faults else f"{faults} of {len(found)} to mend.", highlight=False)
