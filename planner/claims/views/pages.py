"""One claim with its whole story; and the form that makes a new one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from planner.claims import selectors, services
from planner.claims.core.words import ClaimState, SourceKind
from planner.claims.forms import ClaimForm, CorrectionForm, DecisionForm, MergeForm, PickUpForm, RetractionForm
from planner.claims.models import Claim, Flood, Sighting, Source
from planner.claims.services.claiming import source_named
from planner.claims.views import READERS, TRIAGE, SignedIn
from planner.claims.views.inbox import lasting, paged
from planner.journal.selectors import story
from planner.people.permissions import may, needs

SIGHTINGS = 20


@require_safe
@needs(*READERS)
def detail(request: SignedIn, uuid: UUID) -> HttpResponse:
    """The claim's page."""
    claim = get_object_or_404(Claim.objects.select_related("source", "narrative", "merged_into"), uuid=uuid)
    return show(request, claim)


def show(request: SignedIn, claim: Claim, *, status: int = 200, **forms: Form) -> HttpResponse:
    """Render the claim's page; `forms` replace the empty ones, with what was entered and what is wrong with it."""
    now = timezone.now()
    given = {name: getattr(claim, name) for name in CorrectionForm.base_fields}
    context: dict[str, Any] = {
        "claim": claim,
        "age": now - claim.broke_earliest,
        "now": now,
        "is_open": claim.state in selectors.OPEN,
        "may_triage": may(request.user, *TRIAGE) and claim.state != ClaimState.MERGED,
        "sightings": paged(selectors.sightings_of(claim), request, size=SIGHTINGS, name="sightings"),
        "floods": lasting(claim.floods.all()),
        "pickups": selectors.pickups_of(claim),
        "similar": selectors.similar(claim),
        "merged_here": claim.merged.all(),
        "story": list(story(claim.uuid)),
        "outlets": Source.objects.filter(kind=SourceKind.MEDIA.value),
        "decision_form": DecisionForm(prefix="decide"),
        "correction_form": CorrectionForm(initial=given, prefix="correct"),
        "merge_form": MergeForm(claim=claim, prefix="merge"),
        "pickup_form": PickUpForm(prefix="pickup"),
        "retraction_form": RetractionForm(prefix="retract"),
        **forms,
    }
    return render(request, "claims/detail.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*TRIAGE)
def new(request: SignedIn) -> HttpResponse:
    """Make a claim by hand, or of `?flood=<uuid>` or `?sighting=<id>`."""
    flood, sighting = _origin(request)
    form = ClaimForm(request.POST or None, initial=_initial(flood, sighting))
    if request.method == "POST" and form.is_valid():
        try:
            claim = _made(request, form.cleaned_data, flood, sighting, timezone.now())
        except services.ClaimRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("The claim is in the inbox. Decide: answer, watch or decline."))
            return redirect("claims:detail", claim.uuid)
    context = {"form": form, "flood": flood, "sighting": sighting}
    return render(request, "claims/new.html", context, status=400 if form.errors else 200)


def _origin(request: SignedIn) -> tuple[Flood | None, Sighting | None]:
    flood = sighting = None
    if wanted := request.GET.get("flood"):
        flood = get_object_or_404(Flood, uuid=_uuid(wanted))
        lasting([flood])
    elif wanted := request.GET.get("sighting", ""):
        number = int(wanted) if wanted.isascii() and wanted.isdigit() and len(wanted) < 19 else 0
        sighting = get_object_or_404(Sighting.objects.select_related("source"), pk=number)
    return flood, sighting


def _uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None


def _initial(flood: Flood | None, sighting: Sighting | None) -> dict[str, Any]:
    if flood is not None:
        words = _("First copy of a flood: %(posts)s posts from %(accounts)s accounts.")
        first = flood.sightings.order_by("posted_at").first()
        return {
            "text": flood.text,
            "broke_earliest": flood.started_at,
            "language": first.language if first else "",
            "evidence": words % {"posts": flood.posts, "accounts": flood.accounts},
        }
    if sighting is not None:
        return {
            "text": sighting.text,
            "broke_earliest": sighting.posted_at,
            "language": sighting.language,
            "source": sighting.source.name,
            "url": sighting.url[:500],
            "evidence": _("Time of the message."),
        }
    return {}


def _made(
    request: SignedIn, entered: dict[str, Any], flood: Flood | None, sighting: Sighting | None, now: datetime
) -> Claim:
    name = entered.pop("source")
    return services.make_claim(
        **{**entered, "broke_latest": entered["broke_latest"] or entered["broke_earliest"]},
        source=source_named(name, kind=SourceKind.ADVERSARY.value) if name else None,
        flood=flood,
        sighting_ids=[sighting.pk] if sighting else [],
        now=now,
        by=request.user,
    )
