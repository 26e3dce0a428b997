"""Pages of storylines: the list, and one form to add or change."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from planner.narratives import selectors, services
from planner.narratives.forms import NarrativeForm
from planner.narratives.models import Narrative
from planner.people.core.roles import Role
from planner.people.permissions import may, needs

WRITERS = (Role.ANALYST, Role.OFFICER, Role.APPROVER)


@require_safe
@needs(*Role)
def storylines(request: HttpRequest) -> HttpResponse:
    """Every storyline with its phrases."""
    context = {"narratives": selectors.storylines(), "may_write": may(request.user, *WRITERS)}
    return render(request, "narratives/list.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def new(request: HttpRequest) -> HttpResponse:
    """Add a storyline."""
    return _form(request, None)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*WRITERS)
def edit(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Change a storyline."""
    return _form(request, get_object_or_404(Narrative, uuid=uuid))


def _form(request: HttpRequest, narrative: Narrative | None) -> HttpResponse:
    form = NarrativeForm.of(narrative) if narrative else NarrativeForm()
    if request.method == "POST":
        form = NarrativeForm(request.POST)
        if form.is_valid():
            try:
                kept = services.save_narrative(narrative=narrative, **form.cleaned_data)
            except services.NarrativeRefused as refusal:
                form.add_error("name", str(refusal))
            else:
                messages.success(request, _("Kept: %(name)s.") % {"name": kept.name})
                return redirect("narratives:list")
    status = 400 if form.errors else 200
    return render(request, "narratives/form.html", {"form": form, "narrative": narrative}, status=status)
