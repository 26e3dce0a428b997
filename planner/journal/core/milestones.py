"""Every kind of thing that can be stamped in the journal. The database refuses any other word."""

from collections.abc import Mapping
from enum import StrEnum, auto
from typing import Any


class Milestone(StrEnum):
    """What happened. New words need a migration, because a CHECK keeps the list."""

    SIGHTED = auto()
    CLAIMED = auto()
    MATCHED = auto()
    TRIAGED = auto()
    DECLINED = auto()
    MERGED = auto()
    CORRECTED = auto()
    RETRACTED = auto()
    TASKED = auto()
    PAGED = auto()
    CLIMBED = auto()
    ACKNOWLEDGED = auto()
    EXHAUSTED = auto()
    REOPENED = auto()
    CLOSED = auto()
    DRAFTED = auto()
    APPROVED = auto()
    REFUSED = auto()
    WITHDRAWN = auto()
    VOIDED = auto()
    RELEASED = auto()
    SCHEDULED = auto()
    MOVED = auto()
    PUBLISHED = auto()
    RETRYING = auto()
    FAILED = auto()
    UNCERTAIN = auto()
    SETTLED = auto()
    LATE = auto()
    LET_GO = auto()
    STOPPED = auto()
    EXPIRED = auto()
    HELD = auto()
    UNHELD = auto()
    ANSWERED = auto()
    PICKED_UP = auto()
    CARRIED = auto()
    IMPORTED = auto()
    ROSTERED = auto()
    GAP_ACCEPTED = auto()
    ROLE_CHANGED = auto()
    SIGNED_IN = auto()
    CHANNEL_REGISTERED = auto()
    SNAPSHOT = auto()


def is_of_review(detail: Mapping[str, Any]) -> bool:
    """Whether a stamp tells of the review of some words: its pages say nothing of how fast the claim itself was met."""
    return detail.get("purpose") == "review"
