"""The replay page: had this roster stood last month, what would have been answered, and when?"""

import tempfile
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planner.coverage.core.links import Link
from planner.coverage.models import LINK_WORDS
from planner.journal.core.intake import Fault, Outcome, Unreadable, parse_instant
from planner.journal.intake import Intake
from planner.planning import asking, replaying, selectors
from planner.planning.core.answering import Answer
from planner.planning.core.curves import Curve, curve
from planner.planning.core.pattern import repeat
from planner.planning.core.replay import WITHIN
from planner.planning.replaying import Report
from planner.planning.roster_calendars import drawn_calendar
from planner.planning.roster_files import draw
from planner.rosters import selectors as rosters
from planner.rosters.calendars.file import is_calendar
from planner.rosters.core.calendar import Reading
from planner.rosters.core.duty import Duty
from planner.rosters.core.week import week_of
from planner.tempo.core.rates import Basis
from planner.tempo.selectors import theatre

USUAL, LONGEST = timedelta(days=28), timedelta(days=366)
YEARS = range(1971, 2100)
PERIODS = (7, 28, 90)
OFFERED = 3  # of the newest plans
PRESENT, STOOD, FILE = "present", "stood", "file"
LARGEST = 2_000_000  # bytes; a year of 200 people is far smaller
SHOWN = 12  # of the claims, before the others are unfolded


@dataclass(frozen=True)
class Chosen:
    """The roster that is tried, from where, and what the reading of its file said."""

    roster: str
    duties: Sequence[Duty]
    outcome: Outcome | None = None
    fault: str = ""


@dataclass(frozen=True)
class Row:
    """One claim of the list: what would have been, and what was. `url_key`: None where there is no page of it."""

    answer: Answer
    really: timedelta | None
    url_key: str | None
    waited_for: str
    who: str


@dataclass(frozen=True)
class Woken:
    """How often one person would have been woken, in how many nights, and in the worst of them."""

    name: str
    wake_ups: int
    nights: int
    most: int


@require_http_methods(["GET", "HEAD", "POST"])
def replay(request: HttpRequest) -> HttpResponse:
    """A period (`from`, `to` as theatre dates, or `days`) and a roster: the present one's week repeated, the one that
    stood, the weeks of a plan with its proposals (its uuid), or a file, which is posted, read and forgotten."""
    now, zone = timezone.now(), theatre()
    asked = request.POST if request.method == "POST" else request.GET
    start, end = _period(asked, now, zone)
    chosen = _chosen(request, asked, (start, end), now, zone)
    notes = chosen.outcome.notes if chosen.outcome else ()
    found = replaying.report(chosen.duties, start, end, notes=notes)
    rows = _rows(found)
    context = {
        "report": found,
        "chosen": chosen,
        "within": _within(found),
        "curve": _curve(found),
        "rows": rows[:SHOWN],
        "others": rows[SHOWN:],
        "woken": _woken(found),
        "never": len(found.found.answers) - found.found.answered,
        "has_truth": found.basis is Basis.CLAIMS,
        "links": [(LINK_WORDS[link], found.pace.work(link)) for link in Link],
        "on_call_pay": asking.policy().on_call_pay,
        "weight": sum(one.claim.weight for one in found.found.answers),
        "plans": [plan for plan in selectors.recent() if plan.state == plan.State.READY][:OFFERED],
        "periods": PERIODS,
        "chosen_days": round((end - start) / timedelta(days=1)),
        "from_date": start.astimezone(zone).date().isoformat(),
        "to_date": (end - timedelta(seconds=1)).astimezone(zone).date().isoformat(),
    }
    return render(request, "planning/replay.html", context, status=400 if chosen.fault else 200)


def _chosen(
    request: HttpRequest, asked: QueryDict, period: tuple[datetime, datetime], now: datetime, zone: ZoneInfo
) -> Chosen:
    start, end = period[0], period[1] + replaying.LOOKAHEAD
    if request.method == "POST":
        return _from_file(request.FILES.get("roster_file"), start, end, zone)
    if asked.get("roster") == STOOD:
        return Chosen(STOOD, rosters.duties(start, end))
    if plan := selectors.ready(asked.get("roster", "")):
        return Chosen(str(plan.uuid), replaying.with_plan(plan, start, end))
    week = week_of(now.astimezone(zone).date(), zone)
    return Chosen(PRESENT, repeat(rosters.duties(week.start, week.end), start, end, zone))


def _from_file(given: UploadedFile | None, start: datetime, end: datetime, zone: ZoneInfo) -> Chosen:
    if given is None:
        return Chosen(FILE, (), fault=_("Choose a roster file first: CSV in UTF-8, or iCalendar."))
    if (given.size or 0) > LARGEST:
        return Chosen(
            FILE, (), fault=_("The file is too large: at most 2 MB. Cut it to the people and dates in question.")
        )
    with tempfile.NamedTemporaryFile(suffix=".roster") as kept:
        for chunk in given.chunks():
            kept.write(chunk)
        kept.flush()
        try:
            if is_calendar(kept.name):
                drawn, outcome = drawn_calendar(kept.name, Reading(zone), start=start, end=end, progress=False)
                return Chosen(FILE, drawn.duties, outcome)
            with Intake(kept.name, kind="csv") as intake:
                drawn = draw(intake, zone=zone, start=start, end=end)
        except Unreadable as fault:
            return Chosen(FILE, (), fault=str(fault).replace(kept.name, given.name or ""))
    outcome = intake.outcome(added=drawn.taken, duplicates=drawn.repeated)
    return Chosen(FILE, drawn.duties, outcome)


def _period(asked: QueryDict, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The period asked for, at most a year and never past now; by default the last four weeks."""
    start, until = _midnight(asked.get("from", ""), zone), _midnight(asked.get("to", ""), zone)
    if start and until and start <= until and start < now:
        end = min(_midnight((until.astimezone(zone).date() + timedelta(days=1)).isoformat(), zone) or now, now)
        return max(start, end - LONGEST), end
    days = asked.get("days", "")
    known = days.isascii() and days.isdecimal() and 0 < int(days[:4]) <= LONGEST.days
    return now - (timedelta(days=int(days[:4])) if known else USUAL), now


def _midnight(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        found = parse_instant(f"{text}T00:00", zone) if len(text) == 10 else None
    except Fault:
        return None
    return found if found and found.year in YEARS else None


def _within(found: Report) -> list[dict[str, Any]]:
    """For each limit: claims answered by then with this roster, and really, with their shares."""
    count = len(found.found.answers) or 1
    rows = []
    for limit in WITHIN:
        length = timedelta(minutes=limit)
        really = sum(wait is not None and wait <= length for wait in found.really)
        made = found.found.within[limit]
        rows.append({"limit": length, "made": made, "really": really, "of": made / count, "really_of": really / count})
    return rows


def _curve(found: Report) -> Curve:
    made = found.found
    # What truly was comes second: the drawing's second line is the alarming one.
    named = [(_("with this roster"), [one.wait for one in made.answers])]
    if found.basis is Basis.CLAIMS:
        named.append((_("what truly was"), found.really))
    words = {"answered": made.answered, "claims": len(made.answers), "really": len(found.truth)}
    desc = _("With this roster %(answered)s of %(claims)s claims would have been answered; %(really)s really were.")
    return curve(named, title=_("Share of claims answered, by time since they broke"), desc=desc % words)


def _rows(found: Report) -> list[Row]:
    """Never answered first, then those that waited longest."""
    has_page = found.basis is Basis.CLAIMS
    rows = [
        Row(
            answer=one,
            really=really,
            url_key=one.claim.key if has_page else None,
            waited_for=str(LINK_WORDS[one.longest]) if one.longest else "",
            who=", ".join(dict.fromkeys(step.who for step in one.steps[:3])),
        )
        for one, really in zip(found.found.answers, found.really, strict=True)
    ]
    return sorted(rows, key=lambda row: (row.answer.wait is not None, -(row.answer.wait or timedelta(0))))


def _woken(found: Report) -> list[Woken]:
    """Who would have been woken most comes first."""
    counts: dict[tuple[int, str], list[int]] = defaultdict(list)
    for one in found.found.nights(found.zone):
        counts[one.person_id, one.name].append(one.wake_ups)
    woken = [Woken(name, sum(nights), len(nights), max(nights)) for (_pk, name), nights in counts.items()]
    return sorted(woken, key=lambda one: (-one.wake_ups, one.name))
