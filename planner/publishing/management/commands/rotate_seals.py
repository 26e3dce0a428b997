"""manage.py rotate_seals: put every channel's secret under the newest key."""

import json
from dataclasses import asdict
from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from planner.publishing.adapters.seal import CannotOpen, seal
from planner.publishing.services import rotate_seals


class Command(BaseCommand):
    help = "Seal every channel's secret with the first key of PLANNER_SEAL_KEYS. Exit 1 when one cannot be opened."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--json", action="store_true", help="one JSON document instead of sentences")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            seal("the keys themselves are tried first")
        except CannotOpen as fault:
            self.stderr.write(str(fault))
            raise SystemExit(2) from fault
        rotation = rotate_seals()
        if options["json"]:
            self.stdout.write(json.dumps(asdict(rotation), ensure_ascii=False))
        else:
            self.stdout.write(f"{rotation.resealed} secrets are now under the newest key.")
            for name in rotation.unopened:
                self.stdout.write(f"No key opens the secret of {name}: add its key to the list, or enter it again.")
        if rotation.unopened:
            raise SystemExit(1)
