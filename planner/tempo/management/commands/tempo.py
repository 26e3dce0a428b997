"""The operators' door to their habits: the share off-hours, working hours, hints at a zone, changes, known dates."""

import json
from dataclasses import asdict
from typing import Any, TextIO, cast

from django.core.management.base import CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.journal.documents import DocumentCommand
from planner.tempo import calendars, selectors, studies, words
from planner.tempo.arguments import SAID, add_parts, moment, part
from planner.tempo.calendars import Overlay
from planner.tempo.core.offhours import Share
from planner.tempo.studies import Habits, Study
from planner.tempo.words import Moved, clock, utc_offset


class Command(DocumentCommand):
    help = "Their habits against our staffing: the share posted off-hours, working hours, zone hints, change points."
    empty = {}

    def add_arguments(self, parser: CommandParser) -> None:
        add_parts(parser)
        parser.add_argument("--at", metavar="T", help=f"knowing only what came before this moment: {SAID}")
        parser.add_argument("--json", action="store_true", help="one JSON document instead of tables")

    def handle(self, *args: Any, **options: Any) -> None:
        asked = part(options)
        now = moment(options["at"], "--at", selectors.theatre()) or timezone.now()
        known, week = studies.evidence(now, asked), studies.coming_week(now)
        found, overlay = studies.study(known, now), calendars.overlay(week.start, week.end, known)
        if options["json"]:
            self.stdout.write(json.dumps(document(found, overlay), ensure_ascii=False))
        else:
            self._tell(found, overlay)

    def _tell(self, found: Study, overlay: Overlay) -> None:
        console = Console(file=cast(TextIO, self.stdout), width=110)
        for name, share in (
            ("posted while nobody is at the desk", found.off_desk),
            ("posted while nobody is even on call", found.unwatched),
            ("claims that broke while nobody is at the desk", found.claims_off_desk),
        ):
            if share:
                told = f"{share.share:.0%} ({share.low:.0%} to {share.high:.0%}) {name}; spread evenly {share.even:.0%}"
                console.print(told, highlight=False)
        if not found.off_desk:
            console.print("Nothing they posted is known yet: manage.py import_sightings FILE.")
        table = Table(title=f"Working hours, {selectors.theatre().key}", title_justify="left")
        for column in ("source", "posts", "hours", "start (95 %)", "end (95 %)", "hint, never a fact"):
            table.add_column(column)
        for one in (found.habits, *found.sources):
            table.add_row(*_row(one))
        console.print(table)
        for moved in words.changes(found):
            console.print(_changed(moved), highlight=False)
        for key, factor in overlay.learned.items():
            told = f"{key}: {factor.mean:.2f} × the usual ({factor.low:.2f} to {factor.high:.2f}), {factor.days} days"
            console.print(told, highlight=False)


def _row(one: Habits) -> list[str]:
    hours, hint = one.hours, one.hint
    arc = [f"{clock(hours.start)}–{clock(hours.end)}", *_ends(one)] if hours else ["too few posts", "–", "–"]
    candidates = ", ".join(f"{utc_offset(offset)} {chance:.0%}" for offset, chance in hint.candidates)
    return [one.name or "all", f"{one.events:,}", *arc, candidates or f"none: {hint.refusal}"]


def _ends(one: Habits) -> list[str]:
    hours = one.hours
    if hours is None:
        return []
    return [
        f"{clock(hours.start_low)}–{clock(hours.start_high)}",
        f"{clock(hours.end_low)}–{clock(hours.end_high)}",
    ]


def _changed(moved: Moved) -> str:
    change, whose = moved.change, moved.name or "all"
    if change.what == "hours":
        by = f"{change.later:+d} h" if change.later else "at other hours"
        what = f"moved {by}: {moved.before[0]:02}–{moved.before[1]:02} before, {moved.after[0]:02}–{moved.after[1]:02}"
    else:
        what = f"{change.rate_after:.1f} posts a day, {change.rate_before:.1f} before"
    return f"{change.day} ({change.first} to {change.last}) {whose}: {what}; chance {change.chance:.3f}"


def document(found: Study, overlay: Overlay) -> dict[str, Any]:
    """The JSON document of the command; hours of the day are 0 to 24 on the theatre's clocks, days are its dates."""
    return {
        "zone": selectors.theatre().key,
        "basis": found.basis.value,
        "staffing": "roster" if found.staffing.by_roster else "mon-fri 08:00-18:00",
        "off_desk": _share(found.off_desk),
        "unwatched": _share(found.unwatched),
        "claims_off_desk": _share(found.claims_off_desk),
        "habits": [_habits(one) for one in (found.habits, *found.sources)],
        "changes": [_change(moved) for moved in words.changes(found)],
        "dates": {key: asdict(factor) for key, factor in overlay.learned.items()},
        "fault": overlay.calendar.fault,
    }


def _share(share: Share | None) -> dict[str, float] | None:
    return asdict(share) if share else None


def _habits(one: Habits) -> dict[str, Any]:
    hint = one.hint
    return {
        "source": one.name,
        "posts": one.events,
        "working_hours": asdict(one.hours) | {"end": one.hours.end} if one.hours else None,
        "zone_hint": {
            "offsets": [{"hours": offset, "probability": chance} for offset, chance in hint.candidates],
            "weekend": hint.weekend,
            "refusal": hint.refusal,
        },
    }


def _change(moved: Moved) -> dict[str, Any]:
    told = asdict(moved.change)
    told |= {name: told[name].tolist() for name in ("before", "after")}
    told |= {name: told[name].isoformat() for name in ("day", "first", "last")}
    return {"source": moved.name, **told}
