"""The buttons of the small hours: `{% offered_for tasks person now as offered %}`, then `{% night_lines task … %}`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template

from planner.people.core.roles import Role
from planner.people.models import User
from planner.publishing import offers
from planner.publishing.offers import Offered
from planner.rebuttals.core.scope import RELEASE_ROLES
from planner.rebuttals.words import OUTSIDE_WORDS
from planner.tasking.models import Task

register = template.Library()


@register.simple_tag
def offered_for(tasks: Iterable[Task], person: User, now: datetime) -> dict[int, Offered]:
    """What this person could let out for the claims of these tasks; by the claim's key."""
    return offers.offered([task.claim for task in tasks], by=person, now=now)


@register.inclusion_tag("publishing/_night_lines.html", takes_context=True)
def night_lines(
    context: template.Context, task: Task, person: User, offered: dict[int, Offered], token: str = ""
) -> dict[str, Any]:
    """The lines for a task's claim, each with its one button or every reason; and the button that wakes an approver."""
    found = offered[task.claim_id]
    refused = [(offer, [str(OUTSIDE_WORDS[reason]) for reason in offer.outside]) for offer in found.may_not]
    whys = dict.fromkeys(why for _offer, against in refused for why in against)
    return {
        "request": context.get("request"),
        "theatre_zone": context.get("theatre_zone"),
        "csrf_token": context.get("csrf_token"),
        "task": task,
        "claim": task.claim,
        "token": token,
        "found": found,
        "refused": refused,
        "why": " ".join(whys),
        "may_release": person.has_role(*RELEASE_ROLES),
        "is_approver": person.has_role(Role.APPROVER),
    }
