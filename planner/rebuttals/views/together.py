"""Everything of one answer that waits to be cleared, on one page: on a phone at night, behind the link in a message."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from planner.people.models import User
from planner.people.permissions import may, needs
from planner.rebuttals import selectors, services
from planner.rebuttals.advice import Suggestion, suggestions
from planner.rebuttals.core.words import Segment, compare
from planner.rebuttals.models import Draft, Rebuttal
from planner.rebuttals.selectors import Reviewed
from planner.rebuttals.views import SignedIn
from planner.rebuttals.views.addresses import SCHEDULERS, WRITERS
from planner.rebuttals.words import BAR_WORDS, KIND_WORDS
from planner.tasking.core.states import TaskState
from planner.tasking.doors import sealed
from planner.tasking.selectors import review_of
from planner.tasking.services import LinkRefused, TaskRefused, acknowledge, can_take, read_token


@dataclass(frozen=True)
class Text:
    """One text that waits, with everything that its approver reads beside it."""

    item: Reviewed
    kind_words: object
    before: Draft | None
    changes: list[Segment]
    suggestions: list[Suggestion]
    bars: list[object]


@dataclass(frozen=True)
class Changed:
    """A text that is no longer as it was read: why, and what became of it."""

    draft: Draft
    reasons: list[str]
    newest: Draft | None
    changes: list[Segment]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def look(request: SignedIn, uuid: UUID) -> HttpResponse:
    """All texts of one answer that wait, side by side: approve them together, refuse one, or take the review."""
    rebuttal = get_object_or_404(Rebuttal.objects.select_related("claim__narrative", "claim__source"), uuid=uuid)
    if request.method != "POST":
        return _page(request, rebuttal)
    act = request.POST.get("act", "")
    if act not in ACTS:
        return _page(request, rebuttal, problem=_("This page does not know that button."), status=400)
    try:
        done = ACTS[act](request, rebuttal, timezone.now())
    except services.SomeChanged as refusal:
        return _page(request, rebuttal, problem=str(refusal), changed=_changed(refusal), status=409)
    except (services.RebuttalRefused, TaskRefused) as refusal:
        return _page(request, rebuttal, problem=str(refusal), status=409)
    messages.success(request, done)
    return redirect("rebuttals:look", rebuttal.uuid)


@login_not_required
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str) -> HttpResponse:
    """The page behind the link in a message: the words, and a button that takes the review.

    Looking changes nothing. The link speaks for one person and clears nothing: who approves is signed in.
    """
    refusal = ""
    try:
        task, person = read_token(token)
        if not task.is_review:
            return sealed(redirect("tasking:answer", token))
        if request.method == "POST":
            acknowledge(task, person=person, now=timezone.now())
            return sealed(redirect("rebuttals:answer", token))
    except LinkRefused as refused:
        return sealed(render(request, "tasking/answer_gone.html", {"refusal": str(refused)}, status=410))
    except TaskRefused as refused:
        refusal = str(refused)
    task.refresh_from_db()
    rebuttal = get_object_or_404(Rebuttal.objects.select_related("claim__narrative"), claim=task.claim_id)
    if request.user == person:
        return sealed(redirect("rebuttals:look", rebuttal.uuid))
    context = {
        **_shown(rebuttal, person, timezone.now()),
        "task": task,
        "person": person,
        "refusal": refusal,
        "is_mine": task.state == TaskState.ACKNOWLEDGED and task.assignee_id == person.pk,
        "somebody_else": request.user if request.user.is_authenticated else None,
        "look_url": reverse("rebuttals:look", args=[rebuttal.uuid]),
    }
    return sealed(render(request, "rebuttals/answer.html", context))


def _approve(request: SignedIn, rebuttal: Rebuttal, now: datetime) -> str:
    read = [said.partition(":") for said in request.POST.getlist("read")]
    hashes = {uuid: sha for uuid, _colon, sha in read}
    drafts = {str(draft.uuid): draft for draft in selectors.drafts().filter(rebuttal=rebuttal)}
    chosen = [(drafts[uuid], sha) for uuid, sha in hashes.items() if uuid in drafts]
    if len(chosen) != len(hashes):
        raise services.RebuttalRefused(_("These texts do not belong to this answer: open the page again."))
    count = len(services.approve_together(chosen, approver=request.user, now=now))
    words = ngettext("Approved: exactly these words.", "Approved: %(count)s texts, exactly these words.", count)
    return words % {"count": count}


def _refuse(request: SignedIn, rebuttal: Rebuttal, now: datetime) -> str:
    draft = get_object_or_404(selectors.drafts().filter(rebuttal=rebuttal), uuid=_uuid(request.POST.get("draft", "")))
    services.refuse(draft, by=request.user, comment=request.POST.get("comment", ""), now=now)
    return _("Refused. Its author sees your comment.")


def _take(request: SignedIn, rebuttal: Rebuttal, now: datetime) -> str:
    task = review_of(rebuttal.claim) if rebuttal.claim else None
    if task is None:
        raise services.RebuttalRefused(_("Nobody is asked for a review of this answer at the moment."))
    acknowledge(task, person=request.user, now=now)
    return _("It is yours. Nobody else is paged before the deadline.")


ACTS: dict[str, Callable[[SignedIn, Rebuttal, datetime], str]] = {
    "approve": _approve,
    "refuse": _refuse,
    "take": _take,
}


def _page(
    request: SignedIn,
    rebuttal: Rebuttal,
    *,
    problem: str = "",
    changed: Iterable[Changed] = (),
    status: int = 200,
) -> HttpResponse:
    now, me = timezone.now(), request.user
    task = review_of(rebuttal.claim) if rebuttal.claim else None
    newest = selectors.reviewed(selectors.newest_drafts().filter(rebuttal=rebuttal))
    shown = _shown(rebuttal, me, now)
    context = {
        **shown,
        "problem": problem,
        "changed": changed,
        "task": task,
        "is_mine": task is not None and task.state == TaskState.ACKNOWLEDGED and task.assignee_id == me.pk,
        "may_take": task is not None and task.state != TaskState.ACKNOWLEDGED and can_take(task, me),
        "clearable": [text for text in shown["texts"] if not text.bars],
        "others": [item for item in newest if item.draft.pk not in {text.item.draft.pk for text in shown["texts"]}],
        "may_schedule": may(me, *SCHEDULERS),
        "tried": request.POST if status != 200 else {},
    }
    return render(request, "rebuttals/look.html", context, status=status)


def _shown(rebuttal: Rebuttal, person: User, now: datetime) -> dict[str, Any]:
    """What waits, as `person` reads it, and until when it must be decided."""
    texts = [_text(item, person) for item in selectors.in_review(rebuttal)]
    dues = [text.item.request.due_at for text in texts if text.item.request is not None]
    return {
        "now": now,
        "rebuttal": rebuttal,
        "claim": rebuttal.claim,
        "narrative": rebuttal.narrative,
        "texts": texts,
        "due_at": min(dues, default=None),
        "zone": person.zone or settings.PLANNER_ZONE,
    }


def _text(item: Reviewed, person: User) -> Text:
    draft, before = item.draft, selectors.before(item.draft)
    return Text(
        item=item,
        kind_words=KIND_WORDS.get(draft.channel_kind, draft.channel_kind),
        before=before,
        changes=compare(before.text, draft.text) if before else [],
        suggestions=suggestions(draft),
        bars=[BAR_WORDS[bar] for bar in selectors.bars(draft, person=person)],
    )


def _changed(refusal: services.SomeChanged) -> list[Changed]:
    """Each text that stood in the way, with what it says now."""
    found = []
    for draft, reasons in refusal.texts:
        newest = selectors.newest(draft.rebuttal, language=draft.language, channel_kind=draft.channel_kind)
        is_newer = newest is not None and newest.pk != draft.pk
        changes = compare(draft.text, newest.text) if newest and is_newer else []
        found.append(Changed(draft, reasons, newest if is_newer else None, changes))
    return found


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError:
        raise Http404 from None
