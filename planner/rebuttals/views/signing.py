"""Sign approved words as a line for the night: the scope, and what it would have covered, before the signature."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planner.claims.models import Claim
from planner.people.core.roles import Role
from planner.people.permissions import may, needs
from planner.rebuttals import lines as shelf
from planner.rebuttals import selectors, services
from planner.rebuttals.core.scope import Line
from planner.rebuttals.line_forms import SignForm
from planner.rebuttals.models import Draft, every_releasing_role
from planner.rebuttals.views import SignedIn
from planner.rebuttals.views.addresses import WRITERS
from planner.spans import Span

EXAMPLES = 5


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def sign(request: SignedIn, uuid: UUID) -> HttpResponse:
    """The scope of a line over approved words; “Preview” reckons, “Sign” signs. Who may not sign reads and reckons."""
    draft = get_object_or_404(selectors.drafts(), uuid=uuid, rebuttal__narrative__isnull=False)
    now = timezone.now()
    past = shelf.past_claims(now)
    spoken = sorted({one.language for one in past} - {""})
    if request.method != "POST":
        start = {"starts": now, "ends": shelf.next_morning(now), "release_roles": every_releasing_role()}
        return _page(request, draft, SignForm(draft=draft, spoken=spoken, initial=start), past, now)
    form = SignForm(request.POST, draft=draft, spoken=spoken)
    if not form.is_valid():
        return _page(request, draft, form, past, now, status=400)
    if "preview" in request.POST:
        return _page(request, draft, form, past, now)
    try:
        _signed(request, draft, form.cleaned_data, now)
    except services.RebuttalRefused as refusal:
        form.add_error(None, str(refusal))
        return _page(request, draft, form, past, now, status=409)
    messages.success(request, _("Signed: the line may be released within its window."))
    return redirect("rebuttals:lines")


def _signed(request: SignedIn, draft: Draft, cleaned: dict[str, Any], now: datetime) -> None:
    approval = selectors.standing(draft)
    if approval is None or draft.rebuttal.narrative is None:
        raise services.RebuttalRefused(_("Only words that are approved for a narrative can be signed as a line."))
    services.sign_line(
        approval,
        narrative=draft.rebuttal.narrative,
        during=(cleaned["starts"], cleaned["ends"]),
        maximum_uses=cleaned["maximum_uses"],
        channel_kinds=cleaned.get("channel_kinds", ()),
        also=cleaned["also"],
        languages=cleaned["languages"],
        release_roles=cleaned["release_roles"],
        release_people=cleaned["release_people"],
        by=request.user,
        now=now,
    )


def _page(
    request: SignedIn, draft: Draft, form: SignForm, past: list[shelf.Broke], now: datetime, *, status: int = 200
) -> HttpResponse:
    value = _value(draft, form, now)
    found = shelf.preview(value, past) if value else None
    context = {
        "now": now,
        "draft": draft,
        "narrative": draft.rebuttal.narrative,
        "approval": selectors.standing(draft),
        "form": form,
        "window": Span(value.starts, value.ends) if value else None,
        "preview": found,
        "examples": Claim.objects.filter(pk__in=(found.at_its_hours or found.fitting)[:EXAMPLES]) if found else [],
        "may_sign": may(request.user, Role.APPROVER) and request.user.pk != draft.author_id,
    }
    return render(request, "rebuttals/sign.html", context, status=status)


def _value(draft: Draft, form: SignForm, now: datetime) -> Line | None:
    """The line that the form describes, as far as a preview needs it; None while the form does not describe one."""
    chosen: dict[str, Any] = form.cleaned_data if form.is_bound and form.is_valid() else dict(form.initial)
    if form.is_bound and not form.is_valid():
        return None
    starts, ends = chosen["starts"], chosen["ends"]
    if ends <= starts:
        return None
    also = [narrative.pk for narrative in chosen.get("also", ())]
    return Line(
        narratives=frozenset(filter(None, [draft.rebuttal.narrative_id, *also])),
        starts=starts,
        ends=ends,
        maximum_uses=chosen.get("maximum_uses", 1),
        languages=frozenset(chosen.get("languages", ())),
    )
