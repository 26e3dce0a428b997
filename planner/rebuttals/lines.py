"""Cleared lines as values for the core and as rows for the pages. Never writes."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Q, QuerySet

from planner.claims.core.words import ClaimState
from planner.claims.models import Claim
from planner.narratives.models import Narrative
from planner.people.models import User
from planner.rebuttals.core import past as core_past
from planner.rebuttals.core import scope
from planner.rebuttals.core.past import Broke, Preview
from planner.rebuttals.core.scope import Line, LineState, Outside
from planner.rebuttals.models import ClearedLine
from planner.rebuttals.selectors import Reviewed, newest_drafts, reviewed
from planner.tempo.selectors import theatre
from planner.wallclock import next_clock

MORNING = time(8)  # the night is over: somebody is at the desk
PAST = timedelta(days=30)
MOST_PAST = 30
OVER = (LineState.EXPIRED, LineState.REVOKED)


@dataclass(frozen=True)
class Scope:
    """The names behind a line's scope: its storylines, and the people it names."""

    narratives: list[Narrative]
    people: list[User]


@dataclass(frozen=True)
class OpenLine:
    """A cleared line with its uses, how it stands, and every reason why it may not go out now."""

    line: ClearedLine
    value: Line
    state: LineState
    outside: list[Outside]
    scope: Scope


def line_value(line: ClearedLine) -> Line:
    """A cleared line as a value for the core."""
    return Line(
        narratives=frozenset([line.narrative_id, *line.also_narratives]),
        starts=line.during.lower,
        ends=line.during.upper,
        maximum_uses=line.maximum_uses,
        languages=frozenset(line.languages),
        channel_kinds=frozenset(line.channel_kinds),
        roles=frozenset(line.release_roles),
        people=frozenset(line.release_people),
        released_for=frozenset(release.claim_id for release in line.releases.all()),
        is_approved=line.approval.ended_at is None,
        is_ended=line.ended_at is not None,
    )


def releaser(person: User) -> scope.Releaser:
    """A person as the core asks after them."""
    return scope.Releaser(person.pk, frozenset(person.roles if person.is_active else ()))


def outside(
    line: ClearedLine,
    *,
    claim: Claim | None,
    at: datetime,
    by: User | None = None,
    open_kinds: Collection[str] | None = None,
) -> list[Outside]:
    """Every reason why a line may not go out for a claim at `at`; empty when it may. None leaves a part unasked."""
    asked = scope.Answered(claim.pk, claim.narrative_id, claim.language) if claim else None
    by_whom = releaser(by) if by else None
    return scope.in_scope(line_value(line), asked, None, at, by=by_whom, open_kinds=open_kinds)


def lines() -> QuerySet[ClearedLine]:
    """Cleared lines with their words, uses and signatures."""
    related = ("narrative", "approval__draft__author", "approval__draft__rebuttal", "approval__approver", "signed_by")
    return ClearedLine.objects.select_related(*related).prefetch_related("releases__claim", "releases__released_by")


def not_over(now: datetime) -> QuerySet[ClearedLine]:
    """Lines that were neither revoked nor have expired at `now`, in the order in which they open."""
    return lines().filter(ended_at=None, during__endswith__gt=now).order_by("during")


def for_claim(claim: Claim, *, now: datetime) -> QuerySet[ClearedLine]:
    """Those of them that were signed for the claim's storyline."""
    theirs = Q(narrative=claim.narrative_id) | Q(also_narratives__contains=[claim.narrative_id])
    return not_over(now).filter(theirs) if claim.narrative_id else ClearedLine.objects.none()


def open_lines(*, now: datetime, claim: Claim | None = None, by: User | None = None) -> list[OpenLine]:
    """Lines that may go out now or later, those that can go out first; with `claim` only those of its storyline."""
    found = for_claim(claim, now=now) if claim else not_over(now)
    return sorted(shown(found, now=now, claim=claim, by=by), key=lambda item: bool(item.outside))


def past_lines(*, now: datetime) -> list[OpenLine]:
    """Lines of the last thirty days that can no longer go out, the last one first."""
    found = lines().filter(during__startswith__gt=now - PAST).order_by("-during")
    over = [line for line in found if line.ended_at is not None or line.during.upper <= now]
    return shown(over[:MOST_PAST], now=now)


def shown(
    found: Iterable[ClearedLine], *, now: datetime, claim: Claim | None = None, by: User | None = None
) -> list[OpenLine]:
    """Lines with how they stand at `now`, in the order given; two queries for the names, however many lines."""
    found, morning = list(found), next_morning(now)
    narratives = Narrative.objects.in_bulk({pk for line in found for pk in line.also_narratives})
    people = User.objects.in_bulk({pk for line in found for pk in line.release_people})
    return [
        OpenLine(
            line,
            line_value(line),
            scope.state(line_value(line), now, morning),
            outside(line, claim=claim, at=now, by=by),
            Scope(
                [line.narrative, *(narratives[pk] for pk in line.also_narratives)],
                [people[pk] for pk in line.release_people],
            ),
        )
        for line in found
    ]


def next_morning(now: datetime) -> datetime:
    """The next 08:00 on the theatre's clocks: the end of the night that is running or comes next."""
    return next_clock(now, MORNING, theatre())


def unsigned(*, now: datetime) -> list[Reviewed]:
    """Words for narratives that have no line open now or later, newest first: to be cleared, or to be signed."""
    with_line = ClearedLine.objects.filter(ended_at=None, during__endswith__gt=now).values("approval__draft")
    found = newest_drafts().filter(rebuttal__narrative__isnull=False, created_at__gt=now - timedelta(days=90))
    return reviewed(found.exclude(pk__in=with_line).order_by("-created_at")[:50])


def past_claims(now: datetime) -> list[Broke]:
    """The claims of the last thirty days as values, merged ones apart. One query."""
    found = Claim.objects.filter(broke_earliest__gte=now - PAST, broke_earliest__lte=now)
    rows = found.exclude(state=ClaimState.MERGED.value).values_list("pk", "narrative_id", "language", "broke_earliest")
    return [Broke(*row) for row in rows]


def preview(value: Line, past: Iterable[Broke]) -> Preview:
    """What the line would have covered of these claims, on the theatre's clocks."""
    return core_past.preview(value, past, theatre())
