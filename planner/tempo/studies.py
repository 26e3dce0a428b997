"""What the tempo page and the command `tempo` say beyond the forecast: their habits against our staffing."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from hashlib import sha256
from typing import TypeVar, cast
from zoneinfo import ZoneInfo

import numpy as np
from django.core.cache import cache
from django.db.models import Count, FloatField, Min
from django.db.models.functions import Cast, Extract, TruncDay

from planner.claims.core.words import SourceKind
from planner.claims.models import Claim, Sighting, Source
from planner.narratives.selectors import storylines
from planner.rosters import selectors as rosters
from planner.spans import Span
from planner.tempo import selectors
from planner.tempo.core import arcs, changes, officeday, scores
from planner.tempo.core.arcs import WorkingHours
from planner.tempo.core.changes import Change
from planner.tempo.core.observed import Basis, Evidence, Observed
from planner.tempo.core.offhours import Share, Watch, share, staffing
from planner.tempo.core.officeday import ZoneHint
from planner.tempo.core.scores import Scores
from planner.tempo.core.week import DAY
from planner.tempo.selectors import Part, theatre
from planner.wallclock import WeeklyRule, occurrences, to_instant

WEEK = timedelta(days=7)
Kept = TypeVar("Kept")
SHOWN_SOURCES = 8
FEWEST_CLAIMS = 10


@dataclass(frozen=True)
class Staffing:
    """How each quarter of the week is staffed: 672 values of Watch, as the roster stands for `week`.

    `by_roster`: otherwise the roster is empty there, and Monday to Friday 08:00-18:00 stands in.
    """

    quarters: np.ndarray
    week: Span
    by_roster: bool


@dataclass(frozen=True)
class Habits:
    """When somebody posts: `hours` None where evidence is thin."""

    name: str
    events: int
    hours: WorkingHours | None
    hint: ZoneHint
    changes: list[Change]


@dataclass(frozen=True)
class Study:
    """Everything but the forecast. Shares are None without anything posted.

    `off_desk`: while nobody is at the desk; `unwatched`: while nobody is even on call; `claims_off_desk`: of the claims
    themselves, where there are ten or more.
    """

    staffing: Staffing
    basis: Basis
    off_desk: Share | None
    unwatched: Share | None
    claims_off_desk: Share | None
    habits: Habits
    sources: list[Habits]


def coming_week(now: datetime) -> Span:
    """Seven theatre days from the midnight before `now`: every hour of the week once."""
    zone = theatre()
    today = now.astimezone(zone).date()
    return Span(_midnight(today, zone), _midnight(today + WEEK, zone))


def evidence(now: datetime, part: Part) -> Evidence:
    """What was seen of a part before `now`."""
    return selectors.evidence(now, source=part.source, language=part.language, narrative=part.narrative)


def study(known: Evidence, now: datetime) -> Study:
    """What was seen, against the roster of the coming week from `now` on. Only the whole lists its sources."""
    zone = theatre()
    ours, seen = _staffing(coming_week(now), zone), known.messages
    others = [] if known.whole else _kept("sources", [seen], now, lambda: _sources(seen, zone))
    off_desk, unwatched = ours.quarters < Watch.DESK, ours.quarters < Watch.ON_CALL
    return Study(
        ours,
        known.basis,
        _share(seen, off_desk, zone),
        _share(seen, unwatched, zone),
        _claims_share(known, off_desk, zone),
        _habits("", seen, zone),
        others,
    )


def judged(known: Evidence, now: datetime) -> Scores | None:
    """How well past weeks up to this theatre midnight would have been foretold; None where that is not known."""
    zone = theatre()
    until = coming_week(now).start
    asked = [known.level, *([known.shape] if known.shape else [])]
    whole = [known.whole.messages] if known.whole else []
    return _kept("scores", [*asked, *whole], now, lambda: scores.score(known.before(until), zone))


def choices() -> dict[str, list[str]]:
    """The sources, languages and narratives by which the tempo can be read."""
    sources = Source.objects.filter(kind=SourceKind.ADVERSARY).order_by("name")
    spoken = (rows.objects.values_list("language", flat=True).distinct() for rows in (Sighting, Claim))
    return {
        "source": list(sources.values_list("name", flat=True)),
        "language": sorted(set().union(*spoken) - {""}),
        "narrative": [storyline.name for storyline in storylines()],
    }


def _kept(name: str, seen: list[Observed], now: datetime, make: Callable[[], Kept]) -> Kept:
    """What was made of just this on the same theatre date before, in this process; else it is made now."""
    digest = sha256(f"{coming_week(now).start} {theatre()}".encode())
    for one in seen:
        digest.update(f"{one.start} {len(one.instants)}".encode())
        digest.update(one.instants.tobytes() + one.weights.tobytes())
    key = f"tempo:{name}:{digest.hexdigest()}"
    known = cache.get(key)
    if known is None:
        known = (make(),)  # in a tuple, because "not known" is worth keeping, too
        cache.set(key, known, timeout=DAY)
    return cast(Kept, known[0])


def _staffing(week: Span, zone: ZoneInfo) -> Staffing:
    duties = rosters.duties(week.start, week.end)
    if not duties:
        office = occurrences(WeeklyRule(frozenset(range(5)), 8 * 60, 18 * 60, zone.key), week.start, week.end)
        return Staffing(staffing(office, office, week, zone), week, False)
    desk = [duty.span for duty in duties if duty.is_desk]
    return Staffing(staffing(desk, [duty.span for duty in duties], week, zone), week, True)


def _share(seen: Observed, asked: np.ndarray, zone: ZoneInfo) -> Share | None:
    return share(seen.instants, (seen.start, seen.end), asked, zone)


def _claims_share(known: Evidence, asked: np.ndarray, zone: ZoneInfo) -> Share | None:
    if known.basis is not Basis.CLAIMS or len(known.level.instants) < FEWEST_CLAIMS:
        return None
    return _share(known.level, asked, zone)


def _habits(name: str, seen: Observed, zone: ZoneInfo) -> Habits:
    instants = seen.instants
    return Habits(
        name,
        len(instants),
        arcs.working_hours(instants, zone),
        officeday.zone_hint(instants, officeday.clumping(instants)),
        changes.changes(instants, (seen.start, seen.end), zone),
    )


def _sources(seen: Observed, zone: ZoneInfo) -> list[Habits]:
    """The habits of those that posted most while we watched, each distinct text of theirs once a day."""
    theirs = Sighting.objects.filter(
        source__kind=SourceKind.ADVERSARY, posted_at__gte=seen.start, posted_at__lt=seen.end
    ).order_by()
    most = theirs.values("source", "source__name").annotate(posts=Count("pk")).order_by("-posts", "source__name")
    names = {row["source"]: row["source__name"] for row in most[:SHOWN_SOURCES]}
    firsts = (
        theirs.filter(source__in=names)
        .annotate(day=TruncDay("posted_at", tzinfo=UTC))
        .values("source", "fingerprint", "day")
        .annotate(first=Min(Cast(Extract("posted_at", "epoch", tzinfo=UTC), FloatField())))
        .values_list("source", "first")
    )
    by_source = defaultdict(list)
    for source, first in firsts:
        by_source[source].append(first)
    return [
        _habits(
            name, Observed(np.sort(np.array(by_source[pk])), np.ones(len(by_source[pk])), seen.start, seen.end), zone
        )
        for pk, name in names.items()
    ]


def _midnight(day: date, zone: ZoneInfo) -> datetime:
    return to_instant(datetime.combine(day, time()), zone)
