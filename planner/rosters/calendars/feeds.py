"""A person's own feed: its secret address, made, renewed, ended; and how often what it says has changed."""

import hashlib
import hmac
import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User
from planner.rosters.calendars.rows import FeedItem, FeedKey
from planner.rosters.core import feed as values
from planner.rosters.core.feed import Version

READ_NOTED_EVERY = timedelta(minutes=10)


def standing_key(person: User) -> FeedKey | None:
    """The key that opens a person's feed now, without its secret."""
    return FeedKey.objects.filter(person=person, ended_at=None).first()


@transaction.atomic
def renew_feed(person: User, *, language: str, now: datetime) -> str:
    """Make a new secret address and end the old one; return the secret, which is shown once and not kept."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)
    FeedKey.objects.filter(person=person, ended_at=None).update(ended_at=now)
    secret = secrets.token_urlsafe(32)
    FeedKey.objects.create(person=person, digest=_digest(secret), language=language, made_at=now)
    _stamp(person, "feed_renewed", now)
    return secret


@transaction.atomic
def end_feed(person: User, *, now: datetime) -> bool:
    """Let the address open nothing any more; False when none was open."""
    ended = FeedKey.objects.filter(person=person, ended_at=None).update(ended_at=now)
    if ended:
        _stamp(person, "feed_ended", now)
    return bool(ended)


def open_feed(secret: str, *, now: datetime) -> FeedKey | None:
    """Whose feed a secret opens; None for a wrong or ended one, and for a person who may no longer sign in.

    It is looked up by its hash, so how long that takes says nothing about how much of a guess was right.
    """
    digest = _digest(secret)
    key = FeedKey.objects.filter(digest=digest, ended_at=None, person__is_active=True).select_related("person").first()
    if key is None or not hmac.compare_digest(key.digest, digest):
        return None
    if key.read_at is None or now - key.read_at > READ_NOTED_EVERY:
        FeedKey.objects.filter(pk=key.pk).update(read_at=now)
    return key


@transaction.atomic
def versions(person: User, items: Sequence[values.FeedItem], *, now: datetime) -> dict[str, Version]:
    """The version of each item by UID; one that says something else than when it was last served gets the next."""
    digests = {item.uid: values.digest(item) for item in items}
    known = {row.uid: row for row in FeedItem.objects.select_for_update(no_key=True).filter(person=person)}
    stamped = now.replace(microsecond=0)
    fresh = [
        FeedItem(person=person, uid=uid, digest=digest, changed_at=stamped)
        for uid, digest in digests.items()
        if uid not in known
    ]
    FeedItem.objects.bulk_create(fresh, ignore_conflicts=True)
    changed = [row for uid, row in known.items() if uid in digests and row.digest != digests[uid]]
    for row in changed:
        row.digest, row.sequence, row.changed_at = digests[row.uid], row.sequence + 1, stamped
    FeedItem.objects.bulk_update(changed, ["digest", "sequence", "changed_at"], batch_size=500)
    rows = {**known, **{row.uid: row for row in fresh}}
    return {uid: Version(rows[uid].sequence, rows[uid].changed_at) for uid in digests}


def _digest(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _stamp(person: User, act: str, now: datetime) -> None:
    stamp(milestone=Milestone.ROSTERED, at=now, subject=f"person:{person.uuid}", actor=person.username, act=act)
