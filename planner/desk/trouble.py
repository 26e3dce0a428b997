"""What is broken, in words for the person who can mend it: the red part of the board."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from planner.leases import selectors as leases
from planner.notices.core.states import NoticeState
from planner.notices.models import Notice
from planner.publishing.core.states import PostState
from planner.publishing.models import Channel, Post
from planner.publishing.selectors import late as late_posts
from planner.rebuttals.selectors import Wait, waits
from planner.tasking.core.states import Purpose, TaskState
from planner.tasking.models import Task

RECENT = timedelta(hours=24)


@dataclass(frozen=True)
class Trouble:
    """One thing that is broken: what, what to do about it, and where."""

    level: str  # error or warning
    what: str
    mend: str
    url: str = ""


def now_broken(*, now: datetime, with_channels: bool = True) -> list[Trouble]:
    """Everything that is broken at `now`, the worst first; the readiness page says more of channels by itself."""
    register = _channels() if with_channels else []
    return [*_clock(now), *_tasks(), *_reviews(now), *_posts(now), *register, *_notices(now)]


def _clock(now: datetime) -> list[Trouble]:
    beats = leases.heartbeats()
    mend = _("Start it: `manage.py up`, or the container “clock”. Nothing is lost: what is late waits for a decision.")
    if not beats:
        return [Trouble("error", _("The clock has never run: nothing is paged and nothing is published."), mend)]
    late = leases.late(now=now)
    if not late:
        return []
    names = ", ".join(beat.name for beat in late)
    if len(late) == len(beats):
        last = max(beat.beat_at for beat in late)
        minutes = int((now - last) / timedelta(minutes=1))
        words = ngettext(
            "The clock has stood still for %(n)s minute.", "The clock has stood still for %(n)s minutes.", minutes
        )
        return [Trouble("error", words % {"n": minutes}, mend)]
    reasons = "; ".join(beat.last_error for beat in late if beat.last_error)[:300]
    words = _("These beats of the clock are late: %(names)s.") % {"names": names}
    return [Trouble("error", words, reasons or _("Look at the clock's log."))]


def _tasks() -> list[Trouble]:
    found = Task.objects.filter(state=TaskState.EXHAUSTED.value, purpose=Purpose.ANSWER.value).select_related("claim")
    return [
        Trouble(
            "error",
            _("Nobody answered the page for “%(claim)s”.") % {"claim": task.claim.text[:80]},
            _("Everybody on the ladder was paged. Take it yourself, or telephone somebody."),
            reverse("claims:detail", args=[task.claim.uuid]),
        )
        for task in found
    ]


def _reviews(now: datetime) -> list[Trouble]:
    """Texts whose deadline passed, or for which nobody is left to be asked: one line for each answer."""
    red = {wait.item.draft.rebuttal_id: wait for wait in reversed(waits(now=now)) if wait.is_red}
    return [
        Trouble(
            "error",
            _review_words(wait) % {"text": wait.item.draft.text[:80]},
            _("Every approver who is not on leave is asked. Read it yourself, or telephone one of them."),
            reverse("rebuttals:look", args=[wait.item.draft.rebuttal.uuid]),
        )
        for wait in red.values()
    ]


def _review_words(wait: Wait) -> str:
    if wait.is_past:
        return _("The deadline passed and nobody cleared or refused “%(text)s”.")
    return _("Nobody on watch answered, or nobody is on watch: “%(text)s” waits to be cleared.")


def _posts(now: datetime) -> list[Trouble]:
    uncertain = Post.objects.filter(state=PostState.UNCERTAIN.value)
    ended = Post.objects.filter(state=PostState.FAILED.value, sending_at__gte=now - RECENT)
    expired = Post.objects.filter(
        state=PostState.STOPPED.value, published_at=None, expires_at__lte=now, expires_at__gte=now - RECENT
    )
    words = (
        (
            uncertain,
            "error",
            _("Nobody knows whether the post to %(channel)s went out."),
            _("Look at the channel, then settle it."),
        ),
        (
            ended,
            "error",
            _("%(channel)s refused a post."),
            _("Read the reason, mend the channel or the words, schedule anew."),
        ),
        (
            expired,
            "warning",
            _("A post to %(channel)s did not go out in time."),
            _("Decide whether it is still worth saying."),
        ),
    )
    return _late(now) + [
        Trouble(level, what % {"channel": post.channel}, mend, reverse("publishing:post", args=[post.uuid]))
        for posts, level, what, mend in words
        for post in posts.select_related("channel")[:10]
    ]


def _late(now: datetime) -> list[Trouble]:
    count = late_posts(now=now).count()
    if not count:
        return []
    words = ngettext(
        "%(n)s post is late and waits for a decision.", "%(n)s posts are late and wait for a decision.", count
    )
    mend = _("Send now or stop, on the page Posts. Nothing is sent late by itself; without a decision it expires.")
    return [Trouble("error", words % {"n": count}, mend, reverse("publishing:calendar"))]


def _channels() -> list[Trouble]:
    standing = Channel.objects.filter(retired_at=None)
    if not standing.exists():
        return [
            Trouble(
                "warning",
                _("No channel is registered: nothing can be published."),
                _("An administrator registers one."),
            )
        ]
    return [
        Trouble(
            "warning",
            _("%(channel)s is held: %(reason)s") % {"channel": channel, "reason": channel.held_reason or "–"},
            _("Its posts wait until somebody lifts the hold, or expire."),
            reverse("publishing:calendar"),
        )
        for channel in standing.filter(held_at__isnull=False)
    ]


def _notices(now: datetime) -> list[Trouble]:
    lost = Notice.objects.filter(state=NoticeState.FAILED.value, created_at__gte=now - RECENT).select_related("person")
    return [
        Trouble(
            "error",
            _("A message to %(person)s could not be delivered.") % {"person": notice.person},
            notice.last_error[:200] or _("Check the address."),
        )
        for notice in lost[:10]
    ]
