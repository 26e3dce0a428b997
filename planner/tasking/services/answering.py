"""Take a task, pass it on, close it; climb on when nobody does."""

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from planner.claims.core.words import ClaimState, Decision
from planner.claims.models import CLAIM_STATE_WORDS, Claim
from planner.claims.services import decide
from planner.journal.core.milestones import Milestone
from planner.people.core.roles import Role
from planner.people.models import User
from planner.tasking import selectors
from planner.tasking.core.ladder import Step, Why
from planner.tasking.core.states import STANDING, Purpose, TaskState
from planner.tasking.models import Task
from planner.tasking.services.paging import page, page_next, patience, save, tell, tell_taken, wait
from planner.tasking.services.refusals import TaskRefused
from planner.wallclock import zone as zone_named

TAKING = (Role.DUTY, Role.OFFICER, Role.APPROVER, Role.ANALYST, Role.MANAGER)


@transaction.atomic
def acknowledge(task: Task, *, person: User, now: datetime) -> Task:
    """The person takes the task: nobody else is paged, and a claim that nobody had judged is taken up by them.

    Who takes a review has until its deadline to decide. Again by the same person: nothing changes. Raises TaskRefused
    when somebody else has it (who, since when), when it is closed (why, when), or when the person may not take it.
    """
    row = held(task)
    if row.state == TaskState.CLOSED:
        raise TaskRefused(closed_words(row, person))
    if row.state == TaskState.ACKNOWLEDGED and row.assignee_id == person.pk:
        return row
    if row.state == TaskState.ACKNOWLEDGED:
        raise TaskRefused(taken_words(row, person))
    may_take(row, person)
    row.state, row.assignee, row.acknowledged_at = TaskState.ACKNOWLEDGED.value, person, now
    row.next_try_at = now + wait("follow_up")
    if row.due_at is not None:
        row.next_try_at = max(row.due_at, now + patience(row))
    save(row)
    if row.wanted_by is not None and row.wanted_by != person:
        tell_taken(row, asked=row.wanted_by, taken=person, now=now)
    if not row.is_review and row.claim.state == ClaimState.UNREAD:
        decide(row.claim, decision=Decision.ANSWER, by=person, now=now)
    tell(row, Milestone.ACKNOWLEDGED, now=now, by=person)
    return row


@transaction.atomic
def hand_over(task: Task, *, to: User, by: User, now: datetime) -> Task:
    """Pass a task on: `to` is paged and must take it; without an answer the ladder climbs as for any page.

    Raises TaskRefused for a closed task, for a person who may not take one, and for passing it to oneself.
    """
    row = held(task)
    if row.state == TaskState.CLOSED:
        raise TaskRefused(closed_words(row, by))
    if to == by and row.assignee_id == by.pk:
        raise TaskRefused(_("You have this task already: choose somebody else."))
    may_take(row, to)
    reopen(row)
    tell(row, Milestone.REOPENED, now=now, by=by, reason="handed over", to=to.username)
    page(row, Step(to.pk, Why.HANDED_OVER), now=now)
    row.next_try_at = now + patience(row)
    save(row)
    return row


@transaction.atomic
def touch(task: Task, *, now: datetime, until: datetime | None = None) -> Task:
    """Work on an answer has moved on: ask after it an hour later, or an hour after `until` (a post that is due)."""
    row = held(task)
    if row.state == TaskState.ACKNOWLEDGED:
        row.next_try_at = max(now, until or now) + wait("follow_up")
        save(row)
    return row


def touch_claim(claim: Claim, *, now: datetime, until: datetime | None = None) -> bool:
    """As `touch`, for the standing task to answer a claim; whether there is one."""
    task = _answering(claim)
    return task is not None and bool(touch(task, now=now, until=until))


@transaction.atomic
def close_for_claim(claim: Claim, *, reason: str, now: datetime, by: User | None = None) -> bool:
    """Close the standing task to answer a claim, because it was answered or needs none; whether there was one."""
    task = _answering(claim)
    return task is not None and close(task, reason=reason, now=now, by=by)


@transaction.atomic
def close(task: Task, *, reason: str, now: datetime, by: User | None = None) -> bool:
    """Close a task: nobody is paged for it any more. Whether it was standing."""
    row = held(task)
    if row.state == TaskState.CLOSED:
        return False
    row.state, row.closed_at, row.closed_reason, row.next_try_at = TaskState.CLOSED.value, now, reason[:200], None
    save(row)
    tell(row, Milestone.CLOSED, now=now, by=by, reason=reason)
    return True


@transaction.atomic
def climb(task_id: int, *, now: datetime) -> bool:
    """Do what is due for a task; whether anything was. Asked twice, or too early, it does nothing.

    Nobody answered: the next person is paged. Somebody took it and nothing followed in time: it is open again and the
    ladder begins anew, that person last. The claim needs none of it any more: it is closed.
    """
    row = held(Task(pk=task_id))
    if row.state == TaskState.CLOSED or row.next_try_at is None or row.next_try_at > now:
        return False
    if not selectors.is_needed(row):
        return close(row, reason=str(CLAIM_STATE_WORDS[row.claim.state]), now=now)
    if row.state == TaskState.ACKNOWLEDGED:
        taken_by = row.assignee.username if row.assignee else ""
        tell(row, Milestone.REOPENED, now=now, reason="nothing followed in time", taken_by=taken_by)
        reopen(row)
    page_next(row, now=now)
    return True


def hurry(*, now: datetime) -> int:
    """Let the ladder climb at once where the last page certainly reached nobody; how many tasks that were."""
    return selectors.undelivered().filter(next_try_at__gt=now).update(next_try_at=now)


def can_take(task: Task, person: User) -> bool:
    """Whether this person can do what the task asks for, or find somebody who does."""
    if task.is_review:
        return person.has_role(Role.APPROVER) and person.pk not in task.barred
    return person.has_role(*TAKING)


def may_take(task: Task, person: User) -> None:
    """Raise TaskRefused unless this person can take the task."""
    if can_take(task, person):
        return
    if task.is_review:
        words = _("%(person)s cannot clear these words: it takes an approver who did not write them.")
        raise TaskRefused(words % {"person": person})
    words = _("%(person)s holds no role that may take a task: an administrator can give one.")
    raise TaskRefused(words % {"person": person})


def held(task: Task) -> Task:
    """The task's row as it is now, locked until the transaction ends.

    The claim's row is locked before it, here and everywhere: who publishes holds the claim when it closes the task.
    """
    Claim.objects.select_for_update(of=("self",), no_key=True).get(tasks=task.pk)
    rows = Task.objects.select_for_update(of=("self",), no_key=True)
    return rows.select_related("claim", "assignee", "opened_by", "wanted_by").get(pk=task.pk)


def taken_words(task: Task, reader: User) -> str:
    """Who has it, since when."""
    told = {"person": task.assignee, "time": _time(task.acknowledged_at, reader)}
    return _("%(person)s took this at %(time)s. You need not do anything.") % told


def closed_words(task: Task, reader: User) -> str:
    """Why and when it was closed."""
    told = {"reason": task.closed_reason, "time": _time(task.closed_at, reader)}
    return _("This was closed at %(time)s: %(reason)s.") % told


def _answering(claim: Claim) -> Task | None:
    return Task.objects.filter(claim=claim, purpose=Purpose.ANSWER.value, state__in=STANDING).first()


def _time(instant: datetime | None, reader: User) -> str:
    zone = reader.zone or settings.PLANNER_ZONE
    return f"{date_format(instant.astimezone(zone_named(zone)), 'H:i')} {zone}" if instant else ""


def reopen(row: Task) -> None:
    """The ladder begins anew, for whoever can help. The caller pages somebody and keeps the row."""
    row.state, row.acknowledged_at = TaskState.OPEN.value, None
    row.round, row.rung = row.round + 1, -1
    row.wanted, row.wanted_by, row.wanted_why = "", None, ""
