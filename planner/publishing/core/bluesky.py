"""What a Bluesky post is made of: its record key, its facets, its record. Values only; checked against the lexicons.

Pure on purpose: the same post gives the same bytes at every try, and the server can tell a repetition from a change.
"""

import base64
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from planner.publishing.core.parcel import Picture
from planner.rebuttals.core.entities import Found, Mark, recognised

SORTABLE = "234567abcdefghijklmnopqrstuvwxyz"
COLLECTION = "app.bsky.feed.post"


def record_key(key: UUID, due_at: datetime) -> str:
    """The post's TID: base32-sortable of (microseconds of `due_at` << 10) | ten bits of its uuid. 13 letters.

    Two posts of the same account due in the same second still differ: their microseconds are drawn from the uuid.
    """
    seconds = int(due_at.timestamp())
    number = ((seconds * 1_000_000 + (key.int >> 10) % 1_000_000) << 10) | (key.int & 0x3FF)
    return "".join(SORTABLE[(number >> shift) & 31] for shift in range(60, -5, -5))


def mentions(text: str) -> list[str]:
    """The handles that the text mentions, in order, each once."""
    return list(dict.fromkeys(one.value for one in recognised("bluesky", text) if one.mark is Mark.MENTION))


def facets(text: str, dids: Mapping[str, str]) -> list[dict[str, Any]]:
    """Links, mentions and tags of the text with their places in UTF-8 bytes, in order, never overlapping.

    `dids`: who the handles are; a handle that is nobody's stays plain text.
    """
    found = [(one, _feature(one, dids)) for one in recognised("bluesky", text)]
    return [{"index": _bytes(text, one), "features": [feature]} for one, feature in found if feature]


def blob(picture: Picture) -> dict[str, Any]:
    """The reference to a picture's bytes: their CID (v1, raw, SHA-256), so it is known before they are uploaded."""
    cid = b"\x01\x55\x12\x20" + bytes.fromhex(picture.sha256)
    link = "b" + base64.b32encode(cid).decode().lower().rstrip("=")
    return {"$type": "blob", "ref": {"$link": link}, "mimeType": picture.media_type, "size": len(picture.content)}


def record(
    text: str,
    language: str,
    *,
    created_at: datetime,
    dids: Mapping[str, str],
    pictures: Sequence[Picture] = (),
    reply: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The record of app.bsky.feed.post; `created_at` aware, frozen for the life of the post.

    `reply`: what a part of a thread answers, {"root": {"uri", "cid"}, "parent": {"uri", "cid"}}.
    """
    made = created_at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    value: dict[str, Any] = {"$type": COLLECTION, "text": text, "createdAt": made}
    if language:
        value["langs"] = [language]
    if found := facets(text, dids):
        value["facets"] = found
    if pictures:
        value["embed"] = {"$type": "app.bsky.embed.images", "images": [_image(one) for one in pictures]}
    if reply:
        value["reply"] = dict(reply)
    return value


def _feature(found: Found, dids: Mapping[str, str]) -> dict[str, str]:
    """What the stretch is to Bluesky; empty for a handle that is nobody's."""
    kind = {"$type": f"app.bsky.richtext.facet#{found.mark}"}
    if found.mark is Mark.MENTION:
        return {**kind, "did": dids[found.value]} if found.value in dids else {}
    return {**kind, "uri" if found.mark is Mark.LINK else "tag": found.value}


def _image(picture: Picture) -> dict[str, Any]:
    return {
        "alt": picture.alt,
        "image": blob(picture),
        "aspectRatio": {"width": picture.width, "height": picture.height},
    }


def _bytes(text: str, found: Found) -> dict[str, int]:
    start = len(text[: found.start].encode())
    return {"byteStart": start, "byteEnd": start + len(text[found.start : found.end].encode())}
