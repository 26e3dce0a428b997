"""The life of a message to our own staff."""

from enum import StrEnum


class NoticeState(StrEnum):
    PENDING = "pending"
    QUEUED = "queued"
    SENDING = "sending"
    SENT = "sent"
    FAILED = "failed"
    UNCERTAIN = "uncertain"


NOTICE_STATES = [state.value for state in NoticeState]
