"""Ask after the links of our texts: noted when a text is saved, asked by a hand, its word kept with its moment."""

from collections.abc import Callable
from datetime import datetime, timedelta
from uuid import uuid4

from django.db import transaction

from planner.leases.services import release
from planner.rebuttals.adapters.asking_links import ask
from planner.rebuttals.core.links import LinkWord, links
from planner.rebuttals.models import LinkCheck
from planner.rosters.adapters.public_net import is_public

FRESH = timedelta(minutes=10)  # a word younger than this is not asked for again
MOST_TRIES = 6  # a link that does not answer may be a page that is put up with the text: asked again, six times
HAND_LEASE = timedelta(seconds=60)  # longer than a hand may live on one task (rebuttals/tasks.py)


def note_links(text: str, *, now: datetime) -> int:
    """The links of a saved text are asked after, unless that happened a moment ago. How many are due."""
    urls = links(text)
    LinkCheck.objects.bulk_create([LinkCheck(url=url, next_try_at=now) for url in urls], ignore_conflicts=True)
    old = LinkCheck.objects.filter(url__in=urls).exclude(checked_at__gt=now - FRESH)
    return old.update(next_try_at=now, attempts=0)


def check_link(pk: int, *, now: datetime, allowed: Callable[[str], bool] = is_public) -> LinkCheck | None:
    """Ask one link and keep what it came to; None when another hand has it, or it is not due any more."""
    me = f"hand-{uuid4().hex[:12]}"
    row = _taken(pk, by=me, now=now)
    if row is None:
        return None
    found = ask(row.url, allowed=allowed)
    LinkCheck.objects.filter(pk=pk).update(checked_at=now, word=found.word.value, status=found.status)
    tries = row.attempts
    again = found.word is not LinkWord.ANSWERS and tries < MOST_TRIES
    if release(LinkCheck, pk, by=me, next_try_at=now + FRESH if again else None) and again:
        LinkCheck.objects.filter(pk=pk).update(attempts=tries)
    row.refresh_from_db()
    return row


@transaction.atomic
def _taken(pk: int, *, by: str, now: datetime) -> LinkCheck | None:
    row = LinkCheck.objects.select_for_update(no_key=True).filter(pk=pk, next_try_at__isnull=False).first()
    if row is None or (row.leased_by.startswith("hand-") and row.leased_until and row.leased_until > now):
        return None
    row.leased_by, row.leased_until, row.attempts = by, now + HAND_LEASE, max(row.attempts, 1)
    row.save(update_fields=["leased_by", "leased_until", "attempts"])
    return row
