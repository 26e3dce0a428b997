"""The week of posts: what goes out when, what is held, what a person must settle, what did not go out and why."""

from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.people.permissions import SignedIn, may, needs
from planner.publishing import selectors, services
from planner.publishing.core.states import PostState
from planner.publishing.core.week import DAYS, bounds, dates, rows
from planner.publishing.forms import ReasonForm, SettleForm
from planner.publishing.models import Post
from planner.publishing.services.late import MAY_LET_GO
from planner.publishing.services.schedule import MAY_STOP
from planner.publishing.views.roles import HOLDERS, READERS, SCHEDULERS
from planner.wallclock import zone

LOOK_BACK = timedelta(days=2)  # how long a post that did not go out stays on the page by itself


@require_safe
@needs(*READERS)
def calendar(request: SignedIn) -> HttpResponse:
    """Seven days from `?from=YYYY-MM-DD` (default: yesterday) in the theatre's zone."""
    now, tz = timezone.now(), zone(settings.PLANNER_ZONE)
    first = _first_day(request.GET.get("from", ""), now, tz)
    start, end = bounds(first, tz)
    channels = list(selectors.channels())
    context = {
        "now": now,
        "dates": dates(first),
        "first": first,
        "rows": rows(selectors.between(start, end), channels, first, tz),
        "may_move": may(request.user, *SCHEDULERS),
        "moved": _moved(request.GET.get("moved", "")),
        "today": now.astimezone(tz).date(),
        "last_day": first + timedelta(days=DAYS - 1),
        "earlier": first - timedelta(days=DAYS),
        "later": first + timedelta(days=DAYS),
        "uncertain": [(post, SettleForm(prefix=str(post.uuid))) for post in selectors.uncertain()],
        "late": list(selectors.late(now=now).select_related(*selectors.WITH_WORDS)),
        "may_send": may(request.user, *MAY_LET_GO),
        "may_stop": may(request.user, *MAY_STOP),
        "waiting_behind": selectors.held(),
        "unsent": selectors.unexplained(since=now - LOOK_BACK),
        "channels": channels,
        "held_channels": [channel for channel in channels if channel.held_at],
        "hold_form": ReasonForm(),
        "may_hold": may(request.user, *HOLDERS),
    }
    return render(request, "publishing/calendar.html", context)


def _moved(given: str) -> tuple[Post, datetime] | None:
    """The post that was just moved and the moment before, while that can be undone."""
    try:
        post = selectors.one(UUID(given))
    except ValueError:
        return None
    moves = services.moves_of(post) if post is not None and post.state == PostState.SCHEDULED.value else []
    return (post, moves[-1].due_before) if post is not None and moves else None


def _first_day(given: str, now: datetime, tz: ZoneInfo) -> date:
    try:
        chosen = date.fromisoformat(given)
        if 1970 <= chosen.year <= 2200:
            return chosen
    except ValueError:
        pass
    return now.astimezone(tz).date() - timedelta(days=1)
