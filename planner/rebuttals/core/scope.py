"""Whether a cleared line may be let out, and how it stands: the one answer of page, phone, roster and readiness.

Every reason why not is given at once. PostgreSQL holds the same rules (migrations 0003 and 0008); coverage is told of a
line by its window, who may release it and where it may go out, and comes to the same answer (tests/rebuttals).
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from planner.people.core.roles import Role

RELEASE_ROLES = (Role.DUTY, Role.OFFICER, Role.APPROVER)


class Outside(StrEnum):
    """A reason why a cleared line may not be released."""

    UNAPPROVED = "unapproved"
    ENDED = "ended"
    EARLY = "early"
    EXPIRED = "expired"
    USED_UP = "used_up"
    USED_HERE = "used_here"
    OTHER_NARRATIVE = "other_narrative"
    OTHER_LANGUAGE = "other_language"
    OTHER_CHANNEL = "other_channel"
    NO_CHANNEL = "no_channel"
    OTHER_PERSON = "other_person"


class LineState(StrEnum):
    """How a line stands, in one word."""

    EARLY = "early"
    READY = "ready"
    LAST_HOURS = "last_hours"  # ready, and it ends before the morning
    USED_UP = "used_up"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True)
class Line:
    """A cleared line as it stands: aware instants, half-open window.

    Empty `languages`: claims in any; empty `channel_kinds`: every channel. `roles` and `people`: who may release it.
    """

    narratives: frozenset[int]
    starts: datetime
    ends: datetime
    maximum_uses: int
    languages: frozenset[str] = frozenset()
    channel_kinds: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset(RELEASE_ROLES)
    people: frozenset[int] = frozenset()
    released_for: frozenset[int] = frozenset()
    is_approved: bool = True
    is_ended: bool = False

    @property
    def uses_left(self) -> int:
        """How many more claims the line may answer; never below 0."""
        return max(0, self.maximum_uses - len(self.released_for))

    def fits(self, narrative: int | None, language: str) -> bool:
        """Whether a claim of this narrative, in this language ("" where unknown), lies within the scope."""
        return narrative in self.narratives and answers_in(self.languages, language)


@dataclass(frozen=True)
class Answered:
    """The claim that a line would answer; `language` "" where it is not known."""

    key: int
    narrative: int | None
    language: str = ""


@dataclass(frozen=True)
class Releaser:
    """Who would release it, with the roles they hold; no roles for an account that is closed."""

    key: int
    roles: frozenset[str]


def in_scope(
    line: Line,
    claim: Answered | None,
    channel: str | None,
    at: datetime,
    *,
    by: Releaser | None = None,
    open_kinds: Collection[str] | None = None,
) -> list[Outside]:
    """The reasons why `line` may not go out for `claim` on a channel of kind `channel` at `at`; empty when it may.

    `by`: the person who asks; `open_kinds`: the kinds of the channels that work and take the words. Whatever is None
    leaves that part of the scope unasked.
    """
    asked = {
        Outside.UNAPPROVED: not line.is_approved,
        Outside.ENDED: line.is_ended and line.is_approved,
        Outside.EARLY: at < line.starts,
        Outside.EXPIRED: at >= line.ends,
        Outside.USED_UP: line.uses_left == 0,
        Outside.USED_HERE: claim is not None and claim.key in line.released_for,
        Outside.OTHER_NARRATIVE: claim is not None and claim.narrative not in line.narratives,
        Outside.OTHER_LANGUAGE: claim is not None and not answers_in(line.languages, claim.language),
        Outside.OTHER_CHANNEL: channel is not None and not goes_on(line, channel),
        Outside.NO_CHANNEL: open_kinds is not None and not any(goes_on(line, kind) for kind in open_kinds),
        Outside.OTHER_PERSON: by is not None and not may_release(line, by),
    }
    return [reason for reason, holds in asked.items() if holds]


def may_release(line: Line, by: Releaser) -> bool:
    """Whether this person is one of those who may let it out: in a named role, or by name in any releasing role."""
    acting = by.roles & set(RELEASE_ROLES)
    return bool(acting & line.roles) or (bool(acting) and by.key in line.people)


def goes_on(line: Line, kind: str) -> bool:
    """Whether the line was cleared for channels of this kind."""
    return not line.channel_kinds or kind in line.channel_kinds


def answers_in(languages: Collection[str], language: str) -> bool:
    """Whether a claim's language is one of these, dialects aside ("ar-IQ" is "ar"). None given, or unknown: it is."""
    return not languages or not language or tongue(language) in map(tongue, languages)


def tongue(language: str) -> str:
    """The language without its dialect."""
    return language.lower().partition("-")[0]


def state(line: Line, at: datetime, morning: datetime) -> LineState:
    """How a line stands at `at`; `morning`: before which an end counts as tonight's."""
    if not line.is_approved or line.is_ended:
        return LineState.REVOKED
    if at >= line.ends:
        return LineState.EXPIRED
    if line.uses_left == 0:
        return LineState.USED_UP
    if at < line.starts:
        return LineState.EARLY
    return LineState.LAST_HOURS if line.ends <= morning else LineState.READY
