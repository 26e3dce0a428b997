"""The life of a post, and the only moves it may make (the database holds the same table)."""

from enum import StrEnum


class PostState(StrEnum):
    SCHEDULED = "scheduled"
    QUEUED = "queued"
    SENDING = "sending"
    PUBLISHED = "published"
    RETRYING = "retrying"
    FAILED = "failed"
    UNCERTAIN = "uncertain"
    STOPPED = "stopped"


MOVES: dict[PostState, frozenset[PostState]] = {
    PostState.SCHEDULED: frozenset({PostState.QUEUED, PostState.STOPPED}),
    PostState.QUEUED: frozenset({PostState.SENDING, PostState.SCHEDULED, PostState.STOPPED}),
    PostState.SENDING: frozenset({PostState.PUBLISHED, PostState.RETRYING, PostState.FAILED, PostState.UNCERTAIN}),
    PostState.RETRYING: frozenset({PostState.QUEUED, PostState.STOPPED}),
    PostState.UNCERTAIN: frozenset({PostState.PUBLISHED, PostState.FAILED}),
    PostState.PUBLISHED: frozenset(),
    PostState.FAILED: frozenset(),
    PostState.STOPPED: frozenset(),
}
POST_STATES = [state.value for state in PostState]
ENDED = [PostState.PUBLISHED.value, PostState.FAILED.value, PostState.STOPPED.value]
DEAD = [PostState.FAILED.value, PostState.STOPPED.value]
