"""Which channel answers tonight: held, its last rehearsal, the end of its credential."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from planner.desk.readiness.walls import day
from planner.desk.trouble import Trouble
from planner.publishing.core.rehearsal import STALE, ends_at, warning_of
from planner.publishing.models import Channel, Rehearsal
from planner.publishing.selectors import channels as register
from planner.tempo.selectors import theatre


@dataclass(frozen=True)
class Answering:
    """A channel with its last rehearsal (None: there was none yet) and the end of its credential, where it is known."""

    channel: Channel
    rehearsal: Rehearsal | None
    ends_at: datetime | None
    is_stale: bool
    is_ending: bool

    @property
    def is_ready(self) -> bool:
        """Whether it takes words tonight, as far as anybody can know."""
        works = self.rehearsal is not None and self.rehearsal.works is True
        return works and self.channel.held_at is None and not self.is_stale and not self.is_ending


def answering(now: datetime) -> list[Answering]:
    """Every channel of the register, by name. One query."""
    return [_answering(channel, now) for channel in register()]


def _answering(channel: Channel, now: datetime) -> Answering:
    rehearsal: Rehearsal | None = getattr(channel, "rehearsal", None)
    checked = rehearsal.checked_at if rehearsal else None
    ends = ends_at(rehearsal.expires_at if rehearsal else None, channel.credential_ends_on, theatre())
    is_ending = warning_of(ends, now=now) is not None
    return Answering(channel, rehearsal, ends, checked is None or now - checked > STALE, is_ending)


def troubles(found: list[Answering], now: datetime) -> list[Trouble]:
    """What keeps a channel from taking words tonight, and what soon will."""
    where = reverse("publishing:channels")
    if not found:
        what = _("No channel is registered: nothing can be published.")
        return [Trouble("error", what, _("An administrator registers one."), where)]
    return [trouble for one in found for trouble in _troubles(one, now, where)]


def _troubles(one: Answering, now: datetime, where: str) -> list[Trouble]:
    channel, rehearsal, told = one.channel, one.rehearsal, []
    words = {"channel": channel.name, "reason": channel.held_reason or "–"}
    if channel.held_at is not None:
        what = _("%(channel)s is held: %(reason)s") % words
        told.append(Trouble("error", what, _("Let it go, or tell the night that it cannot be used."), where))
    if rehearsal is not None and rehearsal.works is False:
        what = _("%(channel)s did not let us in at its last rehearsal.") % words
        told.append(Trouble("error", what, _("Enter a new credential, then check it again."), where))
    elif one.is_stale:
        what = _("Nobody knows whether %(channel)s lets us in: it was not rehearsed within the last day.") % words
        told.append(Trouble("warning", what, _("Press “Check now” on its page; the clock does so at 16:00."), where))
    if one.is_ending and one.ends_at is not None:
        what = _("The credential of %(channel)s ends on %(day)s.") % {**words, "day": day(one.ends_at)}
        level = "error" if one.ends_at <= now else "warning"
        told.append(Trouble(level, what, _("Make a new one on the platform and enter it before."), where))
    return told
