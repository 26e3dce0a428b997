"""The values of an event's lines: wall times with the zone in which they are meant, lengths, words."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from icalendar import vDuration, vText
from icalendar.parser import Contentline

from planner.journal.core.intake import Fault, excerpt
from planner.rosters.adapters.ics_lines import Block, Line
from planner.rosters.adapters.ics_zones import Zones
from planner.wallclock import is_ambiguous, is_nonexistent, to_instant

EARLIEST, LATEST = 1970, 2100  # years of a roster; birthdays since 1604 are not shifts
_MOMENT = re.compile(r"(\d{8})(?:T(\d{6})(Z?))?")


@dataclass(frozen=True, slots=True)
class Property:
    """One line, taken apart; `params` by name in capitals."""

    name: str
    params: dict[str, str]
    value: str
    line: int

    @property
    def words(self) -> str:
        """The value as people read it: escapes undone, on one line."""
        return " ".join(str(vText.from_ical(self.value)).split())


@dataclass(frozen=True, slots=True)
class Moment:
    """A wall time and where its wall hangs. `is_day`: a whole date; `is_exact`: written in UTC, an instant already."""

    wall: datetime
    tz: tzinfo
    is_day: bool = False
    is_exact: bool = False

    def instant(self) -> datetime:
        """The instant by the policy of docs/time.md."""
        return to_instant(self.wall, self.tz)

    def certain(self, field: str, text: str) -> datetime:
        """The instant. Raises Fault where the clocks skip this time or show it twice: only the sender knows."""
        if not (self.is_day or self.is_exact):
            if is_nonexistent(self.wall, self.tz):
                raise Fault(field, text, f"does not exist in {self.tz}: the clocks jump over it; write it in UTC")
            if is_ambiguous(self.wall, self.tz):
                one, two = (f"{to_instant(self.wall, self.tz, fold=fold):%Y%m%dT%H%M%SZ}" for fold in (0, 1))
                raise Fault(field, text, f"ambiguous in {self.tz}: shown twice that night; write {one} or {two}")
        return self.instant()

    def on_wall(self, tz: tzinfo) -> datetime:
        """The same moment as the wall of another zone shows it; a date stays the date."""
        if self.is_day or tz is self.tz:
            return self.wall
        return self.instant().astimezone(tz).replace(tzinfo=None)


def properties(block: Block, wanted: frozenset[str]) -> dict[str, list[Property]]:
    """The wanted lines of an event, by name. Raises Fault for the first that cannot be read."""
    found: dict[str, list[Property]] = {}
    for line in block.lines:
        if line.name in wanted:
            found.setdefault(line.name, []).append(_property(line))
    return found


def _property(line: Line) -> Property:
    if line.fault:
        raise Fault(line.name, line.text, line.fault)
    try:
        _name, params, value = Contentline(line.text).parts()
        plain = {key.upper(): ",".join(word) if isinstance(word, list) else str(word) for key, word in params.items()}
    except (ValueError, TypeError) as wrong:
        raise Fault(line.name, line.text, f"line {line.number} cannot be read: {excerpt(str(wrong))}") from wrong
    return Property(line.name, plain, value.strip(), line.number)


@dataclass(frozen=True, slots=True)
class Clocks:
    """Where times hang: the zones that the calendar names, and the one for times and dates that name none."""

    zones: Zones
    own: ZoneInfo | None

    def moment(self, prop: Property, text: str = "") -> Moment:
        """The moment of a property, or of one of its values. Raises Fault."""
        text = text or prop.value
        found = _MOMENT.fullmatch(text)
        if not found or (prop.params.get("VALUE", "").upper() == "DATE" and found[2]):
            raise Fault(prop.name, text, "not a date or a time: expected 20260109T220000Z, 20260109T220000 or 20260109")
        day, clock, utc = found.groups()
        try:
            wall = datetime.strptime(day + (clock or "000000"), "%Y%m%d%H%M%S")  # noqa: DTZ007 - a wall time
        except ValueError:
            raise Fault(prop.name, text, "there is no such date or time") from None
        if not EARLIEST <= wall.year < LATEST:
            raise Fault(prop.name, text, f"the year lies outside of {EARLIEST} to {LATEST}: is it right?")
        if utc:
            return Moment(wall, UTC, is_exact=True)
        return Moment(wall, self._zone(prop, text), is_day=not clock)

    def _zone(self, prop: Property, text: str) -> tzinfo:
        if name := prop.params.get("TZID"):
            return self.zones.find(name, prop.name)
        if self.own is None:
            reason = "no time zone: neither the event nor the calendar names one; name it with --zone"
            raise Fault(prop.name, text, reason)
        return self.own


def duration(prop: Property, text: str = "") -> timedelta:
    """A positive length. Raises Fault."""
    text = text or prop.value
    try:
        length = vDuration.from_ical(text)
    except (ValueError, OverflowError) as wrong:
        raise Fault(prop.name, text, "not a length of time: expected one such as PT8H or P1D") from wrong
    if not timedelta() < length:
        raise Fault(prop.name, text, "the length must be more than nothing: expected one such as PT8H")
    return length
