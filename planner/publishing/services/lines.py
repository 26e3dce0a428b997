"""One press at night: a cleared line is let out for a claim and put on every open channel of its scope, now."""

from datetime import datetime, timedelta

from django.db import transaction

from planner.claims.models import Claim
from planner.people.models import User
from planner.publishing import selectors
from planner.publishing.models import Post
from planner.publishing.releasable import carriers
from planner.publishing.services.refusals import PostRefused
from planner.publishing.services.schedule import schedule
from planner.rebuttals.core.scope import Outside
from planner.rebuttals.lines import lines
from planner.rebuttals.models import ClearedLine
from planner.rebuttals.services import release
from planner.rebuttals.words import OUTSIDE_WORDS

LIFE = timedelta(hours=4)  # as a post that is scheduled by hand and says nothing else


@transaction.atomic
def release_now(line: ClearedLine, *, claim: Claim, by: User, now: datetime) -> list[Post]:
    """`by` lets a line out for a claim: posts of its words, due at once, on every open channel of its scope.

    All or nothing. Pressed again by the same person: the posts as they stand. Raises RebuttalRefused with every reason
    why the line stays in the house, PostRefused when no channel of its scope is open or takes the words.
    """
    said = list(Post.objects.filter(claim=claim).select_related("channel", "release"))
    again = [post for post in said if post.release and post.release.line_id == line.pk]
    if again and all(post.scheduled_by_id == by.pk for post in again):
        return again
    channels = carriers(lines().get(pk=line.pk), selectors.channels(), said)
    released = release(line, claim=claim, by=by, now=now)
    if not channels:
        raise PostRefused(str(OUTSIDE_WORDS[Outside.NO_CHANNEL]))
    return [
        schedule(
            line.approval,
            channel=channel,
            claim=claim,
            due_at=now,
            expires_at=now + LIFE,
            by=by,
            now=now,
            release=released,
        )
        for channel in channels
    ]
