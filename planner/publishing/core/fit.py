"""Whether words fit a channel: language, length, kind. One sentence for each thing that does not."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from planner.rebuttals.core import limits, pictures
from planner.rebuttals.core.languages import speaks
from planner.rebuttals.core.pictures import Facts
from planner.rebuttals.core.threads import as_sent


class Misfit(StrEnum):
    """What does not fit."""

    LANGUAGE = "language"
    LENGTH = "length"
    KIND = "kind"
    PICTURES = "pictures"


@dataclass(frozen=True, slots=True)
class Words:
    """Approved words. `kinds`: the kinds of channel for which they were cleared; empty means every kind."""

    text: str
    language: str
    kinds: Collection[str] = ()
    pictures: Sequence[Facts] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """A channel. `languages` empty: every language; `limit` in the unit of its kind (rebuttals/core/limits.py).

    `url_cost`: what its server counts for a link. `takes_pictures`: what its entry says.
    """

    kind: str
    languages: Collection[str]
    limit: int | None
    url_cost: int = limits.URL_COST
    takes_pictures: bool = True


def misfits(words: Words, place: Place) -> list[Misfit]:
    """Everything that keeps these words from this channel; empty when they fit."""
    found = []
    if not speaks(place.languages, words.language):
        found.append(Misfit.LANGUAGE)
    if too_long(words.text, place, with_pictures=bool(words.pictures)):
        found.append(Misfit.LENGTH)
    if words.kinds and place.kind not in words.kinds:
        found.append(Misfit.KIND)
    if unfit_pictures(words.pictures, place):
        found.append(Misfit.PICTURES)
    return found


def unfit_pictures(listed: Sequence[Facts], place: Place) -> list[pictures.Misfit]:
    """Every reason why the channel cannot carry these pictures."""
    return pictures.misfits(place.kind, listed, are_taken=place.takes_pictures)


def too_long(text: str, place: Place, *, with_pictures: bool = False) -> limits.Count | None:
    """The first of the channel's limits that the text breaks (where it goes out as a thread: one part); or None."""
    known: dict[str, Any] = {"most": place.limit, "url_cost": place.url_cost, "with_pictures": with_pictures}
    counts = (count for part in as_sent(text, place.kind) for count in limits.counts(place.kind, part, **known))
    return next((count for count in counts if not count.fits), None)
