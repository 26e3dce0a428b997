"""Suggestions about a text before a person approves it: each with its reason, none of them a bar.

The order "fact, warning, why it misleads, fact" and the advice not to lead with the myth are those of Lewandowsky et
al., *The Debunking Handbook 2020*. Length and title follow the 2-2-2 rule of Taiwan's Executive Yuan (2019): a title of
at most 20 words, at most 200 words. Readability is LIX = words/sentences + 100 · long words/words, a word being long
from seven letters on (Björnsson 1968), for languages in Latin script only; long sentences are named in every language.

Words are compared as floods are: in lower case, without punctuation (claims.core.fingerprint).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum

from planner.claims.core.fingerprint import hashtags, normalise
from planner.rebuttals.core.advice_words import MARKERS, Markers
from planner.rebuttals.core.threads import pieces

SAYS_THE_CLAIM = 0.6  # share of the claim's telling words in one sentence
TELLING = 4  # letters from which a word tells one subject from another
RUN = 5  # words in a row that are a headline repeated, rather than a coincidence
TITLE_WORDS, MOST_WORDS, LONG_SENTENCE = 20, 200, 30
ROOM = 60  # words from which a text has room for a reason, the fact again and the next update
HARD_LIX = 55.0  # "difficult: official texts" begins here on Björnsson's scale
_SENTENCE_END = re.compile(r"(?<=[.!?؟…])\s+|\n+")
_LINK = re.compile(r"https?://\S+", re.IGNORECASE)


class Advice(StrEnum):
    """What may be better, in the order in which a text is read."""

    FACT_FIRST = "fact_first"
    HEADLINE = "headline"
    TAG = "tag"
    WARNING = "warning"
    REASON = "reason"
    FACT_AGAIN = "fact_again"
    LINK = "link"
    DEAD_LINK = "dead_link"
    SPEAKER = "speaker"
    NEXT_UPDATE = "next_update"
    TITLE = "title"
    LENGTH = "length"
    READABLE = "readable"
    CLAIM_WORDS = "claim_words"


ADVICE = [advice.value for advice in Advice]


@dataclass(frozen=True)
class Words:
    """A text with what it answers. `claim` is empty for a line; `tags` are the adversary's, without #.

    `claim_words`: what we publish as their claim; `headlines`: what the messages themselves say; `dead_links`: those
    of its links that do not answer.
    """

    text: str
    language: str
    claim: str = ""
    tags: frozenset[str] = frozenset()
    speakers: tuple[str, ...] = ()
    claim_words: str = ""
    headlines: tuple[str, ...] = ()
    dead_links: tuple[str, ...] = ()

    @property
    def sentences(self) -> list[str]:
        """Its sentences and lines, without those that are nothing but a link."""
        found = (_LINK.sub("", part).strip() for part in _SENTENCE_END.split(self.text))
        return [part for part in found if normalise(part)]

    @property
    def markers(self) -> Markers | None:
        """What warnings look like in its language; None for a language that the linter does not read."""
        return MARKERS.get(self.language.lower().partition("-")[0])


@dataclass(frozen=True)
class Hint:
    """One suggestion, and the passage that it is about ("" for the whole text)."""

    advice: Advice
    quote: str = ""


def lint(words: Words) -> list[Hint]:
    """Every suggestion for the text, in the order of `Advice`, each advice at most once.

    What needs to understand the language (warning, reason, next update) is left out where the linter does not read it.
    """
    if not words.sentences:
        return []
    found = [*_about_the_claim(words), *_about_the_whole(words)]
    return sorted(found, key=lambda hint: ADVICE.index(hint.advice))


def says_the_claim(sentence: str, claim: str) -> bool:
    """Whether a sentence holds most of the telling words of the claim, affirmed or denied."""
    told = _telling(claim)
    return bool(told) and len(told & _telling(sentence)) / len(told) >= SAYS_THE_CLAIM


def lix(text: str) -> float:
    """Björnsson's readability index: below 25 a children's book, above 55 an official text; 0 without words."""
    words = normalise(text).split()
    sentences = [part for part in _SENTENCE_END.split(text) if normalise(part)]
    if not words:
        return 0.0
    return len(words) / len(sentences) + 100 * sum(len(word) > 6 for word in words) / len(words)


def _about_the_claim(words: Words) -> list[Hint]:
    sentences = words.sentences
    repeated = next((at for at, one in enumerate(sentences) if says_the_claim(one, words.claim)), None)
    found: list[Hint] = []
    if repeated == 0:
        found.append(Hint(Advice.FACT_FIRST, sentences[0]))
    if run := _longest_run(words.text, words.claim):
        found.append(Hint(Advice.HEADLINE, run))
    if taken := [tag for tag in hashtags(words.text) if tag.lower() in {theirs.lower() for theirs in words.tags}]:
        found.append(Hint(Advice.TAG, f"#{taken[0]}"))
    if repeated is None or words.markers is None:
        return found
    if not _holds(words.markers.warning, " ".join(sentences[: repeated + 1])):
        found.append(Hint(Advice.WARNING, sentences[repeated]))
    if _has_room(words) and not _holds(words.markers.reason, words.text):
        found.append(Hint(Advice.REASON))
    return found


def _about_the_whole(words: Words) -> list[Hint]:
    sentences, count = words.sentences, len(normalise(_LINK.sub("", words.text)).split())
    found: list[Hint] = []
    if _has_room(words) and len(sentences) > 2 and not _returns_to_the_fact(words):
        found.append(Hint(Advice.FACT_AGAIN, sentences[-1]))
    if not _LINK.search(words.text):
        found.append(Hint(Advice.LINK))
    if words.dead_links:
        found.append(Hint(Advice.DEAD_LINK, words.dead_links[0]))
    if words.speakers and not any(normalise(name) in normalise(words.text) for name in words.speakers):
        found.append(Hint(Advice.SPEAKER))
    if _has_room(words) and words.markers and not _holds(words.markers.next_update, words.text):
        found.append(Hint(Advice.NEXT_UPDATE))
    title, _, body = next(iter(pieces(words.text)), "").partition("\n")  # of a thread's first part
    if body and len(title.split()) > TITLE_WORDS:
        found.append(Hint(Advice.TITLE, title))
    if count > MOST_WORDS:
        found.append(Hint(Advice.LENGTH))
    if run := next(filter(None, (_longest_run(words.claim_words, one) for one in words.headlines)), ""):
        found.append(Hint(Advice.CLAIM_WORDS, run))
    if long := max(sentences, key=lambda one: len(one.split())) if sentences else "":
        if len(long.split()) > LONG_SENTENCE:
            found.append(Hint(Advice.READABLE, long))
        elif _has_room(words) and _is_latin(words.text) and lix(_LINK.sub("", words.text)) > HARD_LIX:
            found.append(Hint(Advice.READABLE))
    return found


def _returns_to_the_fact(words: Words) -> bool:
    """The end says again what the beginning said, and does not leave the reader with the claim."""
    markers = words.markers
    ends = [one for one in words.sentences if not (markers and _holds(markers.next_update, one))] or words.sentences
    return not says_the_claim(ends[-1], words.claim) and bool(_telling(ends[-1]) & _telling(ends[0]))


def _has_room(words: Words) -> bool:
    return len(normalise(words.text).split()) >= ROOM


def _telling(text: str) -> frozenset[str]:
    return frozenset(word.lstrip("#") for word in normalise(text).split() if len(word.lstrip("#")) >= TELLING)


def _longest_run(text: str, claim: str) -> str:
    """The longest stretch of the claim's own words in a row, when it is as long as a headline."""
    ours, theirs = normalise(text).split(), normalise(claim).split()
    if len(theirs) < RUN - 1:
        return ""
    match = SequenceMatcher(None, ours, theirs, autojunk=False).find_longest_match()
    return " ".join(ours[match.a : match.a + match.size]) if match.size >= min(RUN, len(theirs)) else ""


def _holds(markers: Sequence[str], text: str) -> bool:
    """Whether a marker begins a word of the text; in Arabic, where words take prefixes, whether it stands anywhere."""
    plain = f" {' '.join(text.lower().split())}"
    return any((mark if mark[0] > "\u0600" else f" {mark}") in re.sub(r"[^\w\s']", " ", plain) for mark in markers)


def _is_latin(text: str) -> bool:
    letters = [char for char in text if char.isalpha()]
    return sum(char < "\u0250" for char in letters) > len(letters) / 2
