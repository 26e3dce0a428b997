"""The queue of texts, and the editor beside what it answers."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.claims.models import Claim
from planner.people.core.roles import Role
from planner.people.permissions import may, needs
from planner.rebuttals import selectors, services
from planner.rebuttals.forms import TextForm
from planner.rebuttals.models import Rebuttal
from planner.rebuttals.views import SignedIn
from planner.rebuttals.views.addresses import READERS, SCHEDULERS, WRITERS, back_to
from planner.rebuttals.views.editor import Editor


@require_safe
@needs(*READERS)
def queue(request: SignedIn) -> HttpResponse:
    """Texts that wait for me, mine that wait for others, mine to take further, and what was cleared lately."""
    now, me = timezone.now(), request.user
    waiting = selectors.waits(now=now)
    is_approver = may(me, Role.APPROVER)
    for_me = [wait for wait in waiting if is_approver and wait.item.draft.author_id != me.pk]
    context = {
        "now": now,
        "is_approver": is_approver,
        "for_me": for_me,
        "for_others": [wait for wait in waiting if wait not in for_me],
        "unfinished": selectors.unfinished(me),
        "cleared": selectors.recently_cleared(now=now),
        "may_schedule": may(me, *SCHEDULERS),
    }
    return render(request, "rebuttals/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def edit(request: SignedIn, uuid: UUID) -> HttpResponse:
    """The answer to one claim: its texts, one per language and kind of channel."""
    claim = get_object_or_404(Claim.objects.select_related("narrative", "source"), uuid=uuid)
    rebuttal = Rebuttal.objects.filter(claim=claim).first()
    return Editor(request, rebuttal, claim, timezone.now()).response()


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def edit_line(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Words kept ready for a narrative."""
    rebuttals = Rebuttal.objects.select_related("narrative").filter(narrative__isnull=False)
    return Editor(request, get_object_or_404(rebuttals, uuid=uuid), None, timezone.now()).response()


@require_POST
@needs(*WRITERS)
def waive(request: SignedIn, uuid: UUID) -> HttpResponse:
    """A suggestion does not hold for this text, and why."""
    draft = get_object_or_404(selectors.drafts(), uuid=uuid)
    answer = {"advice": request.POST.get("advice", ""), "note": request.POST.get("note", "")}
    try:
        services.waive(draft, **answer, by=request.user, now=timezone.now())
    except services.RebuttalRefused as refusal:
        messages.error(request, str(refusal))
    else:
        messages.success(request, _("Noted. The approver reads why."))
    return back_to(draft)


@require_POST
@needs(*WRITERS)
def places(request: SignedIn) -> HttpResponse:
    """How the words that are being typed count and look where they may stand. Keeps nothing."""
    prefix = request.POST.get("look") or None
    form = TextForm(request.POST, prefix=prefix)
    shown = {name: str(form[name].value() or "") for name in ("language", "channel_kind", "text")}
    return render(
        request,
        "rebuttals/_places.html",
        {"key": prefix or "new", "with_pictures": request.POST.get("with_pictures"), **shown},
    )
