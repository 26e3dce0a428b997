"""Make a claim, correct what is known of it, note who picked it up."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from planner.claims.core.words import Severity, SourceKind
from planner.claims.models import Claim, Flood, PickUp, Sighting, Source
from planner.claims.services.refusals import ClaimRefused, actor, held
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.narratives.models import Narrative
from planner.people.models import User


@transaction.atomic
def make_claim(
    *,
    text: str,
    broke_earliest: datetime,
    broke_latest: datetime,
    now: datetime,
    by: User | None = None,
    sighting_ids: Sequence[int] = (),
    flood: Flood | None = None,
    source: Source | None = None,
    narrative: Narrative | None = None,
    severity: str = "medium",
    language: str = "",
    evidence: str = "",
    external_id: str | None = None,
    url: str = "",
) -> Claim:
    """Turn sightings, a flood or what somebody heard into a claim, unread; journal SIGHTED and CLAIMED.

    All instants are aware. Sightings and the flood come to belong to the claim, with every copy that follows. The
    source is that of the first sighting when none is given. Raises ClaimRefused: no text, an unknown severity, a
    range in the wrong order or in the future, a flood or sighting that belongs to another claim already.
    """
    _check(text, severity, broke_earliest, broke_latest, now)
    sightings = _free_sightings(sighting_ids, flood)
    first = sightings.select_related("source").order_by("posted_at", "pk").first()
    claim = Claim.objects.create(
        text=text.strip(),
        external_id=external_id,
        source=source or (first.source if first else None),
        narrative=narrative,
        severity=severity,
        language=language or (first.language if first else ""),
        url=url or (first.url if first and len(first.url) <= 500 else ""),
        broke_earliest=broke_earliest,
        broke_latest=broke_latest,
        evidence=evidence.strip(),
        created_at=now,
    )
    who, count = actor(by, otherwise="import"), sightings.update(claim=claim)
    if flood is not None:
        Flood.objects.filter(pk=flood.pk).update(claim=claim)
    if first is not None:
        seen: dict[str, Any] = {"sightings": count, "source": first.source.name}
        stamp(milestone=Milestone.SIGHTED, at=first.posted_at, claim=claim.uuid, actor=who, **seen)
    stamp(milestone=Milestone.CLAIMED, at=now, claim=claim.uuid, actor=who, **claimed_detail(claim))
    return claim


def claimed_detail(claim: Claim) -> dict[str, Any]:
    """What the journal keeps of a claim when it is made; latency is computed from it."""
    return {
        "broke_earliest": iso(claim.broke_earliest),
        "broke_latest": iso(claim.broke_latest),
        "severity": str(claim.severity),
        "language": claim.language,
        "narrative": claim.narrative.name if claim.narrative else "",
        "evidence": claim.evidence,
    }


def iso(value: Any) -> Any:
    """An instant as ISO 8601 in UTC, anything else as it is."""
    return value.astimezone(UTC).isoformat() if isinstance(value, datetime) else value


@transaction.atomic
def correct(
    claim: Claim,
    *,
    by: User | None,
    now: datetime,
    broke_earliest: datetime | None = None,
    broke_latest: datetime | None = None,
    evidence: str | None = None,
    severity: str | None = None,
    narrative: Narrative | None = None,
    language: str | None = None,
) -> Claim:
    """Correct what is given, leave the rest; journal CORRECTED once for each field that changed, with before and after.

    An earliest moment after the latest one moves the latest along when only the former is given. Latency follows by
    itself: it is read from the journal. Raises ClaimRefused as make_claim does, and for a merged claim.
    """
    row = held(claim)
    if row.merged_into_id:
        raise ClaimRefused(_("This claim was merged into another one: correct that one."))
    given = {
        "broke_earliest": broke_earliest,
        "broke_latest": broke_latest,
        "evidence": evidence.strip() if evidence is not None else None,
        "severity": severity,
        "narrative": narrative,
        "language": language,
    }
    if broke_earliest and broke_latest is None and broke_earliest > row.broke_latest:
        given["broke_latest"] = broke_earliest
    changes = {name: value for name, value in given.items() if value is not None and value != getattr(row, name)}
    before = {name: _plain(getattr(row, name)) for name in changes}
    for name, value in changes.items():
        setattr(row, name, value)
    _check(row.text, row.severity, row.broke_earliest, row.broke_latest, now)
    row.save(update_fields=list(changes))
    for name, value in changes.items():
        detail = {"field": name, "before": before[name], "after": _plain(value)}
        stamp(milestone=Milestone.CORRECTED, at=now, claim=row.uuid, actor=actor(by), **detail)
    return row


@transaction.atomic
def record_pickup(
    claim: Claim, *, source: Source, at: datetime, now: datetime, by: User | None = None, url: str = "", carried: bool
) -> PickUp:
    """Note that an outlet picked the claim up, and whether it carried our answer; journal PICKED_UP, CARRIED.

    The same outlet and minute again only adds that the answer was carried. Raises ClaimRefused for a moment to come.
    """
    if at > now:
        raise ClaimRefused(_("That moment has not come yet: when did the outlet carry it?"))
    pickup, is_new = PickUp.objects.select_for_update(of=("self",), no_key=True).get_or_create(
        claim=claim, source=source, at=at, defaults={"url": url, "carried": carried, "recorded_by": by}
    )
    told: dict[str, Any] = {
        "claim": claim.uuid,
        "subject": f"pickup:{pickup.uuid}",
        "actor": actor(by, otherwise="import"),
    }
    if is_new:
        stamp(milestone=Milestone.PICKED_UP, at=at, source=source.name, url=url, **told)
    if carried and (is_new or not pickup.carried):
        PickUp.objects.filter(pk=pickup.pk).update(carried=True)
        pickup.carried = True
        stamp(milestone=Milestone.CARRIED, at=at, source=source.name, url=url, **told)
    return pickup


def source_named(name: str, *, kind: str = SourceKind.MEDIA.value) -> Source:
    """The source of that name, made with `kind` when nobody has heard of it."""
    source, _is_new = Source.objects.get_or_create(name=name.strip(), defaults={"kind": kind})
    return source


def _check(text: str, severity: str, earliest: datetime, latest: datetime, now: datetime) -> None:
    if not text.strip():
        raise ClaimRefused(_("Write down what is being claimed: a claim needs its words."))
    if severity not in [known.value for known in Severity]:
        known = ", ".join(word.value for word in Severity)
        raise ClaimRefused(
            _("The severity is one of %(known)s, not “%(given)s”.") % {"known": known, "given": severity}
        )
    if latest < earliest:
        raise ClaimRefused(
            _("It cannot have broken at the latest before it broke at the earliest: swap the two times.")
        )
    if earliest > now:
        raise ClaimRefused(_("It cannot break in the future: check the day and the time zone."))


def _free_sightings(sighting_ids: Sequence[int], flood: Flood | None) -> QuerySet[Sighting]:
    theirs = Q(pk__in=sighting_ids)
    if flood is not None:
        flood = Flood.objects.select_for_update(of=("self",), no_key=True).get(pk=flood.pk)
        if flood.claim_id:
            raise ClaimRefused(_("This flood belongs to a claim already."))
        theirs |= Q(flood=flood)
    if Sighting.objects.filter(pk__in=sighting_ids, claim__isnull=False).exists():
        raise ClaimRefused(_("One of these sightings belongs to a claim already: open that claim instead."))
    return Sighting.objects.filter(theirs, claim__isnull=True)


def _plain(value: Any) -> Any:
    return value.name if isinstance(value, Narrative) else iso(value)
