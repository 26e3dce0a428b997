"""The inbox: claims by urgency, floods that nobody made a claim of, the latest sightings."""

from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.claims import selectors
from planner.claims.forms import TAB_WORDS, InboxFilter
from planner.claims.models import Flood
from planner.claims.views import READERS, TRIAGE, SignedIn
from planner.people.permissions import may, needs

PAGE, GLANCE = 25, 8


@require_safe
@needs(*READERS)
def inbox(request: SignedIn) -> HttpResponse:
    """Claims as filtered, twenty-five at a time; beside them the latest floods and sightings."""
    now = timezone.now()
    form = InboxFilter(request.GET)
    filters = form.cleaned_data if form.is_valid() else {}
    page = paged(selectors.claims(filters, now=now), request)
    for claim in page:
        claim.age = now - claim.broke_earliest
    tallies, state = selectors.tallies(), filters.get("state") or "open"
    context = {
        "form": form,
        "page": page,
        "state": state,
        "tabs": [(name, words, tallies[name]) for name, words in TAB_WORDS.items()],
        "filtered": any(value for name, value in filters.items() if name != "state"),
        "query": query_without_page(request),
        "floods": lasting(selectors.fresh_floods()[:GLANCE]),
        "sightings": selectors.loose_sightings()[:GLANCE],
        "may_triage": may(request.user, *TRIAGE),
    }
    return render(request, "claims/inbox.html", context, status=200 if form.is_valid() else 400)


@require_safe
@needs(*READERS)
def floods(request: SignedIn) -> HttpResponse:
    """Every flood without a claim, the latest first."""
    page = paged(selectors.fresh_floods(), request)
    lasting(page.object_list)
    return render(request, "claims/floods.html", {"page": page, "may_triage": may(request.user, *TRIAGE)})


@require_safe
@needs(*READERS)
def sightings(request: SignedIn) -> HttpResponse:
    """Every sighting outside of floods and claims, the latest first."""
    page = paged(selectors.loose_sightings(), request)
    return render(request, "claims/sightings.html", {"page": page, "may_triage": may(request.user, *TRIAGE)})


def paged(found: QuerySet[Any], request: SignedIn, *, size: int = PAGE, name: str = "page") -> Any:
    """The page that the request asks for; the first or last one when there is no such page."""
    return Paginator(found, size).get_page(request.GET.get(name))


def query_without_page(request: SignedIn) -> str:
    """The request's query without the page number, to be followed by &page=."""
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


def lasting(found: Any) -> list[Flood]:
    """Floods with `lasts`, how long they went on, for the page to say."""
    floods = list(found)
    for flood in floods:
        flood.lasts = flood.ended_at - flood.started_at
    return floods
