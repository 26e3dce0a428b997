"""A published answer as schema.org's ClaimReview: what search engines and fact check explorers read. Values only.

Required by Google: claimReviewed, reviewRating, url. Everything else is what we know besides; nothing is guessed, and
no private person is named: whoever made these values has left them out (claims.core.outlets).
"""

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from planner.claims.core.outlets import Appearance
from planner.rebuttals.core.verdict import BEST, SCALE, WORST, Rating, Verdict, public_name

CONTEXT = "https://schema.org"
MEDIA_TYPE = "application/ld+json"
# What could end the element or begin a comment in it, written so that JSON reads the same.
_IN_HTML = {ord("<"): "\\u003C", ord(">"): "\\u003E", ord("&"): "\\u0026"}


@dataclass(frozen=True, slots=True)
class FactCheck:
    """What one text says of one claim. Instants are aware; `url` and `home` absolute; `verdict` is given."""

    url: str
    language: str
    verdict: Verdict
    said_at: datetime  # our first official word on the claim
    broke_at: datetime
    speaker: str
    home: str
    appearances: tuple[Appearance, ...] = ()  # the first first
    claimant: tuple[str, str] | None = None  # (name, own site or ""), only where it is an outlet


def claim_review(check: FactCheck) -> dict[str, Any]:
    """The document. Raises ValueError when there is no rating, or no claim in our words."""
    if not check.verdict.claim_words:
        raise ValueError("a fact check says what was claimed")
    rating = Rating(check.verdict.rating)
    return {
        "@context": CONTEXT,
        "@type": "ClaimReview",
        "url": check.url,
        "datePublished": _moment(check.said_at),
        **({"inLanguage": check.language} if check.language else {}),
        "claimReviewed": check.verdict.claim_words,
        "author": _organisation(check.speaker, check.home),
        "reviewRating": {
            "@type": "Rating",
            "ratingValue": SCALE[rating],
            "bestRating": BEST,
            "worstRating": WORST,
            "alternateName": public_name(rating, check.language),
        },
        "itemReviewed": _claim(check),
    }


def graph(documents: Iterable[dict[str, Any]]) -> dict[str, Any]:
    """Several reviews as one document."""
    return {"@context": CONTEXT, "@graph": [{k: v for k, v in one.items() if k != "@context"} for one in documents]}


def in_html(document: dict[str, Any]) -> str:
    """The document as JSON that cannot leave a <script> element, whatever words it holds; ASCII only."""
    return json.dumps(document, separators=(",", ":")).translate(_IN_HTML)


def _claim(check: FactCheck) -> dict[str, Any]:
    claim: dict[str, Any] = {"@type": "Claim", "datePublished": _moment(check.broke_at)}
    if check.claimant:
        claim["author"] = _organisation(*check.claimant)
    works = [_work(one) for one in check.appearances]
    if works:
        claim["firstAppearance"] = works[0]
    if works[1:]:
        claim["appearance"] = works[1:]
    return claim


def _work(one: Appearance) -> dict[str, Any]:
    work = {"@type": "CreativeWork", "url": one.url, "datePublished": _moment(one.at)}
    return {**work, "publisher": _organisation(one.outlet, one.site)}


def _organisation(name: str, home: str) -> dict[str, Any]:
    return {"@type": "Organization", "name": name, **({"url": home} if home else {})}


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
