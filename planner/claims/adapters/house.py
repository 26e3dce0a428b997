"""The house's own columns (INTERFACE.md), which CSV and JSONL share."""

from zoneinfo import ZoneInfo

from planner.claims.core.fingerprint import hashtags
from planner.claims.core.observed import LIMITS, Observed, identity
from planner.claims.core.words import SourceKind
from planner.journal.core.intake import Fault, Row

REQUIRED = ("source", "posted_at", "text")
IDENTITY = ("external_id", "author")
KNOWN = (*IDENTITY, "language", "url", "client", "repost_of", "hashtags", "kind")
KINDS = tuple(kind.value for kind in SourceKind)


def read(row: Row, zone: ZoneInfo | None) -> Observed:
    """A sighting; without an external_id the author, the time as written and the text stand in for it."""
    source = row.need("source", limit=LIMITS["source"])
    posted_at = row.need_instant("posted_at", zone)
    text = row.need("text", limit=LIMITS["text"])
    author = row.get("author", limit=LIMITS["author"])
    external_id = row.get("external_id", limit=LIMITS["external_id"])
    if not external_id:
        if not author:
            raise Fault("external_id", "", "missing value: give an external_id, or an author to tell messages apart")
        external_id = identity(author, posted_at.isoformat(), text)
    return Observed(
        source=source,
        external_id=external_id,
        posted_at=posted_at,
        text=text,
        author=author,
        language=row.get("language", limit=LIMITS["language"]),
        url=web_address(row, "url"),
        client=row.get("client", limit=LIMITS["client"]),
        repost_of=row.get("repost_of", limit=LIMITS["repost_of"]),
        hashtags=tags(row.items("hashtags"), row) or hashtags(text),
        kind=row.choice("kind", KINDS, default=SourceKind.ADVERSARY.value),
    )


def web_address(row: Row, name: str) -> str:
    """An http or https address, or "". Raises Fault: an address of another kind must never become a link on a page."""
    url = row.get(name, limit=LIMITS["url"])
    if url and not url.lower().startswith(("http://", "https://")):
        raise Fault(name, url, "expected an address that begins with http:// or https://")
    return url


def tags(found: list[str], row: Row) -> list[str]:
    """Hashtags without their #. Raises Fault for one that is too long."""
    for tag in found:
        if len(tag) > LIMITS["hashtag"]:
            raise Fault("hashtags", tag, f"too long: {len(tag)} characters, at most {LIMITS['hashtag']} are kept")
    return [tag.lstrip("#") for tag in found]
