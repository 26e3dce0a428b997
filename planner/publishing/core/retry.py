"""When to try again after a channel could certainly not take a post: doubling waits, never sooner than it asked."""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

BASE = timedelta(seconds=2)
CAP = timedelta(minutes=5)
LONGEST_ASKED = timedelta(days=1)


def next_try(now: datetime, tries: int, *, expires_at: datetime, retry_after: timedelta | None = None) -> datetime:
    """The instant of the next try after `tries` (1 or more) tries, all aware UTC.

    2 s, 4 s, 8 s … up to 5 min, or what the channel asked for if that is longer; never past `expires_at`, which means
    that there will be no other try.
    """
    doubled = min(BASE * 2 ** min(max(tries, 1) - 1, 16), CAP)
    return min(now + max(doubled, retry_after or timedelta(0)), expires_at)


def asked_to_wait(value: str | None, *, now: datetime) -> timedelta | None:
    """A Retry-After header as a wait: seconds or a date. A malformed one ("120, Mon, …"): its first number, or None."""
    if not value:
        return None
    if number := re.match(r"\s*(\d{1,9})\b", value):
        return min(timedelta(seconds=int(number[1])), LONGEST_ASKED)
    try:
        until = parsedate_to_datetime(value.strip())
    except ValueError:
        return None
    if until.tzinfo is None:
        until = until.replace(tzinfo=UTC)
    return min(max(until - now, timedelta(0)), LONGEST_ASKED)


def until_reset(value: str | None, *, now: datetime) -> timedelta | None:
    """A rate limit's reset header as a wait: seconds since 1970, or an ISO 8601 instant (Mastodon). None: no sense."""
    if not value:
        return None
    try:
        at = datetime.fromtimestamp(int(value), UTC) if value.strip().isdigit() else datetime.fromisoformat(value)
    except (ValueError, OverflowError, OSError):
        return None
    at = at if at.tzinfo else at.replace(tzinfo=UTC)
    return min(max(at - now, timedelta(0)), LONGEST_ASKED)


ASKED_AFTER = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=10), timedelta(minutes=30))


def ask_again_at(sent_at: datetime, *, now: datetime) -> datetime | None:
    """When to ask a channel again whether it has a post that nobody can tell of; None: often enough, a person looks."""
    return next((sent_at + wait for wait in ASKED_AFTER if sent_at + wait > now), None)
