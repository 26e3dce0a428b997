"""X's information-operations archive. Times are UTC to the minute; small accounts come with hashed names."""

from zoneinfo import ZoneInfo

from planner.claims.adapters.reader import Reader
from planner.claims.core.fingerprint import hashtags
from planner.claims.core.observed import LIMITS, Observed
from planner.journal.core.intake import UTC_ZONE, Row, parse_instant

REQUIRED = ("tweetid", "userid", "tweet_text", "tweet_time")
OTHERS = (
    "user_display_name user_screen_name user_reported_location user_profile_description user_profile_url "
    "follower_count following_count account_creation_date account_language tweet_language tweet_client_name "
    "in_reply_to_userid in_reply_to_tweetid quoted_tweet_tweetid is_retweet retweet_userid retweet_tweetid latitude "
    "longitude quote_count reply_count like_count retweet_count hashtags urls user_mentions poll_choices"
)


def read(row: Row, zone: ZoneInfo | None) -> Observed:
    """A sighting whose source is the account itself, by its screen name where it has one."""
    userid = row.need("userid", limit=LIMITS["source"])
    name = row.get("user_screen_name", limit=LIMITS["source"]) or userid
    text = row.need("tweet_text", limit=LIMITS["text"])
    links = bracketed(row.get("urls"))
    return Observed(
        source=name,
        external_id=row.need("tweetid", limit=LIMITS["external_id"]),
        posted_at=parse_instant(row.need("tweet_time"), UTC_ZONE, field_name="tweet_time"),
        text=text,
        author=name,
        language="" if (code := row.get("tweet_language")) == "und" else code[: LIMITS["language"]],
        url=next((link for link in links if link.startswith("http") and len(link) <= LIMITS["url"]), ""),
        client=row.get("tweet_client_name", limit=LIMITS["client"]),
        repost_of=row.get("retweet_tweetid", limit=LIMITS["repost_of"]),
        hashtags=[tag[: LIMITS["hashtag"]] for tag in bracketed(row.get("hashtags"))] or hashtags(text),
    )


def bracketed(field: str) -> list[str]:
    """The parts of "[a, b]", with or without quotes around them."""
    return [part for part in (piece.strip(" '\"") for piece in field.strip("[]").split(",")) if part]


READER = Reader("twitter-io", "csv", REQUIRED, tuple(OTHERS.split()), read, utc=True, moment="tweet_time")
