"""Where a text is edited, and who may do what there."""

from django.http import HttpResponseRedirect
from django.urls import reverse
from django.utils.http import urlencode

from planner.people.core.roles import Role
from planner.rebuttals.models import Draft

WRITERS = (Role.OFFICER, Role.APPROVER, Role.DUTY)
SCHEDULERS = (Role.OFFICER, Role.DUTY)
READERS = (*WRITERS, Role.ANALYST, Role.MANAGER, Role.ADMINISTRATOR)


def key_of(language: str, kind: str) -> str:
    """What names a text on the editor's page: its fields begin with it, its card bears it."""
    return f"{language}_{kind}"


def address(draft: Draft) -> str:
    """Where this text is edited."""
    rebuttal = draft.rebuttal
    where = ("rebuttals:edit", rebuttal.claim.uuid) if rebuttal.claim else ("rebuttals:edit_line", rebuttal.uuid)
    query = urlencode({"language": draft.language, "kind": draft.channel_kind})
    return f"{reverse(where[0], args=[where[1]])}?{query}#text-{key_of(draft.language, draft.channel_kind)}"


def back_to(draft: Draft) -> HttpResponseRedirect:
    """Back to the editor of this text."""
    return HttpResponseRedirect(address(draft))
