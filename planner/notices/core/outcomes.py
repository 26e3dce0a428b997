"""What became of one try to deliver a message to our own staff, and what follows from it.

A page is not a public post: two of them are a nuisance, none is a night without an answer. So a try whose end is
unknown is repeated with the same Message-ID, which mail programs show once; a notice is UNCERTAIN only after several.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from planner.leases.core.backoff import next_try
from planner.notices.core.states import NoticeState

BASE, CAP = timedelta(seconds=15), timedelta(minutes=5)
GIVE_UP_AFTER = timedelta(hours=6)  # a page that old would wake somebody for nothing
UNKNOWN_TRIES = 3


class Outcome(StrEnum):
    """SENT: the server took it. NOT_SENT: certainly not, try again. REFUSED: never will. UNKNOWN: nobody can say."""

    SENT = "sent"
    NOT_SENT = "not_sent"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Attempt:
    """The end of one try and what the other side said."""

    outcome: Outcome
    said: str = ""


@dataclass(frozen=True, slots=True)
class Next:
    """What a notice becomes. `try_at` is set for one that is tried again."""

    state: NoticeState
    try_at: datetime | None = None


def after(attempt: Attempt, *, tries: int, created_at: datetime, now: datetime) -> Next:
    """What follows from the try number `tries` (from 1) of a notice made at `created_at`."""
    if attempt.outcome is Outcome.SENT:
        return Next(NoticeState.SENT)
    if attempt.outcome is Outcome.REFUSED:
        return Next(NoticeState.FAILED)
    if attempt.outcome is Outcome.UNKNOWN and tries >= UNKNOWN_TRIES:
        return Next(NoticeState.UNCERTAIN)
    again = next_try(now, tries, base=BASE, cap=CAP)
    if again > created_at + GIVE_UP_AFTER:
        return Next(NoticeState.FAILED)
    return Next(NoticeState.PENDING, again)
