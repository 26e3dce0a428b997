"""Rows → what was observed → the forecast. The one place that decides which rows count as the adversary speaking."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db.models import Min
from django.db.models.functions import TruncDay

from planner.claims.core.words import ClaimState, SourceKind
from planner.claims.models import Claim, Flood, Sighting
from planner.tempo.core import rates, scores
from planner.tempo.core.rates import SEVERITY_WEIGHTS, Basis, Hour, Observed, Rhythm
from planner.tempo.core.scores import Scores
from planner.wallclock import zone as zone_named

REACH = timedelta(weeks=26)  # what is older than this before the newest event says little about next week
FRESH = timedelta(days=14)  # a newest event younger than this: they are silent; older: we stopped watching
SHORTEST = timedelta(days=7)


@dataclass(frozen=True)
class Forecast:
    """Expected claims for each hour of a stretch of time, what they were counted from, and how good it was lately."""

    zone: str
    hours: list[Hour]
    basis: Basis
    events: int
    notes: tuple[str, ...]
    scores: Scores | None = None


@dataclass(frozen=True)
class Evidence:
    """What was observed before some moment: `level` says how much, `shape` (None: the same) says when."""

    level: Observed
    shape: Observed | None
    basis: Basis


def theatre() -> ZoneInfo:
    """The zone in which the adversary's week is read."""
    return zone_named(settings.PLANNER_ZONE)


def forecast(start: datetime, end: datetime, now: datetime, *, scored: bool = False) -> Forecast:
    """Expected weighted claims for every hour of [start, end), aware instants, from what was posted before `now`.

    `scored` adds how well last week would have been foretold, at about twice the cost.
    """
    zone, known = theatre(), evidence(now)
    of = rates.rhythm(known.level, zone, basis=known.basis, shape=known.shape)
    judged = scores.score(known.level, zone, basis=known.basis, shape=known.shape) if scored else None
    notes = (*of.notes, *_age_note(known, now))
    return Forecast(zone.key, rates.forecast(of, start, end), of.basis, of.events, notes, judged)


def rhythm(now: datetime) -> Rhythm:
    """The rhythm of the week in the theatre's zone, from what was posted before `now`."""
    known = evidence(now)
    return rates.rhythm(known.level, theatre(), basis=known.basis, shape=known.shape)


def evidence(now: datetime) -> Evidence:
    """Claims give the level where there are any, else floods, else messages; distinct messages give the shape."""
    messages = _messages(now)
    shape = _observed([(moment, 1.0) for moment in messages], now)
    for basis, events in (
        (Basis.CLAIMS, _claims(now)),
        (Basis.FLOODS, [(moment, 1.0) for moment in _floods(now)]),
    ):
        if events:
            return Evidence(_observed(events, now), shape if messages else None, basis)
    return Evidence(shape, None, Basis.MESSAGES if messages else Basis.NOTHING)


def _claims(now: datetime) -> list[tuple[datetime, float]]:
    found = Claim.objects.filter(broke_earliest__lt=now).exclude(state=ClaimState.MERGED)
    rows = found.values_list("broke_earliest", "severity")
    return [(broke, SEVERITY_WEIGHTS[severity]) for broke, severity in rows]


def _floods(now: datetime) -> list[datetime]:
    return list(Flood.objects.filter(started_at__lt=now).values_list("started_at", flat=True))


def _messages(now: datetime) -> list[datetime]:
    """Each distinct adversary message once a day; a flood, however many copies it has, once."""
    theirs = Sighting.objects.filter(source__kind=SourceKind.ADVERSARY, posted_at__lt=now)
    newest = theirs.order_by("-posted_at").values_list("posted_at", flat=True).first()
    if newest is None:
        return []
    single = theirs.filter(posted_at__gte=newest - REACH, flood=None).order_by()
    firsts = (
        single.annotate(day=TruncDay("posted_at", tzinfo=UTC))
        .values("fingerprint", "day")
        .annotate(first=Min("posted_at"))
        .values_list("first", flat=True)
    )
    return [*firsts, *(started for started in _floods(now) if started >= newest - REACH)]


def _observed(events: Iterable[tuple[datetime, float]], now: datetime) -> Observed:
    """The events of the last half year before the newest, with the stretch of time over which we were watching.

    It starts at the theatre's midnight before the first, and lasts to `now`, or, when nothing came for two weeks, to
    the midnight after the last: then it is we who stopped watching.
    """
    known = sorted(events)
    if not known:
        return Observed(np.zeros(0), np.zeros(0), now, now)
    last = known[-1][0]
    kept = [(moment, weight) for moment, weight in known if moment >= last - REACH]
    end = now if now - last <= FRESH else _midnight(last + timedelta(days=1))
    start = min(_midnight(kept[0][0]), end - SHORTEST)
    instants = np.array([moment.timestamp() for moment, _ in kept])
    return Observed(instants, np.array([weight for _, weight in kept]), start, end)


def _midnight(moment: datetime) -> datetime:
    local = moment.astimezone(theatre())
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def _age_note(known: Evidence, now: datetime) -> tuple[str, ...]:
    age = now - known.level.end
    if not len(known.level.instants) or age <= timedelta(0):
        return ()
    return (f"The newest of them is {age.days} days old: the forecast says how they spoke then.",)
