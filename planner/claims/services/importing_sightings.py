"""Import a file of sightings, batch by batch: each batch is kept or not as a whole, and the file may be given again."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planner.claims.adapters.formats import choose
from planner.claims.adapters.reader import Reader
from planner.claims.core.observed import Observed
from planner.claims.services.ingesting import ingest
from planner.journal.core.intake import Fault, Outcome, Row
from planner.journal.core.milestones import Milestone
from planner.journal.intake import Intake
from planner.journal.services import stamp

AHEAD = timedelta(minutes=10)  # as much may their clock be ahead of ours
BATCH = 5_000  # rows; larger ones are no faster, and memory stays flat


def import_sightings(
    intake: Intake, *, now: datetime, form: str = "auto", zone: ZoneInfo | None = None, actor: str = "import"
) -> Outcome:
    """Read an open file to its end and ingest what can be read; `form` is a name of adapters.formats or "auto".

    `zone` is that of local times in it. One IMPORTED entry goes into the journal. Raises Unreadable when no row can
    be read.
    """
    reader = choose(form, kind=intake.kind, columns=intake.columns)
    known = (*reader.known, *reader.one_of)
    added = duplicates = floods = 0
    batch: list[Observed] = []

    def keep() -> None:
        nonlocal added, duplicates, floods
        done = ingest(batch, now=now)
        added, duplicates, floods = added + done.added, duplicates + done.duplicates, floods + done.floods
        batch.clear()

    for row in intake.rows(required=reader.required, known=known):
        try:
            batch.append(_read(reader, row, zone, now))
        except Fault as fault:
            intake.refuse(row, fault)
            continue
        if len(batch) >= BATCH:
            keep()
    keep()
    outcome = intake.outcome(added=added, duplicates=duplicates)
    counts = {key: outcome.document()[key] for key in ("rows", "added", "duplicates", "rejected")}
    stamp(
        milestone=Milestone.IMPORTED,
        at=now,
        subject=f"file:{intake.path.name}"[:200],
        actor=actor,
        what="sightings",
        format=reader.name,
        floods=floods,
        **counts,
    )
    return outcome


def _read(reader: Reader, row: Row, zone: ZoneInfo | None, now: datetime) -> Observed:
    seen = reader.read(row, zone)
    if seen.posted_at > now + AHEAD:
        raise Fault(reader.moment, row.get(reader.moment), "in the future: check the day and the offset")
    return seen
