"""Every act on the roster remembers what it changed, so that it can be undone; and an undoing is an act itself."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from django.db.models import Model
from django.utils.translation import gettext as _

from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.people.models import User
from planner.rosters.models import Act, Leave, Override, Rotation, Shift, ShiftRule, Swap, Team
from planner.rosters.refusals import RosterRefused, of_the_database

TABLES: dict[str, type[Model]] = {
    "shift": Shift,
    "leave": Leave,
    "override": Override,
    "rule": ShiftRule,
    "rotation": Rotation,
    "swap": Swap,
    "team": Team,
}
NAMES = {model: name for name, model in TABLES.items()}
ENDS = {"rule": "ended_at", "rotation": "ended_at", "swap": "ended_at"}  # the others are cancelled
UNDO_WITHIN = timedelta(hours=24)  # later others rely on it: change the roster itself


@dataclass
class Recording:
    """What one act changes, in order, and the words for it."""

    by: User | None
    now: datetime
    said: str = ""
    changes: list[dict[str, Any]] = field(default_factory=list)

    def made(self, rows: Iterable[Model]) -> None:
        """These rows are new: without them they would be cancelled, or ended."""
        for row in rows:
            self._change(row, {ENDS.get(NAMES[type(row)], "cancelled_at"): (self.now, None)})

    def set(self, row: Model, **values: Any) -> None:
        """Fields of a row change, here and in the database. Raises RosterRefused where the database keeps them."""
        self._change(row, {name: (getattr(row, name), value) for name, value in values.items()})
        for name, value in values.items():
            setattr(row, name, value)
        save(row, *values)

    def _change(self, row: Model, fields: dict[str, tuple[Any, Any]]) -> None:
        before = {name: _plain(value) for name, (value, _after) in fields.items()}
        after = {name: _plain(value) for name, (_before, value) in fields.items()}
        self.changes.append({"table": NAMES[type(row)], "pk": row.pk, "before": before, "after": after})

    def keep(self) -> Act | None:
        """Remember the act; an import's is not remembered, and neither is one that changed nothing."""
        if self.by is None or not self.changes:
            return None
        return Act.objects.create(by=self.by, at=self.now, said=self.said[:300], changes=self.changes)


def save(row: Model, *names: str) -> None:
    """Save a row (only the fields named, if any), turning what the database refuses into words."""
    try:
        with transaction.atomic():
            row.save(update_fields=names or None)
    except IntegrityError as error:
        if isinstance(row, Shift) and (refused := of_the_database(error, row)):
            raise refused from error
        raise


@transaction.atomic
def undo(uuid: UUID, *, by: User, now: datetime) -> Act:
    """Put everything back as it was before an act; return the act that did so, which can be undone in turn.

    Raises RosterRefused when the act is undone already or older than a day, when one of its rows has changed since, or
    when what it removed has no room any more.
    """
    act = Act.objects.select_for_update().select_related("by").get(uuid=uuid)
    if act.undone_at is not None:
        raise RosterRefused(_("That is undone already."))
    if now - act.at > UNDO_WITHIN:
        raise RosterRefused(_("That was done more than a day ago, and others rely on it: change the roster itself."))
    record = Recording(by=by, now=now, said=_("Undone: %(said)s") % {"said": act.said})
    for change in reversed(act.changes):
        _put_back(change, record)
    Act.objects.filter(pk=act.pk).update(undone_at=now)
    stamp(
        milestone=Milestone.ROSTERED,
        at=now,
        subject=f"act:{act.uuid}",
        actor=by.username,
        act="undone",
        what=act.said,
        of=act.by.username,
        changes=len(act.changes),
    )
    undone = record.keep()
    assert undone is not None
    return undone


def _put_back(change: dict[str, Any], record: Recording) -> None:
    row = TABLES[change["table"]]._default_manager.select_for_update().get(pk=change["pk"])
    if any(_plain(getattr(row, name)) != value for name, value in change["after"].items()):
        raise RosterRefused(_("The roster has changed there since: look at it, and change it as it should be."))
    record.set(row, **{name: _value(value) for name, value in change["before"].items()})
    if isinstance(row, ShiftRule | Rotation) and row.ended_at is not None:
        # What the clock has made of it meanwhile goes with it.
        for shift in row.shifts.select_for_update().filter(cancelled_at=None):
            record.set(shift, cancelled_at=record.now)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return {"at": value.astimezone(UTC).isoformat()}
    if isinstance(value, DateTimeTZRange):
        return {"from": value.lower.astimezone(UTC).isoformat(), "to": value.upper.astimezone(UTC).isoformat()}
    return value


def _value(plain: Any) -> Any:
    if not isinstance(plain, dict):
        return plain
    instants = {name: datetime.fromisoformat(text) for name, text in plain.items()}
    return instants["at"] if "at" in instants else DateTimeTZRange(instants["from"], instants["to"])
