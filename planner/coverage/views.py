"""The gap board: the week's gaps by loss, accepted ones, and what is required."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import get_language_bidi
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from planner.coverage import selectors, services
from planner.coverage.core.links import LINKS
from planner.coverage.core.strip import Row, rows
from planner.coverage.forms import AcceptForm, RequirementForm
from planner.coverage.models import AcceptedGap, Requirement
from planner.coverage.selectors import Reading
from planner.coverage.services import CoverageRefused
from planner.coverage.words import clock, days, why
from planner.journal.core.intake import Fault, parse_instant
from planner.people.core.roles import Role
from planner.people.permissions import SignedIn, may, needs
from planner.spans import Span
from planner.tempo.core.rates import SEVERITY_WEIGHTS
from planner.tempo.selectors import theatre

YEARS = range(1971, 2100)  # beyond them calendars of zones are guesses, and dates overflow
LANE_TOPS, TICKS = (4, 13, 22, 31), (250, 500, 750)  # of a row of the stack, 1000 by 40
ACCEPTED_FOR = timedelta(days=28)  # offered in the form


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """The gaps of seven days, from now or from midnight of the theatre's date in `?from=`."""
    now, zone = timezone.now(), theatre()
    start = _start(request.GET.get("from", ""), zone) or now
    found = selectors.reading(start, start + selectors.WEEK, now)
    context = {
        "reading": found,
        "rows": _nights(found),
        "lane_tops": LANE_TOPS,
        "ticks": TICKS,
        "open_gaps": [(one, why(one.links)) for one in found.open_gaps],
        "accepted_gaps": found.accepted_gaps,
        "acceptances": selectors.standing_acceptances(now),
        "requirements": [
            (one, days(one), clock(one.from_minute), clock(one.to_minute)) for one in selectors.standing_requirements()
        ],
        "may_manage": may(request.user, Role.MANAGER),
        "weights": SEVERITY_WEIGHTS.items(),
        "night_target": selectors.NIGHT_TARGET,
        "week_before": _date(start - selectors.WEEK, zone),
        "week_after": _date(start + selectors.WEEK, zone),
        "is_now": start == now,
    }
    return render(request, "coverage/gaps.html", context)


@needs(Role.MANAGER)
def accept(request: SignedIn) -> HttpResponse:
    """Accept one gap: which one stands in the query (GET) or in the form (POST)."""
    now, zone = timezone.now(), theatre()
    offered = {
        "start": request.GET.get("start", ""),
        "end": request.GET.get("end", ""),
        "links": [link for link in request.GET.getlist("link") if link in LINKS],
        "owner": request.user.pk,
        "expires_at": now + ACCEPTED_FOR,
    }
    form = AcceptForm(request.POST or None, initial=offered, zone=zone)
    if form.is_valid():
        try:
            services.accept_gap(**form.cleaned_data, by=request.user, now=now)
        except CoverageRefused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The gap is accepted. It stays listed, and nobody is nagged about it."))
            return redirect("coverage:gaps")
    begin, end = _instant(form["start"].value()), _instant(form["end"].value())
    context = {"form": form, "gap_start": begin, "gap_end": end}
    return render(request, "coverage/accept.html", context, status=400 if form.errors else 200)


@require_POST
@needs(Role.MANAGER)
def end_acceptance(request: SignedIn, uuid: UUID) -> HttpResponse:
    """The gap is not accepted any more."""
    services.end_acceptance(get_object_or_404(AcceptedGap, uuid=uuid), by=request.user, now=timezone.now())
    messages.success(request, _("The gap counts as open again."))
    return redirect("coverage:gaps")


@needs(Role.MANAGER)
def requirement(request: SignedIn, uuid: UUID | None = None) -> HttpResponse:
    """Ask for coverage, or change what is asked for."""
    standing = get_object_or_404(selectors.standing_requirements(), uuid=uuid) if uuid else None
    initial = RequirementForm.values_of(standing) if standing else {"zone": theatre().key, "days": list(range(7))}
    form = RequirementForm(request.POST or None, initial=initial)
    if form.is_valid() and _saved(form, standing, request):
        return redirect("coverage:gaps")
    context = {"form": form, "requirement": standing}
    return render(request, "coverage/requirement.html", context, status=400 if form.errors else 200)


@require_POST
@needs(Role.MANAGER)
def end_requirement(request: SignedIn, uuid: UUID) -> HttpResponse:
    """No longer ask for it."""
    services.end_requirement(get_object_or_404(Requirement, uuid=uuid), by=request.user, now=timezone.now())
    messages.success(request, _("The requirement is ended; it stays in the journal."))
    return redirect("coverage:gaps")


def _nights(found: Reading) -> list[tuple[str, Row]]:
    zone = theatre()
    priced = [(one.gap, one.accepted is not None, one.cost.loss) for one in found.gaps]
    period = Span(found.start, found.end)
    drawn = rows(priced, found.forecast.hours, period, zone, rtl=get_language_bidi())
    return [(date_format(row.start.astimezone(zone), "D j M"), row) for row in drawn]


def _saved(form: RequirementForm, standing: Requirement | None, request: SignedIn) -> bool:
    words = {name: form.cleaned_data[name] for name in ("link", "language", "role", "rule", "people")}
    try:
        services.set_requirement(**words, replaces=standing, by=request.user, now=timezone.now())
    except CoverageRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("The requirement is set. Gaps are counted against it from now on."))
    return True


def _start(text: str, zone: ZoneInfo) -> datetime | None:
    """Midnight of a date on the zone's clocks; None for anything else."""
    found = _instant(f"{text}T00:00", zone) if len(text) == 10 else None
    return found if found and found.year in YEARS else None


def _instant(text: object, zone: ZoneInfo | None = None) -> datetime | None:
    try:
        return parse_instant(str(text), zone)
    except Fault:
        return None


def _date(moment: datetime, zone: ZoneInfo) -> str:
    return moment.astimezone(zone).date().isoformat()
