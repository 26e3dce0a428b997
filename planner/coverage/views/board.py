"""The gap board: seven nights, their gaps by loss, accepted ones, what is required, and what losses lean on."""

from datetime import datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from planner.coverage import assumed, selectors, services
from planner.coverage.core.links import LINKS
from planner.coverage.core.reaction import FEWEST
from planner.coverage.core.reasons import Reason
from planner.coverage.forms import AcceptForm
from planner.coverage.models import AcceptedGap
from planner.coverage.selectors import PricedGap, Reading
from planner.coverage.services import CoverageRefused
from planner.coverage.words import assumption, clock, days, figure_name, said, source
from planner.journal.core.intake import Fault, parse_instant
from planner.people.core.roles import Role
from planner.people.permissions import SignedIn, may, needs
from planner.tempo.core.rates import SEVERITY_WEIGHTS
from planner.tempo.selectors import theatre
from planner.tempo.words import BASIS_WORDS
from planner.wallclock import night_of

YEARS = range(1971, 2100)  # beyond them calendars of zones are guesses, and dates overflow
HALF_DAY, SOON = timedelta(hours=12), timedelta(days=3)
SHOWN = 8  # gaps listed at once; the cheaper ones are a press away
ACCEPTED_FOR = timedelta(days=28)  # offered in the form


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """Seven nights, noon to noon in the theatre: from tonight, or from the date in `?from=`."""
    now, zone = timezone.now(), theatre()
    asked = _start(request.GET.get("from", ""), zone)
    start = night_of(asked + HALF_DAY if asked else now, zone).start
    found = selectors.reading(start, _noon_after(start, zone), now)
    listed = _listed(found, now)
    acceptances = [(one, one.expires_at - now <= SOON) for one in selectors.standing_acceptances(now)]
    context = {
        "reading": found,
        "now": now,
        "open_gaps": [(one, said(reasons)) for one, reasons in listed[:SHOWN]],
        "more_gaps": [(one, said(reasons)) for one, reasons in listed[SHOWN:]],
        "gap_count": len(listed),
        "lost": sum(one.cost.loss for one, _reasons in listed),
        "acceptances": acceptances,
        "expiring": sum(is_soon for _one, is_soon in acceptances),
        "requirements": [
            (one, days(one), clock(one.from_minute), clock(one.to_minute))
            for one in sorted(selectors.standing_requirements(), key=lambda need: LINKS.index(need.link))
        ],
        "figures": [(one, assumption(one), source(one)) for one in assumed.figures()],
        "history": [(one, figure_name(one.key)) for one in assumed.history()[:20]],
        "fewest": FEWEST,
        "may_manage": may(request.user, Role.MANAGER),
        "basis": BASIS_WORDS[found.forecast.basis],
        "weights": SEVERITY_WEIGHTS.items(),
        "night_target": selectors.NIGHT_TARGET,
        "week_before": _date(start - selectors.WEEK, zone),
        "week_after": _date(start + selectors.WEEK + HALF_DAY, zone),
        "is_now": asked is None,
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


@require_POST
@needs(Role.MANAGER)
def assume(request: SignedIn) -> HttpResponse:
    """Change figures that losses lean on: minutes by key; an empty field goes back to what the product ships with."""
    now, changed = timezone.now(), 0
    for figure in assumed.figures():
        text = request.POST.get(figure.key, "").strip()
        if figure.key not in request.POST or text == f"{figure.assumed:g}":
            continue
        try:
            minutes = int(text) if text else None
            changed += services.assume(key=figure.key, minutes=minutes, by=request.user, now=now)[1]
        except (CoverageRefused, ValueError) as refused:
            said = str(refused) if isinstance(refused, CoverageRefused) else _("Expected whole minutes.")
            messages.error(request, f"{assumption(figure)}: {said}")
    if changed:
        messages.success(request, _("Changed. All losses are reckoned with it from now on."))
    return redirect(f"{reverse('coverage:gaps')}#assumed")


def _listed(found: Reading, now: datetime) -> list[tuple[PricedGap, list[Reason]]]:
    """Open gaps that are not over yet, or all of a past week, the costliest first, each with its reasons."""
    why = selectors.explained(found)
    return [(one, why[one.gap]) for one in found.open_gaps if one.gap.end > now or found.end <= now]


def _noon_after(start: datetime, zone: ZoneInfo) -> datetime:
    """The noon seven nights later, whatever clocks do in between."""
    return night_of(start + selectors.WEEK + timedelta(hours=6), zone).start


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
