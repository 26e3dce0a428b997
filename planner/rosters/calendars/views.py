"""Calendars for people: one's own feed."""

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from planner.people.permissions import SignedIn
from planner.rosters.calendars import feeds


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
    response.headers["Referrer-Policy"] = "no-referrer"
    return response


@require_POST
def end_own_feed(request: SignedIn) -> HttpResponse:
    """Let one's own address open nothing any more."""
    if feeds.end_feed(request.user, now=timezone.now()):
        messages.success(request, _("The address opens nothing any more."))
    return redirect("rosters:feed")
