"""The claim behind a published post is answered: said once by the hand, and again by the clock until it is noted."""

import logging
from datetime import datetime

from planner.claims.services import mark_answered
from planner.publishing import selectors
from planner.publishing.models import Post
from planner.tasking.services import close_for_claim

log = logging.getLogger(__name__)
ANSWERED = "answered"


def note_answer(post: Post, *, now: datetime) -> bool:
    """Mark the claim answered at the moment of publication and close its task. False: not yet, the clock comes back.

    Its own transactions, after the post's: whatever goes wrong here, the post stays published, and the journal, which
    has one writer at a time, is never held while something else is looked up.
    """
    try:
        mark_answered(post.claim, at=post.published_at or now, now=now)
        close_for_claim(post.claim, reason=ANSWERED, now=now)
    except Exception:
        log.exception("post %s is published, its claim could not be marked answered yet", post.uuid)
        return False
    return True


def note_answers(*, now: datetime) -> int:
    """Mark the claims answered whose post is public although that could not be noted with it. How many."""
    return sum(note_answer(post, now=now) for post in selectors.answers_not_noted())
