"""Answer a suggestion of the linter: the text is right as it is, and why."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.people.models import User
from planner.rebuttals.core.linting import Advice
from planner.rebuttals.models import Draft, Waiver
from planner.rebuttals.services.drafting import check_role
from planner.rebuttals.services.progress import stamp_words
from planner.rebuttals.services.refusals import RebuttalRefused

LONGEST_NOTE = 300


@transaction.atomic
def waive(draft: Draft, *, advice: str, note: str, by: User, now: datetime) -> Waiver:
    """Say why a suggestion does not hold for this text; it stands for its later versions. The first answer stays.

    Stamps DRAFTED with the advice and the note. Raises RebuttalRefused for an unknown advice, without a note, or when
    `by` may not write.
    """
    check_role(by)
    if advice not in set(Advice):
        raise RebuttalRefused(_("This page does not know that suggestion."))
    if not (note := note.strip()[:LONGEST_NOTE]):
        raise RebuttalRefused(_("Say why the text is right as it is: the approver reads it."))
    same = {"rebuttal": draft.rebuttal, "language": draft.language, "channel_kind": draft.channel_kind}
    defaults = {"note": note, "waived_by": by, "waived_at": now}
    waiver, is_new = Waiver.objects.get_or_create(**same, advice=advice, defaults=defaults)
    if is_new:
        stamp_words(draft, Milestone.DRAFTED, actor=by, now=now, waived=advice, note=note)
    return waiver
