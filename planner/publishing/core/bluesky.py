"""What a Bluesky post is made of: its record key, its facets, its record. Values only; checked against the lexicons.

Pure on purpose: the same post gives the same bytes at every try, and the server can tell a repetition from a change.
"""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

import regex

from planner.rebuttals.core.entities import LINK

SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
COLLECTION = "app.bsky.feed.post"
MENTION = re.compile(
    r"(?<![\w@./])@((?:[a-zA-Z0-9](?:[a-zA-Z0-9-]{0,61}[a-zA-Z0-9])?\.)+[a-zA-Z][a-zA-Z0-9-]*[a-zA-Z0-9])"
)
TAG = re.compile(r"(?<!\S)[#＃](?!\ufe0f)((?=[^\s]*[^\d\s\W])[\w·\u200c-]{1,64})")


def record_key(key: UUID, due_at: datetime) -> str:
    """The post's TID: base32-sortable of (microseconds of `due_at` << 10) | ten bits of its uuid. 13 letters.

    Two posts of the same account due in the same second still differ: their microseconds are drawn from the uuid.
    """
    seconds = int(due_at.timestamp())
    number = ((seconds * 1_000_000 + (key.int >> 10) % 1_000_000) << 10) | (key.int & 0x3FF)
    return "".join(SORTABLE[(number >> shift) & 31] for shift in range(60, -5, -5))


def mentions(text: str) -> list[str]:
    """The handles that the text mentions, in order, each once."""
    return list(dict.fromkeys(found[1] for found in MENTION.finditer(text)))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Links, mentions and tags of the text with their places in UTF-8 bytes, in order, never overlapping.

    `dids`: who the handles are; a handle that is nobody's stays plain text.
    """
    found = [(hit.span(), {"$type": _of("link"), "uri": hit[0]}) for hit in regex.finditer(LINK, text)]
    taken = [span for span, _feature in found]
    for hit in MENTION.finditer(text):
        if hit[1] in dids and not _overlaps(hit.span(), taken):
            found.append((hit.span(), {"$type": _of("mention"), "did": dids[hit[1]]}))
    for hit in TAG.finditer(text):
        if not _overlaps(hit.span(), taken):
            found.append((hit.span(), {"$type": _of("tag"), "tag": hit[1]}))
    found.sort(key=lambda one: one[0])
    return [{"index": _bytes(text, span), "features": [feature]} for span, feature in found]


def record(text: str, language: str, *, created_at: datetime, dids: Mapping[str, str]) -> dict[str, Any]:
    """The record of app.bsky.feed.post; `created_at` aware, frozen for the life of the post."""
    made = created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    value: dict[str, Any] = {"$type": COLLECTION, "text": text, "createdAt": made}
    if language:
        value["langs"] = [language]
    if found := facets(text, dids):
        value["facets"] = found
    return value


def _of(feature: str) -> str:
    return f"app.bsky.richtext.facet#{feature}"


def _bytes(text: str, span: tuple[int, int]) -> dict[str, int]:
    start = len(text[: span[0]].encode())
    return {"byteStart": start, "byteEnd": start + len(text[span[0] : span[1]].encode())}


def _overlaps(span: tuple[int, int], taken: list[tuple[int, int]]) -> bool:
    return any(span[0] < end and start < span[1] for start, end in taken)
