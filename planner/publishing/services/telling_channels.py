"""Tell people that a channel's credential fails or ends soon: administrators, who watches now, and whose posts wait."""

from datetime import datetime
from zoneinfo import ZoneInfo

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _

from planner.people.core.roles import Role
from planner.people.models import User
from planner.people.selectors import by_id, holding
from planner.publishing.core.rehearsal import ends_at
from planner.publishing.core.states import WAITING
from planner.publishing.models import Channel, Post
from planner.publishing.services.telling import notify, watching


def tell_of_channel(channel: Channel, *, event: str, now: datetime) -> int:
    """A notice to each person concerned; `event`: fails, works_again, or ends_<days>_<day> (once each). How many."""
    once = event if event.startswith("ends_") else f"{event}:{now:%Y%m%d%H%M}"
    said = {"subject": _subject(channel, event), "body": _body(channel, event)}
    return notify(_concerned(channel, now=now), key=f"channel:{channel.uuid}:{once}", now=now, **said)


def _concerned(channel: Channel, *, now: datetime) -> list[User]:
    waiting = Post.objects.filter(channel=channel, state__in=WAITING).values_list("scheduled_by_id", flat=True)
    people = by_id({*waiting, *watching(now)}) | {person.pk: person for person in holding(Role.ADMINISTRATOR)}
    return [person for person in people.values() if person.is_active]


def _subject(channel: Channel, event: str) -> str:
    if event.startswith("ends_"):
        return _("Its credential ends soon: %(channel)s") % {"channel": channel.name}
    if event == "works_again":
        return _("Works again: %(channel)s") % {"channel": channel.name}
    return _("Cannot publish: %(channel)s") % {"channel": channel.name}


def _body(channel: Channel, event: str) -> str:
    said, waits = channel.rehearsal.said, Post.objects.filter(channel=channel, state__in=WAITING).count()
    words = {"channel": channel.name, "said": said, "waits": waits, "link": _link(channel)}
    if event.startswith("ends_"):
        tz = ZoneInfo(settings.PLANNER_ZONE)
        ends = ends_at(channel.rehearsal.expires_at, channel.credential_ends_on, tz)
        day = f"{ends.astimezone(tz):%Y-%m-%d}" if ends else "-"
        text = _("The credential of %(channel)s ends on %(day)s: make a new one and enter it before.\n%(link)s\n")
        return text % {**words, "day": day}
    if event == "works_again":
        return _("The rehearsal of %(channel)s went well: %(said)s\n%(link)s\n") % words
    return (
        _(
            "The rehearsal of %(channel)s failed. Nothing was sent, and nothing can be until it is mended.\n"
            "What it said: %(said)s\nPosts that wait for it: %(waits)s\n%(link)s\n"
        )
        % words
    )


def _link(channel: Channel) -> str:
    return settings.PLANNER_PUBLIC_URL.rstrip("/") + reverse("publishing:channel", args=[channel.uuid])
