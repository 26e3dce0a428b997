"""A text in several numbered parts: where the writer drew the lines, and a proposal where to draw them.

A line of three hyphens divides a text. The line is a part of the words that are approved, and is never published: where
the platform knows threads each part goes out by itself with its number ("2/3") at its end, elsewhere the text goes out
whole. PostgreSQL counts the parts of a text by the same rule (publishing migration 0008).
"""

import re
from collections.abc import Callable, Iterator

import regex

from planner.rebuttals.core.entities import HANDLE, LINK

THREADING = frozenset({"mastodon", "bluesky", "x"})  # the kinds of channel on which a post can answer the one before
DIVIDER = "---"
MOST_PARTS = 20
_BLANK = " \t\n\r\f\v"
# In the syntax that Python and JavaScript share: static/counting.js divides by it, too.
DIVIDER_LINE = r"(?<![^\n])[ \t]*---[ \t]*(?![^\n])"
_DIVIDER = re.compile(DIVIDER_LINE)
# A sentence ends after its mark and what closes with it, before a space or at the end of a line.
_SENTENCE = regex.compile(r"""[^\n]*?(?:[.!?؟…۔。]["'»”’)\]]*(?=[ \t]|\n|$)|\n|$)[ \t\n]*""")
_WORD = regex.compile(r"\s*\S+")
_CLUSTER = regex.compile(r"-+|\X")
_WHOLE_WORD = regex.compile(rf"{LINK}|{HANDLE}|[#＃@]")  # a word that holds one of these is never cut

Fits = Callable[[str], bool]


def pieces(text: str) -> list[str]:
    """The parts that the writer drew, without blank ones, at least one for a text that says something."""
    parts = (piece.strip(_BLANK) for piece in _DIVIDER.split(text))
    return [part for part in parts if part]


def whole(text: str) -> str:
    """The text as it goes out where there are no threads: its parts as paragraphs."""
    return text if _DIVIDER.search(text) is None else "\n\n".join(pieces(text))


def numbered(text: str) -> list[str]:
    """The parts as they go out in a thread; a text of one part without a number."""
    parts = pieces(text)
    if len(parts) < 2:
        return [whole(text)]
    return [f"{part} {number}/{len(parts)}" for number, part in enumerate(parts, 1)]


def as_sent(text: str, kind: str) -> list[str]:
    """What goes out on a channel of a kind, post by post."""
    return numbered(text) if kind in THREADING else [whole(text)]


def joined(parts: list[str]) -> str:
    """A text divided into these parts."""
    return f"\n{DIVIDER}\n".join(parts)


def propose(text: str, fits: Fits) -> str:
    """The text divided so that every part fits with its number, where that can be done; lines that stand are kept.

    Cut after sentences, else between words, else between what a reader sees as characters; never inside a link, a
    handle or a tag. `fits` says whether one part with its number is short enough (core/limits.py). Nothing but space
    at the cuts is lost. A text that fits as it stands is given back unchanged.
    """
    if all(map(fits, numbered(text))):
        return text
    for longest in (" 9/9", " 99/99"):  # room for the longest number there may be
        parts = _all_cut(text, fits, longest)
        if len(f" {len(parts)}/{len(parts)}") <= len(longest):
            break
    return joined(parts)


def _all_cut(text: str, fits: Fits, end: str) -> list[str]:
    return [part for piece in pieces(text) for part in _cut(piece, lambda one: fits(one + end))]


def _cut(piece: str, fits: Fits) -> Iterator[str]:
    part = ""
    for unit in _units(piece, fits):
        if part.strip(_BLANK) and not fits((part + unit).strip(_BLANK)) and _may_cut(part, unit):
            yield part.strip(_BLANK)
            part = ""
        part += unit
    if part.strip(_BLANK):
        yield part.strip(_BLANK)


def _may_cut(before: str, after: str) -> bool:
    """Not beside hyphens that would stand alone on a line then, and read as a divider."""
    return not before.rstrip(_BLANK).endswith(DIVIDER) and not after.lstrip(_BLANK).startswith(DIVIDER)


def _units(piece: str, fits: Fits) -> Iterator[str]:
    """The piece in stretches that belong together: sentences, of those too long the words, of those the characters."""
    for sentence in _found(_SENTENCE, piece):
        if fits(sentence.strip(_BLANK)):
            yield sentence
            continue
        for word in _found(_WORD, sentence):
            if fits(word.strip(_BLANK)) or _WHOLE_WORD.search(word):
                yield word
            else:
                yield from _found(_CLUSTER, word)


def _found(pattern: regex.Pattern[str], text: str) -> Iterator[str]:
    """The text in the stretches that the pattern finds, with what lies between them; joined they are the text."""
    at = 0
    for hit in pattern.finditer(text):
        if hit.end() > at:
            yield text[at : hit.end()]
            at = hit.end()
    if at < len(text):
        yield text[at:]
