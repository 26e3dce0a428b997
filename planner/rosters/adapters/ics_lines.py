"""Bytes → calendars → blocks of lines: what stands between BEGIN and END, with the number of the line it begins at.

Each event is cut out here and read on its own later, so that one broken event never takes its neighbours along. Lines
are unfolded as bytes (a fold may fall inside a letter), and read as UTF-8 afterwards.
"""

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from planner.journal.core.intake import Unreadable

LARGEST = 50 * 2**20  # bytes of a file; a busy desk's calendar of ten years has 5 MB
LONGEST_LINE = 64 * 2**10  # characters of a line that is read; longer ones are pictures and letters, which are not
_BEGIN, _END = "BEGIN:", "END:"
_NAME = re.compile(r"[A-Za-z0-9-]+(?=[:;])")
_FOREIGN = {codecs.BOM_UTF16_LE: "UTF-16", codecs.BOM_UTF16_BE: "UTF-16"}


@dataclass(frozen=True, slots=True)
class Line:
    """One unfolded line. `name` in capitals, "" where the line has none; `fault` says why it cannot be read."""

    number: int
    text: str
    name: str
    fault: str = ""


@dataclass(slots=True)
class Block:
    """A component: its own lines, without BEGIN and END and without the components inside it."""

    kind: str
    line: int
    lines: list[Line] = field(default_factory=list)
    inner: list["Block"] = field(default_factory=list)
    fault: str = ""


@dataclass(slots=True)
class Sheet:
    """One calendar. `others` counts what is neither an event nor a zone; `is_whole`: it ended as it should."""

    header: list[Line] = field(default_factory=list)
    zones: list[Block] = field(default_factory=list)
    events: list[Block] = field(default_factory=list)
    others: Counter[str] = field(default_factory=Counter)
    is_whole: bool = False

    def get(self, *names: str) -> str:
        """The value of the first of these properties of the calendar itself, "" without one."""
        found = (line.text.partition(":")[2].strip() for name in names for line in self.header if line.name == name)
        return next(filter(None, found), "")


def sheets(raw: bytes) -> list[Sheet]:
    """The calendars of a file. Events that stand outside of any calendar make one that is not whole.

    Raises Unreadable when this is no calendar at all, or larger than is read.
    """
    if len(raw) > LARGEST:
        raise Unreadable(f"The calendar is larger than {LARGEST // 2**20} MB: export a shorter stretch of time.")
    for mark, name in _FOREIGN.items():
        if raw.startswith(mark):
            raise Unreadable(f"The file is {name}: save it as UTF-8, and import that.")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    if not raw.strip():
        raise Unreadable("The file is empty.")
    found = _assemble(logical_lines(raw))
    if not found:
        raise Unreadable("No calendar is in this file: expected iCalendar (.ics), which begins with BEGIN:VCALENDAR.")
    return found


def logical_lines(raw: bytes) -> Iterator[Line]:
    """Unfolded, decoded lines; empty ones are left out. Lines end in CR LF, in LF, or (nowhere an LF) in CR."""
    raw = raw.replace(b"\r\n", b"\n")
    pieces: list[bytes] = []
    begun = 1
    for number, line in enumerate(raw.split(b"\n" if b"\n" in raw else b"\r"), start=1):
        if line[:1] in (b" ", b"\t") and pieces:
            pieces.append(line[1:])
            continue
        yield from _decoded(pieces, begun)
        pieces, begun = [line], number
    yield from _decoded(pieces, begun)


def _decoded(pieces: list[bytes], number: int) -> Iterator[Line]:
    if not (raw := b"".join(pieces)).strip():
        return
    fault = ""
    try:
        text = raw.decode()
    except UnicodeDecodeError as wrong:
        fault = f"the byte 0x{raw[wrong.start]:02X} in line {number} is not UTF-8: save the file as UTF-8"
        text = raw.decode(errors="replace")
    if len(text) > LONGEST_LINE:
        fault, text = f"line {number} has {len(text):,} characters, at most {LONGEST_LINE:,} are read", text[:80]
    elif any(sign < " " and sign != "\t" for sign in text):
        fault = f"line {number} holds a control character"
        text = "".join(" " if sign < " " else sign for sign in text)
    name = _NAME.match(text)
    yield Line(number, text.strip(), name[0].upper() if name else "", fault)


def _assemble(lines: Iterator[Line]) -> list[Sheet]:
    found: list[Sheet] = []
    loose, sheet = Sheet(), None
    stack: list[Block] = []
    for line in lines:
        head = line.text[:6].upper()
        word = line.text.partition(":")[2].strip().upper()
        if head == _BEGIN and word == "VCALENDAR":
            _abandon(stack, line.number)
            sheet, stack = Sheet(), []
            found.append(sheet)
        elif head == _BEGIN:
            _begin(stack, word, line.number, sheet or loose)
        elif head.startswith(_END) and word == "VCALENDAR":
            _abandon(stack, line.number)
            stack = []
            if sheet:
                sheet.is_whole = True
            sheet = None
        elif head.startswith(_END):
            _end(stack, word)
        elif stack:
            stack[-1].lines.append(line)
        elif sheet:
            sheet.header.append(line)
    _abandon(stack, 0)
    return [*found, loose] if loose.events else found


def _begin(stack: list[Block], kind: str, number: int, sheet: Sheet) -> None:
    if kind == "VEVENT" and any(block.kind == kind for block in stack):
        _abandon(stack, number)  # the event before never ended: this one is a new one, not a part of it
        stack.clear()
    block = Block(kind, number)
    if not stack:
        if kind in {"VEVENT", "VTIMEZONE"}:
            (sheet.events if kind == "VEVENT" else sheet.zones).append(block)
        else:
            sheet.others[kind] += 1
    elif len(stack) == 1:
        stack[0].inner.append(block)
    stack.append(block)


def _end(stack: list[Block], kind: str) -> None:
    if not stack:
        return
    if kind != stack[-1].kind and not any(block.kind == kind for block in stack):
        stack[0].fault = f"END:{kind} closes what was never begun"
        return
    while stack.pop().kind != kind:
        pass


def _abandon(stack: list[Block], number: int) -> None:
    if stack:
        place = f"before line {number}" if number else "before the end of the file"
        stack[0].fault = f"no END:{stack[0].kind} {place}: is the file cut off?"
