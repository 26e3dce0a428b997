"""What the board shows: tonight as one picture, the claims against the clock, my tasks, the next posts."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Min, QuerySet
from django.urls import reverse
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.coverage import selectors as coverage
from planner.coverage.core.links import Link
from planner.coverage.selectors import PricedGap
from planner.desk.core import night
from planner.journal.core.milestones import Milestone
from planner.journal.models import Entry
from planner.people.models import User
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from planner.spans import Span
from planner.tasking.core.states import STANDING
from planner.tasking.models import Task
from planner.wallclock import night_of

WAITING = (ClaimState.UNREAD.value, ClaimState.WATCHED.value, ClaimState.TAKEN_UP.value)
URGENCY = {"critical": 4, "high": 2, "medium": 1, "low": 0.5}
DRAWN_POSTS = [state.value for state in PostState if state is not PostState.STOPPED]
NEXT = (PostState.SCHEDULED.value, PostState.QUEUED.value, PostState.SENDING.value, PostState.RETRYING.value)


@dataclass(frozen=True)
class PastNight:
    """One strip of the week: its evening in words, and what to draw."""

    label: str
    night: night.Night


def tonight(*, now: datetime, zone: str, viewer_zone: str) -> night.Night:
    """The theatre's day, noon to noon, that holds `now`: tempo, chain, gaps, posts and claims."""
    span = night_of(now, ZoneInfo(zone))
    reading = coverage.reading(span.start, span.end, now)
    hours = [night.Hour(hour.start, hour.expected, hour.rate_low, hour.rate_high) for hour in reading.forecast.hours]
    return night.Night(
        start=span.start,
        end=span.end,
        now=now,
        zone=zone,
        viewer_zone=viewer_zone,
        tempo=hours,
        chain=_chain(span),
        gaps=[drawn_gap(gap) for gap in reading.gaps],
        posts=_posts(span.start, span.end),
        claims=claims_between(span.start, span.end),
    )


def past_nights(*, now: datetime, zone: str, viewer_zone: str, count: int = 7) -> list[PastNight]:
    """The last `count` nights before tonight, the newest first: how they were covered, and what happened."""
    end = night_of(now, ZoneInfo(zone)).start
    found = []
    for _past in range(count):
        span = night_of(end - timedelta(hours=1), ZoneInfo(zone))
        evening = span.start.astimezone(ZoneInfo(zone))
        drawn = night.Night(
            start=span.start,
            end=span.end,
            now=now,
            zone=zone,
            viewer_zone=viewer_zone,
            chain=_chain(span),
            claims=claims_between(span.start, span.end),
        )
        found.append(PastNight(date_format(evening, "D j M"), drawn))
        end = span.start
    return found


def _chain(span: Span) -> dict[str, list[night.Watch]]:
    held = coverage.chain(span.start, span.end)
    return {str(link): [night.Watch(*piece) for piece in pieces] for link, pieces in held.items()}


def drawn_gap(priced: PricedGap) -> night.Gap:
    """A gap as the night line draws it, its missing links said as a person would."""
    words = {
        Link.SEEN: _("nobody watching"),
        Link.DRAFTED: _("nobody to draft"),
        Link.CLEARED: _("nobody to clear"),
        Link.PUBLISHED: _("no channel"),
    }
    return night.Gap(
        start=priced.gap.start,
        end=priced.gap.end,
        missing=[str(link) for link in priced.links],
        expected=priced.cost.expected,
        loss=priced.cost.half_lost,
        accepted=priced.accepted is not None,
        words=", ".join(words[link] for link in priced.links),
    )


def claims_between(start: datetime, end: datetime) -> list[night.Claim]:
    """Claims that broke in [start, end), each with its first official word or the decision to say nothing."""
    found = list(
        Claim.objects.filter(broke_earliest__gte=start, broke_earliest__lt=end).exclude(state=ClaimState.MERGED.value)
    )
    words = first_words(found)
    return [
        night.Claim(
            broke_at=claim.broke_earliest,
            answered_at=words.get(claim.uuid),
            declined_at=claim.decided_at if claim.state == ClaimState.DECLINED.value else None,
            severity=claim.severity,
            label=claim.text[:80],
            url=reverse("claims:detail", args=[claim.uuid]),
        )
        for claim in found
    ]


def first_words(claims: Sequence[Claim]) -> dict[object, datetime]:
    """Claim uuid → the moment of its first official word, read from the journal."""
    spoken = Entry.objects.filter(
        claim__in=[claim.uuid for claim in claims], milestone__in=[Milestone.ANSWERED, Milestone.PUBLISHED]
    )
    return dict(spoken.values_list("claim").annotate(first=Min("at")))


def _posts(start: datetime, end: datetime) -> list[night.Post]:
    rows = Post.objects.filter(due_at__gte=start, due_at__lt=end, state__in=DRAWN_POSTS).select_related("channel")
    return [
        night.Post(
            channel=post.channel.name,
            due_at=post.published_at or post.due_at,
            expires_at=None if post.published_at else post.expires_at,
            state=post.state,
            url=reverse("publishing:post", args=[post.uuid]),
        )
        for post in rows
    ]


@dataclass(frozen=True)
class Waiting:
    """A claim without an answer, and how long it has stood."""

    claim: Claim
    elapsed: timedelta

    @property
    def winnable(self) -> float:
        """Severity times the share of the audience that an answer now would meet: half is gone every 80 minutes."""
        return URGENCY[self.claim.severity] * 2 ** -(self.elapsed / timedelta(minutes=80))


def against_the_clock(*, now: datetime) -> list[Waiting]:
    """Claims without an answer, those with most to win first."""
    found = Claim.objects.filter(state__in=WAITING, broke_earliest__lte=now).select_related("narrative")
    waiting = [Waiting(claim, now - claim.broke_earliest) for claim in found]
    return sorted(waiting, key=lambda one: (-one.winnable, one.elapsed))


def tasks_of(person: User) -> QuerySet[Task]:
    """The standing tasks that are this person's, or on whose ladder they stand."""
    mine = Task.objects.filter(state__in=STANDING, assignee=person)
    paged = Task.objects.filter(state__in=STANDING, assignee=None, rungs__person=person, rungs__paged_at__isnull=False)
    return (mine | paged).distinct().select_related("claim").order_by("opened_at")[:8]


def next_posts(*, now: datetime, limit: int = 6) -> QuerySet[Post]:
    """What goes out next, the soonest first."""
    waiting = Post.objects.filter(state__in=NEXT).select_related("channel__rehearsal", "approval__draft")
    return waiting.order_by("due_at")[:limit]
