"""How long a text is on each kind of channel, counted as the platform itself counts.

The limits are a table, the rules behind them are patterns in the syntax that Python's `regex` and JavaScript (flag u)
share: `rules()` hands both to the editor's page, so that the counter there has no rule of its own. Where two ways of
counting could differ in rare cases, the larger number is taken: a text that fits here fits there.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

import regex

from planner.rebuttals.core.emoji import EMOJI
from planner.rebuttals.core.entities import HANDLE, LINK, TLDS, X_LINK, X_NAME
from planner.rebuttals.core.threads import DIVIDER_LINE, THREADING


class Unit(StrEnum):
    """What a platform counts."""

    CHARACTERS = "characters"  # Unicode code points
    GRAPHEMES = "graphemes"  # what a reader sees as one character (UAX 29), links and handles as Mastodon counts them
    BYTES = "bytes"  # UTF-8
    UTF16 = "utf16"  # code units: most emoji are two
    WEIGHTED = "weighted"  # twitter-text 3: Latin, Arabic, Hebrew, Cyrillic 1; most others and every emoji 2


@dataclass(frozen=True, slots=True)
class Count:
    """How much of one limit a text uses. `most` None: the channel sets no limit of this kind."""

    unit: Unit
    used: int
    most: int | None

    @property
    def left(self) -> int | None:
        """How much more fits; negative when it is too long already; None without a limit."""
        return None if self.most is None else self.most - self.used

    @property
    def fits(self) -> bool:
        return self.most is None or self.used <= self.most


@dataclass(frozen=True, slots=True)
class Limit:
    """One limit of a kind of channel.

    `way` names how it is counted (WAYS); `most` None: none. `ceiling` is what no channel of the kind can go beyond,
    whatever its own limit says (None: it may say anything); `is_own`: the channel's own limit replaces this one.
    """

    way: str
    unit: Unit
    most: int | None
    ceiling: int | None = None
    is_own: bool = True

    def most_here(self, own: int | None) -> int | None:
        """The limit on a channel that sets `own` (None: it sets none)."""
        if not self.is_own or not own:
            return self.most
        return own if self.ceiling is None else min(own, self.ceiling)


HOUSE_MOST = 5000  # for channels of our own, and for words that are to go everywhere
URL_COST = 23  # of Mastodon and X; a server may say otherwise (/api/v1/instance)
TELEGRAM_CAPTION = 1024  # what Telegram takes beside pictures, in UTF-16 code units

# twitter-text's configuration v3: code points of weight 1; every other one weighs 2.
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))

_ANY = (Limit("code_points", Unit.CHARACTERS, HOUSE_MOST),)
LIMITS: dict[str, tuple[Limit, ...]] = {
    "": _ANY,
    "webhook": _ANY,
    "feed": _ANY,
    "mail": (Limit("code_points", Unit.CHARACTERS, None),),
    "mastodon": (Limit("mastodon", Unit.GRAPHEMES, 500),),
    "bluesky": (
        Limit("graphemes", Unit.GRAPHEMES, 300, ceiling=300),
        Limit("utf8", Unit.BYTES, 3000, ceiling=3000, is_own=False),
    ),
    "telegram": (Limit("utf16", Unit.UTF16, 4096, ceiling=4096),),
    "x": (Limit("x", Unit.WEIGHTED, 280),),
}

_LINK, _HANDLE, _EMOJI = regex.compile(LINK), regex.compile(HANDLE), regex.compile(EMOJI)
_X_LINK, _X_NAME = regex.compile(X_LINK), regex.compile(X_NAME)
_CLUSTER = regex.compile(r"\X")


def counts(
    kind: str, text: str, *, most: int | None = None, url_cost: int = URL_COST, with_pictures: bool = False
) -> tuple[Count, ...]:
    """Every limit of a kind of channel and how much of it the text uses, the one people know first.

    `most` is the channel's own limit in the first one's unit (None: the platform's own); `url_cost` what its server
    counts for a link. `with_pictures`: beside pictures Telegram takes no more than a caption. An unknown kind counts
    characters.
    """
    if with_pictures and kind == "telegram":
        most = min(most or TELEGRAM_CAPTION, TELEGRAM_CAPTION)
    return tuple(
        Count(limit.unit, WAYS[limit.way](text, url_cost), limit.most_here(most)) for limit in _limits_of(kind)
    )


def fits(kind: str, text: str, *, most: int | None = None, url_cost: int = URL_COST) -> bool:
    """Whether the text keeps within every limit of the channel."""
    return all(count.fits for count in counts(kind, text, most=most, url_cost=url_cost))


def beyond(kind: str, text: str) -> Count | None:
    """The first limit that the text breaks on every channel of this kind, whatever its server allows; None if none.

    Where a server may allow more than the platform's usual, only the house's own limit is certain.
    """
    for limit in _limits_of(kind):
        certain = limit.ceiling or (HOUSE_MOST if limit.most else None)
        count = Count(limit.unit, WAYS[limit.way](text, URL_COST), certain)
        if not count.fits:
            return count
    return None


def unit_of(kind: str) -> Unit:
    """The unit in which the limit of such a channel is given."""
    return _limits_of(kind)[0].unit


def most_of(kind: str) -> int | None:
    """The limit in that unit where the channel sets none of its own."""
    return _limits_of(kind)[0].most


def rules() -> dict[str, Any]:
    """Everything that counting needs, as a JSON document: static/counting.js counts by it and by nothing else."""
    kinds = {
        kind: [
            {"way": one.way, "unit": one.unit, "most": one.most, "ceiling": one.ceiling, "own": one.is_own}
            for one in limits
        ]
        for kind, limits in LIMITS.items()
    }
    patterns = {"link": LINK, "handle": HANDLE, "emoji": EMOJI, "xLink": X_LINK, "xName": X_NAME}
    threads = {"divider": DIVIDER_LINE, "threading": sorted(THREADING)}
    domains = " ".join(sorted(TLDS))
    return {"kinds": kinds, "patterns": patterns, "light": LIGHT, "urlCost": URL_COST, "tlds": domains, **threads}


def graphemes(text: str) -> int:
    """Grapheme clusters by UAX 29 (`regex`'s \\X): what a reader sees as characters."""
    return len(_CLUSTER.findall(text))


def utf16(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def weighted(text: str) -> int:
    """twitter-text 3: NFC, links at URL_COST, an emoji sequence 2, other code points by LIGHT."""
    text = unicodedata.normalize("NFC", text)
    bare, links = _X_LINK.subn("", text)
    names = [hit[0] for hit in _X_NAME.finditer(bare) if hit[1].lower() in TLDS]
    bare, emoji = _EMOJI.subn("", bare)
    plain = sum(1 if _is_light(ord(letter)) else 2 for letter in bare)
    return (links * URL_COST + 2 * emoji + plain) + sum(max(URL_COST - len(name), 0) for name in names)


def as_on_mastodon(text: str, *, url_cost: int = URL_COST) -> int:
    """Grapheme clusters with every link at `url_cost` and a handle elsewhere (@name@server) at its @name."""
    bare = _LINK.sub("x" * url_cost, text)
    return graphemes(_HANDLE.sub(r"\1", bare))


WAYS: dict[str, Callable[[str, int], int]] = {
    "code_points": lambda text, url_cost: len(text),
    "graphemes": lambda text, url_cost: graphemes(text),
    "utf8": lambda text, url_cost: len(text.encode(errors="surrogatepass")),
    "utf16": lambda text, url_cost: utf16(text),
    "mastodon": lambda text, url_cost: as_on_mastodon(text, url_cost=url_cost),
    "x": lambda text, url_cost: weighted(text),
}


def _limits_of(kind: str) -> tuple[Limit, ...]:
    return LIMITS.get(kind, _ANY)


def _is_light(point: int) -> bool:
    return any(first <= point <= last for first, last in LIGHT)
