"""A calendar's bytes → its events by UID, each with the text that is kept of it. No database."""

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime

from planner.journal.core.intake import Fault, Reject, Unreadable, excerpt
from planner.rosters.adapters.ics_events import WANTED, Event, own_zone, read, said, uid_of
from planner.rosters.adapters.ics_lines import Block, Sheet, sheets
from planner.rosters.adapters.ics_series import Series, gather, occurrences
from planner.rosters.adapters.ics_values import Clocks
from planner.rosters.adapters.ics_zones import Zones, as_text
from planner.rosters.core.calendar import Occurrence, Reading

ONE_MESSAGE = frozenset({"REQUEST", "ADD", "CANCEL"})  # an invitation says something about one event, not about all
NOT_FOR_US = frozenset({"REPLY", "REFRESH", "COUNTER", "DECLINECOUNTER"})


@dataclass(slots=True)
class Group:
    """The events of one UID in one calendar: how many, and what is kept of them to be unrolled again later."""

    uid: str
    blocks: list[Block]
    clocks: Clocks
    text: str
    series: Series | None = None
    left_out: Counter[str] = field(default_factory=Counter)

    def unrolled(self, until: datetime) -> list[Occurrence]:
        """What it puts on the roster. Raises Fault."""
        return occurrences(self.series, self.clocks, until=until) if self.series else []


@dataclass(slots=True)
class Found:
    """Everything a calendar holds. `is_whole`: it says all that it has, so what is missing is gone."""

    rows: int = 0
    name: str = ""
    key: str = ""
    groups: list[Group] = field(default_factory=list)
    rejects: list[tuple[Block, Reject]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    findings: list[str] = field(default_factory=list)
    is_whole: bool = True
    frame: list[str] = field(default_factory=list)
    uids: set[str] = field(default_factory=set)


def look_into(raw: bytes, reading: Reading) -> Found:
    """All events of a calendar. One that cannot be read is a reject; its neighbours are not touched.

    Raises Unreadable when there is no calendar in it.
    """
    found, others = Found(), Counter[str]()
    for sheet in sheets(raw):
        _look_into(sheet, reading, found)
        others += sheet.others
    if not found.rows:
        found.notes.append("The calendar holds no events.")
    for kind, count in sorted(others.items()):
        found.notes.append(f"{count} {excerpt(kind)} left out: only events (VEVENT) are shifts.")
    return found


def _look_into(sheet: Sheet, reading: Reading, found: Found) -> None:
    method = sheet.get("METHOD").upper()
    found.name = found.name or sheet.get("NAME", "X-WR-CALNAME")
    found.key = found.key or sheet.get("X-WR-RELCALID", "UID")
    found.rows += len(sheet.events)
    found.frame += [line.text for line in sheet.header if line.name in {"X-WR-TIMEZONE", "METHOD"}]
    found.frame += [as_text(block).rstrip() for block in sheet.zones]
    if not sheet.is_whole:
        found.is_whole = False
        found.findings.append("The calendar has no END:VCALENDAR: is it cut off? Nothing is taken off for it.")
    if method in ONE_MESSAGE or sheet.get("X-PLANNER-REJECTS"):
        found.is_whole = False
    try:
        if method in NOT_FOR_US:
            raise Fault("METHOD", method, "an answer to an invitation, not a calendar: export the calendar itself")
        own = reading.beside(own_zone(sheet))
    except (Fault, Unreadable) as wrong:
        fault = wrong if isinstance(wrong, Fault) else Fault("X-WR-TIMEZONE", sheet.get("X-WR-TIMEZONE"), str(wrong))
        for block in sheet.events:
            refuse(found, block, fault)
        return
    zones, by_uid = Zones(sheet.zones), dict[str, list[Block]]()
    for block in sheet.events:
        by_uid.setdefault(uid_of(block), []).append(block)
    for uid, blocks in by_uid.items():
        _group(uid, blocks, sheet, Clocks(zones, own.zone), own, found)


def _group(uid: str, blocks: list[Block], sheet: Sheet, clocks: Clocks, reading: Reading, found: Found) -> None:
    """The events of one UID. Where one cannot be read, none of them is taken: half a series would mislead."""
    events: list[Event] = []
    try:
        if len(uid) > 255:
            raise Fault("UID", uid, f"too long: {len(uid)} characters, at most 255 are kept")
        if uid in found.uids:
            raise Fault("UID", uid, "stands in two calendars of this file: which is meant?")
        for block in blocks:
            events.append(read(block, clocks.zones, reading))
    except Fault as fault:
        for block in blocks:
            refuse(found, block, fault)
        return
    series, wrong = gather(uid, events)
    by_line = {block.line: block for block in blocks}
    for event, reason in wrong:
        refuse(found, by_line.pop(event.line), reason)
    kept = list(by_line.values())
    group = Group(uid, kept, clocks, text_of(kept, sheet, clocks.zones), series)
    if sheet.get("METHOD").upper() == "CANCEL":
        group.series = None
        group.left_out["cancelled"] = len(kept)
    else:
        group.left_out.update(event.left_out for event in events if event.left_out)
    found.groups.append(group)
    found.uids.add(uid)


def text_of(blocks: list[Block], sheet: Sheet, zones: Zones) -> str:
    """The events as a calendar of their own: the lines that are read, and the zones that only this calendar defines."""
    lean = [Block(block.kind, block.line, [line for line in block.lines if line.name in WANTED]) for block in blocks]
    defined = [block for block in sheet.zones if zones.is_own(block)] if sheet.zones else []
    head = [line.text for line in sheet.header if line.name in {"X-WR-TIMEZONE", "TIMEZONE-ID"}]
    parts = [as_text(block).rstrip() for block in (*defined, *lean)]
    return "\r\n".join(["BEGIN:VCALENDAR", *head, *parts, "END:VCALENDAR", ""])


def refuse(found: Found, block: Block, fault: Fault) -> None:
    """Keep an event as refused: its line, the field, and which event it is in the words of its owner."""
    reject = Reject(block.line, fault.field, excerpt(fault.value), f"{fault} ({said(block)})")
    found.rejects.append((block, reject))
