"""The closed vocabularies of what was said and what we decided about it."""

from enum import StrEnum


class SourceKind(StrEnum):
    ADVERSARY = "adversary"
    AMPLIFIER = "amplifier"
    MEDIA = "media"


class Severity(StrEnum):
    LOW = "low"
    MEDIUM = "medium"
    HIGH = "high"
    CRITICAL = "critical"


class ClaimState(StrEnum):
    UNREAD = "unread"
    DECLINED = "declined"
    WATCHED = "watched"
    TAKEN_UP = "taken_up"
    ANSWERED = "answered"
    MERGED = "merged"


class Decision(StrEnum):
    DECLINE = "decline"
    WATCH = "watch"
    ANSWER = "answer"
