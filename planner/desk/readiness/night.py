"""The whole of it: one night's facts side by side, and what is wrong first."""

from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.translation import gettext as _

from planner.coverage import selectors as coverage
from planner.coverage.core.links import Link
from planner.coverage.selectors import PricedGap
from planner.coverage.words import because
from planner.desk import trouble
from planner.desk.core.stretches import Stretch
from planner.desk.readiness import channels, people, shelf
from planner.desk.readiness.channels import Answering
from planner.desk.readiness.people import OnDuty, RoleNight
from planner.desk.readiness.shelf import Expected, Standing
from planner.desk.readiness.walls import at, here
from planner.desk.trouble import Trouble
from planner.people.core.roles import Role
from planner.publishing import selectors as posts
from planner.publishing.core.states import WAITING
from planner.publishing.models import Post
from planner.rebuttals import lines
from planner.rebuttals.selectors import Wait, waits
from planner.rosters import selectors as rosters
from planner.spans import Span


@dataclass(frozen=True)
class Uncovered:
    """A gap of tonight, and why, in one sentence."""

    gap: PricedGap
    why: str

    @property
    def links(self) -> list[Link]:
        """What is missing."""
        return self.gap.links


@dataclass(frozen=True)
class Readiness:
    """One night as it stands at `now`: [start, end), aware instants. `troubles`: what is wrong, the worst first."""

    now: datetime
    start: datetime
    end: datetime
    troubles: list[Trouble]
    people: list[OnDuty]
    roles: list[RoleNight]
    gaps: list[Uncovered]
    channels: list[Answering]
    lines: list[Standing]
    storylines: list[Expected]
    posts: list[Post]
    reviews: list[Wait]

    @property
    def approvers(self) -> list[Stretch]:
        """Who approves, hour by hour; after the first name come the deputies."""
        return next(one.stretches for one in self.roles if one.role is Role.APPROVER)

    @property
    def open_gaps(self) -> list[Uncovered]:
        """Gaps that nobody accepted."""
        return [one for one in self.gaps if not one.gap.accepted]

    @property
    def is_fine(self) -> bool:
        """Whether nothing is to be mended."""
        return not self.troubles


def until_morning(now: datetime) -> datetime:
    """The next 08:00 on the theatre's clocks."""
    return lines.next_morning(now)


def tonight(now: datetime, end: datetime | None = None) -> Readiness:
    """How the night from `now` to `end` (aware; usually the next 08:00 in the theatre) stands. Reads only.

    The number of queries does not grow with people, channels, lines, posts or claims.
    """
    span = Span(now, end or until_morning(now))
    duties = rosters.duties(span.start, span.end)
    there, register = people.on_duty(duties), channels.answering(now)
    reading = coverage.reading(span.start, span.end, now)
    whys = coverage.explained(reading)
    gaps = [Uncovered(one, because(whys[one.gap])) for one in reading.gaps]
    shelved = shelf.standing(span, now, duties, [one.channel for one in register])
    storylines = shelf.expected(span, now, shelved)
    due = [post for post in posts.between(span.start, span.end) if post.state in WAITING]
    found = [
        *trouble.now_broken(now=now, with_channels=False),
        *people.troubles(there),
        *(_gap(one) for one in gaps if not one.gap.accepted),
        *channels.troubles(register, now),
        *shelf.troubles(shelved, storylines, len(lines.unsigned(now=now))),
    ]
    return Readiness(
        now=now,
        start=span.start,
        end=span.end,
        troubles=sorted(found, key=lambda one: one.level != "error"),
        people=there,
        roles=people.by_role(duties, span.start, span.end),
        gaps=gaps,
        channels=register,
        lines=shelved,
        storylines=storylines,
        posts=due,
        reviews=waits(now=now),
    )


def _gap(one: Uncovered) -> Trouble:
    words = {"start": at(one.gap.gap.start), "end": at(one.gap.gap.end), "zone": here(), "why": one.why}
    what = _("From %(start)s to %(end)s %(zone)s nobody could answer: %(why)s.") % words
    return Trouble(
        "error", what, _("Fill it on the roster, sign a line, or accept it with a reason."), reverse("coverage:gaps")
    )
