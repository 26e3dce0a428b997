"""Import a file of claims, with what became of them. A claim whose external_id is known already is left alone."""

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction

from planner.claims.adapters.house import web_address
from planner.claims.core.words import Decision, Severity, SourceKind
from planner.claims.models import Claim
from planner.claims.services.claiming import make_claim, source_named
from planner.claims.services.deciding import decide, mark_answered
from planner.journal.core.intake import Fault, Outcome, Row
from planner.journal.core.milestones import Milestone
from planner.journal.intake import Intake
from planner.journal.services import stamp
from planner.narratives.services import narrative_named
from planner.people.models import User

BATCH = 200
REQUIRED = ("external_id", "text", "broke_earliest")
TIMES = ("broke_latest", "answered_at", "declined_at")
KNOWN = (*TIMES, "source", "narrative", "severity", "language", "decline_reason", "url")
SEVERITIES = tuple(word.value for word in Severity)


@dataclass(frozen=True, slots=True)
class ClaimRow:
    """One row of a claims file, checked; instants are UTC, `source` and `narrative` are names."""

    external_id: str
    text: str
    broke_earliest: datetime
    broke_latest: datetime
    answered_at: datetime | None
    declined_at: datetime | None
    decline_reason: str
    source: str
    narrative: str
    severity: str
    language: str
    url: str


def read_claim(row: Row, zone: ZoneInfo | None, *, now: datetime) -> ClaimRow:
    """Check one row. Raises Fault that names the field: missing, unreadable, in the wrong order or in the future."""
    earliest = row.need_instant("broke_earliest", zone)
    claim = ClaimRow(
        external_id=row.need("external_id", limit=200),
        text=row.need("text", limit=100_000),
        broke_earliest=earliest,
        broke_latest=row.instant("broke_latest", zone) or earliest,
        answered_at=row.instant("answered_at", zone),
        declined_at=row.instant("declined_at", zone),
        decline_reason=row.get("decline_reason", limit=10_000),
        source=row.get("source", limit=200),
        narrative=row.get("narrative", limit=120),
        severity=row.choice("severity", SEVERITIES, default=Severity.MEDIUM.value),
        language=row.get("language", limit=16),
        url=web_address(row, "url"),
    )
    _check_order(claim, row, now)
    return claim


def _check_order(claim: ClaimRow, row: Row, now: datetime) -> None:
    def fault(name: str, reason: str) -> Fault:
        return Fault(name, row.get(name), reason)

    if len(claim.url) > 500:
        raise fault("url", "too long: at most 500 characters are kept")
    if claim.broke_earliest > now:
        raise fault("broke_earliest", "in the future: check the day and the offset")
    if claim.broke_latest < claim.broke_earliest:
        raise fault("broke_latest", "before broke_earliest: swap the two")
    for name in ("answered_at", "declined_at"):
        moment = getattr(claim, name)
        if moment and moment < claim.broke_earliest:
            raise fault(name, "before broke_earliest: it cannot be answered before it broke")
        if moment and moment > now:
            raise fault(name, "in the future: check the day and the offset")
    if claim.declined_at and not claim.decline_reason:
        raise fault("decline_reason", "missing value: a declined claim says why")
    if claim.decline_reason and not claim.declined_at:
        raise fault("declined_at", "missing value: there is a decline_reason, but no time")


def import_claims(
    intake: Intake, *, now: datetime, zone: ZoneInfo | None = None, by: User | None = None, actor: str = "import"
) -> Outcome:
    """Read an open file to its end and make its claims, in batches of one transaction each.

    Narratives and sources that nobody knows are made. One IMPORTED entry goes into the journal, besides the entries
    of each claim. Raises Unreadable when no row can be read.
    """
    added = duplicates = 0
    batch: list[ClaimRow] = []

    def keep() -> None:
        nonlocal added, duplicates
        new = _keep_batch(batch, now=now, by=by)
        added, duplicates = added + new, duplicates + len(batch) - new
        batch.clear()

    for row in intake.rows(required=REQUIRED, known=KNOWN):
        try:
            batch.append(read_claim(row, zone, now=now))
        except Fault as fault:
            intake.refuse(row, fault)
            continue
        if len(batch) >= BATCH:
            keep()
    keep()
    outcome = intake.outcome(added=added, duplicates=duplicates)
    counts = {key: outcome.document()[key] for key in ("rows", "added", "duplicates", "rejected")}
    subject = f"file:{intake.path.name}"[:200]
    stamp(milestone=Milestone.IMPORTED, at=now, subject=subject, actor=actor, what="claims", **counts)
    return outcome


@transaction.atomic
def _keep_batch(batch: list[ClaimRow], *, now: datetime, by: User | None) -> int:
    """Make the claims of a batch that are not here yet; return how many."""
    ids = [given.external_id for given in batch]
    known = set(Claim.objects.filter(external_id__in=ids).values_list("external_id", flat=True))
    added = 0
    for given in batch:
        if given.external_id not in known:
            known.add(given.external_id)
            _keep(given, now=now, by=by)
            added += 1
    return added


def _keep(given: ClaimRow, *, now: datetime, by: User | None) -> None:
    claim = make_claim(
        text=given.text,
        external_id=given.external_id,
        broke_earliest=given.broke_earliest,
        broke_latest=given.broke_latest,
        source=source_named(given.source, kind=SourceKind.ADVERSARY.value) if given.source else None,
        narrative=narrative_named(given.narrative) if given.narrative else None,
        severity=given.severity,
        language=given.language,
        url=given.url,
        now=now,
        by=by,
    )
    if given.declined_at:
        decide(claim, decision=Decision.DECLINE, by=by, now=given.declined_at, reason=given.decline_reason)
    if given.answered_at:
        mark_answered(claim, at=given.answered_at, now=now, by=by)
