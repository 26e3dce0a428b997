"""What came in and what was refused: the manners that every import shares, as values.

Row numbers are those of a spreadsheet: in a CSV file row 1 is the header; in a JSONL file row 1 is the first line.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from planner.wallclock.core.zones import is_ambiguous, is_nonexistent, to_instant

EXCERPT = 60
NEVER_UNKNOWN = ("reject_row", "reject_field", "reject_reason")  # a mended rejects file is imported again as it is


class Unreadable(ValueError):
    """Nothing of the file can be read; the text says why and what to do. Exit code 2."""


class Fault(ValueError):
    """One field of one row cannot be taken. `field` may be empty when the row as a whole is at fault."""

    def __init__(self, field_name: str, value: str, reason: str) -> None:
        super().__init__(reason)
        self.field, self.value, self.reason = field_name, value, reason


@dataclass(frozen=True, slots=True)
class Reject:
    """A row that was refused: which row, which field, an excerpt of its value, and what was expected."""

    row: int
    field: str
    value: str
    reason: str


@dataclass(slots=True)
class Row:
    """One row of a file: its number and its values by column name (lower case), stripped, "" where absent."""

    number: int
    values: dict[str, str]

    def get(self, name: str, *, limit: int = 0) -> str:
        """The value of a column, or "". Raises Fault when it is longer than `limit` characters (0: any length)."""
        value = self.values.get(name, "")
        if limit and len(value) > limit:
            raise Fault(name, value, f"too long: {len(value):,} characters, at most {limit:,} are kept")
        return value

    def need(self, name: str, *, limit: int = 0) -> str:
        """As get(), and raises Fault when there is no value."""
        value = self.get(name, limit=limit)
        if not value:
            raise Fault(name, "", "missing value: this column is required")
        return value

    def choice(self, name: str, allowed: tuple[str, ...], *, default: str = "") -> str:
        """One of the allowed words (case does not matter), or the default when empty. Raises Fault otherwise."""
        value = self.values.get(name, "").lower() or default
        if value not in allowed:
            raise Fault(name, value, f"expected one of {', '.join(allowed)}")
        return value

    def items(self, name: str, *, separator: str = ";") -> list[str]:
        """The parts of a list field ("a;b"), stripped, without empty ones."""
        return [part for part in (part.strip() for part in self.values.get(name, "").split(separator)) if part]

    def instant(self, name: str, zone: ZoneInfo | None = None) -> datetime | None:
        """The UTC instant of a column, None when empty. Raises Fault as parse_instant does."""
        value = self.values.get(name, "")
        return parse_instant(value, zone, field_name=name) if value else None

    def need_instant(self, name: str, zone: ZoneInfo | None = None) -> datetime:
        """The UTC instant of a column. Raises Fault when it is missing or cannot be read."""
        return parse_instant(self.need(name), zone, field_name=name)


@dataclass(slots=True)
class Outcome:
    """The counts of one import. `findings` are faults of the file as a whole (exit 1), `notes` are not faults."""

    rows: int = 0
    added: int = 0
    duplicates: int = 0
    rejected: int = 0
    seconds: float = 0.0
    rejects_file: str | None = None
    rejects: list[Reject] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def exit_code(self) -> int:
        """0, or 1 when something was refused or the file was not whole."""
        return 1 if self.rejected or self.findings else 0

    def document(self) -> dict[str, Any]:
        """The JSON document of the command (INTERFACE.md)."""
        return {
            "rows": self.rows,
            "added": self.added,
            "duplicates": self.duplicates,
            "rejected": self.rejected,
            "seconds": round(self.seconds, 3),
            "rejects_file": self.rejects_file,
            "rejects": [{"row": r.row, "field": r.field, "value": r.value, "reason": r.reason} for r in self.rejects],
            "findings": self.findings,
            "notes": self.notes,
        }


def excerpt(value: str) -> str:
    """The beginning of a value, short enough for a message, free of line breaks and control characters."""
    shown = "".join(c if c.isprintable() else " " for c in value[: EXCERPT + 1])
    return shown if len(shown) <= EXCERPT else f"{shown[:EXCERPT]}…"


def check_columns(header: list[str], required: tuple[str, ...], known: tuple[str, ...]) -> list[str]:
    """The columns that nobody knows. Raises Unreadable when a required one is missing or one appears twice."""
    present = set(header)
    if missing := [name for name in required if name not in present]:
        raise Unreadable(missing_columns(missing, header))
    if twice := sorted({name for name in header if name and header.count(name) > 1}):
        raise Unreadable(
            f"The column {', '.join(twice)} appears twice: which of the two is meant? Rename or remove one."
        )
    expected = {*required, *known, *NEVER_UNKNOWN}
    return [name for name in header if name and name not in expected]


def missing_columns(missing: Sequence[str], header: Sequence[str], *, joined: str = "and") -> str:
    """The sentence for columns that are not there ("or": at least one of them is needed), and what to do."""
    *first, last = missing
    names = f"{', '.join(first)} {joined} {last}" if first else last
    said = f"The columns {names} are missing" if first and joined == "and" else f"The column {names} is missing"
    found = ", ".join(excerpt(name) for name in header if name) or "none"
    return f"{said}; the columns found are: {found}. Name the columns in the first row as they are named here."


def parse_instant(text: str, zone: ZoneInfo | None = None, *, field_name: str = "") -> datetime:
    """The UTC instant of an ISO 8601 date and time.

    A time with an offset (or Z) stands for itself. A local time needs `zone`, and is refused when the clocks of that
    zone skip it or show it twice: nobody but the sender knows which was meant. Raises Fault.
    """
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        raise Fault(field_name, text, "not a date and time: expected ISO 8601 like 2016-03-22T07:58:00Z") from None
    if len(text) <= 10 and ":" not in text and "T" not in text:
        raise Fault(field_name, text, "a date without a time: expected ISO 8601 like 2016-03-22T07:58:00Z")
    try:
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
        return _from_wall(moment, text, zone, field_name)
    except OverflowError:
        raise Fault(field_name, text, "a year outside of the calendar") from None


def _from_wall(moment: datetime, text: str, zone: ZoneInfo | None, field_name: str) -> datetime:
    if zone is None:
        reason = f"no offset: write {text}Z or {text}+03:00, or name the zone of local times with --zone"
        raise Fault(field_name, text, reason)
    if zone is UTC_ZONE:
        return moment.replace(tzinfo=UTC)
    if is_nonexistent(moment, zone):
        reason = f"does not exist in {zone.key}: the clocks jump over it that night; write it with an offset"
        raise Fault(field_name, text, reason)
    if is_ambiguous(moment, zone):
        first, second = (
            to_instant(moment, zone, fold=fold).astimezone(zone).isoformat(timespec="minutes") for fold in (0, 1)
        )
        reason = f"ambiguous in {zone.key}: the clocks show it twice that night; write {first} or {second}"
        raise Fault(field_name, text, reason)
    return to_instant(moment, zone)


UTC_ZONE = ZoneInfo("UTC")
