"""Our own feed as JSON Feed 1.1 and the parts that RSS needs. Values only."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from planner.rebuttals.core.words import first_line

VERSION = "https://jsonfeed.org/version/1.1"
_NOT_IN_XML = re.compile("[^\\t\\n\\r -\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Shown:
    """A picture of a published text: `url` absolute and public, `size` in bytes."""

    sha256: str
    suffix: str
    url: str
    alt: str
    media_type: str
    width: int
    height: int
    size: int


@dataclass(frozen=True, slots=True)
class Item:
    """One published text: `at` aware; `url` absolute."""

    key: UUID
    url: str
    text: str
    language: str
    speaker: str
    at: datetime
    check: dict[str, Any] | None = None  # the same text as schema.org's ClaimReview
    pictures: tuple[Shown, ...] = ()

    @property
    def title(self) -> str:
        """Its first line, not cut within a word."""
        return first_line(self.text)


def xml_safe(text: str) -> str:
    """The text without the few characters that no XML document may hold."""
    return _NOT_IN_XML.sub("", text)


def json_feed(items: Iterable[Item], *, title: str, page: str, address: str) -> dict[str, Any]:
    """The document of a JSON Feed; `page` and `address` are absolute."""
    return {
        "version": VERSION,
        "title": title,
        "home_page_url": page,
        "feed_url": address,
        "items": [
            {
                "id": item.key.urn,
                "url": item.url,
                "title": item.title,
                "content_text": item.text,
                "date_published": item.at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z"),
                "authors": [{"name": item.speaker}],
                **({"language": item.language} if item.language else {}),
                **({"_claimreview": item.check} if item.check else {}),
                **_pictures(item.pictures),
            }
            for item in items
        ],
    }


def _pictures(shown: tuple[Shown, ...]) -> dict[str, Any]:
    if not shown:
        return {}
    attached = [
        {"url": one.url, "mime_type": one.media_type, "title": one.alt, "size_in_bytes": one.size} for one in shown
    ]
    return {"image": shown[0].url, "attachments": attached}
