"""Whether a cleared line may be let out for a claim: every reason why not, so that the person sees them all at once."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Outside(StrEnum):
    """A reason why a cleared line may not be released."""

    UNAPPROVED = "unapproved"
    ENDED = "ended"
    EARLY = "early"
    EXPIRED = "expired"
    USED_UP = "used_up"
    USED_HERE = "used_here"
    OTHER_NARRATIVE = "other_narrative"
    OTHER_CHANNEL = "other_channel"


@dataclass(frozen=True)
class Line:
    """A cleared line as it stands: aware instants, half-open window, `channel_kinds` empty for every channel."""

    narrative: int
    starts: datetime
    ends: datetime
    maximum_uses: int
    channel_kinds: frozenset[str] = frozenset()
    released_for: frozenset[int] = frozenset()
    is_approved: bool = True
    is_ended: bool = False

    @property
    def uses_left(self) -> int:
        """How many more claims the line may answer; never below 0."""
        return max(0, self.maximum_uses - len(self.released_for))


@dataclass(frozen=True)
class Answered:
    """The claim that a line would answer."""

    key: int
    narrative: int | None


def in_scope(line: Line, claim: Answered | None, channel: str | None, at: datetime) -> list[Outside]:
    """The reasons why `line` may not go out for `claim` on a channel of kind `channel` at `at`; empty when it may.

    `claim` or `channel` None leaves that part of the scope unasked.
    """
    asked = {
        Outside.UNAPPROVED: not line.is_approved,
        Outside.ENDED: line.is_ended and line.is_approved,
        Outside.EARLY: at < line.starts,
        Outside.EXPIRED: at >= line.ends,
        Outside.USED_UP: line.uses_left == 0,
        Outside.USED_HERE: claim is not None and claim.key in line.released_for,
        Outside.OTHER_NARRATIVE: claim is not None and claim.narrative != line.narrative,
        Outside.OTHER_CHANNEL: channel is not None and bool(line.channel_kinds) and channel not in line.channel_kinds,
    }
    return [reason for reason, holds in asked.items() if holds]
