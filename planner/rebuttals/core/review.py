"""Who may clear which words, and how a version stands: decided on values, asked by pages and services alike."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class DraftState(StrEnum):
    """How one version of a text stands."""

    DRAFT = "draft"
    IN_REVIEW = "submitted"
    REFUSED = "refused"
    APPROVED = "approved"
    WITHDRAWN = "withdrawn"
    REPLACED = "replaced"


class Bar(StrEnum):
    """A reason why a person cannot approve (or refuse) a version."""

    ROLE = "role"
    AUTHOR = "author"
    REPLACED = "replaced"
    UNSUBMITTED = "unsubmitted"
    APPROVED = "approved"
    REFUSED = "refused"
    OTHER_WORDS = "other_words"


@dataclass(frozen=True)
class Version:
    """One version of a text with what became of it. People are keys; instants are aware."""

    author: int
    text_sha256: str
    is_newest: bool = True
    submitted_at: datetime | None = None
    is_approved: bool = False
    was_withdrawn: bool = False
    refused_by: frozenset[int] = frozenset()


def state(version: Version) -> DraftState:
    """How a version stands. A newer version replaces it, whatever was decided before."""
    if not version.is_newest:
        return DraftState.REPLACED
    if version.is_approved:
        return DraftState.APPROVED
    if version.refused_by:
        return DraftState.REFUSED
    if version.was_withdrawn:
        return DraftState.WITHDRAWN
    return DraftState.IN_REVIEW if version.submitted_at else DraftState.DRAFT


def bars(version: Version, *, person: int, is_approver: bool, text_sha256: str | None = None) -> list[Bar]:
    """Every reason why `person` cannot approve `version`; empty when they can.

    `text_sha256` is the hash of the words that the person read. A refused version may be approved by whoever refused it
    (they changed their mind), by nobody else: no shopping for another approver.
    """
    asked = {
        Bar.ROLE: not is_approver,
        Bar.AUTHOR: person == version.author,
        Bar.REPLACED: not version.is_newest,
        Bar.UNSUBMITTED: version.submitted_at is None,
        Bar.APPROVED: version.is_approved,
        Bar.REFUSED: bool(version.refused_by) and person not in version.refused_by,
        Bar.OTHER_WORDS: text_sha256 is not None and text_sha256 != version.text_sha256,
    }
    return [bar for bar, holds in asked.items() if holds]
