"""One number for one wording: what a copy keeps when links, handles, emoji and punctuation are changed around it."""

import html
import re
import unicodedata
from hashlib import blake2b

_LINK = re.compile(r"(?:https?:|www\.|\bt\.co/)\S+", re.IGNORECASE)
_HANDLE = re.compile(r"@\w+")
_PASSED_ON = re.compile(r"(?:(?:rt )?@ ?)+")
_NOT_WORDS = re.compile(r"[^\w#@]+|_+")
# Combining accents, Arabic vowel signs and tatweel, joiners and direction marks, variation selectors: never a wording.
_MARKS = re.compile(
    "[\u0300-\u036f\u0610-\u061a\u0640\u064b-\u065f\u0670\u06d6-\u06dc\u200b-\u200f\u202a-\u202e\ufe0e\ufe0f]"
)
HASHTAG = re.compile(r"#(\w+)")


def normalise(text: str) -> str:
    """The words of a text in lower case, joined by single spaces; hashtags keep their #, a handle inside becomes @.

    Left out: links, “RT @x:” and handles at the front, U+FFFD, punctuation, emoji, Arabic vowel signs and tatweel.
    HTML entities are resolved first. A text of links or handles alone gives "".
    """
    if "&" in text:
        text = html.unescape(text)
    if not text.isascii():
        text = _MARKS.sub("", unicodedata.normalize("NFKC", text))
    text = _LINK.sub(" ", text) if "/" in text or "www." in text else text
    if "@" not in text:
        return _NOT_WORDS.sub(" ", text.casefold()).strip()
    words = _NOT_WORDS.sub(" ", _HANDLE.sub("@ ", text).casefold()).strip()
    if front := _PASSED_ON.match(words):
        words = words[front.end() :]
    return words if words.strip("@ ") else ""


def fingerprint(text: str) -> int:
    """The 64-bit signed hash of normalise(text); a text without words is hashed as it stands, so it matches itself."""
    words = normalise(text) or f"\0{text.strip()}"
    return int.from_bytes(blake2b(words.encode(errors="surrogatepass"), digest_size=8).digest(), signed=True)


def hashtags(text: str) -> list[str]:
    """The hashtags of a text without their #, in the order in which they stand, each once."""
    return list(dict.fromkeys(HASHTAG.findall(text))) if "#" in text else []
