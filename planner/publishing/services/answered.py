"""The claim behind a published post is answered: said once by the hand, and again by the clock until it is noted."""

import logging
from datetime import datetime

from django.db import OperationalError, transaction

from planner.claims.services import mark_answered
from planner.publishing import selectors
from planner.publishing.models import Post
from planner.tasking.services import close_for_claim

log = logging.getLogger(__name__)
ANSWERED = "answered"


def note_answer(post: Post, *, now: datetime) -> bool:
    """Mark the claim answered at the moment of publication and close its task. False: not yet, the clock comes back.

    Part of the transaction that publishes, so that the journal is locked once; whatever goes wrong here is undone by
    itself and the post stays published.
    """
    try:
        with transaction.atomic():
            mark_answered(post.claim, at=post.published_at or now, now=now)
            close_for_claim(post.claim, reason=ANSWERED, now=now)
    except OperationalError:
        raise  # the connection itself is gone: nothing of this transaction stands
    except Exception:
        log.exception("post %s is published, its claim could not be marked answered yet", post.uuid)
        return False
    return True


def note_answers(*, now: datetime) -> int:
    """Mark the claims answered whose post is public although that could not be noted with it. How many."""
    return sum(note_answer(post, now=now) for post in selectors.answers_not_noted())
