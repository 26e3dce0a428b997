"""The people's door to the roster: look at a week; as roster manager put people on, take them off, send them away."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from planner.people.core.refusals import Refused
from planner.people.core.roles import Role
from planner.people.permissions import SignedIn, may, needs
from planner.rosters import services
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import Recurrence
from planner.rosters.core.week import monday, week_of
from planner.rosters.forms import LeaveForm, ShiftForm, StretchForm
from planner.rosters.models import Leave, Shift, ShiftRule, Team
from planner.rosters.rolling import add_rule, end_rule
from planner.rosters.weeks import week as week_values
from planner.wallclock import zone as zone_named

Row = Shift | Leave


@require_safe
@needs(*Role)
def week(request: SignedIn) -> HttpResponse:
    """A week by person, in the theatre's zone and everybody's own: `?week=2014-06-09`, any day of it."""
    return _page(request, _day(request), {})


@require_http_methods(["GET", "POST"])
@needs(Role.MANAGER)
def put_on(request: SignedIn) -> HttpResponse:
    """Add a shift, or one that recurs."""
    return _fill(request, "shift_form", ShiftForm(request.POST or None), _added_shift)


@require_http_methods(["GET", "POST"])
@needs(Role.MANAGER)
def send_away(request: SignedIn) -> HttpResponse:
    """Add leave."""
    return _fill(request, "leave_form", LeaveForm(request.POST or None), _added_leave)


@require_POST
@needs(Role.MANAGER)
def cancel_one_shift(request: SignedIn, uuid: str) -> HttpResponse:
    """Take a shift off; its line offers to put it back."""
    return _change(request, get_object_or_404(Shift, uuid=uuid), services.cancel_shift, _("The shift is cancelled."))


@require_POST
@needs(Role.MANAGER)
def restore_one_shift(request: SignedIn, uuid: str) -> HttpResponse:
    """Put a cancelled shift back."""
    return _change(request, get_object_or_404(Shift, uuid=uuid), services.restore_shift, _("The shift is back."))


@require_POST
@needs(Role.MANAGER)
def cancel_one_leave(request: SignedIn, uuid: str) -> HttpResponse:
    """The person is there after all."""
    return _change(request, get_object_or_404(Leave, uuid=uuid), services.cancel_leave, _("The leave is cancelled."))


@require_POST
@needs(Role.MANAGER)
def restore_one_leave(request: SignedIn, uuid: str) -> HttpResponse:
    """The person is away after all."""
    return _change(request, get_object_or_404(Leave, uuid=uuid), services.restore_leave, _("The leave stands again."))


@require_POST
@needs(Role.MANAGER)
def end_series(request: SignedIn, uuid: str) -> HttpResponse:
    """Let the series of a shift end before it."""
    shift = get_object_or_404(Shift, uuid=uuid)
    rule = get_object_or_404(ShiftRule, pk=shift.rule_id)
    count = end_rule(rule, at=shift.during.lower, by=request.user, now=timezone.now())
    messages.success(request, _("The series ends before this shift; cancelled with it: %(count)d.") % {"count": count})
    return redirect(_address(shift.during.lower))


def _fill(request: SignedIn, name: str, form: StretchForm, act: Callable[[SignedIn, Any], str]) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            messages.success(request, act(request, form))
            return redirect(_address(form.cleaned_data["start"]))
        except Refused as refused:
            form.add_error(None, str(refused))
    day = form.cleaned_data.get("start") if form.is_bound and form.is_valid() else None
    return _page(
        request, day.astimezone(zone_named(settings.PLANNER_ZONE)).date() if day else _day(request), {name: form}
    )


def _added_shift(request: SignedIn, form: ShiftForm) -> str:
    given, now = form.cleaned_data, timezone.now()
    team = Team.objects.order_by("pk").first() or services.ensure_team(name="Desk", zone=settings.PLANNER_ZONE)
    words = {"person": given["person"], "team": team, "kind": DutyKind(given["kind"]), "roles": given["roles"]}
    if given["repeat"]:
        recurrence = Recurrence(given["repeat"], form.local("start"), form.minutes(), form.zone_read().key)
        _rule, is_new = add_rule(**words, recurrence=recurrence, by=request.user, now=now)
    else:
        _shift, is_new = services.add_shift(**words, start=given["start"], end=given["end"], by=request.user, now=now)
    return _("%(person)s is on the roster.") % given if is_new else _("That stands in the roster already.")


def _added_leave(request: SignedIn, form: LeaveForm) -> str:
    given = form.cleaned_data
    words = {name: given[name] for name in ("person", "start", "end")}
    _leave, is_new = services.add_leave(**words, by=request.user, now=timezone.now())
    return _("%(person)s is away then.") % given if is_new else _("That stands in the roster already.")


def _change(request: SignedIn, row: Row, act: Callable[..., Row], done: str) -> HttpResponse:
    try:
        act(row, by=request.user, now=timezone.now())
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, done)
    return redirect(_address(row.during.lower))


def _page(request: SignedIn, day: date, forms: dict[str, StretchForm]) -> HttpResponse:
    span = week_of(day, zone_named(settings.PLANNER_ZONE))
    first = monday(day)
    manages = may(request.user, Role.MANAGER)
    context = {
        "week": week_values(span, zone=settings.PLANNER_ZONE, now=timezone.now()),
        "first": first,
        "last": first + timedelta(days=6),
        "before": (first - timedelta(days=7)).isoformat(),
        "after": (first + timedelta(days=7)).isoformat(),
        "manages": manages,
        "open_form": next(iter(forms), ""),
    }
    if manages:
        start = {"start": f"{day.isoformat()}T22:00", "end": f"{(day + timedelta(days=1)).isoformat()}T06:00"}
        context |= {"shift_form": ShiftForm(initial=start), "leave_form": LeaveForm(initial=start)}
    return render(request, "rosters/week.html", context | forms)


def _day(request: SignedIn) -> date:
    try:
        return date.fromisoformat(request.GET.get("week", ""))
    except ValueError:
        return timezone.now().astimezone(zone_named(settings.PLANNER_ZONE)).date()


def _address(instant: datetime) -> str:
    day = instant.astimezone(zone_named(settings.PLANNER_ZONE)).date()
    return f"{reverse('rosters:week')}?week={day.isoformat()}"
