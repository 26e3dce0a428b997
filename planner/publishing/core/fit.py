"""Whether words fit a channel: language, length, kind. One sentence for each thing that does not."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum


class Misfit(StrEnum):
    """What does not fit."""

    LANGUAGE = "language"
    LENGTH = "length"
    KIND = "kind"


@dataclass(frozen=True, slots=True)
class Words:
    """Approved words. `kinds`: the kinds of channel for which they were cleared; empty means every kind."""

    text: str
    language: str
    kinds: Collection[str] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A channel. `languages` empty: every language; `limit` in characters."""

    kind: str
    languages: Collection[str]
    limit: int


def misfits(words: Words, place: Place) -> list[Misfit]:
    """Everything that keeps these words from this channel; empty when they fit."""
    found = []
    if place.languages and words.language not in place.languages:
        found.append(Misfit.LANGUAGE)
    if length(words.text) > place.limit:
        found.append(Misfit.LENGTH)
    if words.kinds and place.kind not in words.kinds:
        found.append(Misfit.KIND)
    return found


def length(text: str) -> int:
    """The length of a text in characters, as a channel's limit counts them (Unicode code points)."""
    return len(text)
