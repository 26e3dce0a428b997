"""Tell people about swaps: who could take a shift on offer, who has to agree, and how it ended.

The roster knows no outbox (they stand side by side in the river), so the clock comes by and looks.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from planner.notices.selectors import is_told
from planner.notices.services import send_notice
from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.selectors import active, holding
from planner.rosters.models import Swap
from planner.rosters.refusals import RosterRefused
from planner.rosters.swapping import refuse_taker
from planner.rosters.words import said, span_of

LATELY = timedelta(days=1)  # how an offer ended is told within this time, or no longer news


def tell_about_swaps(*, now: datetime) -> int:
    """A notice for each step of each swap that lies ahead, once to each person concerned. How many were written.

    An offer goes to those who could take it as the roster stands now; whoever could not then sees it on the page.
    """
    return sum(_tell(swap, _step(swap), now) for swap in _news(now))


def _news(now: datetime) -> Iterable[Swap]:
    ahead = Q(during__startswith__gt=now, shift__cancelled_at=None)
    fresh = Q(ended_at=None) | Q(ended_at__gt=now - LATELY)
    settled = Q(taken=None) | Q(accepted_at__gt=now - LATELY)
    rows = Swap.objects.filter(ahead, fresh, settled).select_related("shift__person", "shift__team", "taker")
    return rows.order_by("pk")


def _step(swap: Swap) -> str:
    if swap.ended_at is not None:
        return "ended"
    if swap.taken_id is not None:
        return "taken"
    return "asked" if swap.taker_id is not None else "offered"


def _tell(swap: Swap, step: str, now: datetime) -> int:
    """The notices of a step; a step of which one was written already is told."""
    key = f"swap:{swap.uuid}:{step}:{swap.taker_id or 0}"
    if is_told(f"{key}:"):
        return 0
    people = _concerned(swap, step)
    for person in people:
        subject, body = _words(swap, step, person)
        send_notice(key=f"{key}:{person.pk}", person=person, subject=subject, body=body, now=now)
    return len(people)


def _concerned(swap: Swap, step: str) -> list[User]:
    if step == "offered":
        return [person for person in active() if person.pk != swap.shift.person_id and _could_take(person, swap)]
    if step == "asked":
        return [person for person in holding(Role.MANAGER) if person.pk != swap.taker_id]
    if step == "ended" and swap.taker is None:
        return []
    return [person for person in (swap.shift.person, swap.taker) if person is not None]


def _could_take(person: User, swap: Swap) -> bool:
    try:
        refuse_taker(person, swap.shift, span_of(swap))
    except RosterRefused:
        return False
    return True


def _words(swap: Swap, step: str, reader: User) -> tuple[str, str]:
    told = {
        "person": swap.shift.person,
        "taker": swap.taker or "",
        "stretch": said(span_of(swap), reader.zone),
        "note": swap.note,
        "link": settings.PLANNER_PUBLIC_URL.rstrip("/") + reverse("rosters:week"),
    }
    subject = {
        "offered": _("%(person)s offers a shift: %(stretch)s"),
        "asked": _("A swap needs your word: %(taker)s for %(person)s, %(stretch)s"),
        "taken": _("%(taker)s takes over from %(person)s: %(stretch)s"),
        "ended": _("The swap does not happen, %(person)s keeps the shift: %(stretch)s"),
    }[step]
    then = {
        "offered": _("You could take it: open the roster and accept."),
        "asked": _("Open the roster and agree or refuse. Until then the shift stays where it is."),
        "taken": _("The roster, the pages and your calendar follow already."),
        "ended": _("It was withdrawn or refused. Nothing has changed on the roster."),
    }[step]
    lines = [subject % told, *([swap.note] if swap.note else []), "", then, str(told["link"]), ""]
    return subject % told, "\n".join(lines)
