"""The buttons of the small hours: `{% lines_for tasks person now as lines %}`, then `{% night_lines task … %}`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template

from planner.people.core.roles import Role
from planner.people.models import User
from planner.publishing.releasable import NightLines, releasable
from planner.rebuttals.core.scope import RELEASE_ROLES
from planner.rebuttals.words import OUTSIDE_WORDS
from planner.tasking.models import Task

register = template.Library()


@register.simple_tag
def lines_for(tasks: Iterable[Task], person: User, now: datetime) -> dict[int, NightLines]:
    """What this person could let out for the claims of these tasks; by the claim's key."""
    return releasable([task.claim for task in tasks], by=person, now=now)


@register.inclusion_tag("publishing/_night_lines.html", takes_context=True)
def night_lines(
    context: template.Context, task: Task, person: User, lines: dict[int, NightLines], token: str = ""
) -> dict[str, Any]:
    """The lines for a task's claim, each with its one button or every reason; and the button that wakes an approver."""
    found = lines[task.claim_id]
    refused = [(one, [str(OUTSIDE_WORDS[reason]) for reason in one.outside]) for one in found.may_not]
    whys = dict.fromkeys(why for _line, against in refused for why in against)
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
