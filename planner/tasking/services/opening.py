"""Open the task to answer a claim: one at a time for each claim."""

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from planner.claims.core.words import Decision
from planner.claims.models import Claim
from planner.claims.services import decide
from planner.journal.core.milestones import Milestone
from planner.people.models import User
from planner.tasking import selectors
from planner.tasking.core.ladder import Step, Why
from planner.tasking.core.states import Purpose, TaskState
from planner.tasking.models import Task
from planner.tasking.services.paging import page, page_next, save, tell, wait
from planner.tasking.services.refusals import TaskRefused


@transaction.atomic
def open_task(
    claim: Claim,
    *,
    now: datetime,
    by: User | None = None,
    off_hours: bool = False,
    assignee: User | None = None,
) -> Task:
    """Open the task to answer a claim and page the first person at once; the standing one when there is one already.

    `by` None is the clock: then the claim stays unread until a person takes the task, because nobody has judged it yet.
    With a person the claim is taken up in the same transaction (ClaimRefused when it is answered or merged already).
    An `assignee` who opens it takes it; any other assignee is paged first. Raises TaskRefused when the clock asks for a
    claim that needs no answer.
    """
    claim = Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    if by is not None:
        claim = decide(claim, decision=Decision.ANSWER, by=by, now=now)
    elif claim.state in selectors.NEEDS_NO_ANSWER:
        raise TaskRefused(_("This claim needs no answer: %(state)s.") % {"state": claim.state})
    if standing := selectors.standing_for(claim):
        return standing
    task = _create(claim, by=by, now=now, off_hours=off_hours)
    if task is None:
        return Task.objects.get(claim=claim, purpose=Purpose.ANSWER.value, state__in=selectors.STANDING)
    tell(task, Milestone.TASKED, now=now, by=by, off_hours=off_hours)
    _begin(task, by=by, assignee=assignee, now=now)
    return task


def _create(claim: Claim, *, by: User | None, now: datetime, off_hours: bool) -> Task | None:
    """The new row; None when somebody was quicker, which the partial unique index knows."""
    try:
        with transaction.atomic():
            return Task.objects.create(claim=claim, opened_at=now, opened_by=by, off_hours=off_hours)
    except IntegrityError as error:
        if "one_standing_task_per_claim" not in str(error):
            raise
        return None


def _begin(task: Task, *, by: User | None, assignee: User | None, now: datetime) -> None:
    if assignee is None:
        page_next(task, now=now)
    elif assignee == by:
        task.state, task.assignee, task.acknowledged_at = TaskState.ACKNOWLEDGED.value, assignee, now
        task.next_try_at = now + wait("follow_up")
        save(task)
        tell(task, Milestone.ACKNOWLEDGED, now=now, by=by)
    else:
        page(task, Step(assignee.pk, Why.HANDED_OVER), now=now)
        task.next_try_at = now + wait("ladder")
        save(task)
