"""Tell people about a post that did not simply go out: whoever scheduled it, and whoever is on watch now."""

import logging
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from planner.notices.services import send_notice
from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.selectors import by_id, holding
from planner.publishing.models import Post
from planner.rosters.selectors import on_watch

log = logging.getLogger(__name__)
CONCERNED = {Role.OFFICER.value, Role.DUTY.value}


def tell(post: Post, *, event: str, now: datetime, by: User | None = None, which: str = "") -> int:
    """A notice to each person concerned, except `by`, who did it. How many. A failing outbox never undoes the post.

    `which` tells an event that can happen to a post more than once from the time before.
    """
    people = [person for person in concerned(post, now=now) if by is None or person.pk != by.pk]
    said = {"subject": _subject(post, event), "body": _body(post, event)}
    return notify(people, key=f"post:{post.uuid}:{event}{which}", now=now, **said)


def notify(people: Iterable[User], *, key: str, subject: str, body: str, now: datetime) -> int:
    """One notice to each person, once for each key. How many. Who cannot be told is logged and undoes nothing."""
    told = 0
    for person in people:
        try:
            with transaction.atomic():
                send_notice(key=f"{key}:{person.pk}", person=person, subject=subject, body=body, now=now)
                told += 1
        except ValueError as refused:
            log.warning("%s: %s could not be told: %s", key, person, refused)
    return told


def concerned(post: Post, *, now: datetime) -> list[User]:
    """Who scheduled it, and the officers and duty officers on watch at `now`; administrators when that is nobody."""
    people = by_id({post.scheduled_by_id, *watching(now)}).values()
    return [person for person in people if person.is_active] or list(holding(Role.ADMINISTRATOR))


def watching(now: datetime) -> list[int]:
    """The officers and duty officers on watch at `now`, by primary key."""
    return [duty.person_id for duty in on_watch(now) if CONCERNED & {str(role) for role in duty.roles}]


def _subject(post: Post, event: str) -> str:
    first = {
        "late": _("Late, decide: send it now to %(channel)s?"),
        "expired": _("Not sent: too late for %(channel)s"),
        "withdrawn": _("Stopped: approval withdrawn, %(channel)s"),
        "role_lost": _("Stopped: its approver may no longer approve, %(channel)s"),
        "retired": _("Stopped: %(channel)s left the register"),
        "unwanted": _("Stopped: the claim wants no answer any more, %(channel)s"),
        "held": _("Stopped: %(channel)s was held when it was due"),
        "by_hand": _("Stopped by a colleague: %(channel)s"),
        "cut": _("The thread is cut: %(channel)s"),
        "failed": _("Refused by %(channel)s"),
        "partly": _("Public, but not for everybody: %(channel)s"),
        "uncertain": _("Look now: is this public on %(channel)s?"),
        "found": _("Public after all: %(channel)s"),
        "settled_failed": _("Not public after all: %(channel)s"),
    }[event]
    return first % {"channel": _where(post)}


def _body(post: Post, event: str) -> str:
    then = {
        "late": _("It was not sent in time and does not go by itself. Send it now or stop it; nothing is sent late:"),
        "expired": _("It was not sent and will not be. Schedule the words again if they are still wanted."),
        "withdrawn": _("It was not sent and will not be. Words that are approved again can be scheduled again."),
        "role_lost": _("It was not sent and will not be. Have the words approved by somebody else."),
        "retired": _("It was not sent and will not be. Choose another channel."),
        "unwanted": _("It was not sent and will not be. Schedule the words again if they are wanted all the same."),
        "held": _("It was not sent and will not be. Once the channel is open again, the words can be scheduled again."),
        "by_hand": _("It was not sent and will not be."),
        "cut": _("It was not sent and will not be. Look at the parts before it; write a text of its own for the rest."),
        "failed": _("It was not published and will not be tried again. Mend the cause, then schedule it again."),
        "partly": _("It was sent once and will not be sent again. These readers were refused: tell them otherwise."),
        "uncertain": _("It may be public or not; it will not be sent again. Look at the channel and settle it here:"),
        "found": _("The channel was asked again and has it. Nothing is to be done."),
        "settled_failed": _("A colleague looked: it is not public. Schedule the words again if they are still wanted."),
    }[event]
    words = {
        "claim": post.claim.text[:200],
        "channel": _where(post),
        "due": _wall(post.due_at),
        "reason": post.reason or "-",
        "then": then,
        "link": settings.PLANNER_PUBLIC_URL.rstrip("/") + reverse("publishing:post", args=[post.uuid]),
    }
    return (
        _("The claim: %(claim)s\nChannel: %(channel)s\nDue: %(due)s\nWhy: %(reason)s\n\n%(then)s\n%(link)s\n") % words
    )


def in_thread(post: Post) -> dict[str, int]:
    """Which part of a thread it is, for the journal; nothing for a post that stands by itself."""
    return {"part": post.part, "parts": post.parts} if post.parts > 1 else {}


def _where(post: Post) -> str:
    if post.parts == 1:
        return post.channel.name
    words = {"channel": post.channel.name, "part": post.part, "parts": post.parts}
    return _("%(channel)s (part %(part)s of %(parts)s)") % words


def _wall(at: datetime) -> str:
    local = at.astimezone(ZoneInfo(settings.PLANNER_ZONE))
    return f"{local:%Y-%m-%d %H:%M} {settings.PLANNER_ZONE}"
