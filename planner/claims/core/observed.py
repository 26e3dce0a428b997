"""A sighting on its way in, before it is a row; and how messages without an id of their own are told apart."""

from datetime import datetime
from hashlib import blake2b
from typing import NamedTuple

from planner.claims.core.words import SourceKind

# The longest value that the table takes, in characters.
LIMITS = {
    "external_id": 200,
    "source": 200,
    "author": 200,
    "text": 100_000,
    "language": 16,
    "url": 1000,
    "client": 100,
    "repost_of": 200,
    "hashtag": 200,
}


class Observed(NamedTuple):
    """One observed message. `source` is the name of the outlet or account; `posted_at` its clock, an instant in UTC."""

    source: str
    external_id: str
    posted_at: datetime
    text: str
    author: str = ""
    language: str = ""
    url: str = ""
    client: str = ""
    repost_of: str = ""
    hashtags: list[str] = []
    kind: str = SourceKind.ADVERSARY.value


def identity(*parts: str) -> str:
    """An id for a message that has none: the same parts (author, minute, text) give the same id, always."""
    return "h:" + blake2b("\0".join(parts).encode(errors="surrogatepass"), digest_size=16).hexdigest()
