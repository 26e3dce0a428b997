"""Calendars for people: one's own feed; and, for a roster manager, the calendars that are polled."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.people.core.refusals import Refused
from planner.people.core.roles import Role
from planner.people.permissions import SignedIn, may, needs
from planner.rosters.calendars import feeds, sources
from planner.rosters.calendars.forms import SourceForm
from planner.rosters.calendars.rows import CalendarSource
from planner.rosters.models import Team
from planner.rosters.services import ensure_team


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def own_feed(request: SignedIn) -> HttpResponse:
    """One's own calendar: is there an address, and make a new one. The address is shown this once."""
    address = ""
    if request.method == "POST":
        secret = feeds.renew_feed(request.user, language=get_language() or "en", now=timezone.now())
        address = settings.PLANNER_PUBLIC_URL.rstrip("/") + reverse("desk:feed", args=[secret])
    context = {"key": feeds.standing_key(request.user), "address": address}
    response = render(request, "rosters/feed.html", context)
    response.headers["Referrer-Policy"] = "same-origin"
    return response


@require_POST
def end_own_feed(request: SignedIn) -> HttpResponse:
    """Let one's own address open nothing any more."""
    if feeds.end_feed(request.user, now=timezone.now()):
        messages.success(request, _("The address opens nothing any more."))
    return redirect("rosters:feed")


@require_safe
@needs(Role.MANAGER)
def calendars(request: SignedIn) -> HttpResponse:
    """The calendars that are polled, and what each said last."""
    rows = [(source, sources.host(source.url)) for source in sources.polled()]
    return render(request, "rosters/calendars.html", {"rows": rows, "manages": may(request.user, Role.MANAGER)})


@require_http_methods(["GET", "HEAD", "POST"])
@needs(Role.MANAGER)
def calendar(request: SignedIn, uuid: str = "") -> HttpResponse:
    """Add a calendar, or change one."""
    source = get_object_or_404(sources.polled(), uuid=uuid) if uuid else None
    if not Team.objects.exists():
        ensure_team(name="Desk", zone=settings.PLANNER_ZONE)
    form = SourceForm(request.POST or None, source=source)
    if request.method == "POST" and form.is_valid():
        try:
            sources.save_source(source=source, **form.cleaned_data, by=request.user, now=timezone.now())
        except Refused as refused:
            form.add_error(None, str(refused))
        else:
            messages.success(request, _("The calendar is asked within a minute."))
            return redirect("rosters:calendars")
    return render(request, "rosters/calendar.html", {"form": form, "source": source})


@require_POST
@needs(Role.MANAGER)
def ask_calendar(request: SignedIn, uuid: str) -> HttpResponse:
    """Ask one now."""
    sources.ask_now(get_object_or_404(CalendarSource, uuid=uuid), now=timezone.now())
    messages.success(request, _("The calendar is asked within a minute."))
    return redirect("rosters:calendars")


@require_POST
@needs(Role.MANAGER)
def end_calendar(request: SignedIn, uuid: str) -> HttpResponse:
    """Ask one no more."""
    sources.end_source(get_object_or_404(CalendarSource, uuid=uuid), by=request.user, now=timezone.now())
    messages.success(request, _("The calendar is asked no more. Its shifts stay on the roster."))
    return redirect("rosters:calendars")
