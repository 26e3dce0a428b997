"""One VEVENT, read: when it is, whether it counts, how it recurs. Whatever cannot be read is a Fault with its field."""

import hashlib
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from planner.journal.core.intake import Fault, Unreadable, excerpt
from planner.rosters.adapters.ics_lines import Block, Sheet
from planner.rosters.adapters.ics_meaning import Props, first, meaning, says_a_kind
from planner.rosters.adapters.ics_values import Clocks, Moment, Property, duration, properties
from planner.rosters.adapters.ics_zones import Zones, as_text, known
from planner.rosters.core.calendar import Meaning, Reading
from planner.wallclock import zone

TIMES = frozenset({"DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "EXRULE", "RECURRENCE-ID"})
WORDS = frozenset({"UID", "SEQUENCE", "SUMMARY", "STATUS", "TRANSP", "CATEGORIES", "ATTENDEE", "ORGANIZER"})
OURS = frozenset({"X-PLANNER-PERSON", "X-PLANNER-KIND", "X-PLANNER-ROLES", "X-MICROSOFT-CDO-BUSYSTATUS"})
WANTED = TIMES | WORDS | OURS
MOST_VALUES = 20_000  # lines of one event
REASONS = {"CANCELLED": "cancelled", "TENTATIVE": "tentative", "TRANSPARENT": "marked as free"}


@dataclass(frozen=True, slots=True)
class Event:
    """One VEVENT. `left_out`: why it puts nobody on the roster, "" when it does; `length`: on the wall."""

    line: int
    uid: str
    sequence: int
    start: Moment
    end: datetime
    length: timedelta
    props: Props
    meaning: Meaning | None
    left_out: str = ""
    replaces: Moment | None = None

    @property
    def is_series(self) -> bool:
        """Whether it says more than one moment."""
        return bool(self.props.get("RRULE") or self.props.get("RDATE"))


def own_zone(sheet: Sheet) -> ZoneInfo | None:
    """The zone a calendar names for its times without one. Raises Unreadable for a name that nobody knows."""
    name = sheet.get("X-WR-TIMEZONE", "TIMEZONE-ID")
    if name and not known(name):
        raise Unreadable(f"X-WR-TIMEZONE: “{excerpt(name)}” is not a time zone; expected one such as Asia/Baghdad.")
    return zone(known(name)) if name else None


def said(block: Block) -> str:
    """How people find an event in their calendar: its title, start and UID, as far as it has them."""
    found: dict[str, str] = {}
    for line in block.lines:
        if line.name in {"SUMMARY", "DTSTART", "UID"}:
            found.setdefault(line.name, excerpt(line.text.partition(":")[2].strip()))
    title = f"“{found['SUMMARY']}”" if found.get("SUMMARY") else "without a title"
    start = f", start {found['DTSTART']}" if found.get("DTSTART") else ""
    return f"event {title}{start}" + (f", UID {found['UID']}" if found.get("UID") else "")


def uid_of(block: Block) -> str:
    """The UID; of an event without one a hash of its lines, so that the same event twice is once."""
    given = next((line.text.partition(":")[2].strip() for line in block.lines if line.name == "UID"), "")
    return given or f"without-{hashlib.sha256(as_text(block).encode()).hexdigest()[:40]}"


def read(block: Block, zones: Zones, reading: Reading) -> Event:
    """The event, everything checked that can be checked without the database. Raises Fault."""
    if block.fault:
        raise Fault("", "", block.fault)
    if len(block.lines) > MOST_VALUES:
        raise Fault("", "", f"{len(block.lines):,} lines, at most {MOST_VALUES:,} are read")
    props = properties(block, WANTED)
    clocks = Clocks(zones, reading.zone)
    start_prop = _one(props, "DTSTART")
    start = clocks.moment(start_prop)
    recurs = bool(props.get("RRULE") or props.get("RDATE"))
    if recurs and start.is_exact and reading.zone:
        # Google writes UTC and means the wall of X-WR-TIMEZONE: a series keeps to that wall when clocks change.
        start = Moment(start.on_wall(reading.zone), reading.zone)
    began = start.instant() if recurs else start.certain("DTSTART", start_prop.value)
    end, length = _end(props, clocks, start, began, recurs=recurs)
    replaced = props.get("RECURRENCE-ID")
    left_out = _left_out(props)
    return Event(
        line=block.line,
        uid=uid_of(block),
        sequence=_sequence(props),
        start=start,
        end=end,
        length=length,
        props=props,
        meaning=None if left_out else meaning(props, reading),
        left_out=left_out,
        replaces=clocks.moment(replaced[0]) if replaced else None,
    )


def _one(props: Props, name: str) -> Property:
    found = props.get(name, [])
    if not found:
        raise Fault(name, "", f"missing value: an event needs a {name}")
    if len(found) > 1 and len({(prop.value, *prop.params.items()) for prop in found}) > 1:
        raise Fault(name, found[1].value, f"stands twice (lines {found[0].line} and {found[1].line}): which is meant?")
    return found[0]


def _end(props: Props, clocks: Clocks, start: Moment, began: datetime, *, recurs: bool) -> tuple[datetime, timedelta]:
    """The end as an instant, and the length on the wall of the start."""
    if "DTEND" in props:
        prop = _one(props, "DTEND")
        moment = clocks.moment(prop)
        if moment.is_day != start.is_day:
            raise Fault("DTEND", prop.value, "one of start and end is a whole date, the other a time of day")
        end = moment.instant() if recurs else moment.certain("DTEND", prop.value)
        length = moment.on_wall(start.tz) - start.wall
    elif "DURATION" in props:
        prop = _one(props, "DURATION")
        length = duration(prop)
        if start.is_day and length.seconds:
            raise Fault("DURATION", prop.value, "a whole date lasts whole days: expected one such as P1D")
        # RFC 5545, 3.3.6: days are days of the calendar, hours are hours.
        days = timedelta(days=length.days)
        end = _later(start, days) + (length - days)
    elif start.is_day:
        length = timedelta(days=1)
        end = _later(start, length)
    else:
        raise Fault("DTEND", "", "missing value: a shift needs an end (DTEND or DURATION)")
    if end <= began or length <= timedelta():
        raise Fault("DTEND", f"{end:%Y%m%dT%H%M%SZ}", f"not after the start, which is {began:%Y%m%dT%H%M%SZ}")
    if length > timedelta(days=366):
        raise Fault("DTEND", f"{end:%Y%m%dT%H%M%SZ}", "more than a year after the start: is the year right?")
    return end, length


def _later(start: Moment, days: timedelta) -> datetime:
    return Moment(start.wall + days, start.tz, start.is_day, start.is_exact).instant()


def _sequence(props: Props) -> int:
    words = first(props, "SEQUENCE")
    return int(words) if words.isascii() and words.isdigit() and len(words) < 10 else 0


def _left_out(props: Props) -> str:
    status, free = first(props, "STATUS").upper(), first(props, "TRANSP").upper()
    if status in {"CANCELLED", "TENTATIVE"}:
        return REASONS[status]
    return REASONS["TRANSPARENT"] if free == "TRANSPARENT" and not says_a_kind(props) else ""
