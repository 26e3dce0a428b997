"""Swaps and rotations: what is on offer, who takes it, who takes turns."""

from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.permissions import SignedIn, may, needs
from planner.rosters import selectors, services, swapping
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import Recurrence
from planner.rosters.core.week import monday
from planner.rosters.forms.nights import HANDOVERS, RotationForm
from planner.rosters.models import Rotation, Swap, Team
from planner.rosters.rolling import end_rule
from planner.rosters.rotating import Plan, add_rotation
from planner.rosters.values import ACTING
from planner.rosters.views.doors import asked_day, do, filled, week_address


@require_POST
@needs(*ACTING)
def accept(request: SignedIn, uuid: str) -> HttpResponse:
    """Take over what somebody offers."""
    return _swap(request, uuid, swapping.accept_swap)


@require_POST
@needs(Role.MANAGER)
def approve(request: SignedIn, uuid: str) -> HttpResponse:
    """Agree to a swap that somebody accepted."""
    return _swap(request, uuid, swapping.approve_swap)


@require_POST
@needs(*ACTING)
def end_offer(request: SignedIn, uuid: str) -> HttpResponse:
    """Withdraw an offer, or refuse it as roster manager."""
    return _swap(request, uuid, swapping.end_swap)


@require_POST
@needs(Role.MANAGER)
def swaps_approval(request: SignedIn, pk: int) -> HttpResponse:
    """Whether a roster manager has to agree to the swaps of a team."""
    team = get_object_or_404(Team, pk=pk)
    wanted = request.POST.get("wanted") == "yes"
    return do(request, swapping.ask_for_approval, team, wanted=wanted, address=reverse("rosters:rotations"))


@require_safe
@needs(*Role)
def rotations(request: SignedIn) -> HttpResponse:
    """Who takes turns; a roster manager adds a rotation, ends one, and says whether swaps need a word."""
    first = monday(asked_day(request)) + timedelta(days=7)
    initial = {"name": _("Night duty"), "start": f"{first.isoformat()}T09:00", "kind": "on_call"}
    return _page(request, RotationForm(initial=initial))


@require_POST
@needs(Role.MANAGER)
def begin_rotation(request: SignedIn) -> HttpResponse:
    """Let people take turns."""
    form = RotationForm(request.POST)
    return filled(request, form, _add_rotation, lambda: reverse("rosters:rotations")) or _page(request, form)


@require_POST
@needs(Role.MANAGER)
def end_rotation(request: SignedIn, uuid: str) -> HttpResponse:
    """Nobody's turn comes any more; the turn that runs is finished."""
    row = get_object_or_404(Rotation, uuid=uuid)
    return do(request, end_rule, row, at=timezone.now(), address=reverse("rosters:rotations"))


def _swap(request: SignedIn, uuid: str, act: object) -> HttpResponse:
    swap = get_object_or_404(Swap.objects.select_related("shift__person"), uuid=uuid)
    assert callable(act)
    return do(request, act, swap, address=week_address(swap.during.lower))


def _add_rotation(form: RotationForm, *, by: User, now: datetime) -> None:
    given = form.cleaned_data
    team = Team.objects.order_by("pk").first() or services.ensure_team(name="Desk", zone=settings.PLANNER_ZONE)
    plan = Plan(
        name=given["name"],
        people=form.people(),
        kind=DutyKind(given["kind"]),
        roles=given["roles"],
        handover=Recurrence(given["handover"], given["start"], 1, given["zone"]),
        hours=form.hours(),
    )
    add_rotation(plan, team=team, by=by, now=now)


def _until(row: Rotation) -> str:
    """The hours of each day in words; empty for around the clock."""
    if row.hours_start is None or row.hours_minutes is None:
        return ""
    end = datetime.combine(datetime(2000, 1, 1, tzinfo=UTC), row.hours_start) + timedelta(minutes=row.hours_minutes)
    return f"{row.hours_start:%H:%M}–{end:%H:%M}"


def _page(request: SignedIn, form: RotationForm) -> HttpResponse:
    context = {
        "rotations": [(row, HANDOVERS.get(row.rrule, row.rrule), _until(row)) for row in selectors.open_rotations()],
        "form": form,
        "manages": may(request.user, Role.MANAGER),
        "teams": Team.objects.order_by("name"),
        "utc": UTC,
    }
    return render(request, "rosters/rotations.html", context, status=400 if form.errors else 200)
