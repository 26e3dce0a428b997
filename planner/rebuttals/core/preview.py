"""How a text will look where it is to stand: its count, what is recognised in it, how the platform shortens it."""

from collections.abc import Iterable
from dataclasses import dataclass

from planner.rebuttals.core.entities import Mark, recognised
from planner.rebuttals.core.limits import URL_COST, Count, counts
from planner.rebuttals.core.threads import as_sent
from planner.rebuttals.core.words import first_line, tidy

# How many characters of a link a platform shows; its scheme and "www." are never among them.
SHOWN_OF_A_LINK = {"mastodon": 30, "x": 26}
NAMED_BY_A_LINE = frozenset({"mail", "feed"})  # their first line is the subject, or the title


@dataclass(frozen=True, slots=True)
class Place:
    """Where a text may stand: a channel on the register, or a kind of channel while none of it is.

    `most` in the kind's unit, None: the platform's own; `url_cost`: what its server counts for a link.
    """

    kind: str
    name: str = ""
    speaker: str = ""
    most: int | None = None
    url_cost: int = URL_COST


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the text as it is shown there; `whole` is what stands in the text."""

    mark: Mark
    shown: str
    whole: str


@dataclass(frozen=True, slots=True)
class Look:
    """The text at one place. `headline`: the subject or the title that is made of it, "" where there is none.

    `parts`: what goes out there, post by post, each in pieces; more than one only in a thread, whose fullest counts.
    """

    place: Place
    counts: tuple[Count, ...]
    parts: tuple[tuple[Piece, ...], ...]
    headline: str

    @property
    def fits(self) -> bool:
        return all(count.fits for count in self.counts)


def look(text: str, place: Place, *, with_pictures: bool = False) -> Look:
    """How the text will look at that place, tidied as it will be kept; pictures beside it may leave less room."""
    text = tidy(text)
    used = counted(place.kind, text, most=place.most, url_cost=place.url_cost, with_pictures=with_pictures)
    parts = tuple(pieces(place.kind, part) for part in as_sent(text, place.kind))
    return Look(place, used, parts, first_line(text) if place.kind in NAMED_BY_A_LINE else "")


def counted(
    kind: str, text: str, *, most: int | None = None, url_cost: int = URL_COST, with_pictures: bool = False
) -> tuple[Count, ...]:
    """Every limit of a kind of channel and how much of it the fullest post of the text uses (limits.counts)."""
    posts = as_sent(text, kind)
    every = [counts(kind, part, most=most, url_cost=url_cost, with_pictures=with_pictures) for part in posts]
    return tuple(max(same, key=lambda count: count.used) for same in zip(*every, strict=True))


def looks(text: str, places: Iterable[Place], *, with_pictures: bool = False) -> list[Look]:
    """The text at each of these places, in their order."""
    return [look(text, place, with_pictures=with_pictures) for place in places]


def pieces(kind: str, text: str) -> tuple[Piece, ...]:
    """The text in stretches, nothing left out: `whole` of all of them joined is the text."""
    found, at = [], 0
    for one in recognised(kind, text):
        if one.start > at:
            found.append(_plain(text[at : one.start]))
        whole = text[one.start : one.end]
        found.append(Piece(one.mark, _shown(kind, one.mark, whole), whole))
        at = one.end
    return (*found, _plain(text[at:])) if text[at:] else tuple(found)


def _plain(text: str) -> Piece:
    return Piece(Mark.TEXT, text, text)


def _shown(kind: str, mark: Mark, whole: str) -> str:
    if mark is Mark.MENTION and kind == "mastodon":
        return "@" + whole.removeprefix("@").partition("@")[0]
    most = SHOWN_OF_A_LINK.get(kind)
    if mark is not Mark.LINK or most is None:
        return whole
    bare = whole.partition("://")[2] or whole
    bare = bare.removeprefix("www.")
    return bare if len(bare) <= most else bare[:most] + "…"
