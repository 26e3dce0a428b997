"""Language tags (BCP 47, RFC 5646): how they are written, which way they are read, who understands which."""

import re
from collections.abc import Collection

# A language, then what may follow it here: script, region, variants. No private use, no extensions.
TAG = re.compile(
    r"(?P<language>[a-z]{2,3})(?:-(?P<script>[a-z]{4}))?(?:-(?P<region>[a-z]{2}|[0-9]{3}))?"
    r"(?P<variants>(?:-(?:[a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*)",
    re.IGNORECASE,
)
# The same as it is written (for PostgreSQL, too).
WRITTEN = r"^[a-z]{2,3}(-[A-Z][a-z]{3})?(-([A-Z]{2}|[0-9]{3}))?(-([a-z0-9]{5,8}|[0-9][a-z0-9]{3}))*$"
LONGEST = 16
RIGHT_TO_LEFT_SCRIPTS = frozenset({"Adlm", "Arab", "Hebr", "Mand", "Mend", "Nkoo", "Rohg", "Samr", "Syrc", "Thaa"})
# Languages usually written in such a script.
_READ_SO = (
    *("ar", "aii", "arc", "arz", "ary", "apc", "acm", "ckb", "dv", "fa", "glk", "he", "khw", "ks", "lrc", "mzn", "nqo"),
    *("pnb", "prs", "ps", "rhg", "sd", "skr", "syr", "ug", "ur", "yi"),
)
RIGHT_TO_LEFT = frozenset(_READ_SO)


def canonical(tag: str) -> str:
    """The tag as RFC 5646 (2.1.1) writes it: language small, Script titled, REGION large. ValueError if it is none."""
    found = TAG.fullmatch(tag.strip().replace("_", "-"))
    if found is None or len(tag.strip()) > LONGEST:
        raise ValueError(f"{tag!r} is not a language tag")
    parts = [found["language"].lower(), (found["script"] or "").title(), (found["region"] or "").upper()]
    return "-".join(part for part in parts if part) + found["variants"].lower()


def direction(tag: str) -> str:
    """How a text in this language is read: "rtl" or "ltr"; "auto" (by its first letter) when nothing is said of it."""
    found = TAG.fullmatch(tag)
    if found is None:
        return "auto"
    if found["script"]:
        return "rtl" if found["script"].title() in RIGHT_TO_LEFT_SCRIPTS else "ltr"
    return "rtl" if found["language"].lower() in RIGHT_TO_LEFT else "ltr"


def speaks(languages: Collection[str], tag: str) -> bool:
    """Whether a channel of these languages takes a text of this one: ar takes ar-IQ, not the other way (RFC 4647).

    None named: every language.
    """
    wanted = tag.lower()
    return not languages or any(wanted == one.lower() or wanted.startswith(one.lower() + "-") for one in languages)
