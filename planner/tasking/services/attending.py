"""What the clock does when nobody is at the desk: see the flood, open the task, wake somebody."""

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from planner.claims.models import CLAIM_STATE_WORDS, Claim, Flood
from planner.claims.services import ClaimRefused, make_claim
from planner.rosters.selectors import on_watch
from planner.tasking import selectors
from planner.tasking.core.ladder import is_attended, is_read
from planner.tasking.models import Task
from planner.tasking.services.answering import close
from planner.tasking.services.opening import open_task
from planner.tasking.services.refusals import TaskRefused

logger = logging.getLogger(__name__)
AT_ONCE = 20  # of either kind, in one beat: the rest waits for the next


def attend(*, now: datetime) -> int:
    """Look after what nobody at the desk looks after; return how many claims and tasks were made or closed.

    No analyst at the desk: a fresh flood becomes a claim, so that it is counted and answered. Nobody at the desk who
    can begin an answer: every fresh unread claim of some weight gets a task, and somebody is paged at once. Tasks whose
    claim was decided meanwhile are closed. One row that fails keeps no other waiting; its error is raised at the end.
    """
    there = on_watch(now)
    errors: list[Exception] = []
    done = _each(_close, list(selectors.no_longer_needed().select_related("claim")), errors, now=now)
    if not is_read(there):
        done += _each(_claim_flood, selectors.unread_floods(now)[:AT_ONCE], errors, now=now)
    if not is_attended(there):
        done += _each(_open, selectors.unattended_claims(now)[:AT_ONCE], errors, now=now)
    if errors:
        raise errors[0]
    return done


def _each(act: Callable[..., bool], rows: Iterable[Any], errors: list[Exception], *, now: datetime) -> int:
    done = 0
    for row in rows:
        try:
            done += act(row, now=now)
        except Exception as error:
            logger.exception("%s %s could not be attended to", type(row).__name__, row.pk)
            errors.append(error)
    return done


def _close(task: Task, *, now: datetime) -> bool:
    return close(task, reason=str(CLAIM_STATE_WORDS[task.claim.state]), now=now)


def _open(claim: Claim, *, now: datetime) -> bool:
    try:
        return open_task(claim, now=now, off_hours=True).opened_at == now
    except TaskRefused:  # somebody decided, or a post answered it, since we looked: nobody is needed any more
        return False


@transaction.atomic
def _claim_flood(flood: Flood, *, now: datetime) -> bool:
    first = flood.sightings.select_related("source").order_by("posted_at", "pk").first()
    if first is None:  # joined to another flood meanwhile
        return False
    seen = {
        "posts": flood.posts,
        "accounts": flood.accounts,
        "source": first.source.name,
        "start": f"{flood.started_at:%H:%M}",
        "end": f"{flood.ended_at:%H:%M}",
    }
    evidence = _(
        "Made by the clock, because no analyst was at the desk: %(posts)d nearly identical posts from %(accounts)d "
        "accounts between %(start)s and %(end)s UTC, the first by %(source)s. It broke no later than that first post."
    )
    try:
        make_claim(
            text=flood.text,
            broke_earliest=flood.started_at,
            broke_latest=flood.started_at,
            now=now,
            by=None,
            flood=flood,
            evidence=evidence % seen,
        )
    except ClaimRefused:  # a person, or another clock, was quicker
        return False
    return True
