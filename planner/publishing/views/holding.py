"""Hold every channel at once, and let go what is held: reached from every page's frame, one press and one page."""

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from planner.people.permissions import SignedIn, may, needs
from planner.publishing import selectors, services
from planner.publishing.core.states import WAITING
from planner.publishing.forms import ReasonForm
from planner.publishing.models import Channel, Post
from planner.publishing.views.back import back
from planner.publishing.views.roles import HOLDERS


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*HOLDERS)
def hold_everything(request: SignedIn) -> HttpResponse:
    """What would be held, and why; then nothing goes out anywhere. `?next=`: the page to come back to."""
    form = ReasonForm(request.POST or None, initial={"reason": _("Stopped at once; the reason follows.")})
    if request.method == "POST" and form.is_valid():
        count = services.hold_everything(by=request.user, reason=form.cleaned_data["reason"], now=timezone.now())
        words = ngettext("%(count)d channel is now held.", "%(count)d channels are now held.", count)
        messages.warning(request, words % {"count": count})
        return back(request)
    channels = [channel for channel in selectors.channels() if channel.held_at is None]
    return _page(request, "publishing/hold_everything.html", channels, form=form, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*HOLDERS)
def let_go_everything(request: SignedIn) -> HttpResponse:
    """Who holds what and why; then the channels named (`channel`, uuids) are let go: those that the person saw."""
    held = [channel for channel in selectors.channels() if channel.held_at is not None]
    if request.method != "POST":
        return _page(request, "publishing/let_go.html", held)
    seen, now = set(request.POST.getlist("channel")), timezone.now()
    count = services.unhold_all([one for one in held if str(one.uuid) in seen], by=request.user, now=now)
    words = ngettext("%(count)d channel is open again.", "%(count)d channels are open again.", count)
    messages.success(request, words % {"count": count})
    return say_late(request) or back(request)


def say_late(request: SignedIn) -> HttpResponse | None:
    """To the decisions, when something should have gone out while its channel was held; else None."""
    if not selectors.late(now=timezone.now()).exists():
        return None
    messages.warning(request, _("Some posts should have gone out meanwhile: decide what becomes of them."))
    return redirect("publishing:calendar")


def _page(request: SignedIn, template: str, channels: list[Channel], *, status: int = 200, **more: Any) -> HttpResponse:
    waiting = Post.objects.filter(channel__in=channels, state__in=WAITING)
    context = {
        "channels": channels,
        "waits": waiting.count(),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "may_hold": may(request.user, *HOLDERS),
        **more,
    }
    return render(request, template, context, status=status)
