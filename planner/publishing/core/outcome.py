"""What an adapter may say after it tried: four answers, and only one of them allows another try.

An adapter that is not certain says Unknown. A post is never sent again after Unknown: a person settles it.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class OutcomeKind(StrEnum):
    """The word an attempt keeps in the database."""

    SENT = "sent"
    NOT_POSTED = "not_posted"
    REFUSED = "refused"
    UNKNOWN = "unknown"


OUTCOMES = [kind.value for kind in OutcomeKind]


@dataclass(frozen=True, slots=True)
class Sent:
    """The channel has it. `remote_id` and `url` as the channel gave them, "" where it gave none.

    `missed`: readers whom it did not reach, and why, for people; "" when none.
    """

    remote_id: str = ""
    url: str = ""
    detail: str = ""
    missed: str = ""
    kind = OutcomeKind.SENT


@dataclass(frozen=True, slots=True)
class NotPosted:
    """Certainly nothing was posted; it may be tried again, not before `retry_after` if the channel said so."""

    detail: str
    retry_after: timedelta | None = None
    kind = OutcomeKind.NOT_POSTED


@dataclass(frozen=True, slots=True)
class RefusedForGood:
    """Certainly nothing was posted, and trying again would not help: a person is told."""

    detail: str
    kind = OutcomeKind.REFUSED


@dataclass(frozen=True, slots=True)
class Unknown:
    """It may be public or not. Never tried again: the channel is asked, and then a person settles it."""

    detail: str
    kind = OutcomeKind.UNKNOWN


Outcome = Sent | NotPosted | RefusedForGood | Unknown
