"""The board, and the door to it."""

import json
from typing import Any

from django.conf import settings
from django.contrib.auth.views import LoginView
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from planner.desk import selectors, trouble
from planner.people.permissions import SignedIn

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
        "posts": selectors.next_posts(now=now),
    }
    return render(request, "desk/_board.html" if "HX-Request" in request.headers else "desk/board.html", context)
