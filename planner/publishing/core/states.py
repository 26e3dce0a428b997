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
    UNWANTED = "unwanted"  # its claim was taken back, or declined
    HELD = "held"  # its channel was held when its moment came
    CUT = "cut"  # the part of the thread before it did not come out
    BY_HAND = "by_hand"  # a person stopped it


class WithdrawIf(StrEnum):
    """What stops a post by itself. That its approval ends always does (rule 1); the others may be chosen away."""

    APPROVAL = "approval"
    CLAIM = "claim"  # taken back by its source, or declined
    CHANNEL = "channel"  # held when the post's moment comes


WITHDRAW_IF = [reason.value for reason in WithdrawIf]
STOP_WHYS = [why.value for why in StopWhy]
POST_STATES = [state.value for state in PostState]
ENDED = [PostState.PUBLISHED.value, PostState.FAILED.value, PostState.STOPPED.value]
DEAD = [PostState.FAILED.value, PostState.STOPPED.value]
WAITING = [PostState.SCHEDULED.value, PostState.QUEUED.value, PostState.RETRYING.value]
DUE = [PostState.SCHEDULED.value, PostState.RETRYING.value]
