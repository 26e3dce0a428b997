"""The exact words: how they are tidied, hashed and counted, and how two versions of them differ."""

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

import regex

from planner.rebuttals.core.entities import LINK

# Spaces, and marks that are not seen: of direction, of joining, of order (the database has the same list).
_UNSEEN = re.compile(r"[\s\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
# What a comparison leaves whole: a link, a word or a figure, space within a line, whatever else is seen as one sign.
_WORD = r"[\p{L}\p{M}\p{N}_]+(?:[.,:'’٫٬\-\/\u200c\u200d][\p{L}\p{M}\p{N}_]+)*"
_PIECES = regex.compile(rf"{LINK}|{_WORD}|\n|[^\S\n]+|\X")
# Marks that can be changed without anybody seeing it: of direction, of width, of breaking.
_HIDDEN = regex.compile(r"[\u00a0\u00ad\u061c\u200b\u200e\u200f\u202a-\u202f\u2060-\u2069\ufeff]")


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

    @property
    def shown(self) -> str:
        """The text for a reader: in what came or went, line ends and unseen marks are made visible."""
        if self.change is Change.SAME:
            return self.text
        named = _HIDDEN.sub(lambda mark: f"⟨{unicodedata.name(mark[0]).lower()}⟩", self.text)
        return named.replace("\n", "↵\n")


def compare(before: str, after: str) -> list[Segment]:
    """What became of `before` in `after`, word by word, in reading order.

    The SAME and REMOVED segments joined are `before`; the SAME and ADDED ones joined are `after`: nothing is hidden.
    """
    segments: list[Segment] = []
    for is_same, went, came in _stretches(_PIECES.findall(before), _PIECES.findall(after)):
        if is_same:
            segments.append(Segment(Change.SAME, came))
            continue
        if went:
            segments.append(Segment(Change.REMOVED, went))
        if came:
            segments.append(Segment(Change.ADDED, came))
    return segments


def _stretches(old: list[str], new: list[str]) -> list[tuple[bool, str, str]]:
    """(whether it stayed, what stood there, what stands there). A lone space between two changes is part of them.

    So a sentence that was rewritten reads as one that went and one that came, not word by word in turns.
    """
    found: list[tuple[bool, str, str]] = []
    for tag, a, b, c, d in difflib.SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        went, came = "".join(old[a:b]), "".join(new[c:d])
        is_same = tag == "equal"
        if not is_same and len(found) > 1 and _is_gap(found[-1]) and not found[-2][0]:
            space, before = found.pop(), found.pop()
            found.append((False, before[1] + space[1] + went, before[2] + space[2] + came))
        else:
            found.append((is_same, went, came))
    return found


def _is_gap(stretch: tuple[bool, str, str]) -> bool:
    return stretch[0] and not stretch[2].strip() and "\n" not in stretch[2]
