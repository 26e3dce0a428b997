"""The task to clear words: one for all texts of an answer that wait, so that three texts wake one person once.

The packages downstream say what waits (`Ask`); who is paged for it, and when, is decided here as for any other task.
"""

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from planner.claims.models import Claim
from planner.journal.core.milestones import Milestone
from planner.people.models import User
from planner.tasking import selectors
from planner.tasking.core.states import Purpose, TaskState
from planner.tasking.models import Task
from planner.tasking.services.answering import close, held, reopen
from planner.tasking.services.paging import page_next, save, tell


@dataclass(frozen=True, slots=True)
class Ask:
    """What waits to be cleared: until when, in which languages, the words for the message, who wrote all of them."""

    due_at: datetime
    languages: frozenset[str]
    brief: str
    authors: frozenset[int]


@transaction.atomic
def ask_for_review(claim: Claim, *, ask: Ask, author: User, by: User, now: datetime) -> Task:
    """Page the first approver for the words that wait; with a review under way already, the words join it.

    A colleague who has the review keeps it, unless they are the `author` of what was added: then the ladder begins
    anew. Stamps TASKED and PAGED, each with `purpose: "review"`.
    """
    Claim.objects.select_for_update(of=("self",), no_key=True).get(pk=claim.pk)
    standing = selectors.reviews().filter(claim=claim).first()
    if standing is not None:
        return _join(held(standing), ask, author=author, now=now)
    task = Task.objects.create(claim=claim, purpose=Purpose.REVIEW.value, opened_at=now, opened_by=by, **_columns(ask))
    tell(task, Milestone.TASKED, now=now, by=by, due_at=ask.due_at)
    page_next(task, now=now)
    return task


@transaction.atomic
def review_moved(claim: Claim, *, ask: Ask | None, reason: str, now: datetime, by: User) -> bool:
    """Some of the words no longer wait: `ask` is what is left, None when nothing is. Whether that ended the ladder."""
    standing = selectors.reviews().filter(claim=claim).first()
    if standing is None:
        return False
    if ask is None:
        return close(standing, reason=reason, now=now, by=by)
    row = held(standing)
    for name, value in _columns(ask).items():
        setattr(row, name, value)
    row.save(update_fields=list(_columns(ask)))
    return False


def _join(row: Task, ask: Ask, *, author: User, now: datetime) -> Task:
    for name, value in _columns(ask).items():
        setattr(row, name, value)
    if row.next_try_at is not None and row.due_at is not None:
        row.next_try_at = min(row.next_try_at, max(row.due_at, now))
    if row.state != TaskState.ACKNOWLEDGED or row.assignee_id != author.pk:
        save(row)
        return row
    reopen(row)
    tell(row, Milestone.REOPENED, now=now, reason="they wrote what was added", taken_by=author.username)
    page_next(row, now=now)
    return row


def _columns(ask: Ask) -> dict[str, object]:
    return {
        "due_at": ask.due_at,
        "languages": sorted(ask.languages),
        "brief": ask.brief,
        "barred": sorted(ask.authors),
    }
