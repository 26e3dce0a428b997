"""Cleared lines: what may go out tonight without waking anybody, and for how long."""

from typing import Any
from urllib.parse import urlencode
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS
from planner.people.permissions import may, needs
from planner.rebuttals import lines as shelf
from planner.rebuttals import services
from planner.rebuttals.core.scope import RELEASE_ROLES, LineState
from planner.rebuttals.forms import LineTextForm, ReasonForm
from planner.rebuttals.line_forms import ReleaseForm
from planner.rebuttals.models import ClearedLine, Draft
from planner.rebuttals.services.lines import MAY_END
from planner.rebuttals.views import SignedIn
from planner.rebuttals.views.addresses import SCHEDULERS, WRITERS
from planner.rebuttals.words import KIND_WORDS, LINE_STATE_WORDS, OUTSIDE_WORDS
from planner.rosters.selectors import on_watch

# Which of the house's shapes a state is drawn with (desk/templatetags/desk_look.py).
LOOKS = {
    LineState.READY: "covered",
    LineState.LAST_HOURS: "waiting",
    LineState.EARLY: "waiting",
    LineState.USED_UP: "accepted",
    LineState.EXPIRED: "accepted",
    LineState.REVOKED: "withdrawn",
}
UNANSWERED = [ClaimState.UNREAD.value, ClaimState.WATCHED.value, ClaimState.TAKEN_UP.value]


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def lines(request: SignedIn) -> HttpResponse:
    """Lines open now or later, with `?claim=` those of its narrative; words to be signed; a form for new ones."""
    form = LineTextForm(request.POST or None, initial={"language": "en"})
    if request.method == "POST" and form.is_valid():
        try:
            draft = _prepared(request, form.cleaned_data)
        except services.RebuttalRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Prepared: somebody else has to clear it, then an approver signs it."))
            return redirect("rebuttals:review", draft.uuid)
    return _page(request, form, status=400 if form.errors else 200)


@require_POST
@needs(*RELEASE_ROLES)
def release(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Let a line out for a claim, then choose its channel and moment."""
    line = get_object_or_404(shelf.lines(), uuid=uuid)
    form = ReleaseForm(request.POST, claims=Claim.objects.all())
    if not form.is_valid():
        messages.error(request, _("Choose the claim that this line answers."))
        return redirect("rebuttals:lines")
    claim = form.cleaned_data["claim"]
    try:
        released = services.release(line, claim=claim, by=request.user, now=timezone.now())
    except services.RebuttalRefused as refusal:
        messages.error(request, _("Not released. %(why)s Wake the approver.") % {"why": refusal})
        return HttpResponseRedirect(f"{reverse('rebuttals:lines')}?{urlencode({'claim': claim.uuid})}")
    if not may(request.user, *SCHEDULERS):
        messages.success(request, _("Released. A press officer or duty officer can schedule it now."))
        return HttpResponseRedirect(f"{reverse('rebuttals:lines')}?{urlencode({'claim': claim.uuid})}")
    messages.success(request, _("Released. Now choose the channel and the moment."))
    query = urlencode({"release": released.uuid, "claim": claim.uuid})
    return HttpResponseRedirect(f"{reverse('publishing:schedule', args=[line.approval.uuid])}?{query}")


@require_POST
@needs(*MAY_END)
def end(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Revoke a line: one press with a reason."""
    line = get_object_or_404(ClearedLine, uuid=uuid)
    form = ReasonForm(request.POST)
    try:
        if not form.is_valid():
            raise services.RebuttalRefused(_("Say why the line is revoked."))
        services.end_line(line, by=request.user, now=timezone.now(), reason=form.cleaned_data["reason"])
        messages.success(request, _("The line is revoked. What was released from it stands; stop posts one by one."))
    except services.RebuttalRefused as refusal:
        messages.error(request, str(refusal))
    return redirect("rebuttals:lines")


@transaction.atomic
def _prepared(request: SignedIn, cleaned: dict[str, Any]) -> Draft:
    now = timezone.now()
    words = {name: cleaned[name] for name in ("language", "channel_kind", "text", "verdict")}
    rebuttal = services.start(narrative=cleaned["narrative"], now=now)
    draft = services.save_draft(rebuttal, author=request.user, now=now, **words)
    return services.submit(draft, by=request.user, now=now)


def _page(request: SignedIn, form: LineTextForm, *, status: int) -> HttpResponse:
    now, claim = timezone.now(), _asked_claim(request)
    may_release = may(request.user, *RELEASE_ROLES)
    shown = shelf.open_lines(now=now, claim=claim, by=request.user if claim and may_release else None)
    past = shelf.past_claims(now)
    context = {
        "now": now,
        "claim": claim,
        "at_lines": True,
        "lines": [_row(item, claim, past) for item in shown],
        "past": [] if claim else [(item, *_said(item)) for item in shelf.past_lines(now=now)],
        "unsigned": [] if claim else shelf.unsigned(now=now),
        "form": form,
        "why_wake": _why_wake(shown) if claim and may_release else "",
        "may_release": may_release,
        "may_end": may(request.user, *MAY_END),
        "quick_reasons": [_("Overtaken by events."), _("Something in it is wrong.")],
        "may_write": may(request.user, *WRITERS),
        "approvers": [duty.name for duty in on_watch(now) if Role.APPROVER in duty.roles],
    }
    return render(request, "rebuttals/lines.html", context, status=status)


def _asked_claim(request: SignedIn) -> Claim | None:
    try:
        wanted = UUID(request.GET.get("claim", ""))
    except ValueError:
        return None
    return get_object_or_404(Claim.objects.select_related("narrative"), uuid=wanted)


def _why_wake(shown: list[shelf.OpenLine]) -> str:
    """Why an approver is needed: every reason, once; "" where a line may go out."""
    if any(not item.outside for item in shown):
        return ""
    return " ".join(dict.fromkeys(str(OUTSIDE_WORDS[reason]) for item in shown for reason in item.outside))


def _said(item: shelf.OpenLine) -> tuple[str, str]:
    """The shape and the words for how a line stands."""
    return LOOKS[item.state], str(LINE_STATE_WORDS[item.state])


def _row(item: shelf.OpenLine, claim: Claim | None, past: list[shelf.Broke]) -> dict[str, object]:
    """A line with how it stands, what stands against it, what it covers, and the claims for which it could go out."""
    could = Claim.objects.none()
    if claim is None and not item.outside:
        could = Claim.objects.filter(narrative__in=item.value.narratives, state__in=UNANSWERED)
        could = could.exclude(pk__in=item.value.released_for).order_by("-broke_earliest")
    return {
        "line": item.line,
        "look": LOOKS[item.state],
        "state": LINE_STATE_WORDS[item.state],
        "scope": item.scope,
        "release_roles": [ROLE_WORDS[Role(role)] for role in item.line.release_roles],
        "kinds": [KIND_WORDS.get(kind, kind) for kind in item.line.channel_kinds],
        "preview": shelf.preview(item.value, past),
        "uses_left": item.value.uses_left,
        "outside": [OUTSIDE_WORDS[reason] for reason in item.outside],
        "form": ReleaseForm(claims=could, auto_id=f"id_{item.line.uuid}_%s") if could else None,
    }
