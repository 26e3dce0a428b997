"""Rows → what was observed → the forecast. The one place that decides which rows count as the adversary speaking."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db.models import FloatField, Min
from django.db.models.functions import Cast, Extract, TruncDay

from planner.claims.core.words import ClaimState, SourceKind
from planner.claims.models import Claim, Flood, Sighting
from planner.tempo.core import rates, scores
from planner.tempo.core.rates import SEVERITY_WEIGHTS, Basis, Hour, Observed, Rhythm
from planner.tempo.core.scores import Scores
from planner.tempo.core.week import instant
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
    floods = _floods(now)
    messages = _messages(now, floods)
    shape = _observed(messages, np.ones(len(messages)), now)
    claims, weights = _claims(now)
    for basis, instants, weighted in (
        (Basis.CLAIMS, claims, weights),
        (Basis.FLOODS, floods, np.ones(len(floods))),
    ):
        if len(instants):
            return Evidence(_observed(instants, weighted, now), shape if len(messages) else None, basis)
    return Evidence(shape, None, Basis.MESSAGES if len(messages) else Basis.NOTHING)


def _claims(now: datetime) -> tuple[np.ndarray, np.ndarray]:
    found = Claim.objects.filter(broke_earliest__lt=now).exclude(state=ClaimState.MERGED).order_by("broke_earliest")
    rows = list(found.values_list(_epoch("broke_earliest"), "severity"))
    weights = [SEVERITY_WEIGHTS[severity] for _, severity in rows]
    return np.array([broke for broke, _ in rows]), np.array(weights)


def _floods(now: datetime) -> np.ndarray:
    found = Flood.objects.filter(started_at__lt=now).order_by("started_at")
    return np.array(found.values_list(_epoch("started_at"), flat=True), dtype=float)


def _messages(now: datetime, floods: np.ndarray) -> np.ndarray:
    """Each distinct adversary message once a day; a flood, however many copies it has, once."""
    theirs = Sighting.objects.filter(source__kind=SourceKind.ADVERSARY, posted_at__lt=now)
    newest = theirs.order_by("-posted_at").values_list("posted_at", flat=True).first()
    if newest is None:
        return np.zeros(0)
    firsts = (
        theirs.filter(posted_at__gte=newest - REACH, flood=None)
        .order_by()
        .annotate(day=TruncDay("posted_at", tzinfo=UTC))
        .values("fingerprint", "day")
        .annotate(first=Min(_epoch("posted_at")))
        .values_list("first", flat=True)
    )
    return np.sort(np.concatenate([np.array(firsts, dtype=float), floods]))


def _epoch(field: str) -> Cast:
    """An instant as seconds since 1970: tens of thousands are read in no time, which datetimes are not."""
    return Cast(Extract(field, "epoch", tzinfo=UTC), FloatField())


def _observed(instants: np.ndarray, weights: np.ndarray, now: datetime) -> Observed:
    """The events of the last half year before the newest, with the stretch of time over which we were watching.

    Instants ascend. The stretch starts at the theatre's midnight before the first, and lasts to `now`, or, when nothing
    came for two weeks, to the midnight after the last: then it is we who stopped watching.
    """
    if not len(instants):
        return Observed(instants, weights, now, now)
    last = instant(instants[-1])
    kept = instants >= instants[-1] - REACH.total_seconds()
    end = now if now - last <= FRESH else _midnight(last + timedelta(days=1))
    start = min(_midnight(instant(instants[kept][0])), end - SHORTEST)
    return Observed(instants[kept], weights[kept], start, end)


def _midnight(moment: datetime) -> datetime:
    local = moment.astimezone(theatre())
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def _age_note(known: Evidence, now: datetime) -> tuple[str, ...]:
    age = now - known.level.end
    if not len(known.level.instants) or age <= timedelta(0):
        return ()
    return (f"The newest of them is {age.days} days old: the forecast says how they spoke then.",)
