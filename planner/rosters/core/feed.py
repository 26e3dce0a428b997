"""What a person's own calendar feed says, as values."""

import hashlib
from dataclasses import dataclass
from datetime import datetime

from planner.spans import Span


@dataclass(frozen=True, slots=True)
class FeedEvent:
    """A stretch of duty or leave. `kind` is one of core.calendar.KINDS; `person` and `email` say whose."""

    uid: str
    span: Span
    title: str
    kind: str
    person: str
    email: str = ""
    roles: tuple[str, ...] = ()
    url: str = ""


@dataclass(frozen=True, slots=True)
class FeedTask:
    """Something to be done; `due_at` is when the next person is asked."""

    uid: str
    opened_at: datetime
    title: str
    is_taken: bool
    due_at: datetime | None = None
    url: str = ""


@dataclass(frozen=True, slots=True)
class Version:
    """How often what stands under a UID has changed since it was first served, and when it last did."""

    sequence: int
    changed_at: datetime


FeedItem = FeedEvent | FeedTask


def digest(item: FeedItem) -> str:
    """The same for the same words and times."""
    return hashlib.sha256(repr(item).encode()).hexdigest()
