"""The board, the door to it, and each person's own calendar."""

import hashlib
import json
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import LoginView
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET, require_safe

from planner.desk import selectors, trouble
from planner.desk.feed import feed
from planner.desk.forms import UntilForm
from planner.desk.readiness import tonight as night_ahead
from planner.people.core.roles import Role
from planner.people.permissions import SignedIn, needs
from planner.rebuttals.selectors import waits
from planner.rosters.calendars.feeds import open_feed

SHOWN = 5  # claims on the board; the others are one tap away


class SignIn(LoginView):
    """Sign-in; while the demonstration runs, its invented people stand beside the form."""

    redirect_authenticated_user = True

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        file = settings.VAR_DIR / "demo-people.json"
        people = json.loads(file.read_text()) if file.exists() else []
        return super().get_context_data(demo_people=people, **kwargs)


@require_GET
def board(request: SignedIn) -> HttpResponse:
    """Tonight on one page; htmx asks for its living part every half minute."""
    now = timezone.now()
    zone = settings.PLANNER_ZONE
    waiting = selectors.against_the_clock(now=now)
    context = {
        "now": now,
        "night": selectors.tonight(now=now, zone=zone, viewer_zone=request.user.zone or zone),
        "week": selectors.past_nights(now=now, zone=zone, viewer_zone=request.user.zone or zone),
        "troubles": trouble.now_broken(now=now),
        "claims": waiting[:SHOWN],
        "more_claims": len(waiting[SHOWN:]),
        "tasks": selectors.tasks_of(request.user),
        "waits": waits(now=now)[:SHOWN],
        "posts": selectors.next_posts(now=now),
    }
    return render(request, "desk/_board.html" if "HX-Request" in request.headers else "desk/board.html", context)


@require_safe
@needs(*Role)
def readiness(request: SignedIn) -> HttpResponse:
    """Is tonight ready? Until the next 08:00 in the theatre, or until the wall time that `?until=` names."""
    now = timezone.now()
    form = UntilForm(request.GET or None, now=now)
    chosen = form.cleaned_data["until"] if form.is_bound and form.is_valid() else None
    ready = night_ahead(now, chosen)
    blank = UntilForm(initial={"until": ready.end}, now=now)
    context = {"now": now, "ready": ready, "form": form if form.errors else blank}
    return render(request, "desk/readiness.html", context, status=400 if form.errors else 200)


@login_not_required
@require_safe
def calendar_feed(request: HttpRequest, secret: str) -> HttpResponse:
    """The calendar behind a secret address, for a calendar program that asks every so often."""
    now = timezone.now()
    key = open_feed(secret, now=now)
    if key is None:
        raise Http404
    content = feed(key, now=now)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    is_known = etag in request.headers.get("If-None-Match", "")
    response = HttpResponseNotModified() if is_known else HttpResponse(content, "text/calendar; charset=utf-8")
    response.headers["ETag"] = etag
    # The address is a key: no store keeps what it opens, it does not travel on, no search engine lists it.
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
