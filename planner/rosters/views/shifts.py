"""One shift, override or stretch of leave: look at it, move it, take it off, put it back, offer it to the others."""

from datetime import datetime

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.permissions import SignedIn, may, needs
from planner.rosters import services
from planner.rosters.core.kinds import DutyKind
from planner.rosters.editing import move_shift
from planner.rosters.entries import why_lost
from planner.rosters.forms.stretches import MoveForm, OfferForm, OwnStretchForm
from planner.rosters.models import Leave, Override, Shift, ShiftRule
from planner.rosters.overriding import cancel_override, override_said, role_words
from planner.rosters.refusals import duties_of
from planner.rosters.rolling import end_rule
from planner.rosters.swapping import offer_swap
from planner.rosters.values import ACTING, acting_roles
from planner.rosters.views.doors import do, filled, week_address
from planner.rosters.words import span_of
from planner.spans import SpanSet


@require_safe
@needs(*Role)
def shift(request: SignedIn, uuid: str) -> HttpResponse:
    """One shift: when, as what, what comes to nothing of it, and what can be done about it."""
    return _page(request, _shift(uuid))


@require_POST
@needs(Role.MANAGER)
def move(request: SignedIn, uuid: str) -> HttpResponse:
    """Move, shorten or change a shift."""
    row = _shift(uuid)
    form = MoveForm(request.POST, person=row.person)
    done = filled(request, form, lambda form, **words: _moved(row, form, **words), lambda: _back(row))
    return done or _page(request, row, move_form=form)


@require_POST
@needs(*ACTING)
def offer(request: SignedIn, uuid: str) -> HttpResponse:
    """Offer a shift, or a part of it, to the others."""
    row = _shift(uuid)
    form = OfferForm(request.POST, person=row.person)
    done = filled(request, form, lambda form, **words: _offered(row, form, **words), lambda: _back(row))
    return done or _page(request, row, offer_form=form)


@require_POST
@needs(Role.MANAGER)
def cancel_one_shift(request: SignedIn, uuid: str) -> HttpResponse:
    """Take a shift off."""
    row = _shift(uuid)
    return do(request, services.cancel_shift, row, address=_back(row))


@require_POST
@needs(Role.MANAGER)
def restore_one_shift(request: SignedIn, uuid: str) -> HttpResponse:
    """Put a cancelled shift back."""
    row = _shift(uuid)
    return do(request, services.restore_shift, row, address=_back(row))


@require_POST
@needs(Role.MANAGER)
def end_series(request: SignedIn, uuid: str) -> HttpResponse:
    """Let the series of a shift end before it."""
    row = _shift(uuid)
    rule = get_object_or_404(ShiftRule, pk=row.rule_id)
    return do(request, end_rule, rule, at=row.during.lower, address=_back(row))


@require_safe
@needs(*Role)
def leave(request: SignedIn, uuid: str) -> HttpResponse:
    """One stretch of leave."""
    row = get_object_or_404(Leave.objects.select_related("person"), uuid=uuid)
    context = {"leave": row, "span": span_of(row), "manages": may(request.user, Role.MANAGER), "week": _back(row)}
    return render(request, "rosters/leave.html", context)


@require_POST
@needs(Role.MANAGER)
def cancel_one_leave(request: SignedIn, uuid: str) -> HttpResponse:
    """The person is there after all."""
    row = get_object_or_404(Leave, uuid=uuid)
    return do(request, services.cancel_leave, row, address=_back(row))


@require_POST
@needs(Role.MANAGER)
def restore_one_leave(request: SignedIn, uuid: str) -> HttpResponse:
    """The person is away after all."""
    row = get_object_or_404(Leave, uuid=uuid)
    return do(request, services.restore_leave, row, address=_back(row))


@require_safe
@needs(*Role)
def override(request: SignedIn, uuid: str) -> HttpResponse:
    """One override: who made it, when, why."""
    rows = Override.objects.select_related("person", "stand_in", "made_by")
    row = get_object_or_404(rows, uuid=uuid)
    context = {
        "override": row,
        "said": override_said(row),
        "span": span_of(row),
        "manages": may(request.user, Role.MANAGER),
        "week": _back(row),
    }
    return render(request, "rosters/override.html", context)


@require_POST
@needs(Role.MANAGER)
def cancel_one_override(request: SignedIn, uuid: str) -> HttpResponse:
    """What stands below counts again."""
    row = get_object_or_404(Override, uuid=uuid)
    return do(request, cancel_override, row, address=_back(row))


def _page(request: SignedIn, row: Shift, **forms: OwnStretchForm) -> HttpResponse:
    span, now = span_of(row), timezone.now()
    held = [duty.span for duty in duties_of(row.person, span.start, span.end) if duty.source == f"shift:{row.uuid}"]
    zone, manages = settings.PLANNER_ZONE, may(request.user, Role.MANAGER)
    shown = OwnStretchForm.shown(span.start, span.end, zone)
    context = {
        "shift": row,
        "span": span,
        "roles": role_words(acting_roles(row.person, row.roles)),
        "lost": [(part, why_lost(row, part)) for part in SpanSet([span]) - SpanSet(held)],
        "manages": manages,
        "may_offer": row.cancelled_at is None and span.end > now and (manages or row.person == request.user),
        "move_form": MoveForm(person=row.person, initial={**shown, "kind": row.kind, "roles": row.roles}),
        "offer_form": OfferForm(person=row.person, initial=shown),
        "wall": shown,
        "week": _back(row),
        **forms,
    }
    return render(request, "rosters/shift.html", context, status=400 if forms else 200)


def _shift(uuid: str) -> Shift:
    rows = Shift.objects.select_related("person", "team", "rule", "rotation", "taken_from__person")
    return get_object_or_404(rows, uuid=uuid)


def _moved(row: Shift, form: MoveForm, *, by: User, now: datetime) -> None:
    given = {name: form.cleaned_data[name] for name in ("start", "end", "roles")}
    move_shift(row, **given, kind=DutyKind(form.cleaned_data["kind"]), by=by, now=now)


def _offered(row: Shift, form: OfferForm, *, by: User, now: datetime) -> None:
    given = {name: form.cleaned_data[name] for name in ("start", "end", "note")}
    offer_swap(row, **given, by=by, now=now)


def _back(row: Shift | Leave | Override) -> str:
    return week_address(row.during.lower)
