"""One press at night: let a cleared line out, from my tasks or from the page behind the link in a message."""

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from planner.claims.models import Claim
from planner.people.core.refusals import Refused
from planner.people.models import User
from planner.people.permissions import SignedIn, needs
from planner.publishing import services
from planner.rebuttals.core.scope import RELEASE_ROLES
from planner.rebuttals.lines import lines
from planner.tasking.core.states import TaskState
from planner.tasking.doors import sealed
from planner.tasking.services import LinkRefused, read_token


@require_POST
@needs(*RELEASE_ROLES)
def release_now(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Signed in: the line of the address, for the claim that the button names."""
    claim = get_object_or_404(Claim, uuid=_uuid(request.POST.get("claim", "")))
    _release(request, uuid, claim, request.user)
    return redirect("tasking:mine")


@login_not_required
@never_cache
@require_POST
def release_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """Without sign-in: the link names the person and the claim, the button the line (docs/decisions/0037)."""
    try:
        task, person = read_token(token)
        if task.state == TaskState.CLOSED or task.is_review:
            raise LinkRefused(_("This link releases nothing any more: sign in to see how the claim stands."))
    except LinkRefused as refused:
        response = render(request, "tasking/answer_gone.html", {"refusal": str(refused)}, status=410)
    else:
        _release(request, _uuid(request.POST.get("line", "")), task.claim, person)
        response = redirect(reverse("tasking:answer", args=[token]))
    return sealed(response)


def _release(request: HttpRequest, uuid: UUID | None, claim: Claim, by: User) -> None:
    line = get_object_or_404(lines(), uuid=uuid)
    try:
        posts = services.release_now(line, claim=claim, by=by, now=timezone.now())
    except Refused as refused:
        messages.error(request, _("Not released. %(why)s") % {"why": refused})
    else:
        names = ", ".join(post.channel.name for post in posts)
        messages.success(request, _("Released. It leaves now on %(channels)s.") % {"channels": names})


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
