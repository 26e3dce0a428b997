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


class StopWhy(StrEnum):
    """Why a post was stopped. The sentence for people is kept beside it, in `reason`."""

    EXPIRED = "expired"  # its last moment passed
    WITHDRAWN = "withdrawn"  # its approval was withdrawn, or the words were edited
    ROLE_LOST = "role_lost"  # its approver may no longer approve
    RETIRED = "retired"  # its channel left the register
    BY_HAND = "by_hand"  # a person stopped it


STOP_WHYS = [why.value for why in StopWhy]
POST_STATES = [state.value for state in PostState]
ENDED = [PostState.PUBLISHED.value, PostState.FAILED.value, PostState.STOPPED.value]
DEAD = [PostState.FAILED.value, PostState.STOPPED.value]
WAITING = [PostState.SCHEDULED.value, PostState.QUEUED.value, PostState.RETRYING.value]
DUE = [PostState.SCHEDULED.value, PostState.RETRYING.value]
