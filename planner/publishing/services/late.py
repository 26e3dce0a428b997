"""Posts that nothing could hand over in time: shown and told, and sent only when a person says so.

`Post.late_at` is the moment from which a post is late. The clock passes it over from then on, a hand puts it back, and
PostgreSQL refuses to send it (migration 0004), however it came to be late: the clock, the hands or the broker were
away, or its channel was held. It expires as ever.
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models.functions import Least
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.leases.services import notify_due
from planner.people.core.roles import Role
from planner.people.models import User
from planner.publishing import selectors
from planner.publishing.core.states import DUE, WAITING
from planner.publishing.models import Channel, Post
from planner.publishing.services.refusals import PostRefused
from planner.publishing.services.telling import tell

MAY_LET_GO = (Role.OFFICER, Role.DUTY)
BATCH = 100


def late_from(moment: datetime) -> datetime:
    """From when a post that should leave at `moment` (aware) is late: PLANNER_LATE_MINUTES after."""
    return moment + timedelta(minutes=settings.PLANNER_LATE_MINUTES)


def lock_waiting(channel: Channel) -> list[int]:
    """The posts that wait for a channel, locked: as in a hand, before the channel itself, or the two would deadlock."""
    waiting = Post.objects.filter(channel=channel, state__in=WAITING).order_by("pk").select_for_update(no_key=True)
    return list(waiting.values_list("pk", flat=True))


def overtake(waiting: list[int], *, now: datetime) -> int:
    """Of the posts that waited for a channel that is let go: what should have left by `now` is late. How many."""
    behind = Post.objects.filter(pk__in=waiting, next_try_at__lte=now, expires_at__gt=now)
    return behind.update(late_at=Least("late_at", now))


@transaction.atomic
def find_late(*, now: datetime) -> int:
    """Tell people of the late posts of which nobody was told yet, and stamp LATE. How many."""
    untold = selectors.late(now=now).filter(late_told_at__isnull=True).order_by("due_at")
    rows = untold.select_for_update(of=("self",), skip_locked=True, no_key=True).select_related(*selectors.WITH_WORDS)
    found = list(rows[:BATCH])
    for post in found:
        Post.objects.filter(pk=post.pk).update(late_told_at=now)
        tell(post, event="late", which=f"_{post.late_at.timestamp():.0f}", now=now)
        _stamp(post, Milestone.LATE, at=now, actor="clock", due_at=post.due_at, expires_at=post.expires_at)
    return len(found)


@transaction.atomic
def let_go(post: Post, *, by: User, now: datetime) -> Post:
    """A person decided that a late post is sent all the same, now. Stamps LET_GO and wakes the clock.

    Raises PostRefused when it is not late (any more), its channel is held, its last moment passed, or `by` may not.
    """
    if not by.has_role(*MAY_LET_GO):
        raise PostRefused(_("Only a press officer or a duty officer can send a late post."))
    rows = Post.objects.select_for_update(of=("self",), no_key=True).select_related(*selectors.WITH_WORDS)
    locked = rows.get(pk=post.pk)
    if locked.state not in DUE or locked.late_at > now or locked.expires_at <= now:
        raise PostRefused(_("This post no longer waits for a decision: it was decided already, or it has ended."))
    if locked.channel.held_at is not None:
        raise PostRefused(_("%(channel)s is held: let it go first.") % {"channel": locked.channel.name})
    locked.let_go_by, locked.let_go_at, locked.late_told_at = by, now, None
    locked.next_try_at, locked.late_at = now, late_from(now)
    locked.save(update_fields=["let_go_by", "let_go_at", "late_told_at", "next_try_at", "late_at"])
    notify_due()
    _stamp(locked, Milestone.LET_GO, at=now, actor=by.username, due_at=locked.due_at)
    return locked


def _stamp(post: Post, milestone: Milestone, *, at: datetime, actor: str, **detail: object) -> None:
    subject, channel = f"post:{post.uuid}", post.channel.name
    stamp(milestone=milestone, at=at, claim=post.claim.uuid, subject=subject, actor=actor, channel=channel, **detail)
