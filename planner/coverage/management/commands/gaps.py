"""The operators' door to coverage: when nobody could answer, and what that will cost."""

import json
from datetime import datetime, timedelta
from typing import Any, TextIO, cast

from django.core.management.base import CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.coverage import assumed, selectors
from planner.coverage.core.loss import Stand
from planner.coverage.core.reasons import Reason
from planner.coverage.selectors import PricedGap, Reading
from planner.coverage.words import because, sentence, source
from planner.journal.documents import DocumentCommand
from planner.tempo.arguments import SAID, period
from planner.tempo.core.rates import SEVERITY_WEIGHTS
from planner.tempo.selectors import theatre

LONGEST = timedelta(days=5 * 366)


class Command(DocumentCommand):
    help = "Gaps in the chain, each with the claims expected in it and the audience lost. Exit 1 when any is open."
    empty = {"from": "", "to": "", "covered_share": 0.0, "weighted_covered_share": 0.0, "gaps": []}

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
    zone, reasons = theatre(), selectors.explained(found)
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
        missing = f"{', '.join(one.links)}: {because(reasons[one.gap])}"
        table.add_row(f"{start:%a %d %b %H:%M}", until, missing, *figures, accepted)
    console.print(table)
    weighted = found.weighted_covered_share
    console.print(f"Covered: {found.covered_share:.1%} of required time, {weighted:.1%} by audience.", highlight=False)
    lost = sum(one.cost.loss for one in found.open_gaps)
    console.print(f"Open gaps: {len(found.open_gaps)}, audiences lost: {lost:.2f}.", highlight=False)
    taken, known = found.assumptions, found.forecast
    counted = f" Claims are counted from {known.events:,} {known.basis}." if known.events else ""
    console.print(
        f"Half of an audience is gone after {_minutes(taken.half_life):g} min. Once the chain stands an answer takes "
        f"{_minutes(taken.desk):g} min at the desk ({_source('desk')}), "
        f"{_minutes(taken.on_call):g} min on call ({_source('on_call')}).{counted}",
        highlight=False,
    )
    if found.requirements_assumed:
        console.print("No requirement is set: every link, one person, always. Set them at /coverage/.", highlight=False)
    for note in found.forecast.notes:
        console.print(note, highlight=False)


def document(found: Reading) -> dict[str, Any]:
    """The JSON document of the command (INTERFACE.md); instants UTC, durations in minutes."""
    reasons = selectors.explained(found)
    return {
        "from": _instant(found.start),
        "to": _instant(found.end),
        "covered_share": round(found.covered_share, 6),
        "weighted_covered_share": round(found.weighted_covered_share, 6),
        "gaps": [_gap(one, reasons[one.gap]) for one in found.gaps],
        "assumptions": {
            "half_life": _minutes(found.assumptions.half_life),
            "half_lives": {kind: _minutes(length) for kind, length in found.assumptions.half_lives.items()},
            "reaction": _minutes(found.assumptions.desk),
            "reactions": {
                stand.value: {"minutes": _minutes(found.assumptions.reaction(stand)), "source": _source(stand.value)}
                for stand in Stand
            },
            "severity_weights": SEVERITY_WEIGHTS,
            "requirements_assumed": found.requirements_assumed,
        },
        "basis": found.forecast.basis.value,
        "notes": list(found.forecast.notes),
    }


def _gap(one: PricedGap, reasons: list[Reason]) -> dict[str, Any]:
    return {
        "start": _instant(one.gap.start),
        "end": _instant(one.gap.end),
        "minutes": _minutes(one.gap.end - one.gap.start),
        "missing": [link.value for link in one.links],
        "languages": sorted(one.gap.languages),
        "roles": sorted({need.role for need in one.gap.needs if need.role}),
        "why": [
            {"link": reason.link.value, "cause": reason.cause.value, "words": sentence(reason)} for reason in reasons
        ],
        "expected_claims": round(one.cost.expected, 6),
        "loss": round(one.cost.loss, 6),
        "half_lost": round(one.cost.half_lost, 6),
        "whole_again": _instant(one.cost.whole_again) if one.cost.whole_again else None,
        "stand": one.cost.stand.value if one.cost.stand else None,
        "reaction": _minutes(one.cost.reaction) if one.cost.reaction is not None else None,
        "half_life": _minutes(one.cost.half_life) if one.cost.half_life is not None else None,
        "accepted": one.accepted is not None,
        "reason": one.accepted.reason if one.accepted else None,
    }


def _source(key: str) -> str:
    """Where a reaction time comes from, as people say it."""
    return next(source(figure) for figure in assumed.figures() if figure.key == key)


def _instant(moment: datetime) -> str:
    return moment.isoformat()


def _minutes(length: timedelta) -> float:
    return round(length / timedelta(minutes=1), 3)
