"""What follows from each answer of a channel; and a person's word where the channel gave none."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.leases.services import notify_due
from planner.people.core.roles import Role
from planner.people.models import User
from planner.publishing import selectors
from planner.publishing.core.outcome import NotPosted, Outcome, RefusedForGood, Sent
from planner.publishing.core.retry import ask_again_at, next_try
from planner.publishing.core.states import PostState
from planner.publishing.models import Attempt, Post
from planner.publishing.services.answered import note_answer
from planner.publishing.services.late import late_from
from planner.publishing.services.refusals import PostRefused
from planner.publishing.services.telling import in_thread, tell

LEAVING = ["state", "next_try_at", "leased_until", "leased_by", "last_error", "reason", "settled_by", "late_at"]
LEAVING += ["published_at", "remote_id", "remote_url"]
MAY_SETTLE = (Role.OFFICER, Role.DUTY, Role.ADMINISTRATOR)


def conclude(attempt: Attempt, outcome: Outcome, *, now: datetime) -> PostState:
    """End an attempt with what the channel said and move its post (loaded with its words); the post's new state.

    An answer that comes after the post was given up as uncertain still counts when it says that the post is public.
    """
    with transaction.atomic():
        post = attempt.post
        post.state = Post.objects.select_for_update(no_key=True).values_list("state", flat=True).get(pk=post.pk)
        is_open = Attempt.objects.filter(pk=attempt.pk, ended_at__isnull=True)
        end = {"ended_at": max(now, attempt.started_at), "outcome": outcome.kind.value}
        if is_open.update(**end, detail=outcome.detail[:2000]):
            _move(post, outcome, now=now)
        elif post.state == PostState.UNCERTAIN.value and isinstance(outcome, Sent):
            _published(post, outcome, at=now)
    # A hand that has more to send sends first: the clock notes these answers within seconds.
    if post.state == PostState.PUBLISHED.value and not selectors.more_to_send():
        note_answer(post, now=now)
    return PostState(post.state)


def settle(post: Post, *, published: bool, by: User, now: datetime, note: str = "") -> Post:
    """A person looked and says whether an uncertain post is public. It counts as published when it was sent.

    Raises PostRefused when the post is not uncertain, or `by` may not.
    """
    if not by.has_role(*MAY_SETTLE):
        raise PostRefused(_("Only a press officer, a duty officer or an administrator can settle a post."))
    with transaction.atomic():
        rows = Post.objects.select_for_update(of=("self",), no_key=True).select_related(*selectors.WITH_WORDS)
        post = rows.get(pk=post.pk)
        if post.state != PostState.UNCERTAIN.value:
            raise PostRefused(_("This post is no longer uncertain: somebody settled it, or its channel answered."))
        post.settled_by, post.reason = by, note.strip()[:300] or post.reason
        words = {"published": published, "note": note.strip()}
        if published:
            _published(post, Sent(), at=post.sending_at or now, by=by)
        else:
            post.state = PostState.FAILED.value
            post.save(update_fields=["state", "settled_by", "reason"])
            tell(post, event="settled_failed", now=now, by=by)
        _stamp(post, Milestone.SETTLED, at=now, actor=by.username, **words)
    if published:
        note_answer(post, now=now)
    return post


def _move(post: Post, outcome: Outcome, *, now: datetime) -> None:
    if isinstance(outcome, Sent):
        _published(post, outcome, at=now)
    elif isinstance(outcome, NotPosted):
        tries = post.tries.count()
        again_at = next_try(now, tries, expires_at=post.expires_at, retry_after=outcome.retry_after)
        post.late_at = max(post.late_at, late_from(again_at))  # it is not late when its channel asked it to wait
        _leave_sending(post, PostState.RETRYING, outcome.detail, next_try_at=again_at)
        notify_due()
        _stamp(post, Milestone.RETRYING, at=now, tries=tries, again_at=again_at, detail=outcome.detail[:300])
    elif isinstance(outcome, RefusedForGood):
        _leave_sending(post, PostState.FAILED, outcome.detail)
        tell(post, event="failed", now=now)
        _stamp(post, Milestone.FAILED, at=now, detail=outcome.detail[:300])
    else:
        asked_at = ask_again_at(post.sending_at or now, now=now)
        _leave_sending(post, PostState.UNCERTAIN, outcome.detail, next_try_at=asked_at)
        tell(post, event="uncertain", now=now)
        _stamp(post, Milestone.UNCERTAIN, at=now, detail=outcome.detail[:300])


def _published(post: Post, sent: Sent, *, at: datetime, by: User | None = None) -> None:
    post.published_at, post.remote_id, post.remote_url = at, sent.remote_id, sent.url
    if by is None:
        post.reason = ""
    _leave_sending(post, PostState.PUBLISHED, "", reason=post.reason)
    if sent.missed:
        post.reason = sent.missed[:300]
        tell(post, event="partly", now=at)
        post.reason = ""
    detail = {"due_at": post.due_at, "url": sent.url, "released": bool(post.release_id), **in_thread(post)}
    if post.part < post.parts:
        notify_due()  # the next part may go
    _stamp(post, Milestone.PUBLISHED, at=at, actor=by.username if by else "hands", **detail)


def _leave_sending(
    post: Post, state: PostState, detail: str, *, next_try_at: datetime | None = None, reason: str | None = None
) -> None:
    post.state, post.next_try_at, post.leased_until, post.leased_by = state.value, next_try_at, None, ""
    post.last_error, post.reason = detail[:2000], detail[:300] if reason is None else reason
    post.save(update_fields=LEAVING)


def _stamp(post: Post, milestone: Milestone, *, at: datetime, actor: str = "hands", **detail: object) -> None:
    subject = f"post:{post.uuid}"
    stamp(
        milestone=milestone,
        at=at,
        claim=post.claim.uuid,
        subject=subject,
        actor=actor,
        channel=post.channel.name,
        **detail,
    )
