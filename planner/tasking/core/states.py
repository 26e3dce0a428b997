"""The life of a duty given to a person."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a person is asked for: an answer to a claim, or a look at words that wait to be cleared."""

    ANSWER = "answer"
    REVIEW = "review"


class TaskState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    EXHAUSTED = "exhausted"


PURPOSES = [purpose.value for purpose in Purpose]
TASK_STATES = [state.value for state in TaskState]
STANDING = [TaskState.OPEN.value, TaskState.ACKNOWLEDGED.value, TaskState.EXHAUSTED.value]
