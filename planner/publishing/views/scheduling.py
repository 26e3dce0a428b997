"""Approved words onto a channel at a moment; the slots that avoid most are offered, and one press takes one."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from planner.claims.models import Claim
from planner.people.permissions import SignedIn, may, needs
from planner.publishing import selectors, services
from planner.publishing.core.fit import misfits
from planner.publishing.foreseen import Warned, foreseen, once, seal_of
from planner.publishing.forms import ScheduleForm, taken
from planner.publishing.models import Post
from planner.publishing.services.schedule import misfit_in_words, words_of
from planner.publishing.slots import slots_in_gaps
from planner.publishing.views.roles import READERS, SCHEDULERS
from planner.rebuttals.models import Approval, Release


@require_http_methods(["GET", "HEAD", "POST"])
@needs(*READERS)
def schedule(request: SignedIn, uuid: UUID) -> HttpResponse:
    """`?at=` fills in a moment (theatre wall time), `?claim=` the claim for which a line was released."""
    approval, now = selectors.approval_to_schedule(uuid), timezone.now()
    if approval is None:
        raise Http404(_("There is no such approval."))
    releases = Release.objects.filter(line__approval=approval).select_related("claim", "line")
    is_line = approval.draft.rebuttal.claim is None
    form = ScheduleForm(
        taken(request.POST) if request.method == "POST" else None,
        channels=selectors.channels(),
        releases=releases if is_line else None,
        at_once="at_once" in request.POST,
        now=now,
        initial=_initial(request, releases),
    )
    warned: list[Warned] = []
    if request.method == "POST" and form.is_valid():
        try:
            warned = _foreseen(approval, form.cleaned_data)
            if not warned or form.cleaned_data["seen"] == seal_of(warned):
                return _done(request, _schedule(approval, form.cleaned_data, request, now, warned))
        except services.PostRefused as refused:
            form.add_error(None, str(refused))
    status = 400 if request.method == "POST" else 200
    context = {**_context(request, approval, form, now), "warned": warned, "seal": seal_of(warned)}
    return render(request, "publishing/schedule.html", context, status=status)


def _foreseen(approval: Approval, cleaned: dict[str, Any]) -> list[Warned]:
    """What there is to know about each of the chosen channels at that moment."""
    claim, when = _claim(approval, cleaned), {name: cleaned[name] for name in ("due_at", "expires_at")}
    each = (foreseen(approval.draft, channel=channel, claim=claim, **when) for channel in cleaned["channels"])
    return once(warned for found in each for warned in found)


def _done(request: SignedIn, posts: list[Post]) -> HttpResponse:
    text = ngettext("Scheduled.", "Scheduled on %(count)d channels.", len(posts)) % {"count": len(posts)}
    messages.success(request, text)
    return redirect("publishing:post", posts[0].uuid)


def _claim(approval: Approval, cleaned: dict[str, Any]) -> Claim:
    release = cleaned.get("release")
    claim = release.claim if release else approval.draft.rebuttal.claim
    if claim is None:  # a line's own words: the form asks for the release that names a claim
        raise services.PostRefused(_("Release the line for a claim first."))
    return claim


@transaction.atomic
def _schedule(
    approval: Approval, cleaned: dict[str, Any], request: SignedIn, now: datetime, warned: list[Warned]
) -> list[Post]:
    """All of the chosen channels, or none."""
    claim = _claim(approval, cleaned)
    return [
        services.schedule(
            approval,
            channel=channel,
            claim=claim,
            due_at=cleaned["due_at"],
            expires_at=cleaned["expires_at"],
            not_before=cleaned["not_before"],
            withdraw_if=cleaned["withdraw_if"],
            by=request.user,
            now=now,
            release=cleaned.get("release"),
            confirmed=sorted({one.caution.value for one in warned}),
        )
        for channel in cleaned["channels"]
    ]


def _initial(request: SignedIn, releases: Any) -> dict[str, Any]:
    chosen = [release for release in releases if str(release.claim.uuid) == request.GET.get("claim")]
    return {"due_local": request.GET.get("at", ""), "release": chosen[0].pk if chosen else None}


def _context(request: SignedIn, approval: Approval, form: ScheduleForm, now: datetime) -> dict[str, Any]:
    rows = []
    for channel in selectors.channels():
        place = selectors.place_of(channel)
        words = words_of(approval, None)
        rows.append((channel, [misfit_in_words(misfit, words, channel) for misfit in misfits(words, place)]))
    return {
        "approval": approval,
        "draft": approval.draft,
        "claim": approval.draft.rebuttal.claim,
        "form": form,
        "channels": rows,
        "fitting": [channel.pk for channel, faults in rows if not faults],
        **_slots(approval, form, now),
        "standing": approval.posts.select_related("channel"),
        "may_schedule": may(request.user, *SCHEDULERS),
        "now": now,
    }


def _slots(approval: Approval, form: ScheduleForm, now: datetime) -> dict[str, Any]:
    """What is offered on the channels that these words fit and do not stand on yet, and how each slot is taken.

    `known`: what there is to know of all of them; the rest stands with its slot.
    """
    claim, words = approval.draft.rebuttal.claim, words_of(approval, None)
    if claim is None:  # a line's own words: for the claim it is released for
        chosen, releases = str(form["release"].value()), selectors.releases_of(approval)
        claim = next((release.claim for release in releases if str(release.pk) == chosen), None)
    if claim is None or approval.ended_at is not None:
        return {"slots": []}
    there = selectors.channels_with(approval, claim)
    fitting = [one for one in selectors.channels() if not misfits(words, selectors.place_of(one))]
    rows = []
    for slot in slots_in_gaps((one for one in fitting if not one.held_at and one.pk not in there), now=now):
        at, until = slot.offer.at, slot.offer.silence.span.end
        warned = foreseen(approval.draft, channel=slot.channel, claim=claim, due_at=at, expires_at=until)
        rows.append((slot, warned, f"{slot.channel.pk} {at.isoformat()} {until.isoformat()} {seal_of(warned)}"))
    of_all = set.intersection(*({one.key for one in warned} for _slot, warned, _value in rows)) if rows else set()
    return {
        "slots": [(slot, [one for one in warned if one.key not in of_all], value) for slot, warned, value in rows],
        "known": [one for one in rows[0][1] if one.key in of_all] if rows else [],
    }
