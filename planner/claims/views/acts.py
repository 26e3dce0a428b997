"""What is done to a claim from its page or the inbox: decide, correct, merge, note a pick-up. All by POST."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from planner.claims import services
from planner.claims.core.words import Decision
from planner.claims.forms import CorrectionForm, DecisionForm, MergeForm, PickUpForm, RetractionForm
from planner.claims.models import Claim
from planner.claims.services.claiming import source_named
from planner.claims.views import TRIAGE, SignedIn
from planner.claims.views.pages import show
from planner.people.permissions import needs


@require_POST
@needs(*TRIAGE)
def decide(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Watch or decline; then back to where the decision was made."""
    claim = get_object_or_404(Claim, uuid=uuid)
    form = DecisionForm(request.POST, prefix="decide")
    if not form.is_valid():
        return show(request, claim, status=400, decision_form=form)
    given = form.cleaned_data
    try:
        services.decide(claim, decision=given["decision"], reason=given["reason"], by=request.user, now=timezone.now())
    except services.ClaimRefused as refusal:
        form.add_error("reason" if given["decision"] == Decision.DECLINE else None, str(refusal))
        return show(request, claim, status=400, decision_form=form)
    if given["decision"] == Decision.DECLINE:
        messages.success(request, _("Kept on record: no public answer, with your reason, name and the time."))
    else:
        messages.success(request, _("Watched: it stays in the inbox until it is answered or declined."))
    return _back(request, claim)


@require_POST
@needs(*TRIAGE)
def correct(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Correct when it broke and on what evidence, how grave it is, where it belongs."""
    claim = get_object_or_404(Claim, uuid=uuid)
    form = CorrectionForm(request.POST, prefix="correct")
    if form.is_valid():
        try:
            services.correct(claim, by=request.user, now=timezone.now(), **form.cleaned_data)
        except services.ClaimRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Corrected. Latency is computed anew from the journal, which keeps both."))
            return redirect("claims:detail", claim.uuid)
    return show(request, claim, status=400, correction_form=form)


@require_POST
@needs(*TRIAGE)
def merge(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Merge this claim into another, and go there."""
    claim = get_object_or_404(Claim, uuid=uuid)
    form = MergeForm(request.POST, claim=claim, prefix="merge")
    if form.is_valid():
        try:
            kept = services.merge(claim, into=form.cleaned_data["into"], by=request.user, now=timezone.now())
        except services.ClaimRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            messages.success(request, _("Merged: its sightings, floods and pick-ups are here now."))
            return redirect("claims:detail", kept.uuid)
    return show(request, claim, status=400, merge_form=form)


@require_POST
@needs(*TRIAGE)
def retract(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Note that its source took the claim back; with `stands`, that it stands after all."""
    claim, now = get_object_or_404(Claim, uuid=uuid), timezone.now()
    form = RetractionForm(request.POST, prefix="retract")
    stands = "stands" in request.POST
    if stands or form.is_valid():
        try:
            if stands:
                services.stand_again(claim, by=request.user, now=now)
            else:
                services.retract(claim, by=request.user, now=now, reason=form.cleaned_data["reason"])
        except services.ClaimRefused as refusal:
            form.add_error(None, str(refusal))
        else:
            words = (
                _("The claim stands again. Stopped posts stay stopped.") if stands else _("Noted: it was taken back.")
            )
            messages.success(request, words)
            return redirect("claims:detail", claim.uuid)
    return show(request, claim, status=400, retraction_form=form)


@require_POST
@needs(*TRIAGE)
def pickup(request: SignedIn, uuid: UUID) -> HttpResponse:
    """Note an outlet that carried the claim."""
    claim = get_object_or_404(Claim, uuid=uuid)
    form = PickUpForm(request.POST, prefix="pickup")
    if form.is_valid():
        given = form.cleaned_data
        told = {"at": given["at"], "url": given["url"], "carried": given["carried"]}
        outlet = source_named(given["outlet"])
        try:
            services.record_pickup(claim, source=outlet, by=request.user, now=timezone.now(), **told)
        except services.ClaimRefused as refusal:
            form.add_error("at", str(refusal))
        else:
            messages.success(request, _("The pick-up is noted."))
            return redirect("claims:detail", claim.uuid)
    return show(request, claim, status=400, pickup_form=form)


def _back(request: SignedIn, claim: Claim) -> HttpResponseRedirect:
    where = request.POST.get("next", "")
    if where and url_has_allowed_host_and_scheme(where, allowed_hosts={request.get_host()}):
        return HttpResponseRedirect(where)
    return redirect("claims:detail", claim.uuid)
