"""Reading what was said: the inbox, one claim with all that belongs to it, and what looks like it."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from django.contrib.postgres.search import TrigramSimilarity
from django.db.models import (
    Case,
    Count,
    DurationField,
    ExpressionWrapper,
    F,
    FloatField,
    Func,
    Q,
    QuerySet,
    Value,
    When,
)

from planner.claims.core.outlets import Appearance, is_own
from planner.claims.core.urgency import LONGEST, WEIGHTS
from planner.claims.core.words import ClaimState, SourceKind
from planner.claims.models import Claim, Flood, PickUp, Sighting, Source

MOST_READ, MOST_NAMED = 1000, 20  # rows looked at for the public, and pages named of one claim
OPEN = [ClaimState.UNREAD.value, ClaimState.WATCHED.value, ClaimState.TAKEN_UP.value]
STATES = {
    "open": OPEN,
    "answered": [ClaimState.ANSWERED.value],
    "declined": [ClaimState.DECLINED.value],
    "merged": [ClaimState.MERGED.value],
    "all": [state.value for state in ClaimState],
}


def claims(filters: Mapping[str, str], *, now: datetime) -> QuerySet[Claim]:
    """Claims that match every filter given (state, severity, language, narrative, source, q), the most urgent first.

    With `state` other than open the latest comes first: nothing there is urgent.
    """
    state = filters.get("state") or "open"
    found = Claim.objects.select_related("source", "narrative", "decided_by").filter(state__in=STATES.get(state, OPEN))
    exact = {
        "severity": filters.get("severity"),
        "language": filters.get("language"),
        "narrative__uuid": filters.get("narrative"),
        "source__uuid": filters.get("source"),
        "text__icontains": filters.get("q"),
    }
    found = found.filter(**{name: value for name, value in exact.items() if value})
    found = found.annotate(copies=Count("sightings", distinct=True))
    if state != "open":
        return found.order_by("-broke_earliest", "-pk")
    return found.annotate(urgency=_urgency(now)).order_by("-urgency", "-broke_earliest", "-pk")


def _urgency(now: datetime) -> ExpressionWrapper:
    """core.urgency.urgency as SQL; a test holds the two together."""
    age = ExpressionWrapper(Value(now) - F("broke_earliest"), output_field=DurationField())
    capped = Func(Func(age, Value(timedelta()), function="GREATEST"), Value(LONGEST), function="LEAST")
    hours = Func(
        capped, template="(EXTRACT(EPOCH FROM %(expressions)s)::float / 3600 + 0.25)", output_field=FloatField()
    )
    weights = (When(severity=word.value, then=Value(float(weight))) for word, weight in WEIGHTS.items())
    return ExpressionWrapper(Case(*weights, output_field=FloatField()) * hours, output_field=FloatField())


def tallies() -> dict[str, int]:
    """How many claims there are under each tab of the inbox."""
    counts = dict(Claim.objects.values_list("state").annotate(n=Count("pk")).order_by())
    return {name: sum(counts.get(state, 0) for state in states) for name, states in STATES.items()}


def fresh_floods() -> QuerySet[Flood]:
    """Floods that nobody made a claim of, the latest first."""
    return Flood.objects.filter(claim__isnull=True).order_by("-ended_at", "-pk")


def loose_sightings() -> QuerySet[Sighting]:
    """Sightings outside of floods and claims, the latest first."""
    return (
        Sighting.objects.select_related("source")
        .filter(claim__isnull=True, flood__isnull=True)
        .order_by("-posted_at", "-pk")
    )


def sightings_of(claim: Claim) -> QuerySet[Sighting]:
    """The sightings of a claim, the first first."""
    return Sighting.objects.select_related("source").filter(claim=claim).order_by("posted_at", "pk")


def pickups_of(claim: Claim) -> QuerySet[PickUp]:
    """Who picked the claim up, the first first."""
    return PickUp.objects.select_related("source", "recorded_by").filter(claim=claim)


def similar(claim: Claim, *, limit: int = 5) -> QuerySet[Claim]:
    """Other claims whose words are like this one's (trigrams), the most like first."""
    return (
        Claim.objects.select_related("narrative")
        .filter(text__trigram_similar=claim.text)
        .exclude(pk=claim.pk)
        .exclude(state=ClaimState.MERGED.value)
        .annotate(likeness=TrigramSimilarity("text", claim.text))
        .order_by("-likeness", "-broke_earliest")[:limit]
    )


def merge_targets(claim: Claim, *, recent: int = 30) -> QuerySet[Claim]:
    """What a claim can be merged into: those like it, and the latest others."""
    others = Claim.objects.exclude(pk=claim.pk).exclude(state=ClaimState.MERGED.value)
    near = [*similar(claim).values_list("pk", flat=True), *others.values_list("pk", flat=True)[:recent]]
    return others.filter(pk__in=near)


def languages() -> list[str]:
    """The languages in which there are claims."""
    return list(Claim.objects.exclude(language="").order_by("language").values_list("language", flat=True).distinct())


def sources_of_claims() -> QuerySet[Source]:
    """Sources of which there are claims, by name."""
    return Source.objects.filter(pk__in=Claim.objects.values("source")).order_by("name")


def public_appearances(claims: Iterable[Claim]) -> dict[int, list[Appearance]]:
    """By claim (pk): where outlets carried it, on pages of their own, the first first; at most `MOST_NAMED` each.

    A page that carried our answer with the claim is left out.
    """
    outlet = Q(source__kind=SourceKind.MEDIA.value) | Q(source__is_outlet=True)
    columns = ("claim_id", "source__name", "url", "source__url")
    keys = [claim.pk for claim in claims]
    seen = Sighting.objects.filter(outlet, claim__in=keys).exclude(url="").values_list("posted_at", *columns)
    picked = PickUp.objects.filter(outlet, claim__in=keys, carried=False).exclude(url="").values_list("at", *columns)
    found: dict[int, list[Appearance]] = {key: [] for key in keys}
    known: set[tuple[int, str]] = set()
    for at, key, name, url, site in sorted(
        [*seen.order_by("posted_at")[:MOST_READ], *picked.order_by("at")[:MOST_READ]]
    ):
        if is_own(url, site) and (key, url) not in known and len(found[key]) < MOST_NAMED:
            known.add((key, url))
            found[key].append(Appearance(name, url, at, site))
    return found
