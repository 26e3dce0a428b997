"""The exact words: how they are tidied, hashed and counted, and how two versions of them differ."""

import difflib
import hashlib
import re
from dataclasses import dataclass
from enum import StrEnum

LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_PIECES = re.compile(r"\s+|\S+")


def tidy(text: str) -> str:
    """The text as it is kept: line feeds as line ends, no space at either end. Everything else is left as written."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def text_sha256(text: str) -> str:
    """Hex SHA-256 of the UTF-8 bytes of the text, as PostgreSQL computes it too."""
    return hashlib.sha256(text.encode()).hexdigest()


class Change(StrEnum):
    SAME = "same"
    ADDED = "added"
    REMOVED = "removed"


@dataclass(frozen=True)
class Segment:
    """A stretch of a comparison: words that stayed, came or went, with the space between them."""

    change: Change
    text: str


def compare(before: str, after: str) -> list[Segment]:
    """What became of `before` in `after`, word by word, in reading order.

    The SAME and REMOVED segments joined are `before`; the SAME and ADDED ones joined are `after`: nothing is hidden.
    """
    old, new = _PIECES.findall(before), _PIECES.findall(after)
    segments: list[Segment] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if tag == "equal":
            segments.append(Segment(Change.SAME, "".join(old[a:b])))
            continue
        if b > a:
            segments.append(Segment(Change.REMOVED, "".join(old[a:b])))
        if d > c:
            segments.append(Segment(Change.ADDED, "".join(new[c:d])))
    return segments
