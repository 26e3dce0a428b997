"""What of an answer still waits to be cleared, as the ladder of tasking has to know it."""

from datetime import datetime, timedelta

from django.conf import settings

from planner.people.models import User
from planner.rebuttals import selectors
from planner.rebuttals.core import deadline
from planner.rebuttals.models import Draft, Rebuttal
from planner.rebuttals.words import KIND_WORDS
from planner.tasking.services import Ask, review_moved


def waits_no_more(rebuttal: Rebuttal, *, reason: str, by: User, now: datetime) -> None:
    """Some text of this answer was decided, edited or taken back: its ladder ends with the last one that waits.

    The caller holds the rebuttal and, by `moved_on`, its claim.
    """
    if rebuttal.claim is not None:
        review_moved(rebuttal.claim, ask=what_waits(rebuttal, now=now), reason=reason, by=by, now=now)


def what_waits(rebuttal: Rebuttal, *, now: datetime) -> Ask | None:
    """What the ladder has to know of the texts of one answer that wait; None when none does."""
    waiting = selectors.in_review(rebuttal)
    texts = [item.draft for item in waiting]
    if not texts:
        return None
    authors = {text.author_id for text in texts}
    dues = [item.request.due_at for item in waiting if item.request is not None]
    return Ask(
        due_at=min(dues, default=now + usual_time(rebuttal)),
        languages=frozenset(text.language for text in texts),
        brief="\n\n".join(_brief(text) for text in texts),
        authors=frozenset(authors) if len(authors) == 1 else frozenset(),
    )


def _brief(draft: Draft) -> str:
    words = {"language": draft.language, "kind": KIND_WORDS.get(draft.channel_kind, draft.channel_kind)}
    return f"{draft.author} · {words['language']} · {words['kind']}:\n{draft.text}"


def usual_time(rebuttal: Rebuttal) -> timedelta:
    """How long the house gives for a review of this answer."""
    claim = rebuttal.claim
    return deadline.usual(settings.PLANNER_REVIEW_MINUTES, claim.severity if claim else None)
