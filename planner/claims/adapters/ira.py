"""The Internet Research Agency's tweets as published by FiveThirtyEight and Clemson University.

Times are UTC to the minute. There are no message ids in the shorter form: author, minute and text tell messages apart,
so a message that was really posted twice in one minute counts as a duplicate.
"""

from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from planner.claims.adapters.reader import Reader
from planner.claims.core.fingerprint import hashtags
from planner.claims.core.languages import language_code
from planner.claims.core.observed import LIMITS, Observed, identity
from planner.journal.core.intake import UTC_ZONE, Fault, Row, parse_instant

OTHERS = (
    "external_author_id region harvested_date following followers updates post_type account_type retweet "
    "account_category new_june_2018 alt_external_id article_url tco1_step1 tco2_step1 tco3_step1 language tweet_id"
)


def read(row: Row, zone: ZoneInfo | None) -> Observed:
    """A sighting whose source is the account itself."""
    author = row.get("author_id", limit=LIMITS["author"]) or row.need("author", limit=LIMITS["author"])
    text = row.need("content", limit=LIMITS["text"])
    written = row.need("publish_date")
    posted_at = _instant(written)
    number = row.get("tweet_id", limit=LIMITS["external_id"])
    return Observed(
        source=author,
        external_id=number if number.isdigit() else identity(author, posted_at.isoformat(timespec="minutes"), text),
        posted_at=posted_at,
        text=text,
        author=author,
        language=language_code(row.get("language")),
        hashtags=hashtags(text),
    )


@lru_cache(maxsize=256)  # the rows of a minute stand together
def _instant(written: str) -> datetime:
    """UTC from ISO 8601, or from the form of the original release ("10/1/2017 19:58", month first)."""
    if "/" not in written:
        return parse_instant(written, UTC_ZONE, field_name="publish_date")
    try:
        return datetime.strptime(written, "%m/%d/%Y %H:%M").replace(tzinfo=UTC)
    except ValueError:
        reason = "not a date and time: expected 2016-03-22 07:58:00 or 3/22/2016 07:58, in UTC"
        raise Fault("publish_date", written, reason) from None


READER = Reader(
    "ira",
    "csv",
    ("publish_date", "content"),
    tuple(OTHERS.split()),
    read,
    one_of=("author_id", "author"),
    utc=True,
    moment="publish_date",
)
