"""Approved words onto a channel at a moment, with the gaps of tonight as suggestions."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from planner.coverage.selectors import reading
from planner.people.permissions import SignedIn, may, needs
from planner.publishing import selectors, services
from planner.publishing.core.fit import misfits
from planner.publishing.core.slots import Hole, Slot, slots
from planner.publishing.forms import WALL_FORMAT, ScheduleForm
from planner.publishing.services.schedule import misfit_in_words, words_of
from planner.publishing.views.roles import READERS, SCHEDULERS
from planner.rebuttals.models import Approval, Release
from planner.wallclock import night_of, zone


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
        request.POST if request.method == "POST" else None,
        channels=selectors.channels(),
        releases=releases if is_line else None,
        at_once="at_once" in request.POST,
        now=now,
        initial=_initial(request, releases),
    )
    if request.method == "POST" and form.is_valid():
        try:
            posts = _schedule(approval, form.cleaned_data, request, now)
        except services.PostRefused as refused:
            form.add_error(None, str(refused))
        else:
            text = ngettext("Scheduled.", "Scheduled on %(count)d channels.", len(posts)) % {"count": len(posts)}
            messages.success(request, text)
            for warning in (said for post in posts for said in services.manners(post)):
                messages.warning(request, warning)
            return redirect("publishing:post", posts[0].uuid)
    status = 400 if request.method == "POST" else 200
    return render(request, "publishing/schedule.html", _context(request, approval, form, now), status=status)


@transaction.atomic
def _schedule(approval: Approval, cleaned: dict[str, Any], request: SignedIn, now: datetime) -> list:
    """All of the chosen channels, or none."""
    release = cleaned.get("release")
    claim = release.claim if release else approval.draft.rebuttal.claim
    if claim is None:  # a line's own words: the form asks for the release that names a claim
        raise services.PostRefused(_("Release the line for a claim first."))
    return [
        services.schedule(
            approval,
            channel=channel,
            claim=claim,
            due_at=cleaned["due_at"],
            expires_at=cleaned["expires_at"],
            by=request.user,
            now=now,
            release=release,
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
        "slots": [(slot, _local(slot.at)) for slot in _suggested(now)],
        "standing": approval.posts.select_related("channel"),
        "may_schedule": may(request.user, *SCHEDULERS),
        "now": now,
    }


def _suggested(now: datetime) -> list[Slot]:
    tonight = night_of(now, zone(settings.PLANNER_ZONE))
    found = reading(now, tonight.end, now)
    holes = [Hole(one.gap.start, one.gap.end, one.cost.loss) for one in found.open_gaps]
    hours = [(hour.start, hour.expected) for hour in found.forecast.hours]
    booked = [post.due_at for post in selectors.between(now, tonight.end)]
    return slots(holes, hours, booked, now=now)


def _local(at: datetime) -> str:
    return at.astimezone(zone(settings.PLANNER_ZONE)).strftime(WALL_FORMAT)
