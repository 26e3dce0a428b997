"""Rows → what was observed → the forecast. The one place that decides which rows count as the adversary speaking."""

from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import numpy as np
from django.conf import settings
from django.db.models import FloatField, Min
from django.db.models.functions import Cast, Extract, TruncDay

from planner.claims.core.words import ClaimState, SourceKind
from planner.claims.models import Claim, Flood, Sighting
from planner.tempo.core import rates, scores
from planner.tempo.core.notes import Note, Remark
from planner.tempo.core.observed import Basis, Evidence, Observed
from planner.tempo.core.rates import SEVERITY_WEIGHTS, Hour, Rhythm
from planner.tempo.core.scores import Scores
from planner.tempo.core.week import QUARTER, instant
from planner.tempo.noted import noted
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
class _Known:
    """Evidence, compared by what it holds."""

    digest: bytes
    known: Evidence = field(compare=False)


@dataclass(frozen=True, slots=True)
class Part:
    """Which of the evidence is asked for: names; an empty one means all of them."""

    source: str = ""
    language: str = ""
    narrative: str = ""

    def of(self, *, source: str, language: str, narrative: str) -> dict[str, str]:
        """The lookups of a queryset, given where its rows keep the three."""
        asked = {source: self.source, language: self.language, narrative: self.narrative}
        return {lookup: value for lookup, value in asked.items() if value}


WHOLE = Part()


def theatre() -> ZoneInfo:
    """The zone in which the adversary's week is read."""
    return zone_named(settings.PLANNER_ZONE)


def forecast(
    start: datetime,
    end: datetime,
    now: datetime,
    *,
    source: str = "",
    language: str = "",
    narrative: str = "",
    sightings: bool = False,
    factor: np.ndarray | None = None,
    scored: bool = False,
    known: Evidence | None = None,
) -> Forecast:
    """Expected weighted claims for every hour of [start, end), aware instants, from what was posted before `now`.

    `source`, `language`, `narrative`: only theirs (names, as the rows have them), thin ones drawn towards the whole.
    `sightings` counts distinct messages instead of claims. `factor`: one multiplier for each hour of the answer.
    `scored` adds how well past weeks would have been foretold, at about twice the cost.
    `known`: what `evidence` gave for the same question, where it is at hand.
    """
    zone = theatre()
    if known is None:
        known = evidence(now, source=source, language=language, narrative=narrative, sightings=sightings)
    of = _learned(_Known(known.digest, known), zone)
    judged = scores.score(known, zone) if scored else None
    notes = tuple(map(noted, (*of.notes, *_age_note(known, now))))
    return Forecast(zone.key, rates.forecast(of, start, end, factor), of.basis, of.events, notes, judged)


def rhythm(
    now: datetime, *, source: str = "", language: str = "", narrative: str = "", sightings: bool = False
) -> Rhythm:
    """The rhythm of the week in the theatre's zone, from what was posted before `now`; filters as in `forecast`."""
    known = evidence(now, source=source, language=language, narrative=narrative, sightings=sightings)
    return _learned(_Known(known.digest, known), theatre())


@lru_cache(maxsize=8)
def _learned(of: "_Known", zone: ZoneInfo) -> Rhythm:
    """A board that refreshes asks again and again; what was seen changes a few times an hour."""
    return rates.learn(of.known, zone)


def evidence(
    now: datetime, *, source: str = "", language: str = "", narrative: str = "", sightings: bool = False
) -> Evidence:
    """Claims give the level where there are any, else floods, else messages; distinct messages give the shape.

    With `sightings` the messages give both. A part is counted as the whole is, over the same stretch of time.
    """
    whole, part = _evidence(now, WHOLE, None, sightings), Part(source, language, narrative)
    return whole if part == WHOLE else _evidence(now, part, whole, sightings)


def _evidence(now: datetime, part: Part, whole: Evidence | None, sightings: bool) -> Evidence:
    floods = _floods(now, part)
    messages = _messages(now, floods, part)
    claims, weights = _claims(now, part)
    found = {
        Basis.CLAIMS: (claims, weights),
        Basis.FLOODS: (floods, np.ones(len(floods))),
        Basis.MESSAGES: (messages, np.ones(len(messages))),
    }
    if whole:
        basis = whole.basis
    elif sightings:
        basis = Basis.MESSAGES if len(messages) else Basis.NOTHING
    else:
        basis = next((basis for basis, (instants, _) in found.items() if len(instants)), Basis.NOTHING)
    level = _observed(*found[Basis.MESSAGES if basis is Basis.NOTHING else basis], now, whole.level if whole else None)
    if basis in (Basis.MESSAGES, Basis.NOTHING):
        return Evidence(level, None, basis, whole)
    shape = _observed(*found[Basis.MESSAGES], now, whole.shape if whole else None)
    return Evidence(level, shape if len(messages) else None, basis, whole)


def _claims(now: datetime, part: Part) -> tuple[np.ndarray, np.ndarray]:
    asked = part.of(source="source__name", language="language", narrative="narrative__name")
    found = Claim.objects.filter(broke_earliest__lt=now, **asked).exclude(state=ClaimState.MERGED)
    rows = list(found.order_by("broke_earliest").values_list(_epoch("broke_earliest"), "severity"))
    weights = [SEVERITY_WEIGHTS[severity] for _, severity in rows]
    return np.array([broke for broke, _ in rows]), np.array(weights)


def _floods(now: datetime, part: Part) -> np.ndarray:
    """Floods are whose sightings they have, and tell the storyline of their claim."""
    asked = part.of(source="source__name", language="language", narrative="flood__claim__narrative__name")
    found = Flood.objects.filter(started_at__lt=now).order_by("started_at")
    if asked:
        found = found.filter(pk__in=Sighting.objects.filter(flood__isnull=False, **asked).values("flood"))
    return np.array(found.values_list(_epoch("started_at"), flat=True), dtype=float)


def _messages(now: datetime, floods: np.ndarray, part: Part) -> np.ndarray:
    """Each distinct adversary message once a day; a flood, however many copies it has, once."""
    theirs = Sighting.objects.filter(source__kind=SourceKind.ADVERSARY, posted_at__lt=now)
    newest = theirs.order_by("-posted_at").values_list("posted_at", flat=True).first()
    if newest is None:
        return np.zeros(0)
    asked = part.of(source="source__name", language="language", narrative="claim__narrative__name")
    firsts = (
        theirs.filter(posted_at__gte=newest - REACH, flood=None, **asked)
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


def _observed(instants: np.ndarray, weights: np.ndarray, now: datetime, whole: Observed | None = None) -> Observed:
    """The events of the last half year before the newest, with the stretch of time over which we were watching.

    Instants ascend. The stretch starts at the theatre's midnight before the first, and lasts to the end of the running
    quarter of an hour, or, when nothing came for two weeks, to the midnight after the last or as long after it as they
    usually paused, whichever comes first: then it is we who stopped watching. A part was watched as long as its whole.
    """
    if whole:
        kept = (instants >= whole.start.timestamp()) & (instants < whole.end.timestamp())
        return Observed(instants[kept], weights[kept], whole.start, whole.end)
    if not len(instants):
        return Observed(instants, weights, now, now)
    last = instant(instants[-1])
    kept = instants >= instants[-1] - REACH.total_seconds()
    end = _quarter(now) if now - last <= FRESH else min(_midnight(last + timedelta(days=1)), _silent(instants[kept]))
    start = min(_midnight(instant(instants[kept][0])), end - SHORTEST)
    return Observed(instants[kept], weights[kept], start, end)


def _quarter(moment: datetime) -> datetime:
    """The next full quarter of an hour: evidence that did not change within one is the same."""
    return instant(float(np.ceil(moment.timestamp() / QUARTER) * QUARTER))


def _silent(instants: np.ndarray) -> datetime:
    """The full hour by which the next event should have come: a mean pause after the last."""
    pause = (instants[-1] - instants[0]) / max(len(instants) - 1, 1)
    return instant(float(np.ceil((instants[-1] + max(pause, 1.0)) / 3600) * 3600))


def _midnight(moment: datetime) -> datetime:
    local = moment.astimezone(theatre())
    return local.replace(hour=0, minute=0, second=0, microsecond=0, fold=0).astimezone(UTC)


def _age_note(known: Evidence, now: datetime) -> tuple[Note, ...]:
    age = now - known.level.end
    if not len(known.level.instants) or age <= timedelta(0):
        return ()
    return (Note(Remark.OLD, days=age.days),)
