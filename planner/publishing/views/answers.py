"""What we said about one claim, for everybody: a page with every text and its fact check, and the fact checks alone."""

from uuid import UUID

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import conditional_page, require_safe

from planner.claims.models import Claim
from planner.publishing import factchecks
from planner.publishing.core.claimreview import MEDIA_TYPE, graph
from planner.publishing.factchecks import Statement
from planner.publishing.views.feed import FRESH_SECONDS


@login_not_required
@require_safe
def page(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """Every text that was published about a claim, the first first, with what search engines read."""
    claim, statements = _published(uuid)
    if claim.uuid != uuid:
        return redirect("publishing:answer", claim.uuid, permanent=True)
    context = {"claim": claim, "statements": statements, "address": factchecks.page_of(claim)}
    return render(request, "publishing/answer.html", context)


@login_not_required
@require_safe
@cache_control(public=True, max_age=FRESH_SECONDS)
@conditional_page
def document(request: HttpRequest, uuid: UUID) -> HttpResponse:
    """The fact checks of a claim as JSON-LD."""
    _claim, statements = _published(uuid)
    checks = [one.check for one in statements if one.check is not None]
    return JsonResponse(graph(checks), content_type=MEDIA_TYPE)


def _published(uuid: UUID) -> tuple[Claim, list[Statement]]:
    found = factchecks.statements_about(uuid)
    if found is None:
        raise Http404(_("We have published nothing about this."))
    return found
