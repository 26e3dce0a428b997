"""The exact words: how they are tidied, hashed and counted, and how two versions of them differ."""

import difflib
import hashlib
import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import takewhile

import regex

from planner.rebuttals.core.entities import LINK

# Spaces, and marks that are not seen: of direction, of joining, of order (the database has the same list).
_UNSEEN = re.compile(r"[\s\u0085\u00a0\u00ad\u1680\u2000-\u200f\u2028-\u202f\u205f-\u206f\u3000\ufeff]")
# What a comparison leaves whole: a link, a word or a figure, whatever else is seen as one sign; each with its space.
_WORD = r"[\p{L}\p{M}\p{N}_]+(?:[.,:'’٫٬\-\/\u200c\u200d][\p{L}\p{M}\p{N}_]+)*"
_PIECES = regex.compile(rf"(?:{LINK}|{_WORD}|\X)[^\S\n]*")
MANY = 2000  # pieces; beyond, frequent ones do not guide the comparison (difflib would take minutes)
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
    for change, text in _stretches(_PIECES.findall(before), _PIECES.findall(after)):
        if text:
            _put(segments, change, text)
    return segments


def _put(segments: list[Segment], change: Change, text: str) -> None:
    """Add a stretch: to the last one if it is of the same kind; a space that only changed sides of a sign stays."""
    last = segments[-1] if segments else None
    if last and last.change is change:
        segments[-1] = Segment(change, last.text + text)
    elif last and Change.SAME not in (last.change, change) and _is_moved(last.text, text):
        segments[-1] = Segment(change, text.removesuffix(last.text))
        segments.append(Segment(Change.SAME, last.text))
    else:
        segments.append(Segment(change, text))


def _is_moved(space: str, text: str) -> bool:
    return space.isspace() and "\n" not in space and text != space and text.endswith(space)


def _stretches(old: list[str], new: list[str]) -> Iterator[tuple[Change, str]]:
    """What stayed, went and came, in order; what is alike at both ends is not looked at again."""
    start = _alike(zip(old, new, strict=False))
    end = _alike(zip(reversed(old[start:]), reversed(new[start:]), strict=False))
    inner, other = old[start : len(old) - end], new[start : len(new) - end]
    words, others = [_bare(piece) for piece in inner], [_bare(piece) for piece in other]
    is_long = max(len(words), len(others)) > MANY
    yield Change.SAME, "".join(old[:start])
    for tag, a, b, c, d in difflib.SequenceMatcher(None, words, others, autojunk=is_long).get_opcodes():
        if tag == "equal":
            for went, came in zip(inner[a:b], other[c:d], strict=True):
                yield from _became(went, came, _bare(went))
        else:
            yield from _became("".join(inner[a:b]), "".join(other[c:d]), "")
    yield Change.SAME, "".join(old[len(old) - end :])


def _became(went: str, came: str, word: str) -> Iterator[tuple[Change, str]]:
    """One piece, or one rewritten stretch, whose first `word` stayed; the space after both stays, too."""
    space = came[len(came.rstrip()) :] if came.rstrip() and went.rstrip() else ""
    kept = space if went.endswith(space) and "\n" not in space else ""
    yield Change.SAME, word
    yield Change.REMOVED, went[len(word) : len(went) - len(kept)]
    yield Change.ADDED, came[len(word) : len(came) - len(kept)]
    yield Change.SAME, kept


def _alike(pairs: Iterable[tuple[str, str]]) -> int:
    """How many pairs there are before the first two that differ."""
    return sum(1 for _pair in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _bare(piece: str) -> str:
    return piece.rstrip() or piece
