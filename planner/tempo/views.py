"""The tempo page: when will they speak, and who is there then? And the form for dates that are known ahead."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from planner.people.core.roles import Role
from planner.people.permissions import SignedIn, may, needs
from planner.tempo import calendars, selectors, services, studies, words
from planner.tempo.core import picture
from planner.tempo.core.rates import SEVERITY_WEIGHTS
from planner.tempo.forms import KnownDateForm, PartForm
from planner.tempo.models import KnownDate
from planner.tempo.selectors import WHOLE, theatre
from planner.tempo.services import DateRefused

KEEPERS = (Role.ANALYST, Role.OFFICER, Role.MANAGER)


@require_safe
@needs(*Role)
def week(request: HttpRequest) -> HttpResponse:
    """The coming seven days, of all they post or of the part in `?source=&language=&narrative=`."""
    now, zone = timezone.now(), theatre()
    form = PartForm(request.GET, choices=studies.choices())
    part = form.part()
    known = studies.evidence(now, part)
    found = studies.study(known, now)
    days = found.staffing.week
    overlay = calendars.overlay(days.start, days.end, known)
    foretold = selectors.forecast(days.start, days.end, now, factor=overlay.factor, known=known)
    drawn = picture.week(foretold.hours, found.staffing.quarters, zone)
    context = {
        "form": form,
        "is_part": part != WHOLE,
        "study": found,
        "forecast": foretold,
        "week": drawn,
        "days": words.days(drawn, foretold.hours, overlay, zone),
        "by_hour": words.by_hour(drawn),
        "habits": [found.habits, *found.sources],
        "calendar": overlay.calendar,
        "verdict": words.verdict(studies.judged(known, now)),
        "dates": words.dates(calendars.standing_dates(), overlay),
        "holidays": calendars.next_holidays(now.astimezone(zone).date()),
        "changes": words.changes(found),
        "may_keep": may(request.user, *KEEPERS),
        "weights": SEVERITY_WEIGHTS.items(),
    }
    return render(request, "tempo/week.html", context)


@needs(*KEEPERS)
def known_date(request: SignedIn, uuid: UUID | None = None) -> HttpResponse:
    """Make a date known, or change one."""
    standing = get_object_or_404(calendars.standing_dates(), uuid=uuid) if uuid else None
    form = KnownDateForm.of(standing) if standing else KnownDateForm()
    if request.method == "POST":
        form = KnownDateForm(request.POST)
        if form.is_valid() and _kept(form, standing, request):
            return redirect("tempo:week")
    context = {"form": form, "date": standing}
    return render(request, "tempo/date.html", context, status=400 if form.errors else 200)


@require_POST
@needs(*KEEPERS)
def end_date(request: SignedIn, uuid: UUID) -> HttpResponse:
    """No longer count with a date."""
    services.end_known_date(get_object_or_404(KnownDate, uuid=uuid), by=request.user, now=timezone.now())
    messages.success(request, _("The date is ended; it stays in the journal."))
    return redirect("tempo:week")


def _kept(form: KnownDateForm, standing: KnownDate | None, request: SignedIn) -> bool:
    try:
        kept = services.save_known_date(**form.cleaned_data, replaces=standing, by=request.user, now=timezone.now())
    except DateRefused as refused:
        form.add_error(None, str(refused))
        return False
    messages.success(request, _("Kept: %(name)s.") % {"name": kept.name})
    return True
