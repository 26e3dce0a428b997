"""Ask for words to be cleared before a deadline, and take the request back."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.people.models import User
from planner.rebuttals import selectors
from planner.rebuttals.core import deadline
from planner.rebuttals.core.review import DraftState
from planner.rebuttals.models import Draft, ReviewRequest
from planner.rebuttals.services.drafting import check_role
from planner.rebuttals.services.progress import locked, moved_on, stamp_words
from planner.rebuttals.services.refusals import RebuttalRefused, last_word
from planner.rebuttals.services.telling import ask_reviewers, tell_one_more
from planner.rebuttals.services.waiting import usual_time, waits_no_more, what_waits
from planner.tasking.core.states import TaskState
from planner.tasking.services import ask_for_review


@transaction.atomic
def submit(draft: Draft, *, by: User, now: datetime, minutes: int | None = None) -> Draft:
    """Ask for review of the newest version of a text. Asking twice changes nothing.

    It must be decided within `minutes` (None: what the house gives, by the severity of the claim). The first approver
    on the ladder is paged; for words kept ready for a narrative, every approver on watch gets a notice. Stamps DRAFTED
    with `review: "asked"`. Raises RebuttalRefused for an older version, a deadline out of bounds, or when `by` may not
    write.
    """
    check_role(by)
    locked(draft.rebuttal)
    newest = selectors.newest(draft.rebuttal, language=draft.language, channel_kind=draft.channel_kind)
    if newest is None or newest.pk != draft.pk:
        raise RebuttalRefused(_("A newer version of this text exists: ask for review of that one."))
    if newest.submitted_at is not None and not selectors.is_recalled(newest):
        return newest
    due_at = now + _time_for(newest, minutes)
    with last_word():
        Draft.objects.filter(pk=draft.pk, submitted_at=None).update(submitted_at=now)
        ReviewRequest.objects.create(draft=newest, asked_by=by, asked_at=now, due_at=due_at)
    draft.submitted_at = draft.submitted_at or now
    moved_on(draft.rebuttal.claim, now=now)
    stamp_words(draft, Milestone.DRAFTED, actor=by, now=now, review="asked", due_at=due_at)
    _ask_somebody(draft, by=by, now=now)
    return draft


@transaction.atomic
def recall(draft: Draft, *, by: User, now: datetime) -> Draft:
    """Take the request for review back: the text is being written again, and nobody is paged for it any more.

    Stamps DRAFTED with `review: "recalled"`. Raises RebuttalRefused when it does not wait, or when `by` may not write.
    """
    check_role(by)
    locked(draft.rebuttal)
    (shown,) = selectors.reviewed([selectors.drafts().get(pk=draft.pk)])
    if shown.state is not DraftState.IN_REVIEW or shown.request is None:
        raise RebuttalRefused(_("This text does not wait for review: there is no request to take back."))
    shown.request.recalled_at, shown.request.recalled_by = now, by
    with last_word():
        shown.request.save(update_fields=["recalled_at", "recalled_by"])
    moved_on(draft.rebuttal.claim, now=now)
    stamp_words(draft, Milestone.DRAFTED, actor=by, now=now, review="recalled")
    waits_no_more(draft.rebuttal, reason=_("the request for review was taken back"), by=by, now=now)
    return draft


def _ask_somebody(draft: Draft, *, by: User, now: datetime) -> None:
    ask = what_waits(draft.rebuttal, now=now)
    if draft.rebuttal.claim is None or ask is None:
        ask_reviewers(draft, now=now)
        return
    task = ask_for_review(draft.rebuttal.claim, ask=ask, author=draft.author, by=by, now=now)
    if task.state == TaskState.ACKNOWLEDGED and task.assignee is not None:
        tell_one_more(draft, to=task.assignee, now=now)


def _time_for(draft: Draft, minutes: int | None) -> timedelta:
    if minutes is None:
        return usual_time(draft.rebuttal)
    if not deadline.may_be(minutes):
        words = {"minutes": minutes, "shortest": deadline.SHORTEST, "longest": deadline.LONGEST}
        raise RebuttalRefused(
            _("A review takes %(shortest)s to %(longest)s minutes, not %(minutes)s: choose another deadline.") % words
        )
    return timedelta(minutes=minutes)
