"""The operators' door to the replay: what a roster would have answered of a past period, and when."""

import json
from datetime import datetime, timedelta
from typing import Any, TextIO, cast
from zoneinfo import ZoneInfo

from django.core.management.base import CommandParser
from django.utils import timezone
from rich.console import Console
from rich.table import Table

from planner.coverage.core.gaps import Requirement
from planner.coverage.core.links import Link
from planner.coverage.importing import KNOWN as REQUIREMENT_KNOWN
from planner.coverage.importing import REQUIRED as REQUIREMENT_REQUIRED
from planner.coverage.importing import read as read_requirement
from planner.journal.core.intake import Fault, Outcome, Unreadable
from planner.journal.documents import BAD_INPUT, DocumentCommand
from planner.journal.intake import Intake
from planner.planning import asking, replaying
from planner.planning.core.answering import Answer
from planner.planning.core.replay import WITHIN
from planner.planning.replaying import Report
from planner.planning.roster_calendars import drawn_calendar
from planner.planning.roster_files import Drawn, draw
from planner.rosters.calendars.file import is_calendar
from planner.rosters.core.calendar import Reading
from planner.tempo.arguments import SAID, period
from planner.tempo.core.rates import SEVERITY_WEIGHTS, Basis
from planner.tempo.selectors import theatre
from planner.wallclock import zone as zone_named

USUAL, LONGEST = timedelta(days=28), timedelta(days=2 * 366)
SHOWN = 40
EMPTY = {"claims": 0, "answered_within": dict.fromkeys(map(str, WITHIN), 0), "loss": 0.0, "hours": 0.0, "wake_ups": 0}


class Command(DocumentCommand):
    help = "What a roster would have answered of a past period, and when. Nothing is written. Exit 1 when a row is bad."
    empty = EMPTY

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--roster", metavar="FILE", required=True, help="CSV or .ics as import_roster takes it")
        parser.add_argument("--from", metavar="T", help=f"default: four weeks before --to. {SAID}")
        parser.add_argument("--to", metavar="T", help="default: now")
        parser.add_argument("--zone", default="", help="IANA zone of local times in rows that name no zone")
        parser.add_argument("--team", default="", help="the file stands in for this team; all others stay as they were")
        parser.add_argument("--requirements", metavar="FILE", help="measure by these; default: those that hold")
        parser.add_argument("--rejects", metavar="FILE", help="where refused rows go, with row, field and reason")
        parser.add_argument("--person", default="", help="iCalendar: whose calendar it is (name or e-mail address)")
        parser.add_argument(
            "--kind", default="", choices=["", "desk", "on_call", "leave"], help="iCalendar: of events that say no kind"
        )
        parser.add_argument("--json", action="store_true", help="one JSON document instead of a table")

    def handle(self, *args: Any, **options: Any) -> None:
        now = timezone.now()
        start, end = period(options, theatre(), start=now - USUAL, length=USUAL, longest=LONGEST)
        try:
            zone = _zone(options["zone"])
            drawn, outcome = _drawn(options, zone, start, end)
            asked, needs = _asked(options["requirements"])
        except Unreadable as fault:
            if options["json"]:
                self.refuse(str(fault))
            self.stderr.write(str(fault))
            raise SystemExit(BAD_INPUT) from None
        duties = drawn.duties
        if options["team"]:
            duties = duties + replaying.others_than(options["team"], drawn.people, start, end + replaying.LOOKAHEAD)
        found = replaying.report(duties, start, end, asked=asked, notes=[*outcome.notes, *_notes(drawn)])
        outcomes = [outcome, *needs]
        if options["json"]:
            self.stdout.write(json.dumps(document(found, outcomes), ensure_ascii=False))
        else:
            tell(found, outcomes, Console(file=cast(TextIO, self.stdout), width=120))
        if any(one.exit_code for one in outcomes):
            raise SystemExit(1)


def _zone(name: str) -> ZoneInfo | None:
    try:
        return zone_named(name) if name else None
    except ValueError as unknown:
        raise Unreadable(f"--zone: {unknown}") from unknown


def _drawn(options: dict[str, Any], zone: ZoneInfo | None, start: datetime, end: datetime) -> tuple[Drawn, Outcome]:
    if is_calendar(options["roster"]):
        return drawn_calendar(
            options["roster"],
            Reading(zone, options["person"].strip(), options["kind"]),
            start=start,
            end=end + replaying.LOOKAHEAD,
            rejects=options["rejects"],
            progress=not options["json"],
        )
    with Intake(options["roster"], rejects=options["rejects"], kind="csv") as intake:
        drawn = draw(intake, zone=zone, start=start, end=end + replaying.LOOKAHEAD)
    outcome = intake.outcome(added=drawn.taken, duplicates=drawn.repeated)
    if outcome.rows and not drawn.taken + drawn.repeated and outcome.rejected == outcome.rows:
        first = outcome.rejects[0]
        raise Unreadable(f"No row of the roster can be read. Row {first.row}, {first.field}: {first.reason}")
    return drawn, outcome


def _asked(path: str | None) -> tuple[list[Requirement] | None, list[Outcome]]:
    """The requirements of a file; None without one."""
    if not path:
        return None, []
    asked = []
    with Intake(path, kind="csv") as intake:
        for row in intake.rows(required=REQUIREMENT_REQUIRED, known=REQUIREMENT_KNOWN):
            try:
                line = read_requirement(row, zone=theatre())
            except Fault as fault:
                intake.refuse(row, fault)
            else:
                asked.append(
                    Requirement(Link(line.link), line.language or None, line.rule, line.people, line.role or None)
                )
    return asked, [intake.outcome(added=len(asked), duplicates=0)]


def _notes(drawn: Drawn) -> list[str]:
    if not drawn.roleless:
        return []
    return [f"No role is known of {', '.join(drawn.roleless)}: they could do nothing. Fill the column “roles”."]


def said(found: Report) -> list[str]:
    """What a reader must know to judge the figures."""
    lines = list(found.notes)
    if found.basis is not Basis.CLAIMS:
        have = (
            "floods stand for them, each of weight 1" if found.basis is Basis.FLOODS else "there are no floods either"
        )
        lines.append(f"No claim broke in this period; {have}.")
    if found.channel_assumed:
        lines.append("The register knows of no channel in this period: one that always works is assumed.")
    return lines


def document(found: Report, outcomes: list[Outcome]) -> dict[str, Any]:
    """The JSON document of the command (INTERFACE.md); instants UTC, durations in minutes, counts of claims."""
    made = found.found
    count = len(made.answers)
    rejected = [reject for outcome in outcomes for reject in outcome.document()["rejects"]]
    return {
        "from": found.start.isoformat(),
        "to": found.end.isoformat(),
        "claims": count,
        "basis": found.basis.value,
        "answered": made.answered,
        "unanswered": count - made.answered,
        "answered_within": {str(limit): number for limit, number in made.within.items()},
        "share_within": {
            str(limit): round(number / count, 6) if count else None for limit, number in made.within.items()
        },
        "loss": round(made.loss, 6),
        "hours": round(found.hours, 3),
        "desk_hours": round(found.hours_of(desk=True), 3),
        "on_call_hours": round(found.hours_of(desk=False), 3),
        "wake_ups": len(made.wakings),
        "nights": [
            {"person": one.name, "night": one.night.start.isoformat(), "wake_ups": one.wake_ups}
            for one in made.nights(found.zone)
        ],
        "truth": _truth(found),
        "required": found.required,
        "uncovered": found.uncovered,
        "each": [_claim(one) for one in made.answers],
        "assumptions": {
            "half_life": _minutes(found.found.half_life),
            "links": {link.value: _minutes(found.pace.work(link)) for link in Link},
            "wake": _minutes(found.pace.wake),
            "on_call_pay": asking.policy().on_call_pay / 100,
            "severity_weights": SEVERITY_WEIGHTS,
            "channel_assumed": found.channel_assumed,
        },
        "rows": outcomes[0].rows,
        "rejected": sum(outcome.rejected for outcome in outcomes),
        "rejects": rejected,
        "notes": said(found),
    }


def _truth(found: Report) -> dict[str, Any] | None:
    if found.basis is not Basis.CLAIMS:
        return None
    return {"answered": len(found.truth), "loss": round(found.true_loss, 6)}


def _claim(one: Answer) -> dict[str, Any]:
    return {
        "claim": one.claim.key,
        "broke": one.claim.at.isoformat(),
        "weight": one.claim.weight,
        "language": one.claim.language,
        "answered": one.at.isoformat() if one.at else None,
        "minutes": _minutes(one.wait) if one.wait is not None else None,
        "waited_for": one.longest.value if one.longest else None,
        "missing": one.missing.value if one.missing else None,
        "steps": [
            {"link": step.link.value, "by": step.who, "as": step.kind, "at": step.done.isoformat()}
            for step in one.steps
        ],
        "woken": [page.name for page in one.pages],
    }


def tell(found: Report, outcomes: list[Outcome], console: Console) -> None:
    """The table for people, in the theatre's zone: claims that waited longest first."""
    made, zone = found.found, found.zone
    table = Table(title=f"Had this roster stood, {zone.key}", title_justify="left")
    for column in ("broke", "weight", "answered after", "waited for", "seen by", "drafted by", "cleared by", "woken"):
        table.add_column(column)
    slowest = sorted(made.answers, key=lambda one: (one.wait is not None, -(one.wait or timedelta(0)), one.claim.at))
    for one in slowest[:SHOWN]:
        who = [step.who for step in one.steps[:3]] + ["–"] * (3 - len(one.steps[:3]))
        waited = f"{_minutes(one.wait):.0f} min" if one.wait is not None else "never"
        broke, woken = f"{one.claim.at.astimezone(zone):%a %d %b %H:%M}", ", ".join(page.name for page in one.pages)
        table.add_row(broke, f"{one.claim.weight:g}", waited, one.longest or "–", *who, woken)
    console.print(table)
    if len(slowest) > SHOWN:
        console.print(f"… and {len(slowest) - SHOWN} more that were answered sooner.", highlight=False)
    for line in _figures(found):
        console.print(line, highlight=False)
    for outcome in outcomes:
        for reject in outcome.rejects:
            console.print(f"Row {reject.row}, {reject.field}: “{reject.value}” {reject.reason}", highlight=False)
    for line in said(found):
        console.print(line, highlight=False)


def _figures(found: Report) -> list[str]:
    made, count = found.found, len(found.found.answers)
    desk, on_call = found.hours_of(desk=True), found.hours_of(desk=False)
    within = ", ".join(f"{number} within {limit} min" for limit, number in made.within.items())
    lines = [
        f"{count} claims: {within}; {count - made.answered} never.",
        f"Audiences lost: {made.loss:.2f} of {sum(one.claim.weight for one in made.answers):.2f}.",
        f"Paid hours: {found.hours:.1f} ({desk:.1f} desk, {on_call:.1f} on call at {asking.policy().on_call_pay} %).",
        f"Wake-ups: {len(made.wakings)}.",
        f"Assumed: half of an audience gone after {_minutes(found.found.half_life):g} min, {_pace(found)}.",
    ]
    if found.basis is Basis.CLAIMS:
        lines.insert(2, f"What truly was: {len(found.truth)} answered, {found.true_loss:.2f} audiences lost.")
    return lines


def _pace(found: Report) -> str:
    links = ", ".join(f"{link} in {_minutes(found.pace.work(link)):g}" for link in Link)
    return f"{links} min at the desk, {_minutes(found.pace.wake):g} min more to wake somebody"


def _minutes(length: timedelta) -> float:
    return round(length / timedelta(minutes=1), 3)
