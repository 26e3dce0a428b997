"""Intentions become shifts: rows made of the spans of a series or of the turns of a rotation, once each."""

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db.backends.postgresql.psycopg_any import DateTimeTZRange

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User
from planner.rosters import selectors
from planner.rosters.models import Rotation, Shift, ShiftRule
from planner.rosters.words import span_of
from planner.spans import Span, SpanSet


def make_shifts(of: ShiftRule | Rotation, key: str, pieces: Iterable[tuple[User, Span]]) -> list[Shift]:
    """Write the shifts; one made before (even one cancelled since) is not made again. Return those that are new."""
    origin = {"rule": of} if isinstance(of, ShiftRule) else {"rotation": of}
    asked = [
        Shift(
            external_id=f"{key[:40]}:{span.start:%Y%m%dT%H%M%SZ}",
            person=person,
            team=of.team,
            kind=of.kind,
            roles=of.roles,
            during=DateTimeTZRange(span.start, span.end),
            **origin,
        )
        for person, span in pieces
    ]
    Shift.objects.bulk_create(asked, batch_size=500, ignore_conflicts=True)
    made = {shift.uuid for shift in asked}
    return list(Shift.objects.filter(uuid__in=made).select_related("person"))


def taken_by(person: User, spans: list[Span]) -> SpanSet:
    """The person's standing shifts around the spans, which are in order of time."""
    if not spans:
        return SpanSet.empty()
    end = max(span.end for span in spans)
    standing = selectors.shifts_between(spans[0].start, end).filter(person=person)
    return SpanSet(span_of(shift) for shift in standing)


def first_horizon(first: datetime, now: datetime, horizon: timedelta) -> datetime:
    """How far a new series is made: one that begins beyond the horizon is looked at from its own beginning."""
    return (now if first < now + horizon else first) + horizon


def as_stored(local: datetime) -> datetime:
    """Wall time as its column has it: as if it were UTC (models.ShiftRule)."""
    return local.replace(tzinfo=UTC)


def stamp_rolled(of: ShiftRule | Rotation, *, until: datetime, now: datetime, actor: str, **detail: Any) -> None:
    """Note in the journal how far a series was made."""
    kind = "rule" if isinstance(of, ShiftRule) else "rotation"
    stamp(
        milestone=Milestone.ROSTERED,
        at=now,
        subject=f"{kind}:{of.uuid}",
        actor=actor,
        act="rolled",
        rrule=of.rrule,
        until=until.isoformat(),
        **detail,
    )
