"""The life of a duty given to a person."""

from enum import StrEnum


class TaskState(StrEnum):
    OPEN = "open"
    ACKNOWLEDGED = "acknowledged"
    CLOSED = "closed"
    EXHAUSTED = "exhausted"


TASK_STATES = [state.value for state in TaskState]
STANDING = [TaskState.OPEN.value, TaskState.ACKNOWLEDGED.value, TaskState.EXHAUSTED.value]
