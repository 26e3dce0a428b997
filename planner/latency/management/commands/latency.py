"""The operators' door to latency: how fast we were, with the claims nobody answered still counted."""

import json
from datetime import timedelta
from typing import Any, TextIO, cast

from django.core.management.base import CommandError, CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.journal.documents import BAD_INPUT, DocumentCommand
from planner.latency import selectors
from planner.latency.core.survival import WITHIN, Summary
from planner.latency.selectors import GROUPINGS, Figures, Group, Report
from planner.tempo.arguments import SAID, period
from planner.tempo.selectors import theatre

USUAL = timedelta(days=28)
EMPTY: dict[str, Any] = {
    **dict.fromkeys(("claims", "answered", "declined", "open"), 0),
    **dict.fromkeys(("median", "p90")),
    "within": {},
    "groups": [],
}


class Command(DocumentCommand):
    help = "Censored statistics of the claims that broke in a period: a claim nobody answered stays in."
    empty = EMPTY

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--from", metavar="T", help=f"default: 28 days before --to. {SAID}")
        parser.add_argument("--to", metavar="T", help="default: now")
        parser.add_argument("--by", default="off_hours", help=f"groupings, with commas: {', '.join(GROUPINGS)}")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        if not options["to"]:
            options["to"] = now.isoformat()
        start, end = period(options, theatre(), start=now, length=USUAL)
        by = [name.strip() for name in options["by"].split(",") if name.strip()]
        try:
            found = selectors.report(start, end, now, by=by)
        except ValueError as unknown:
            raise CommandError(f"--by: {unknown}", returncode=BAD_INPUT) from None
        if options["json"]:
            self.stdout.write(json.dumps(document(found), ensure_ascii=False))
        else:
            tell(found, Console(file=cast(TextIO, self.stdout), width=120))


def tell(found: Report, console: Console) -> None:
    """The table for people."""
    zone = theatre()
    dates = " to ".join(f"{moment.astimezone(zone):%d %b %Y %H:%M}" for moment in (found.start, found.end))
    table = Table(title=f"Latency of claims that broke {dates}, {zone.key}", title_justify="left")
    table.add_column("claims", no_wrap=True, overflow="ellipsis")
    heads = ("number", "answered", "declined", "open", "median", "p90", *(f"≤{limit}′" for limit in WITHIN))
    for head in heads:
        table.add_column(head, justify="right")
    table.add_row("all", *_cells(found.figures))
    for group in found.groups:
        table.add_row(_name(group), *_cells(group.figures))
    console.print(table)
    decided = found.decided.within[selectors.DECIDED_LIMIT]
    console.print(
        f"Answered or declined within 4 h: {_share(decided)} (target {selectors.DECIDED_TARGET:.0%}). "
        "A dash: too many are still open to know.",
        highlight=False,
    )
    source = "as rostered" if found.hours_by_roster else "Monday to Friday 08:00-18:00 where the roster says nothing"
    console.print(f"Office hours: {source}.", highlight=False)


def document(found: Report) -> dict[str, Any]:
    """The JSON document of the command (INTERFACE.md); instants UTC, durations in minutes, unknown figures null."""
    return {
        "from": found.start.isoformat(),
        "to": found.end.isoformat(),
        **_figures(found.figures),
        "answered_or_declined_within": _within(found.decided),
        "groups": [{"by": group.by, "value": group.value, **_figures(group.figures)} for group in found.groups],
        "stages": [{"step": stage.step, "median": stage.median, "claims": stage.count} for stage in found.stages],
        "office_hours": "roster" if found.hours_by_roster else "convention",
    }


def _figures(of: Figures) -> dict[str, Any]:
    return {
        "claims": of.claims,
        "answered": of.answered,
        "declined": of.declined,
        "open": of.open,
        "median": _rounded(of.latency.median),
        "p90": _rounded(of.latency.p90),
        "within": _within(of.latency),
    }


def _within(of: Summary) -> dict[str, float | None]:
    return {str(limit): _rounded(share, 6) for limit, share in of.within.items()}


def _rounded(value: float | None, digits: int = 3) -> float | None:
    return None if value is None else round(value, digits)


def _name(group: Group) -> str:
    value = group.value or "none"
    return value.replace("_", " ") if group.by in {"off_hours", "night"} else f"{group.by} {value}"


def _cells(of: Figures) -> list[str]:
    counts = [str(number) for number in (of.claims, of.answered, of.declined, of.open)]
    return [*counts, _minutes(of.latency.median), _minutes(of.latency.p90), *map(_share, of.latency.within.values())]


def _minutes(value: float | None) -> str:
    return "–" if value is None else f"{value:.0f} min"


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
