"""End a post that has not left the house, and say so: in its row, to people, in the journal."""

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User
from planner.publishing import selectors
from planner.publishing.core.last_moment import CUT, CUT_UNLINKED, Stop, may_leave
from planner.publishing.core.states import WAITING, PostState, StopWhy
from planner.publishing.models import Post
from planner.publishing.services.telling import tell


def stop_unapproved(*, now: datetime) -> int:
    """Stop the waiting posts that nobody stands for any more, or that what was chosen stops by itself. How many."""
    return _examine(selectors.no_longer_allowed(now=now).values_list("pk", flat=True), now=now)


def expire(*, now: datetime) -> int:
    """Stop the waiting posts whose last moment has passed, and tell somebody. How many."""
    return _examine(selectors.past_their_moment(now=now).values_list("pk", flat=True), now=now)


def cut_threads(*, now: datetime) -> int:
    """Stop the waiting parts of threads whose part before did not come out, and tell somebody. How many."""
    cut = 0
    while pks := list(selectors.cut_off().values_list("pk", flat=True)):  # the part after a cut one is cut off, too
        done = sum(_cut(pk, now=now) for pk in pks)
        cut += done
        if not done:
            break
    return cut


@transaction.atomic
def _cut(post_id: int, *, now: datetime) -> bool:
    rows = Post.objects.select_for_update(of=("self",), skip_locked=True, no_key=True)
    post = rows.filter(pk=post_id, state__in=WAITING).select_related(*selectors.WITH_WORDS, "follows").first()
    if post is None or post.follows is None:
        return False
    is_public = post.follows.state == PostState.PUBLISHED.value
    end_stopped(post, Stop(StopWhy.CUT, CUT_UNLINKED if is_public else CUT), now=now)
    return True


def _examine(pks: Iterable[int], *, now: datetime) -> int:
    return sum(stop_if_it_must(pk, now=now) for pk in list(pks))


@transaction.atomic
def stop_if_it_must(post_id: int, *, now: datetime) -> bool:
    """Stop one waiting post if the last questions say so. A post in somebody's hand at this instant is left to them."""
    rows = Post.objects.select_for_update(of=("self",), skip_locked=True, no_key=True).filter(
        pk=post_id, state__in=WAITING
    )
    post = rows.select_related("claim__merged_into", "channel", "approval__approver", "scheduled_by").first()
    if post is None:
        return False
    tried, asked = post.sending_at is not None, post.late_told_at is not None
    verdict = may_leave(selectors.standing(post), now=now, tried=tried, asked=asked)
    if not isinstance(verdict, Stop):
        return False
    end_stopped(post, verdict, now=now)
    return True


def end_stopped(post: Post, stop: Stop, *, now: datetime, by: User | None = None) -> None:
    """Write the end of a locked, waiting post. `by` None: the clock or a hand stopped it, so people are told."""
    post.state, post.why, post.reason = PostState.STOPPED.value, stop.why.value, stop.reason[:300]
    post.leased_until, post.leased_by, post.next_try_at = None, "", None
    post.save(update_fields=["state", "why", "reason", "leased_until", "leased_by", "next_try_at"])
    tell(post, event=stop.why.value, now=now, by=by)
    stamp(
        milestone=Milestone.EXPIRED if stop.why is StopWhy.EXPIRED else Milestone.STOPPED,
        at=now,
        claim=post.claim.uuid,
        subject=f"post:{post.uuid}",
        actor=by.username if by else "clock",
        channel=post.channel.name,
        why=stop.why.value,
        reason=post.reason,
    )
