"""Ask after an uncertain post again, a few times: what was still on its way may have arrived. Nothing is sent."""

from datetime import datetime

from django.db import transaction

from planner.publishing import selectors
from planner.publishing.core.outcome import Sent
from planner.publishing.core.retry import ask_again_at
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from planner.publishing.services.outcomes import conclude
from planner.publishing.services.sending import find_it
from planner.publishing.services.telling import tell


def ask_after(post_id: int, *, now: datetime) -> PostState | None:
    """Ask the channel whether it has an uncertain post; its state then, None when it is uncertain no more.

    "It has it" settles it as published at the moment it was sent, and those who were told to look are told. Everything
    else leaves it to a person, and to the next time (core.retry.ASKED_AFTER).
    """
    rows = Post.objects.filter(pk=post_id, state=PostState.UNCERTAIN.value).select_related(*selectors.WITH_WORDS)
    post = rows.first()
    if post is None:
        return None
    sent_at = post.sending_at or now
    found = find_it(post, at=now)
    attempt = post.tries.order_by("-pk").first()
    if isinstance(found, Sent) and attempt is not None:
        attempt.post = post
        with transaction.atomic():
            state = conclude(attempt, found, now=sent_at)
            if state is PostState.PUBLISHED and post.settled_by_id is None:
                tell(post, event="found", now=now)
        return state
    uncertain = Post.objects.filter(pk=post_id, state=PostState.UNCERTAIN.value)
    uncertain.update(next_try_at=ask_again_at(sent_at, now=now), leased_until=None, leased_by="")
    return PostState.UNCERTAIN
