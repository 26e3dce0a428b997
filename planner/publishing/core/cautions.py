"""What to know before words are scheduled there and then. Cautions warn; what must not be is refused elsewhere.

Two texts are near the same when most of their words stand in both in the same order: `NEAR` of all the words of the two
(2·M / T, as difflib counts), without links, handles, case, punctuation and vowel signs (claims/core/fingerprint.py).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from difflib import SequenceMatcher
from enum import StrEnum
from uuid import UUID
from zoneinfo import ZoneInfo

from planner.claims.core.fingerprint import normalise
from planner.publishing.core.manners import is_quiet, too_close

NEAR = 0.8
SAME_HOUR = timedelta(hours=1)


class Caution(StrEnum):
    """What there is to know, the gravest first: the order in which they are shown."""

    SAME_WORDS = "same_words"
    NEAR_WORDS = "near_words"
    ANSWERED = "answered"  # the claim has its answer already
    SPACING = "spacing"
    SAME_HOUR = "same_hour"
    QUIET = "quiet"
    UNATTENDED = "unattended"  # nobody on watch to settle an uncertain outcome
    OUTLIVES = "outlives"  # it may still leave after the gap it is meant for
    LANGUAGE = "language"  # the channel has been speaking another one


@dataclass(frozen=True, slots=True)
class Other:
    """Another post of the channel, published or on its way, and the moment at which it was or will be public."""

    uuid: UUID
    at: datetime
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Intent:
    """Words about to be scheduled; aware instants."""

    text: str
    language: str
    due_at: datetime
    expires_at: datetime


@dataclass(frozen=True, slots=True)
class Around:
    """What the moment meets. `others`: of that channel within the days in which a repetition is noticed.

    `languages`: those the channel is registered for, empty when it may speak any. `silent_until`: the end of the gap in
    which the moment lies, None outside of gaps. `answered`: the claim has its answer.
    """

    zone: ZoneInfo
    others: Sequence[Other]
    spacing: timedelta = timedelta(0)
    quiet_from: time | None = None
    quiet_to: time | None = None
    languages: Sequence[str] = ()
    silent_until: datetime | None = None
    answered: bool = False
    attended: bool = True


@dataclass(frozen=True, slots=True)
class Found:
    """One caution, and the post that it is about, if any."""

    caution: Caution
    other: Other | None = None


def cautions(intent: Intent, around: Around) -> list[Found]:
    """Everything to know about the intent, the gravest first; one post is named for each, the nearest in time."""
    found = [*_repeated(intent, around.others), *_crowded(intent.due_at, around)]
    plain = {
        Caution.ANSWERED: around.answered,
        Caution.QUIET: is_quiet(intent.due_at, around.zone, around.quiet_from, around.quiet_to),
        Caution.UNATTENDED: not around.attended,
        Caution.OUTLIVES: around.silent_until is not None and intent.expires_at > around.silent_until,
        Caution.LANGUAGE: _is_foreign(intent.language, around),
    }
    found += [Found(caution) for caution, there in plain.items() if there]
    order = list(Caution)
    return sorted(found, key=lambda one: order.index(one.caution))


def likeness(one: str, other: str) -> float:
    """How much of two texts is the same words in the same order, 0..1; links, handles and punctuation aside."""
    mine, theirs = (normalise(text).split() for text in (one, other))
    if not mine or not theirs:
        return float(one.strip() == other.strip())
    matcher = SequenceMatcher(None, mine, theirs, autojunk=False)
    return matcher.ratio() if min(matcher.real_quick_ratio(), matcher.quick_ratio()) >= NEAR else 0.0


def _repeated(intent: Intent, others: Iterable[Other]) -> list[Found]:
    """The nearest post of the same words, and the nearest of nearly the same."""
    found: dict[Caution, Other] = {}
    for other in sorted(others, key=lambda other: abs(other.at - intent.due_at)):
        if (like := likeness(intent.text, other.text)) >= NEAR:
            found.setdefault(Caution.SAME_WORDS if like == 1 else Caution.NEAR_WORDS, other)
    return [Found(caution, other) for caution, other in found.items()]


def _crowded(at: datetime, around: Around) -> list[Found]:
    """A post nearer than the channel's spacing; else one within the hour."""
    by_moment = {other.at: other for other in around.others}
    if (near := too_close(at, by_moment, around.spacing)) is not None:
        return [Found(Caution.SPACING, by_moment[near])]
    if (near := too_close(at, by_moment, SAME_HOUR)) is not None:
        return [Found(Caution.SAME_HOUR, by_moment[near])]
    return []


def _is_foreign(language: str, around: Around) -> bool:
    """Whether a channel that may speak any language has lately spoken, and never this one."""
    return not around.languages and bool(around.others) and language not in {one.language for one in around.others}
