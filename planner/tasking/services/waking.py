"""Somebody in a certain role is needed: who wants them keeps nothing, and only such people are climbed to."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.claims.models import Claim
from planner.journal.core.milestones import Milestone
from planner.people.core.roles import Role
from planner.people.models import User
from planner.tasking import selectors
from planner.tasking.core.states import TaskState
from planner.tasking.models import Task
from planner.tasking.services.answering import closed_words, held, may_take, reopen
from planner.tasking.services.opening import open_task
from planner.tasking.services.paging import page_next, tell
from planner.tasking.services.refusals import TaskRefused

WHY_LENGTH = 500


@transaction.atomic
def wake(task: Task, *, role: Role, why: str, by: User, now: datetime) -> Task:
    """Page somebody who acts in `role` for this task; without an answer the next of them, at last all who hold it.

    The task is open until one of them takes it: they are asked for by `by`, and read `why` (one or two sentences).
    Pressed again while the page runs, nothing changes. Raises TaskRefused for a closed task, for somebody who may not
    take one, and without a reason.
    """
    row = held(task)
    if row.state == TaskState.CLOSED:
        raise TaskRefused(closed_words(row, by))
    if row.is_review:
        raise TaskRefused(_("Approvers are asked for this already: that is what a review is."))
    may_take(row, by)
    if not why.strip():
        raise TaskRefused(_("Say why they are needed: they read it before they are quite awake."))
    if row.state != TaskState.ACKNOWLEDGED and row.wanted == role:
        return row
    reopen(row)
    row.wanted, row.wanted_by, row.wanted_why = role.value, by, why.strip()[:WHY_LENGTH]
    tell(row, Milestone.REOPENED, now=now, by=by, reason=row.wanted_why, wanted=role.value)
    page_next(row, now=now)
    return row


@transaction.atomic
def wake_for_claim(claim: Claim, *, role: Role, why: str, by: User, now: datetime) -> Task:
    """As `wake`, for the standing task of a claim; without one `by` takes the claim up first."""
    task = selectors.standing_for(claim) or open_task(claim, by=by, assignee=by, now=now)
    return wake(task, role=role, why=why, by=by, now=now)
