"""Who is on duty tonight, in which role, and whether a message has ever reached them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _

from planner.desk.core.stretches import Stretch, stretches
from planner.desk.trouble import Trouble
from planner.journal.core.milestones import Milestone
from planner.journal.models import Entry
from planner.notices.core.states import NoticeState
from planner.notices.models import Notice
from planner.people.core.roles import Role
from planner.people.models import User
from planner.rosters.core.duty import Duty

NIGHT_ROLES = (Role.DUTY, Role.OFFICER, Role.APPROVER, Role.ANALYST)


class Reach(StrEnum):
    """What is known of how somebody can be reached."""

    PROVEN = "proven"  # they have answered a page
    UNPROVEN = "unproven"  # there is an address, and they never had to answer
    LOST = "lost"  # the last message to them did not arrive
    MUTE = "mute"  # there is no address


@dataclass(frozen=True)
class OnDuty:
    """One person's duties tonight, how they are reached, and when they last acknowledged a page (None: never)."""

    person: User
    duties: list[Duty]
    address: str
    reach: Reach
    acknowledged_at: datetime | None

    @property
    def roles(self) -> list[str]:
        """The roles in which they act, in the order of the night's work."""
        acting = {role for duty in self.duties for role in duty.roles}
        return [role.value for role in NIGHT_ROLES if role in acting]


@dataclass(frozen=True)
class RoleNight:
    """One role through the night."""

    role: Role
    stretches: list[Stretch]


def on_duty(duties: Iterable[Duty]) -> list[OnDuty]:
    """Everybody of these duties, by name. Four queries, however many they are."""
    theirs: dict[int, list[Duty]] = {}
    for duty in duties:
        theirs.setdefault(duty.person_id, []).append(duty)
    people = list(User.objects.filter(pk__in=theirs).prefetch_related("contact_points"))
    told = Notice.objects.filter(person__in=theirs, state__in=[NoticeState.SENT.value, NoticeState.FAILED.value])
    last = dict(told.order_by("person", "-created_at").distinct("person").values_list("person", "state"))
    taken = Entry.objects.filter(milestone=Milestone.ACKNOWLEDGED, actor__in=[person.username for person in people])
    acknowledged = dict(taken.order_by().values_list("actor").annotate(Max("at")))
    return [_on_duty(one, theirs[one.pk], last.get(one.pk), acknowledged.get(one.username)) for one in people]


def _on_duty(person: User, duties: list[Duty], last: str | None, acknowledged_at: datetime | None) -> OnDuty:
    points = [point.address for point in person.contact_points.all()]
    address = next(iter(points), person.email)
    if not address:
        reach = Reach.MUTE
    elif last == NoticeState.FAILED:
        reach = Reach.LOST
    else:
        reach = Reach.PROVEN if acknowledged_at else Reach.UNPROVEN
    return OnDuty(person, duties, address, reach, acknowledged_at)


def by_role(duties: Iterable[Duty], start: datetime, end: datetime) -> list[RoleNight]:
    """Each role of the night's work, hour by hour."""
    there = list(duties)
    return [RoleNight(role, stretches(there, role, start, end)) for role in NIGHT_ROLES]


def troubles(people: list[OnDuty]) -> list[Trouble]:
    """Nobody on duty, people whom no message reaches, a night in which nobody was ever proven to wake up."""
    if not people:
        what = _("Nobody is on duty tonight: no page reaches anybody but the roster managers.")
        return [Trouble("error", what, _("Put people on call."), reverse("rosters:week"))]
    found = [_trouble(one) for one in people if one.reach in (Reach.MUTE, Reach.LOST)]
    if not any(one.reach is Reach.PROVEN for one in people):
        what = _("Nobody who is on duty tonight has ever acknowledged a page.")
        found.append(Trouble("warning", what, _("Telephone them, and ask whether our messages arrive.")))
    return found


def _trouble(one: OnDuty) -> Trouble:
    words = {"person": one.person}
    if one.reach is Reach.MUTE:
        what = _("%(person)s is on duty tonight and has no address: no page reaches them.") % words
        return Trouble("error", what, _("An administrator enters an e-mail address for them."))
    what = _("The last message to %(person)s did not arrive.") % words
    return Trouble("error", what, _("Correct the address, or telephone them before the night."))
