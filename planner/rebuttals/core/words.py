"""The exact words: how they are tidied, hashed and counted, and how two versions of them differ."""

import difflib
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

# Spaces, and marks that are not seen: of direction, of joining, of order (the database has the same list).
_UNSEEN = re.compile(r"[\s\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
_PIECES = re.compile(r"\s+|\S+")


def tidy(text: str) -> str:
    """The text as it is kept: line feeds as line ends, no space at either end. Everything else is left as written."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip()


def first_line(text: str, most: int = 90) -> str:
    """Its first line that says something, on one line, of at most so many characters, not cut within a word."""
    first = " ".join(next((line for line in text.splitlines() if line.strip()), "").split())
    return first if len(first) <= most else first[:most].rsplit(" ", 1)[0] + "…"


def is_blank(text: str) -> bool:
    """Whether a reader sees nothing of it."""
    return not _UNSEEN.sub("", text)


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture beside the words: the hex SHA-256 of its bytes, and what it shows, in the language of the text."""

    sha256: str
    alt: str


def text_sha256(text: str, pictures: Sequence[Shown] = ()) -> str:
    """Hex SHA-256 of what is approved, as PostgreSQL computes it too (migration 0007).

    Without pictures that of the UTF-8 bytes of the text. With pictures that of a NUL, which no text holds, and a list
    with one line for the text's own hash and one a picture, in order: its hash, a space, the hash of its alt text.
    """
    words = hashlib.sha256(text.encode()).hexdigest()
    if not pictures:
        return words
    shown = (f"{one.sha256} {hashlib.sha256(one.alt.encode()).hexdigest()}" for one in pictures)
    return hashlib.sha256(b"\0" + "\n".join([words, *shown]).encode()).hexdigest()


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
