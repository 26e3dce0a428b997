"""The operators' door to coverage: when nobody could answer, and what that will cost."""

import json
from datetime import datetime, timedelta
from typing import Any, TextIO, cast

from django.core.management.base import BaseCommand, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.coverage import selectors
from planner.coverage.selectors import PricedGap, Reading
from planner.coverage.words import why
from planner.tempo.arguments import SAID, period
from planner.tempo.core.rates import SEVERITY_WEIGHTS
from planner.tempo.selectors import theatre

LONGEST = timedelta(days=5 * 366)


class Command(BaseCommand):
    help = "Gaps in the chain, each with the claims expected in it and the audience lost. Exit 1 when any is open."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", metavar="T", help=f"default: now. {SAID}")
        parser.add_argument("--to", metavar="T", help="default: seven days later")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        start, end = period(options, theatre(), start=now, length=timedelta(days=7), longest=LONGEST)
        found = selectors.reading(start, end, now)
        if options["json"]:
            self.stdout.write(json.dumps(document(found), ensure_ascii=False))
        else:
            tell(found, Console(file=cast(TextIO, self.stdout), width=120))
        if found.open_gaps:
            raise SystemExit(1)


def tell(found: Reading, console: Console) -> None:
    """The table for people, in the theatre's zone, in order of time."""
    zone = theatre()
    table = Table(title=f"Gaps, {zone.key}", title_justify="left")
    table.add_column("from")
    table.add_column("to")
    table.add_column("missing")
    for column in ("claims", "loss"):
        table.add_column(column, justify="right")
    table.add_column("accepted")
    for one in found.gaps:
        start, end = one.gap.start.astimezone(zone), one.gap.end.astimezone(zone)
        until = f"{end:%H:%M}" if end.date() == start.date() else f"{end:%a %d %b %H:%M}"
        figures = (f"{one.cost.expected:.2f}", f"{one.cost.loss:.2f}")
        accepted = f"{one.accepted.owner}: {one.accepted.reason}" if one.accepted else ""
        missing = ", ".join(one.links) if len(one.links) > 1 else why(one.links)
        table.add_row(f"{start:%a %d %b %H:%M}", until, missing, *figures, accepted)
    console.print(table)
    weighted = found.weighted_covered_share
    console.print(f"Covered: {found.covered_share:.1%} of required time, {weighted:.1%} by audience.", highlight=False)
    lost = sum(one.cost.loss for one in found.open_gaps)
    console.print(f"Open gaps: {len(found.open_gaps)}, audiences lost: {lost:.2f}.", highlight=False)
    assumed, known = found.assumptions, found.forecast
    counted = f" Claims are counted from {known.events:,} {known.basis}." if known.events else ""
    console.print(
        f"Assumed: half of an audience gone after {_minutes(assumed.half_life):g} min, and "
        f"{_minutes(assumed.reaction):g} min to answer once the chain stands.{counted}",
        highlight=False,
    )
    if found.requirements_assumed:
        console.print("No requirement is set: every link, one person, always. Set them at /coverage/.", highlight=False)
    for note in found.forecast.notes:
        console.print(note, highlight=False)


def document(found: Reading) -> dict[str, Any]:
    """The JSON document of the command (INTERFACE.md); instants UTC, durations in minutes."""
    return {
        "from": _instant(found.start),
        "to": _instant(found.end),
        "covered_share": round(found.covered_share, 6),
        "weighted_covered_share": round(found.weighted_covered_share, 6),
        "gaps": [_gap(one) for one in found.gaps],
        "assumptions": {
            "half_life": _minutes(found.assumptions.half_life),
            "reaction": _minutes(found.assumptions.reaction),
            "severity_weights": SEVERITY_WEIGHTS,
            "requirements_assumed": found.requirements_assumed,
        },
        "basis": found.forecast.basis.value,
        "notes": list(found.forecast.notes),
    }


def _gap(one: PricedGap) -> dict[str, Any]:
    return {
        "start": _instant(one.gap.start),
        "end": _instant(one.gap.end),
        "minutes": _minutes(one.gap.end - one.gap.start),
        "missing": [link.value for link in one.links],
        "languages": sorted(one.gap.languages),
        "expected_claims": round(one.cost.expected, 6),
        "loss": round(one.cost.loss, 6),
        "half_lost": round(one.cost.half_lost, 6),
        "whole_again": _instant(one.cost.whole_again) if one.cost.whole_again else None,
        "accepted": one.accepted is not None,
        "reason": one.accepted.reason if one.accepted else None,
    }


def _instant(moment: datetime) -> str:
    return moment.isoformat()


def _minutes(length: timedelta) -> float:
    return round(length / timedelta(minutes=1), 3)
