"""A scheduled post to another moment: from its mark in the week, dragged, by keyboard or by form; and back."""

from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planner.people.permissions import SignedIn, needs
from planner.publishing import selectors, services
from planner.publishing.core.week import DAYS
from planner.publishing.foreseen import Warned, foreseen_at, seal_of
from planner.publishing.forms import WALL_FORMAT, MoveForm
from planner.publishing.models import Post
from planner.publishing.views.roles import SCHEDULERS


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*SCHEDULERS)
def move(request: SignedIn, uuid: UUID) -> HttpResponse:
    """The form of one post; what there is to know of the new moment is shown first and takes one tick."""
    post = _found(uuid)
    form = MoveForm(request.POST or None, expires_at=post.expires_at, initial=_initial(post))
    warned: list[Warned] = []
    if request.method == "POST" and form.is_valid():
        to = {name: form.cleaned_data[name] for name in ("due_at", "expires_at")}
        try:
            warned = foreseen_at(post, **to) if to["expires_at"] > to["due_at"] else []
            if not warned or form.cleaned_data["seen"] == seal_of(warned):
                confirmed = sorted({one.caution.value for one in warned})
                services.move(post, **to, by=request.user, now=timezone.now(), confirmed=confirmed)
                return redirect(f"{_week(request, to['due_at'])}&moved={post.uuid}")
        except services.PostRefused as refused:
            form.add_error(None, str(refused))
    week = request.POST.get("week", "")
    context = {
        "week": week,
        "post": post,
        "draft": post.approval.draft,
        "form": form,
        "warned": warned,
        "seal": seal_of(warned),
    }
    return render(request, "publishing/move.html", context, status=400 if request.method == "POST" else 200)


@require_POST
@needs(*SCHEDULERS)
def undo(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Back to where it was before its latest move."""
    post = _found(uuid)
    try:
        post = services.undo_move(post, by=request.user, now=timezone.now())
    except services.PostRefused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, _("It is back where it was."))
    return redirect(_week(request, post.due_at))


def _found(uuid: UUID) -> Post:
    post = selectors.one(uuid)
    if post is None:
        raise Http404(_("There is no such post."))
    return post


def _initial(post: Post) -> dict[str, str]:
    tz = ZoneInfo(settings.PLANNER_ZONE)
    return {"due_local": f"{post.due_at.astimezone(tz):{WALL_FORMAT}}"}


def _week(request: SignedIn, at: datetime) -> str:
    """The calendar: the week from which the button was pressed when the moment lies in it, else one from its day on."""
    day = at.astimezone(ZoneInfo(settings.PLANNER_ZONE)).date()
    try:
        first = date.fromisoformat(request.POST.get("week", ""))
    except ValueError:
        first = day
    shown = first if 0 <= (day - first).days < DAYS else day
    return f"{reverse('publishing:calendar')}?from={shown.isoformat()}"
