"""How we rate a claim, and the claim in our own words: what a fact check says beside its text. Public words, both.

The scale is that of schema.org's `Rating`: a larger number is nearer to the truth. Its words are the reader's, in the
language of the text; English where we have none.
"""

from dataclasses import dataclass
from enum import StrEnum


class Rating(StrEnum):
    """What we say of the claim, from the worst to the best."""

    FALSE = "false"
    MISLEADING = "misleading"
    OUT_OF_CONTEXT = "out_of_context"
    UNPROVEN = "unproven"
    TRUE = "true"


RATINGS = [rating.value for rating in Rating]
LONGEST = 300  # characters of the claim in our words
WORST, BEST = 1, 5
SCALE = {Rating.FALSE: 1, Rating.MISLEADING: 2, Rating.OUT_OF_CONTEXT: 2, Rating.UNPROVEN: 3, Rating.TRUE: 5}
NAMES = {
    "en": {
        Rating.FALSE: "False",
        Rating.MISLEADING: "Misleading",
        Rating.OUT_OF_CONTEXT: "Out of context",
        Rating.UNPROVEN: "Unproven",
        Rating.TRUE: "True",
    },
    "ar": {
        Rating.FALSE: "غير صحيح",
        Rating.MISLEADING: "مضلِّل",
        Rating.OUT_OF_CONTEXT: "خارج السياق",
        Rating.UNPROVEN: "غير مثبت",
        Rating.TRUE: "صحيح",
    },
}


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rating with the claim that it is about, worded by us; both empty, or neither (the database keeps that)."""

    rating: str = ""
    claim_words: str = ""

    @property
    def is_given(self) -> bool:
        return bool(self.rating)


def tidy(claim_words: str) -> str:
    """The wording on one line."""
    return " ".join(claim_words.split())


def public_name(rating: str, language: str) -> str:
    """What readers of a language (a tag such as ar-IQ) are told; raises ValueError for what is no rating."""
    names = NAMES.get(language.lower().partition("-")[0], NAMES["en"])
    return names[Rating(rating)]
