"""One number for one wording: what a copy keeps when links, handles, emoji and punctuation are changed around it."""

import html
import re
import unicodedata
from hashlib import blake2b

_LINK = re.compile(r"https?:\S+|\bwww\.\S+|\bt\.co/\S+")
_HTTP = re.compile(r"https?:\S*|\bhtt\w{0,2}(?:…|\.\.+)")  # the second: cut off by the platform
_HANDLE = re.compile(r"@\w+")
_PASSED_ON = re.compile(r"(?:(?:rt )?@ ?)+")
_HASHTAG = re.compile(r"#(\w+)")
_TATWEEL = "\u0640"


class _Letters(dict[int, int | str | None]):
    """What str.translate makes of each character: letters, digits, # and @ stay, marks go, the rest is a space."""

    def __missing__(self, code: int) -> int | str | None:
        letter = chr(code)
        kept: int | str | None = " "
        if letter == _TATWEEL or unicodedata.category(letter) in ("Mn", "Cf"):
            kept = None
        elif letter.isalnum() or letter in "#@":
            kept = code
        self[code] = kept
        return kept


_LETTERS = _Letters()


def normalise(text: str) -> str:
    """The words of a text in lower case, joined by single spaces; hashtags keep their #, a handle inside becomes @.

    Left out: links, “RT @x:” and handles at the front, U+FFFD, punctuation, emoji, Arabic vowel signs and tatweel.
    HTML entities are resolved first. A text of links or handles alone gives "".
    """
    if "&" in text:
        text = html.unescape(text)
    text = text.casefold() if text.isascii() else unicodedata.normalize("NFKC", text.casefold())
    if "htt" in text:
        text = _HTTP.sub(" ", text)
    if "www." in text or "t.co/" in text:
        text = _LINK.sub(" ", text)
    if "@" not in text:
        return " ".join(text.translate(_LETTERS).split())
    words = " ".join(_HANDLE.sub("@ ", text).translate(_LETTERS).split())
    if front := _PASSED_ON.match(words):
        words = words[front.end() :]
    return words if words.strip("@ ") else ""


def fingerprint(text: str) -> int:
    """The 64-bit signed hash of normalise(text); a text without words is hashed as it stands, so it matches itself."""
    words = normalise(text) or f"\0{text.strip()}"
    return int.from_bytes(blake2b(words.encode(errors="surrogatepass"), digest_size=8).digest(), signed=True)


def hashtags(text: str) -> list[str]:
    """The hashtags of a text without their #, in the order in which they stand, each once."""
    return list(dict.fromkeys(_HASHTAG.findall(text))) if "#" in text else []
