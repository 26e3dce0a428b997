"""One event of a calendar → the roster: what is new is put on, what moved moves, what is gone is cancelled.

A hand wins: a shift that somebody cancelled stays cancelled, one that somebody put back is left alone.
"""

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.utils.translation import gettext as _

from planner.journal.core.intake import Fault
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp_many
from planner.people.models import User
from planner.rosters.calendars.rows import CalendarEntry, CalendarOccurrence
from planner.rosters.core.calendar import LEAVE
from planner.rosters.models import Leave, Shift
from planner.rosters.words import shift_said
from planner.spans import Span


@dataclass(frozen=True, slots=True)
class Wanted:
    """One stretch that the roster should hold because of an event."""

    person: User
    kind: str
    roles: tuple[str, ...]
    span: Span


@dataclass(slots=True)
class Change:
    """What an event did to the roster; `same`: stretches that stood there already, from this event or by a hand."""

    added: int = 0
    moved: int = 0
    cancelled: int = 0
    same: int = 0

    @property
    def is_any(self) -> bool:
        return bool(self.added or self.moved or self.cancelled)


def take(entry: CalendarEntry, wanted: dict[str, Wanted], *, now: datetime, goes_on: bool = False) -> Change:
    """Make the roster hold what the entry wants, by key. Call it in a transaction of the event's own.

    Stretches that are over and lie before everything still wanted have merely scrolled out of the calendar: they stay.
    Raises Fault, naming the other shift, when a person is on watch then already. `goes_on`: the same
    event, further on: such a stretch is left out, and nothing is cancelled.
    """
    change, stamps = Change(), []
    known = {link.key: link for link in entry.occurrences.select_related("shift__person", "leave__person")}
    first = min((want.span.start for want in wanted.values()), default=now)
    for key, link in known.items():
        if (
            not goes_on
            and key not in wanted
            and link.withdrawn_at is None
            and not _is_past(_row(link), min(first, now))
        ):
            stamps += _withdraw(link, now)
            change.cancelled += 1
    free = _free(entry, wanted, known, change, goes_on=goes_on)
    try:
        for key in free:
            if key in known:
                told = _move(known[key], free[key])
                stamps += told
                change.moved += bool(told)
                change.same += not told
        fresh = {key: want for key, want in free.items() if key not in known}
        stamps += _add(entry, fresh)
    except IntegrityError as error:
        if "one_person_one_shift_at_once" not in str(error):
            raise
        raise Fault("DTSTART", "", _("somebody changed the roster at the same moment: import it again")) from error
    change.added += len(fresh)
    stamp_many({"milestone": Milestone.ROSTERED, "at": now, "actor": "calendar", **told} for told in stamps)
    return change


def withdraw_all(entry: CalendarEntry, *, now: datetime) -> int:
    """Cancel what an event that is gone from its calendar still holds; what is over stays. How many."""
    return take(entry, {}, now=now).cancelled


def key_of(occurrence_key: str, person: User, kind: str) -> str:
    """What a stretch is known by: its recurrence, its person, and whether it is leave."""
    return f"{occurrence_key or 'once'}:{person.pk}:{LEAVE if kind == LEAVE else 'shift'}"


def _row(link: CalendarOccurrence) -> Shift | Leave:
    row = link.shift or link.leave
    assert row
    return row


def _is_past(row: Shift | Leave, before: datetime) -> bool:
    return row.during.upper <= before


def _free(
    entry: CalendarEntry,
    wanted: dict[str, Wanted],
    known: dict[str, CalendarOccurrence],
    change: Change,
    *,
    goes_on: bool,
) -> dict[str, Wanted]:
    """The wanted stretches that may be written: what a hand put there already is the same, what clashes is a Fault."""
    people = {want.person.pk for want in wanted.values()}
    own = {link.shift_id for link in known.values() if link.shift_id}
    spans = [want.span for want in wanted.values()]
    if not spans:
        return {}
    reach = DateTimeTZRange(min(span.start for span in spans), max(span.end for span in spans))
    standing = Shift.objects.filter(person__in=people, cancelled_at=None, during__overlap=reach).exclude(pk__in=own)
    others = sorted(standing.select_related("person"), key=lambda shift: shift.during.lower)
    away = {
        (leave.person_id, leave.during.lower, leave.during.upper)
        for leave in Leave.objects.filter(person__in=people, cancelled_at=None, during__overlap=reach, occurrence=None)
    }
    free = {}
    for key, want in sorted(wanted.items(), key=lambda pair: pair[1].span.start):
        if want.kind == LEAVE:
            stands = key not in known and (want.person.pk, want.span.start, want.span.end) in away
        else:
            link = known.get(key)
            is_off = bool(link and link.shift and link.shift.cancelled_at and not link.withdrawn_at)
            other = None if is_off else _other(want, others)
            stands = bool(other and not link and _is_same(other, want))
            if other and not stands and goes_on:
                continue
            if other and not stands:
                words = _("%(person)s is on watch then already: %(shift)s.")
                said = words % {"person": want.person, "shift": shift_said(other)}
                raise Fault("DTSTART", f"{want.span.start:%Y%m%dT%H%M%SZ}", said)
        if stands:
            change.same += 1
        else:
            free[key] = want
    return free


def _other(want: Wanted, others: list[Shift]) -> Shift | None:
    start, end = want.span.start, want.span.end
    found = (o for o in others if o.person_id == want.person.pk and o.during.lower < end and start < o.during.upper)
    return next(found, None)


def _is_same(shift: Shift, want: Wanted) -> bool:
    return (shift.kind, shift.during.lower, shift.during.upper) == (want.kind, want.span.start, want.span.end)


def _withdraw(link: CalendarOccurrence, now: datetime) -> list[dict[str, Any]]:
    row = _row(link)
    CalendarOccurrence.objects.filter(pk=link.pk).update(withdrawn_at=now)
    if row.cancelled_at is not None:
        return []
    row.cancelled_at = now
    row.save(update_fields=["cancelled_at"])
    return [_told(row, "cancelled")]


def _move(link: CalendarOccurrence, want: Wanted) -> list[dict[str, Any]]:
    row = _row(link)
    is_back = link.withdrawn_at is not None
    before = (row.during.lower, row.during.upper, *((row.kind, tuple(row.roles)) if isinstance(row, Shift) else ()))
    after = (want.span.start, want.span.end, *((want.kind, want.roles) if isinstance(row, Shift) else ()))
    if before == after and not is_back:
        return []
    row.during = DateTimeTZRange(want.span.start, want.span.end)
    if isinstance(row, Shift):
        row.kind, row.roles = want.kind, list(want.roles)
    if is_back:
        row.cancelled_at = None
        CalendarOccurrence.objects.filter(pk=link.pk).update(withdrawn_at=None)
    with transaction.atomic():
        row.save()
    words = {"was_start": before[0].isoformat(), "was_end": before[1].isoformat()}
    return [_told(row, "restored" if is_back else "moved") | words]


def _add(entry: CalendarEntry, fresh: dict[str, Wanted]) -> list[dict[str, Any]]:
    rows: dict[str, Shift | Leave] = {key: _made(entry, key, want) for key, want in fresh.items()}
    shifts = [row for row in rows.values() if isinstance(row, Shift)]
    leaves = [row for row in rows.values() if isinstance(row, Leave)]
    with transaction.atomic():
        Shift.objects.bulk_create(shifts, batch_size=500)
        Leave.objects.bulk_create(leaves, batch_size=500)
    links = [
        CalendarOccurrence(
            entry=entry,
            key=key,
            shift=row if isinstance(row, Shift) else None,
            leave=row if isinstance(row, Leave) else None,
        )
        for key, row in rows.items()
    ]
    CalendarOccurrence.objects.bulk_create(links, batch_size=500)
    return [_told(row, "added") for row in rows.values()]


def _made(entry: CalendarEntry, key: str, want: Wanted) -> Shift | Leave:
    identity = hashlib.sha256(f"{entry.source_id}\n{entry.uid}\n{key}".encode()).hexdigest()
    during = DateTimeTZRange(want.span.start, want.span.end)
    if want.kind == LEAVE:
        return Leave(external_id=f"calendar:{identity}", person=want.person, during=during)
    return Shift(
        external_id=f"calendar:{identity}",
        person=want.person,
        team=entry.source.team,
        kind=want.kind,
        roles=list(want.roles),
        during=during,
    )


def _told(row: Shift | Leave, act: str) -> dict[str, Any]:
    words = {"person": row.person.username, "start": row.during.lower.isoformat(), "end": row.during.upper.isoformat()}
    if isinstance(row, Shift):
        return {"subject": f"shift:{row.uuid}", "act": act, **words, "kind": row.kind, "roles": row.roles}
    return {"subject": f"leave:{row.uuid}", "act": act, **words, "kind": LEAVE}
