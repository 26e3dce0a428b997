"""One text before a second pair of eyes: approve exactly these words, refuse them, take it back."""

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from planner.people.core.roles import Role
from planner.people.permissions import may, needs
from planner.rebuttals import selectors, services
from planner.rebuttals.advice import suggestions
from planner.rebuttals.core.review import DraftState
from planner.rebuttals.core.words import compare
from planner.rebuttals.forms import ReasonForm, RefuseForm
from planner.rebuttals.models import Draft
from planner.rebuttals.services.review import MAY_WITHDRAW
from planner.rebuttals.views import SignedIn
from planner.rebuttals.views.addresses import SCHEDULERS, WRITERS, address
from planner.rebuttals.words import BAR_WORDS, DRAFT_STATE_WORDS

FORMS: dict[str, type[forms.Form]] = {"refuse": RefuseForm, "withdraw": ReasonForm}


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def review(request: SignedIn, uuid: UUID) -> HttpResponse:
    """The exact text with its hash, what changed in it, and what this person may do with it."""
    draft = get_object_or_404(selectors.drafts(), uuid=uuid)
    if request.method != "POST":
        return _page(request, draft)
    act = request.POST.get("act", "")
    if act not in ACTS:
        return _page(request, draft, problem=_("This page does not know that button."), status=400)
    form = FORMS[act](request.POST) if act in FORMS else None
    if form is not None and not form.is_valid():
        return _page(request, draft, tried={act: form}, status=400)
    try:
        done = ACTS[act](request, draft, form.cleaned_data if form else {}, timezone.now())
    except services.RebuttalRefused as refusal:
        return _page(request, draft, problem=str(refusal), tried={act: form} if form else {}, status=409)
    messages.success(request, done)
    return redirect("rebuttals:review", draft.uuid)


def _approve(request: SignedIn, draft: Draft, _cleaned: dict[str, Any], now: datetime) -> str:
    services.approve(draft, approver=request.user, now=now, text_sha256=request.POST.get("text_sha256", ""))
    return _("Approved: exactly these words.")


def _refuse(request: SignedIn, draft: Draft, cleaned: dict[str, Any], now: datetime) -> str:
    services.refuse(draft, by=request.user, comment=cleaned["comment"], now=now)
    return _("Refused. Its author sees your comment.")


def _recall(request: SignedIn, draft: Draft, _cleaned: dict[str, Any], now: datetime) -> str:
    services.recall(draft, by=request.user, now=now)
    return _("The request is taken back: nobody is asked for a review any more.")


def _withdraw(request: SignedIn, draft: Draft, cleaned: dict[str, Any], now: datetime) -> str:
    approval = selectors.standing(draft)
    if approval is None:
        raise services.RebuttalRefused(_("There is no standing approval of this version to withdraw."))
    services.withdraw(approval, by=request.user, reason=cleaned["reason"], now=now)
    return _("Withdrawn. Posts of these words that have not left the house are being stopped.")


ACTS: dict[str, Callable[..., str]] = {
    "approve": _approve,
    "refuse": _refuse,
    "recall": _recall,
    "withdraw": _withdraw,
}


def _page(
    request: SignedIn,
    draft: Draft,
    *,
    problem: str = "",
    tried: dict[str, forms.Form | None] | None = None,
    status: int = 200,
) -> HttpResponse:
    now, me = timezone.now(), request.user
    (shown,) = selectors.reviewed([draft])
    before = selectors.before(draft)
    tried = tried or {}
    context = {
        "now": now,
        "problem": problem,
        "draft": draft,
        "shown": shown,
        "state_words": DRAFT_STATE_WORDS[shown.state],
        "claim": shown.claim,
        "narrative": draft.rebuttal.narrative,
        "edit_url": address(draft),
        "before": before,
        "changes": compare(before.text, draft.text) if before else [],
        "versions": selectors.versions(draft),
        "suggestions": suggestions(draft),
        "bars": [BAR_WORDS[bar] for bar in selectors.bars(draft, person=me)],
        "waiting": selectors.in_review(draft.rebuttal),
        "may_recall": shown.state is DraftState.IN_REVIEW and shown.request is not None and may(me, *WRITERS),
        "may_schedule": may(me, *SCHEDULERS),
        "may_withdraw": may(me, *MAY_WITHDRAW),
        "may_sign": may(me, Role.APPROVER) and me.pk != draft.author_id,
        "refuse_form": tried.get("refuse") or RefuseForm(),
        "withdraw_form": tried.get("withdraw") or ReasonForm(),
        "lines": shown.approval.lines.order_by("during") if shown.approval else [],
    }
    return render(request, "rebuttals/review.html", context, status=status)
