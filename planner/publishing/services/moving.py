"""Move a scheduled post to another moment, and back: the words, their approval and everything else stay as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.models import Entry
from planner.journal.services import stamp
from planner.leases.services import notify_due
from planner.people.models import User
from planner.publishing import selectors
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from planner.publishing.services.late import late_from
from planner.publishing.services.refusals import PostRefused
from planner.publishing.services.schedule import MAY_SCHEDULE, checked_moments, due_of_part
from planner.publishing.words import in_theatre
from planner.tasking.services import touch_claim


@transaction.atomic
def move(
    post: Post, *, due_at: datetime, expires_at: datetime, by: User, now: datetime, confirmed: Sequence[str] = ()
) -> Post:
    """The post, due at `due_at` and never sent from `expires_at` on (aware instants); stamps MOVED and wakes the clock.

    A late post that is moved is late no more. `confirmed`: as in `schedule`. Raises PostRefused: the post is on its way
    or has ended, its moment lies in the past, under its embargo or not before its last moment, or `by` may not.
    """
    if not by.has_role(*MAY_SCHEDULE):
        raise PostRefused(_("Only a press officer or a duty officer can move a post."))
    rows = Post.objects.select_for_update(of=("self",), no_key=True).select_related(*selectors.WITH_WORDS)
    locked = rows.get(pk=post.pk)
    if locked.state != PostState.SCHEDULED.value:
        raise PostRefused(_("Only a scheduled post can be moved: this one is on its way, or it has ended."))
    if locked.expires_at == expires_at and expires_at <= due_at:
        words = _("It may never leave after %(until)s: to move it there, give it a later last moment, too.")
        raise PostRefused(words % {"until": in_theatre(expires_at)})
    if locked.part > 1:
        raise PostRefused(_("The parts of a thread move together: move the first one."))
    due_at = checked_moments(due_at, expires_at, now, not_before=locked.not_before)
    before = {"due_before": locked.due_at, "expires_before": locked.expires_at}
    if list(before.values()) == [due_at, expires_at]:
        return locked
    try:
        with transaction.atomic():
            for part in [locked, *_behind(locked)]:
                _put(part, due_of_part(part.part, due_at, expires_at), expires_at)
    except IntegrityError as error:  # a hand was first
        raise PostRefused(_("This post could not be moved: it is on its way by now.")) from error
    touch_claim(locked.claim, now=now, until=due_at)
    notify_due()
    chosen = {"confirmed": list(confirmed)} if confirmed else {}
    _stamp(locked, by=by, now=now, **before, **chosen)
    return locked


def _behind(first: Post) -> list[Post]:
    """The other parts of its thread that wait, locked; none for words that go out whole."""
    same = {"claim": first.claim, "channel": first.channel, "text_sha256": first.text_sha256, "part__gt": 1}
    rows = Post.objects.select_for_update(no_key=True).filter(**same, state=PostState.SCHEDULED.value)
    return list(rows.order_by("part"))


def _put(post: Post, due_at: datetime, expires_at: datetime) -> None:
    post.due_at, post.expires_at, post.next_try_at = due_at, expires_at, due_at
    post.late_at, post.late_told_at = late_from(due_at), None
    post.save(update_fields=["due_at", "expires_at", "next_try_at", "late_at", "late_told_at"])


def undo_move(post: Post, *, by: User, now: datetime) -> Post:
    """Put a post back to where it was before its latest move. Raises PostRefused as `move`, or when it never moved."""
    moves = moves_of(post)
    if not moves:
        raise PostRefused(_("This post was never moved, so there is nothing to undo."))
    return move(post, due_at=moves[-1].due_before, expires_at=moves[-1].expires_before, by=by, now=now)


@dataclass(frozen=True, slots=True)
class Moved:
    """One move of a post, as the journal has it; instants are aware, `by` a username."""

    at: datetime
    by: str
    due_before: datetime
    due_at: datetime
    expires_before: datetime


def moves_of(post: Post) -> list[Moved]:
    """Its moves, the first first: each says where it was before."""
    entries = Entry.objects.filter(milestone=Milestone.MOVED.value, subject=f"post:{post.uuid}").order_by("seq")
    names = ("due_before", "due_at", "expires_before")
    return [Moved(one.at, one.actor, *(datetime.fromisoformat(one.detail[name]) for name in names)) for one in entries]


def _stamp(post: Post, *, by: User, now: datetime, **detail: object) -> None:
    stamp(
        milestone=Milestone.MOVED,
        at=now,
        claim=post.claim.uuid,
        subject=f"post:{post.uuid}",
        actor=by.username,
        channel=post.channel.name,
        due_at=post.due_at,
        expires_at=post.expires_at,
        **detail,
    )
