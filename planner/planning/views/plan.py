"""The plan page: ask for a plan, see what it proposes and what more hours would bring, accept it, take it back."""

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language_bidi, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from planner.journal.core.intake import Fault, parse_instant
from planner.people.core.refusals import Refused
from planner.people.core.roles import Role
from planner.people.permissions import SignedIn, may, needs
from planner.planning import selectors, services
from planner.planning.asking import first_step, policy
from planner.planning.core.frontier import Point, knee
from planner.planning.core.picture import picture
from planner.planning.core.policy import Policy
from planner.planning.forms import AskForm
from planner.planning.models import Plan
from planner.planning.services import LONGEST_DAYS
from planner.planning.words import PART_WORDS, cost, line_why, proof, slot_why
from planner.spans import Span


@require_safe
def plan(request: HttpRequest, uuid: UUID | None = None) -> HttpResponse:
    """One plan, or the newest; while it is worked out the page looks again by itself."""
    shown = get_object_or_404(Plan, uuid=uuid) if uuid else Plan.objects.first()
    days = (shown.during.upper - shown.during.lower).days if shown else None
    asked = {"days": days, "hours": f"{shown.budget / 60:g}"} if shown else {}
    gap, now = _gap(request), timezone.now()
    if gap and gap.end > now and not (shown and gap.end <= shown.during.upper):
        asked["days"] = min(LONGEST_DAYS, -(-(gap.end - first_step(now)) // timedelta(days=1)))
    return _page(request, shown, AskForm(initial=asked), gap)


@require_POST
@needs(Role.MANAGER)
def ask(request: SignedIn) -> HttpResponse:
    """Ask for a plan."""
    form = AskForm(request.POST)
    if form.is_valid():
        try:
            made = services.ask(**form.cleaned_data, now=timezone.now(), by=request.user)
        except (Refused, ValueError) as refused:
            form.add_error(None, str(refused))
        else:
            return redirect("planning:shown", made.uuid)
    return _page(request, Plan.objects.first(), form)


@require_POST
@needs(Role.MANAGER)
def accept(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Accept all of a plan, or the proposal that `only` names."""
    shown = get_object_or_404(Plan, uuid=uuid)
    only = _uuid(request.POST.get("only", ""))
    if only is None and request.POST.get("only"):
        messages.error(request, _("Nothing of this plan is left to accept."))
        return redirect("planning:shown", uuid)
    try:
        chosen, _act = services.accept(shown, now=timezone.now(), by=request.user, only=only)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        words = ngettext("%(n)s duty is on the roster.", "%(n)s duties are on the roster.", len(chosen))
        messages.success(request, words % {"n": len(chosen)})
    return redirect("planning:shown", uuid)


@require_POST
@needs(Role.MANAGER)
def undo(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Take back one acceptance, the `act`: exactly its shifts."""
    shown, act = get_object_or_404(Plan, uuid=uuid), _uuid(request.POST.get("act", ""))
    if act is None or not shown.proposals.filter(act__uuid=act).exists():
        messages.error(request, _("That is undone already."))
        return redirect("planning:shown", uuid)
    try:
        count = services.undo(shown, act, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        words = ngettext("%(n)s duty is off the roster again.", "%(n)s duties are off the roster again.", count)
        messages.success(request, words % {"n": count})
    return redirect("planning:shown", uuid)


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _gap(request: HttpRequest) -> Span | None:
    """The silence a link speaks of with `?start=` and `?end=`; None for anything else."""
    try:
        return Span(*(parse_instant(request.GET.get(name, "")) for name in ("start", "end")))
    except (Fault, ValueError):
        return None


def _page(request: HttpRequest, shown: Plan | None, form: AskForm, gap: Span | None = None) -> HttpResponse:
    context = {
        "plan": shown,
        "form": form,
        "may_manage": may(request.user, Role.MANAGER),
        "plans": selectors.recent(),
        "policy": Policy(**shown.policy) if shown else policy(),
        "gap": gap,
        **(_answer(shown, timezone.now(), gap) if shown and shown.state == Plan.State.READY else {}),
    }
    return render(request, "planning/plan.html", context, status=400 if form.errors else 200)


def _answer(shown: Plan, now: datetime, gap: Span | None) -> dict[str, Any]:
    """What a plan that is ready shows."""
    found = [(one, Span(one.during.lower, one.during.upper)) for one in shown.proposals.select_related("person", "act")]
    rows = [(one, span, cost(one), bool(gap and span.start < gap.end and span.end > gap.start)) for one, span in found]
    points = [Point(*one) for one in shown.frontier]
    bend = knee(points)
    hours = shown.budget / 60
    after, bound = shown.loss_after or 0.0, shown.bound or 0.0
    return {
        "rows": rows,
        "in_gap": sum(touches for *_said, touches in rows),
        "open_count": sum(one.accepted_at is None for one, *_said in rows),
        "paid_hours": sum(one.paid for one, *_said in rows) / 60,
        "acts": list({one.act.uuid: one.act for one, *_said in rows if one.act}.values()),
        "stale": [PART_WORDS[part] for part in services.stale(shown, now)],
        "picture": picture(points, hours, bend, rtl=get_language_bidi()),
        "knee": bend,
        "avoided": (shown.loss_before or 0.0) - after,
        "proof": proof(max(0.0, after - bound) / max(after, 1e-9)),
        "lines": [(line["name"], line_why(line)) for line in shown.lines],
        "slots": [(datetime.fromisoformat(slot["at"]), slot_why(slot)) for slot in shown.slots],
        "length": shown.during.upper - shown.during.lower,
    }
