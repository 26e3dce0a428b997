"""The operators' door to the tempo: expected claims per hour."""

import json
from dataclasses import asdict
from datetime import timedelta
from itertools import groupby
from typing import Any, TextIO, cast

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.journal.documents import BAD_INPUT, DocumentCommand
from planner.tempo import calendars, selectors
from planner.tempo.arguments import SAID, add_parts, moment, part
from planner.tempo.core.rates import SEVERITY_WEIGHTS, Hour
from planner.tempo.core.scores import Scores
from planner.tempo.selectors import Forecast

LONGEST = 366


class Command(DocumentCommand):
    help = "Expected claims for each hour of the coming days, with the interval that holds 80 % of hours."
    empty = {"zone": "", "hours": [], "scores": {}}

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--days", type=int, default=7, help="how far ahead (default: %(default)s)")
        parser.add_argument(
            "--at", metavar="T", help=f"foretell from this moment, knowing only what came before: {SAID}"
        )
        add_parts(parser)
        parser.add_argument("--sightings", action="store_true", help="count distinct messages instead of claims")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        if not 1 <= options["days"] <= LONGEST:
            raise CommandError(f"--days must be 1 to {LONGEST}, not {options['days']}", returncode=BAD_INPUT)
        now = moment(options["at"], "--at", selectors.theatre()) or timezone.now()
        asked = asdict(part(options))
        end = now + timedelta(days=options["days"])
        found = calendars.forecast(now, end, now, **asked, sightings=options["sightings"], scored=True)
        if options["json"]:
            sightings = found if options["sightings"] else calendars.forecast(now, end, now, **asked, sightings=True)
            self.stdout.write(json.dumps(document(found, sightings), ensure_ascii=False))
        else:
            self._tell(found)

    def _tell(self, found: Forecast) -> None:
        zone = selectors.theatre()
        table = Table(title=f"Expected claims per hour, {found.zone}", title_justify="left")
        table.add_column("day")
        for column in ("a day", "22-04", "busiest hour", "expected", "80 % interval"):
            table.add_column(column, justify="right")
        for day, group in groupby(found.hours, key=lambda hour: hour.start.astimezone(zone).date()):
            hours = list(group)
            top = max(hours, key=lambda hour: hour.expected)
            local = top.start.astimezone(zone)
            night = sum(h.expected for h in hours if h.start.astimezone(zone).hour in (22, 23, 0, 1, 2, 3))
            figures = (f"{sum(h.expected for h in hours):.1f}", f"{night:.1f}", f"{local:%H:%M}")
            table.add_row(f"{day:%a %d %b %Y}", *figures, f"{top.expected:.2f}", f"{top.low:.3g} to {top.high:.3g}")
        console = Console(file=cast(TextIO, self.stdout), width=100)
        console.print(table)
        weights = ", ".join(f"{name} {weight:g}" for name, weight in SEVERITY_WEIGHTS.items())
        counted = f"Counted from {found.events:,} {found.basis}. " if found.events else ""
        console.print(f"{counted}Assumed weights: {weights}.", highlight=False)
        for note in found.notes:
            console.print(note, highlight=False)
        if found.scores:
            console.print(_judged(found.scores), highlight=False)


def _judged(said: Scores) -> str:
    """How good it was, in two sentences."""
    better = (
        f"{said.model - other:+.3f} against {name}"
        for name, other in (
            ("uniform", said.uniform),
            ("the raw histogram", said.histogram),
            ("last week repeated", said.last_week),
        )
    )
    return (
        f"Foretold from {said.origins} past moments ({said.events:,} events held out): {', '.join(better)} nats an "
        f"event; {said.inside:.0%} of hours inside the interval, {said.width:.1f} wide on average."
    )


def document(found: Forecast, sightings: Forecast) -> dict[str, Any]:
    """The JSON document of the command (INTERFACE.md); instants UTC. `sightings`: the same hours, messages counted."""
    return {
        "zone": found.zone,
        "hours": [_hour(hour) for hour in found.hours],
        "sightings": [_hour(hour) for hour in sightings.hours],
        "scores": asdict(found.scores) if found.scores else {},
        "basis": found.basis.value,
        "events": found.events,
        "notes": list(found.notes),
        "severity_weights": SEVERITY_WEIGHTS,
    }


def _hour(hour: Hour) -> dict[str, Any]:
    figures = {"expected": hour.expected, "low": hour.low, "high": hour.high}
    return {"start": hour.start.isoformat()} | {key: round(value, 6) for key, value in figures.items()}
