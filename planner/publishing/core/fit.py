"""Whether words fit a channel: language, length, kind. One sentence for each thing that does not."""

from collections.abc import Collection
from dataclasses import dataclass
from enum import StrEnum

from planner.rebuttals.core import limits
from planner.rebuttals.core.languages import speaks


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
    """A channel. `languages` empty: every language; `limit` in the unit of its kind (rebuttals/core/limits.py).

    `url_cost`: what its server counts for a link.
    """

    kind: str
    languages: Collection[str]
    limit: int | None
    url_cost: int = limits.URL_COST


def misfits(words: Words, place: Place) -> list[Misfit]:
    """Everything that keeps these words from this channel; empty when they fit."""
    found = []
    if not speaks(place.languages, words.language):
        found.append(Misfit.LANGUAGE)
    if too_long(words.text, place):
        found.append(Misfit.LENGTH)
    if words.kinds and place.kind not in words.kinds:
        found.append(Misfit.KIND)
    return found


def too_long(text: str, place: Place) -> limits.Count | None:
    """The first of the channel's limits that the text breaks, or None."""
    counts = limits.counts(place.kind, text, most=place.limit, url_cost=place.url_cost)
    return next((count for count in counts if not count.fits), None)
