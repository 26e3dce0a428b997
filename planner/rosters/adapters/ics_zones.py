"""Which zone a calendar means: an IANA name, Outlook's, one with somebody's prefix, or clocks that it defines itself.

The name wins over the definition that comes with it: definitions go stale when governments change the clocks, the IANA
database is kept. Only a name that nobody knows is read by its definition (VTIMEZONE).
"""

import re
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta, tzinfo
from functools import cache
from zoneinfo import available_timezones

from icalendar import Timezone
from icalendar.timezone.windows_to_olson import WINDOWS_TO_OLSON

from planner.journal.core.intake import Fault, excerpt
from planner.rosters.adapters.ics_lines import Block
from planner.wallclock import to_instant, zone

MOST_OBSERVANCES = 500  # of one definition; the longest in the wild has about 240
_OURS = {"tzone://microsoft/utc": "UTC", "z": "UTC", "coordinated universal time": "UTC"}
_SLOW = re.compile(r"(?i)FREQ=(SECONDLY|MINUTELY|HOURLY|DAILY|WEEKLY)|COUNT=\d{4}|INTERVAL=-?0")
_TRIED = (datetime(1990, 1, 1), datetime(2025, 7, 1), datetime(2037, 12, 31))  # noqa: DTZ001 - wall times


def known(name: str) -> str:
    """The IANA name meant: as it stands, in Outlook's words, in other letter case, or behind a prefix; "" otherwise."""
    name = name.strip().strip('"').strip()
    return _known(name) if len(name) < 200 else ""


@cache
def _known(name: str) -> str:
    low = name.lower()
    if plain := _OURS.get(low) or _windows().get(low):
        return plain
    parts = low.replace(" ", "_").strip("/").split("/")
    # “/citadel.org/20210210_1/America/Argentina/Salta”: the last three parts, or two, are the name.
    for count in dict.fromkeys((len(parts), 3, 2)):
        if iana := _iana().get("/".join(parts[-count:])):
            return iana
    return ""


@cache
def _windows() -> dict[str, str]:
    return {windows.lower(): iana for windows, iana in WINDOWS_TO_OLSON.items()}


@cache
def _iana() -> dict[str, str]:
    return {name.lower(): name for name in sorted(available_timezones(), reverse=True)}


class Zones:
    """The zones that one calendar may name."""

    def __init__(self, blocks: Iterable[Block] = ()) -> None:
        self._defined = {_property(block, "TZID"): block for block in blocks}
        self._found: dict[str, tzinfo] = {}

    def find(self, name: str, field: str) -> tzinfo:
        """The zone of a TZID. Raises Fault with that field when nobody knows it and the calendar does not define it."""
        name = name.strip().strip('"')
        if name not in self._found:
            self._found[name] = self._zone(name, field)
        return self._found[name]

    def is_own(self, block: Block) -> bool:
        """Whether a definition is needed: nobody else knows the zone that it defines."""
        return not known(_property(block, "TZID")) and not known(_property(block, "X-LIC-LOCATION"))

    def _zone(self, name: str, field: str) -> tzinfo:
        block = self._defined.get(name)
        if iana := known(name) or (known(_property(block, "X-LIC-LOCATION")) if block else ""):
            return zone(iana)
        if block:
            return _from_definition(block, name)
        try:
            return zone(excerpt(name))
        except ValueError as unknown:
            raise Fault(field, name, f"{unknown}; or let the calendar define it (VTIMEZONE)") from unknown


def _property(block: Block, name: str) -> str:
    return next((line.text.partition(":")[2].strip() for line in block.lines if line.name == name), "")


def _from_definition(block: Block, name: str) -> tzinfo:
    """The clocks as the calendar defines them. Raises Fault where the definition cannot be read."""
    where = f"the calendar's own definition of this zone (line {block.line}) cannot be read"
    rules = [line for part in block.inner for line in part.lines if line.name == "RRULE"]
    if block.fault or len(block.inner) > MOST_OBSERVANCES or any(_SLOW.search(line.text) for line in rules):
        raise Fault("TZID", name, f"{where}: {block.fault or 'too many changes of clocks'}")
    try:
        defined = Timezone.from_ical(as_text(block))
        assert isinstance(defined, Timezone)
        made = defined.to_tz(lookup_tzid=False)
        for wall in _TRIED:
            to_instant(wall, made)
            wall.replace(tzinfo=UTC).astimezone(made)
            if abs(made.utcoffset(wall) or timedelta()) > timedelta(hours=24):
                raise ValueError("an offset of more than a day")
    except Exception as wrong:  # whatever its reader trips over (it promises no kind), the definition is at fault
        raise Fault("TZID", name, f"{where}: {excerpt(str(wrong))}; use an IANA name such as Europe/Berlin") from wrong
    return made


def as_text(block: Block) -> str:
    """A component as RFC 5545 writes it, unfolded."""
    lines = [f"BEGIN:{block.kind}", *(line.text for line in block.lines)]
    lines += [as_text(part).removesuffix("\r\n") for part in block.inner]
    return "\r\n".join([*lines, f"END:{block.kind}", ""])
