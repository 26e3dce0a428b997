"""The latency page: how fast were we, really? And the same as CSV."""

import csv
import io
from datetime import datetime, timedelta
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from planner.journal.core.intake import Fault, parse_instant
from planner.latency import selectors
from planner.latency.core.picture import Curve, Target, curve
from planner.latency.core.survival import WITHIN
from planner.latency.selectors import Record, Report
from planner.tempo.selectors import theatre

SHOWN = 100
PERIODS = (7, 28, 90, 365)
USUAL = timedelta(days=28)
YEARS = range(1971, 2100)
GROUP_WORDS = {
    "off_hours": gettext_lazy("off-hours"),
    "office_hours": gettext_lazy("office hours"),
    "night": gettext_lazy("22:00–04:00"),
    "day": gettext_lazy("04:00–22:00"),
    "low": gettext_lazy("low"),
    "medium": gettext_lazy("medium"),
    "high": gettext_lazy("high"),
    "critical": gettext_lazy("critical"),
}
STEP_WORDS = {
    "seen": gettext_lazy("broke → seen"),
    "tasked": gettext_lazy("→ task opened"),
    "acknowledged": gettext_lazy("→ acknowledged"),
    "drafted": gettext_lazy("→ drafted"),
    "approved": gettext_lazy("→ cleared"),
    "published": gettext_lazy("→ published"),
}
COLUMNS = (
    "claim",
    "external_id",
    "text",
    "severity",
    "narrative",
    "language",
    "broke",
    "first_official_word",
    "declined",
    "state",
    "minutes",
    "censored",
    "staffed_minutes",
    "off_hours",
    "night",
    "channel",
    "corrections",
)


@require_safe
def report(request: HttpRequest) -> HttpResponse:
    """The page for a period: `?from=&to=` as theatre dates, or `?days=`; by default four weeks."""
    now, zone = timezone.now(), theatre()
    start, end = _period(request, now, zone)
    found = selectors.report(start, end, now, by=("off_hours", "night", "severity"))
    context = {
        "report": found,
        "groups": [(group, GROUP_WORDS.get(group.value, group.value)) for group in found.groups],
        "curve": _curve(found) if found.records else None,
        "stages": [(STEP_WORDS[stage.step], _length(stage.median), stage.count) for stage in found.stages],
        "listed": found.listed[:SHOWN],
        "unlisted": max(len(found.records) - SHOWN, 0),
        "within": WITHIN,
        "decided_share": found.decided.within[selectors.DECIDED_LIMIT],
        "median": _length(found.figures.latency.median),
        "night_median": _length(found.night_figures.latency.median),
        "acknowledged_p90": _length(found.acknowledged.p90),
        "targets": {
            "night_median": _length(selectors.NIGHT_MEDIAN_TARGET),
            "decided": selectors.DECIDED_TARGET,
            "acknowledged": _length(selectors.ACKNOWLEDGED_TARGET),
        },
        "met": _met(found),
        "periods": PERIODS,
        "chosen_days": round((end - start) / timedelta(days=1)),
        "from_date": start.astimezone(zone).date().isoformat(),
        "to_date": (end - timedelta(seconds=1)).astimezone(zone).date().isoformat(),
        "query": urlencode({name: request.GET[name] for name in ("from", "to", "days") if name in request.GET}),
    }
    return render(request, "latency/report.html", context)


@require_safe
def export(request: HttpRequest) -> HttpResponse:
    """Every claim of the period as CSV, the open ones included; instants UTC."""
    now = timezone.now()
    start, end = _period(request, now, theatre())
    found = selectors.report(start, end, now)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    writer.writerows(_row(record) for record in found.listed)
    answer = HttpResponse(out.getvalue(), content_type="text/csv; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="latency-{now:%Y%m%dT%H%MZ}.csv"'
    return answer


def _row(record: Record) -> list[object]:
    claim, story = record.claim, record.story
    return [
        claim.uuid,
        _plain(claim.external_id or ""),
        _plain(claim.text),
        claim.severity,
        _plain(claim.narrative.name if claim.narrative else ""),
        claim.language,
        story.broke.isoformat(),
        story.first_word.isoformat() if story.first_word else "",
        story.declined.isoformat() if story.declined else "",
        record.state,
        round(record.sample.minutes, 3),
        int(record.sample.censored),
        round(record.staffed_minutes, 3),
        int(record.off_hours),
        int(record.night),
        _plain(story.channel),
        story.corrections,
    ]


def _plain(text: str) -> str:
    """Other people's text must not run as a formula where the file is opened in a spreadsheet."""
    return f"'{text}" if text[:1] in {"=", "+", "-", "@", "\t", "\r"} else text


def _period(request: HttpRequest, now: datetime, zone: ZoneInfo) -> tuple[datetime, datetime]:
    start, until = _midnight(request.GET.get("from", ""), zone), _midnight(request.GET.get("to", ""), zone)
    if start and until and until >= start:
        return start, until + timedelta(days=1)
    days = request.GET.get("days", "")
    length = timedelta(days=int(days)) if days.isdecimal() and days.isascii() and 0 < int(days[:6]) <= 3660 else USUAL
    return (start, max(now, start + USUAL)) if start else (now - length, now)


def _midnight(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        found = parse_instant(f"{text}T00:00", zone) if len(text) == 10 else None
    except Fault:
        return None
    return found if found and found.year in YEARS else None


def _curve(found: Report) -> Curve:
    # Off-hours last: the drawing's second line is the alarming one.
    split = sorted((group for group in found.groups if group.by == "off_hours"), key=lambda g: g.value == "off_hours")
    named = [(str(GROUP_WORDS[group.value]), group.figures.latency) for group in split]
    figures = found.figures
    words = {"answered": figures.answered, "claims": figures.claims, "open": figures.open}
    return curve(
        named,
        [Target(selectors.NIGHT_MEDIAN_TARGET, _("target"))],
        title=_("Share of claims answered, by time since they broke"),
        desc=_("%(answered)s of %(claims)s claims are answered; %(open)s are open and counted as not yet answered.")
        % words,
    )


def _met(found: Report) -> dict[str, bool | None]:
    """Whether each target is met; None where that is not known."""
    night, decided = found.night_figures.latency, found.decided.within[selectors.DECIDED_LIMIT]
    acknowledged = found.acknowledged
    return {
        "night_median": _within(night.median, selectors.NIGHT_MEDIAN_TARGET) if night.count else None,
        "decided": None if decided is None else decided >= selectors.DECIDED_TARGET,
        "acknowledged": _within(acknowledged.p90, selectors.ACKNOWLEDGED_TARGET) if acknowledged.count else None,
    }


def _within(value: float | None, target: float) -> bool:
    """A quantile that was not reached misses every target."""
    return value is not None and value <= target


def _length(minutes: float | None) -> timedelta | None:
    return None if minutes is None else timedelta(minutes=minutes)
