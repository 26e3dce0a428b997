"""Signed links in pages: they say which task and which person, and that we wrote them; nothing is stored."""

from datetime import timedelta

from django.conf import settings
from django.core import signing
from django.urls import reverse
from django.utils.translation import gettext as _

from planner.people.models import User
from planner.tasking.core.states import Purpose
from planner.tasking.models import Rung, Task
from planner.tasking.services.refusals import LinkRefused

DOORS = {Purpose.ANSWER.value: "tasking:answer", Purpose.REVIEW.value: "rebuttals:answer"}  # pages behind a link
SALT = "planner.tasking.answer"
GOOD_FOR = timedelta(hours=24)


def token(rung: Rung) -> str:
    """The signed text for one person and one task."""
    return signing.dumps([rung.task.uuid.hex, rung.person.uuid.hex], salt=SALT)


def link(rung: Rung) -> str:
    """The whole address, as it stands in the message."""
    return settings.PLANNER_PUBLIC_URL.rstrip("/") + reverse(DOORS[rung.task.purpose], args=[token(rung)])


def read_token(text: str) -> tuple[Task, User]:
    """The task and the person of a signed text. Raises LinkRefused: altered, older than a day, person gone."""
    try:
        task_uuid, person_uuid = signing.loads(text, salt=SALT, max_age=GOOD_FOR)
    except signing.SignatureExpired as old:
        raise LinkRefused(_("This link is older than a day. Sign in to see what is still open.")) from old
    except (signing.BadSignature, ValueError, TypeError) as wrong:
        words = _("This link is not complete: copy the whole address from the message, or sign in.")
        raise LinkRefused(words) from wrong
    person = User.objects.filter(uuid=person_uuid, is_active=True).first()
    task = Task.objects.select_related("claim", "assignee").filter(uuid=task_uuid).first()
    if person is None or task is None:
        raise LinkRefused(_("This link is no longer good: the account or the task is gone."))
    return task, person
