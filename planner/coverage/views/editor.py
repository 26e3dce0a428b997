"""The requirement editor: the whole week at once, or one requirement; ended ones come back by undo."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from planner.coverage import selectors, services
from planner.coverage.forms import RequirementForm
from planner.coverage.models import Requirement
from planner.coverage.services import CoverageRefused
from planner.coverage.weekforms import week_forms
from planner.journal.core.intake import Fault, parse_instant
from planner.people.core.roles import Role
from planner.people.permissions import SignedIn, needs
from planner.tempo.selectors import theatre


@needs(Role.MANAGER)
def week(request: SignedIn) -> HttpResponse:
    """All requirements as a week: saved as a whole, or a day's hours copied to others (nothing is saved by that)."""
    rows, now = selectors.week_rows(), timezone.now()
    forms = week_forms(rows, request.POST if request.method == "POST" else None)
    if "copy" in request.POST:
        forms = forms.with_copy(request.POST["copy"])
    elif request.method == "POST" and forms.is_valid():
        try:
            added, ended = services.set_week(rows=forms.rows(), by=request.user, now=now)
        except CoverageRefused as refused:
            forms.refuse(str(refused))
        else:
            words = {"added": added, "ended": ended}
            messages.success(request, _("The week is saved: %(added)s added, %(ended)s ended.") % words)
            return redirect("coverage:week")
    context = {"forms": forms, "last_change": selectors.last_change(), "is_copied": "copy" in request.POST}
    return render(request, "coverage/week.html", context, status=400 if forms.has_errors else 200)


@require_POST
@needs(Role.MANAGER)
def undo(request: SignedIn) -> HttpResponse:
    """Take back the last change, if it is still the last one."""
    try:
        at = parse_instant(request.POST.get("at", ""))
    except Fault:
        at = None
    if at is None or at != selectors.last_change():
        messages.error(request, _("Nothing was undone: the requirements have changed since. Look at them first."))
    else:
        back, ended = services.undo_change(at=at, by=request.user, now=timezone.now())
        messages.success(
            request, _("Undone: %(back)s asked for again, %(ended)s ended.") % {"back": back, "ended": ended}
        )
    return redirect("coverage:week")


@needs(Role.MANAGER)
def requirement(request: SignedIn, uuid: UUID | None = None) -> HttpResponse:
    """Ask for coverage, or change what is asked for."""
    standing = get_object_or_404(selectors.standing_requirements(), uuid=uuid) if uuid else None
    initial = RequirementForm.values_of(standing) if standing else {"zone": theatre().key, "days": list(range(7))}
    form = RequirementForm(request.POST or None, initial=initial)
    if form.is_valid() and _saved(form, standing, request):
        return redirect("coverage:gaps")
    context = {"form": form, "requirement": standing}
    return render(request, "coverage/requirement.html", context, status=400 if form.errors else 200)


@require_POST
@needs(Role.MANAGER)
def end_requirement(request: SignedIn, uuid: UUID) -> HttpResponse:
    """No longer ask for it."""
    services.end_requirement(get_object_or_404(Requirement, uuid=uuid), by=request.user, now=timezone.now())
    messages.success(request, _("The requirement is ended. It can be undone on the page of the week."))
    return redirect("coverage:gaps")


def _saved(form: RequirementForm, standing: Requirement | None, request: SignedIn) -> bool:
    words = {name: form.cleaned_data[name] for name in ("link", "language", "role", "rule", "people")}
    try:
        _row, is_new = services.set_requirement(**words, replaces=standing, by=request.user, now=timezone.now())
    except CoverageRefused as refused:
        form.add_error(None, str(refused))
        return False
    if is_new:
        messages.success(request, _("The requirement is set. Gaps are counted against it from now on."))
    else:
        messages.info(request, _("That is asked for already: nothing has changed."))
    return True
