"""One look, several texts: all of them are cleared as they were read, or none is."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.people.models import User
from planner.rebuttals import selectors
from planner.rebuttals.models import Approval, Draft
from planner.rebuttals.services.progress import locked
from planner.rebuttals.services.refusals import RebuttalRefused, SomeChanged
from planner.rebuttals.services.review import clear
from planner.rebuttals.words import BAR_WORDS


@transaction.atomic
def approve_together(read: Sequence[tuple[Draft, str]], *, approver: User, now: datetime) -> list[Approval]:
    """Clear several texts of one answer: `read` are (version, hex SHA-256 of the words that were read).

    One approval for each, bound to its own words; one transaction. Raises SomeChanged, with every text that is not as
    it was read and why, and then nothing is approved; RebuttalRefused for texts of several answers, or for none.
    """
    if len({draft.rebuttal_id for draft, _sha in read}) != 1:
        raise RebuttalRefused(_("Choose the texts that you have read: all of one answer."))
    locked(read[0][0].rebuttal)
    asked = [(draft, selectors.bars(draft, person=approver, text_sha256=sha)) for draft, sha in read]
    if barred := [(draft, [str(BAR_WORDS[bar]) for bar in bars]) for draft, bars in asked if bars]:
        raise SomeChanged(barred)
    return clear(read, approver=approver, now=now)
