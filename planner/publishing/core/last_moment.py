"""The last questions before words leave the house. The database asks them again by itself (migration 0002)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from planner.publishing.core.states import StopWhy, WithdrawIf


@dataclass(frozen=True, slots=True)
class Standing:
    """How things stand with one post at the moment of asking."""

    approval_ended: str | None  # the reason, "" when none was given; None while it stands
    approver_may: bool
    channel_retired: bool
    channel_held: bool
    late_at: datetime  # from then on only a person lets it go
    expires_at: datetime
    moment: datetime  # at which it should leave
    not_before: datetime | None = None  # an embargo
    claim_gone: str | None = None  # how it was taken back or why it was declined; None while it wants an answer
    held_reason: str = ""
    withdraw_if: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Go:
    """It may leave now."""


@dataclass(frozen=True, slots=True)
class Wait:
    """Not now, perhaps later: back to the schedule."""


@dataclass(frozen=True, slots=True)
class Stop:
    """It may never leave."""

    why: StopWhy
    reason: str


UNWANTED = "Its claim was taken back by its source, or declined."
HELD = "Its channel was held when its moment came."
WITHDRAWN = "Its approval was withdrawn, or the words were edited."
ROLE_LOST = "The person who approved it may no longer approve."
RETIRED = "Its channel was taken off the register."
EXPIRED_HELD = "Its last moment passed while the channel was held."
EXPIRED_REFUSING = "Its last moment passed while the channel could not take it."
EXPIRED_LATE = "It was late, nobody decided to send it all the same, and its last moment passed."
EXPIRED_UNATTENDED = "Its last moment passed and nothing had handed it over: the clock or the hands did not run."
STOPPED_BY_HAND = "A person stopped it."
CUT = "The part of the thread before it did not come out: the rest is not sent."
CUT_UNLINKED = "The part of the thread before it is public, but its address is not known: the rest is not sent."
STOPPED_LATE = "It was late, and a person decided not to send it any more."


def may_leave(standing: Standing, *, now: datetime, tried: bool = False, asked: bool = False) -> Go | Wait | Stop:
    """Whether a post may leave the house at `now`.

    `tried`: the channel could not take it at least once before; `asked`: it was late, and people were asked.
    """
    if standing.approval_ended is not None:
        return Stop(StopWhy.WITHDRAWN, f"{WITHDRAWN} {standing.approval_ended}".strip())
    if not standing.approver_may:
        return Stop(StopWhy.ROLE_LOST, ROLE_LOST)
    if standing.channel_retired:
        return Stop(StopWhy.RETIRED, RETIRED)
    if standing.claim_gone is not None and WithdrawIf.CLAIM in standing.withdraw_if:
        return Stop(StopWhy.UNWANTED, f"{UNWANTED} {standing.claim_gone}".strip())
    if now >= standing.expires_at:
        return Stop(StopWhy.EXPIRED, why_expired(held=standing.channel_held, tried=tried, asked=asked))
    if standing.channel_held and WithdrawIf.CHANNEL in standing.withdraw_if and now >= standing.moment:
        return Stop(StopWhy.HELD, f"{HELD} {standing.held_reason}".strip())
    embargo = standing.not_before is not None and now < standing.not_before
    return Wait() if embargo or standing.channel_held or now >= standing.late_at else Go()


def why_expired(*, held: bool, tried: bool, asked: bool) -> str:
    """The sentence for a post whose last moment passed."""
    if held:
        return EXPIRED_HELD
    if asked:
        return EXPIRED_LATE
    return EXPIRED_REFUSING if tried else EXPIRED_UNATTENDED
