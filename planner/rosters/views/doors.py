"""What the views of the roster share: where to go afterwards, what is said with its undo, forms that act."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.conf import settings
from django.contrib import messages
from django.forms import Form
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _

from planner.people.core.refusals import Refused
from planner.people.permissions import SignedIn
from planner.rosters.models import Act
from planner.wallclock import zone as zone_named


def theatre() -> ZoneInfo:
    """The zone of the page."""
    return zone_named(settings.PLANNER_ZONE)


def asked_day(request: SignedIn, name: str = "week") -> date:
    """The date in the address, today's on the theatre's wall for anything else."""
    try:
        return date.fromisoformat(request.GET.get(name, ""))
    except ValueError:
        return timezone.now().astimezone(theatre()).date()


def week_address(instant: datetime) -> str:
    """The week's page around an instant."""
    return f"{reverse('rosters:week')}?week={instant.astimezone(theatre()).date().isoformat()}"


def back(request: SignedIn, otherwise: str) -> str:
    """Where the form came from, when it says so and it is ours."""
    asked = request.POST.get("next", "")
    return asked if url_has_allowed_host_and_scheme(asked, allowed_hosts=None) else otherwise


def tell(request: SignedIn, act: Act | None, address: str) -> None:
    """Say what was done, with a button that undoes it; without an act nothing changed."""
    if act is None:
        messages.info(request, _("Nothing changed: it stands like that already."))
        return
    shape = (
        '<span>{}</span> <form class="undo" method="post" action="{}"><input type="hidden" name="csrfmiddlewaretoken" '
        'value="{}"><input type="hidden" name="next" value="{}"><button class="button">{}</button></form>'
    )
    url = reverse("rosters:undo", args=[act.uuid])
    words = format_html(shape, act.said, url, get_token(request), address, _("Undo"))
    messages.success(request, words)


def latest_act(request: SignedIn, since: int) -> Act | None:
    """What the person has just done: their newest act after the one with that primary key."""
    return Act.objects.filter(by=request.user, pk__gt=since).first()


def newest() -> int:
    """The primary key of the newest act, 0 without any."""
    return Act.objects.values_list("pk", flat=True).first() or 0


def do(request: SignedIn, act: Callable[..., Any], *args: Any, address: str, **words: Any) -> HttpResponse:
    """Do one act without a form of its own, say so or why not, and go back."""
    since, address = newest(), back(request, address)
    try:
        act(*args, by=request.user, now=timezone.now(), **words)
    except Refused as refused:
        messages.error(request, str(refused))
    else:
        tell(request, latest_act(request, since), address)
    return redirect(address)


def filled(request: SignedIn, form: Form, act: Callable[..., Any], address: Callable[[], str]) -> HttpResponse | None:
    """Do what a valid form asks for and go on; None when the form has to be shown (again)."""
    if request.method != "POST" or not form.is_valid():
        return None
    since = newest()
    try:
        act(form, by=request.user, now=timezone.now())
    except Refused as refused:
        form.add_error(None, str(refused))
        form.conflict = getattr(refused, "other", None)  # type: ignore[attr-defined]
        return None
    tell(request, latest_act(request, since), address())
    return redirect(address())
