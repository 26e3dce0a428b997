"""Who is on watch at a moment, and why; one's own coming duties, for the phone."""

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_safe

from planner.journal.core.intake import Fault, parse_instant
from planner.people.core.roles import Role
from planner.people.models import ROLE_WORDS
from planner.people.permissions import SignedIn, needs
from planner.rosters import selectors
from planner.rosters.core import fairness
from planner.rosters.core.watch import able
from planner.rosters.entries import address_of
from planner.rosters.offers import offers
from planner.rosters.overriding import role_words
from planner.rosters.refusals import duties_of
from planner.rosters.values import ACTING
from planner.rosters.views.doors import theatre
from planner.rosters.words import VIA_WORDS
from planner.spans import SpanSet

AHEAD = timedelta(days=28)
WEEK = timedelta(days=7)


@require_safe
@needs(*Role)
def watch(request: SignedIn) -> HttpResponse:
    """Who can do what at an instant, and by what: `?at=2014-06-09T22:30` on the theatre's wall; now without it."""
    asked, wrong, at = request.GET.get("at", ""), "", timezone.now()
    if asked:
        try:
            at = parse_instant(asked, theatre(), field_name="at")
        except Fault as fault:
            wrong = str(fault)
    duties = selectors.on_watch(at)
    can = able(duties)
    context = {
        "at": at,
        "asked": asked or f"{at.astimezone(theatre()):%Y-%m-%dT%H:%M}",
        "wrong": wrong,
        "people": [
            (duty, role_words(duty.roles), VIA_WORDS[duty.via], address_of(duty.source), sorted(duty.languages))
            for duty in duties
        ],
        "roles": [(ROLE_WORDS[role], can.get(role.value, [])) for role in Role if role in ACTING - {Role.MANAGER}],
    }
    return render(request, "rosters/watch.html", context, status=400 if wrong else 200)


@require_safe
@needs(*Role)
def mine(request: SignedIn) -> HttpResponse:
    """One's own duties of the next four weeks, each a tap from being offered; what others offer; hours and nights."""
    now, person = timezone.now(), request.user
    zone = ZoneInfo(person.zone)
    duties = [duty for duty in duties_of(person, now - timedelta(days=1), now + AHEAD) if duty.span.end > now]
    quarter = fairness.quarter(now.astimezone(theatre()).date(), theatre())
    in_quarter = duties_of(person, quarter.start, quarter.end)
    context = {
        "duties": [(duty, role_words(duty.roles), VIA_WORDS[duty.via], address_of(duty.source)) for duty in duties],
        "zone": person.zone,
        "is_elsewhere": person.zone != settings.PLANNER_ZONE,
        "hours": -(-SpanSet(duty.span for duty in duties).clip(now, now + WEEK).total() // timedelta(hours=1)),
        "nights": fairness.nights(in_quarter, quarter, zone),
        "offers": offers(person, now),
        "ahead": AHEAD.days,
    }
    return render(request, "rosters/mine.html", context)
