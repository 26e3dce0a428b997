r"""What platforms recognise in a text: links, handles, mentions, tags.

The patterns are in the syntax that Python's `regex` and JavaScript (flag u) share: no ignoring of case (the two fold
differently), no \w and \s (each knows others), literal letters instead of escapes for code points.
"""

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
HANDLE = r"(?<![\p{L}\p{N}_\/=])(@[A-Za-z0-9_]+(?:[A-Za-z0-9_.\-]*[A-Za-z0-9_]+)?)@[\p{L}\p{N}.\-]*[\p{L}\p{N}]"
