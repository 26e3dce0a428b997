"""The week by person; as roster manager put people on watch, and send them away."""

from datetime import datetime, timedelta

from django.conf import settings
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.permissions import SignedIn, may, needs
from planner.rosters import selectors, services
from planner.rosters.acts import UNDO_WITHIN
from planner.rosters.acts import undo as undo_act
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import Recurrence
from planner.rosters.core.week import monday, week_of
from planner.rosters.editing import make_room_for
from planner.rosters.forms.nights import OverrideForm
from planner.rosters.forms.stretches import LeaveForm, ShiftForm
from planner.rosters.models import Act, Team
from planner.rosters.offers import offers
from planner.rosters.overriding import add_person, remove_person, replace_person
from planner.rosters.rolling import add_rule
from planner.rosters.values import ACTING
from planner.rosters.views.doors import asked_day, do, filled, theatre, week_address
from planner.rosters.weeks import week as week_values

SHOWN_ACTS = 8


@require_safe
@needs(*Role)
def week(request: SignedIn) -> HttpResponse:
    """A week by person, in the theatre's zone and everybody's own: `?week=2014-06-09`, any day of it."""
    return _page(request, {})


@require_http_methods(["GET", "POST"])
@needs(Role.MANAGER)
def put_on(request: SignedIn) -> HttpResponse:
    """Add a shift, or one that recurs; `make_room` cuts the shifts that are in its way."""
    form = ShiftForm(request.POST or None, initial=_offered(request))
    done = filled(request, form, _add_shift, lambda: week_address(form.cleaned_data["start"]))
    return done or _page(request, {"shift_form": form})


@require_http_methods(["GET", "POST"])
@needs(Role.MANAGER)
def send_away(request: SignedIn) -> HttpResponse:
    """Add leave."""
    form = LeaveForm(request.POST or None, initial=_offered(request))
    done = filled(request, form, _add_leave, lambda: week_address(form.cleaned_data["start"]))
    return done or _page(request, {"leave_form": form})


@require_http_methods(["GET", "POST"])
@needs(Role.MANAGER)
def override(request: SignedIn) -> HttpResponse:
    """Replace, take off or add somebody for a while: "replace Layla by Omar from 22:00 to 02:00"."""
    form = OverrideForm(request.POST or None, initial=_offered(request))
    done = filled(request, form, _override, lambda: week_address(form.cleaned_data["start"]))
    return done or _page(request, {"override_form": form})


@require_POST
@needs(*ACTING)
def undo(request: SignedIn, uuid: str) -> HttpResponse:
    """Undo an act: one's own, or as roster manager anybody's."""
    own = {} if may(request.user, Role.MANAGER) else {"by": request.user}
    act = get_object_or_404(Act, uuid=uuid, **own)
    return do(request, undo_act, act.uuid, address=reverse("rosters:week"))


def _add_shift(form: ShiftForm, *, by: User, now: datetime) -> None:
    given = form.cleaned_data
    team = Team.objects.order_by("pk").first() or services.ensure_team(name="Desk", zone=settings.PLANNER_ZONE)
    words = {"person": given["person"], "team": team, "kind": DutyKind(given["kind"]), "roles": given["roles"]}
    if given["repeat"]:
        recurrence = Recurrence(given["repeat"], form.local("start"), form.minutes(), form.zone_read().key)
        add_rule(**words, recurrence=recurrence, by=by, now=now)
        return
    act = make_room_for if "make_room" in form.data else services.add_shift
    act(**words, start=given["start"], end=given["end"], by=by, now=now)


def _add_leave(form: LeaveForm, *, by: User, now: datetime) -> None:
    given = {name: form.cleaned_data[name] for name in ("person", "start", "end")}
    services.add_leave(**given, by=by, now=now)


def _override(form: OverrideForm, *, by: User, now: datetime) -> None:
    given = form.cleaned_data
    words = {name: given[name] for name in ("person", "start", "end", "reason")}
    if given["act"] == "replace":
        replace_person(**words, stand_in=given["stand_in"], by=by, now=now)
    elif given["act"] == "remove":
        remove_person(**words, by=by, now=now)
    else:
        add_person(**words, kind=DutyKind(given["kind"]), roles=given["roles"], by=by, now=now)


def _page(request: SignedIn, forms: dict[str, Form]) -> HttpResponse:
    now, form = timezone.now(), next(iter(forms.values()), None)
    given = form.cleaned_data.get("start") if form is not None and form.is_bound else None
    day = given.astimezone(theatre()).date() if isinstance(given, datetime) else asked_day(request)
    first = monday(day)
    manages = may(request.user, Role.MANAGER)
    context = {
        "week": week_values(week_of(day, theatre()), zone=settings.PLANNER_ZONE, now=now),
        "first": first,
        "last": first + timedelta(days=6),
        "before": (first - timedelta(days=7)).isoformat(),
        "after": (first + timedelta(days=7)).isoformat(),
        "manages": manages,
        "open_form": next(iter(forms), ""),
        "on_watch": selectors.on_watch(now),
        "offers": offers(request.user, now),
    }
    if manages:
        start = {"start": f"{day.isoformat()}T22:00", "end": f"{(day + timedelta(days=1)).isoformat()}T06:00"}
        context |= {
            "shift_form": ShiftForm(initial=start),
            "leave_form": LeaveForm(initial=start),
            "override_form": OverrideForm(initial=start),
            "undone_until": now - UNDO_WITHIN,
            "acts": Act.objects.select_related("by")[:SHOWN_ACTS],
        }
    return render(request, "rosters/week.html", context | forms)


def _offered(request: SignedIn) -> dict[str, str]:
    """What a link asks the form to begin with."""
    return {name: request.GET[name] for name in ("person", "act", "start", "end", "zone") if name in request.GET}
