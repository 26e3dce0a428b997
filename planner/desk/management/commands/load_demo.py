"""Fill an empty planner with the demonstration."""

import json
import os
from dataclasses import asdict
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from planner.desk import demo
from planner.people.models import User


class Command(BaseCommand):
    help = "Fill an empty planner with a simulated fortnight; leaves one that has people alone."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--receiver", required=True, help="base URL of the server that takes the demo's posts")

    def handle(self, *args: Any, **options: Any) -> None:
        now, receiver = timezone.now(), options["receiver"].rstrip("/")
        file = Path(settings.VAR_DIR) / "demo-people.json"
        if User.objects.exists():
            if not file.exists():
                raise CommandError(
                    "This planner holds data of its own, so the demonstration is not loaded into it. "
                    "Give the demonstration a folder of its own: PLANNER_VAR_DIR=var-demo make demo"
                )
            demo.readdress(receiver=receiver, now=now)
            return
        sign_ins = demo.load(now=now, zone=ZoneInfo(settings.PLANNER_ZONE), receiver=receiver, say=self.stdout.write)
        people = [asdict(one) for one in sign_ins]
        _write(file, json.dumps(people, ensure_ascii=False))
        width = max(len(one.username) for one in sign_ins)
        lines = [f"    {one.username:<{width}}  {one.password}   {one.name}: {one.roles}" for one in sign_ins]
        _write(Path(settings.VAR_DIR) / "demo-sign-ins.txt", "\n".join(lines) + "\n")


def _write(file: Path, text: str) -> None:
    """For its owner only: these are passwords, if only of a demonstration."""
    handle = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(handle, "w", encoding="utf-8") as stream:
        stream.write(text)
