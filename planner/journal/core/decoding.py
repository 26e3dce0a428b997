"""Bytes → lines of text → CSV records and JSON objects, with every damaged byte kept in sight. Pure: no files here.

A byte that is not UTF-8 does not stop the reading: it is carried along as a lone surrogate (PEP 383), and whoever
builds the row refuses it by field, with the place of the byte in the file.
"""

import codecs
import csv
import json
from collections import deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from planner.journal.core.intake import Fault, Unreadable

LONGEST_LINE = 64 * 2**20  # bytes; beyond this a row is not read into memory
LONGEST_FIELD = 16 * 2**20  # characters; beyond this the CSV reader itself gives up
LONGEST_VALUE = 1_000_000  # characters; the database is not a file store
_BYTES_AS_WINDOWS_1252 = {
    0xDC00 + byte: bytes([byte]).decode("cp1252", errors="ignore") or chr(byte) for byte in range(0x80, 0x100)
}


@dataclass(slots=True)
class Lines:
    """Iterates the lines of a UTF-8 byte stream, line feeds kept. `damage` gathers what was wrong, until cleared."""

    chunks: Iterable[bytes]
    damage: list[str] = field(default_factory=list)
    offset: int = 0  # of the first byte of the next line
    cut: bool = False  # the stream ended inside a line

    def __iter__(self) -> Iterator[str]:
        for raw in self._raw():
            try:
                text = raw.decode()
            except UnicodeDecodeError as fault:
                place = f"at offset {self.offset + fault.start:,} of the file"
                self.damage.append(f"the byte 0x{raw[fault.start]:02X} {place} is not UTF-8")
                text = raw.decode(errors="surrogateescape")
            if "\0" in text:
                self.damage.append(f"a NUL byte at offset {self.offset + raw.index(0):,} of the file")
            self.offset += len(raw)
            yield text

    def _raw(self) -> Iterator[bytes]:
        pieces: list[bytes] = []
        held = 0
        for chunk in self.chunks:
            *whole, rest = chunk.split(b"\n")
            if whole:
                yield b"".join((*pieces, whole[0], b"\n"))
                pieces, held = [], 0
                for line in whole[1:]:
                    yield line + b"\n"
            pieces.append(rest)
            held += len(rest)
            if held > LONGEST_LINE:
                raise Unreadable(
                    f"The line that begins at byte {self.offset:,} is longer than {LONGEST_LINE // 2**20} MB: "
                    "is this a text file with one row per line?"
                )
        if last := b"".join(pieces):
            self.cut = True
            yield last


def refuse_foreign(head: bytes) -> None:
    """Raise Unreadable when the first bytes of a file (after unpacking) show that it is not UTF-8 text at all."""
    if not head.strip():
        raise Unreadable("The file is empty.")
    if head.startswith(b"PK\x03\x04"):
        raise Unreadable("This is a zip archive or a spreadsheet (.xlsx): save it as “CSV UTF-8” and import that.")
    if head.startswith(b"\x1f\x8b"):
        raise Unreadable("The file is packed twice: unpack it once with gunzip, and import that.")
    if head.lstrip().startswith((b"[{", b"[\n", b"[ ", b"[\r")):
        raise Unreadable("This is one JSON array; expected one JSON object per line: run jq -c '.[]' FILE > FILE.jsonl")
    if head.lstrip().split(b"\n", 1)[0].strip() == b"{":
        raise Unreadable("A JSON object spans several lines; expected one per line: run jq -c . FILE > FILE.jsonl")
    if head.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)) or head[:3] == b"\0\0\0" or head[1:4] == b"\0\0\0":
        raise Unreadable("The file is UTF-32, expected UTF-8: run iconv -f UTF-32 -t UTF-8 FILE.")
    if b"\r" in head and b"\n" not in head:
        raise Unreadable("Its lines end in CR alone, as on an old Mac: save it as “CSV UTF-8”, or run tr '\\r' '\\n'.")
    if head.lstrip()[:15].upper() == b"BEGIN:VCALENDAR":
        raise Unreadable("This is an iCalendar file; expected CSV: write its events as a table, one row each.")
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
    evens, odds = head[::2].count(0), head[1::2].count(0)
    if head.startswith(marks) or max(evens, odds) > len(head) // 5:
        raise Unreadable(
            "The file is UTF-16, expected UTF-8: save it as “CSV UTF-8”, or run iconv -f UTF-16 -t UTF-8 FILE."
        )


def as_windows_1252(value: str) -> str:
    """A value with its stray bytes read as Windows-1252 and NUL shown as ␀: so the rejects file can be mended."""
    return value.translate(_BYTES_AS_WINDOWS_1252).replace("\0", "␀")


def is_damaged(value: str) -> bool:
    """Whether a value holds a stray byte, half a surrogate pair or NUL: PostgreSQL stores none of them."""
    return "\0" in value or any("\ud800" <= c <= "\udfff" for c in value)


def refuse_damage(values: dict[str, str], damage: list[str]) -> None:
    """Raise Fault for the first damaged field. `damage` says where in the file, may be empty (JSON escapes)."""
    for name, value in values.items():
        if is_damaged(value):
            where = "; ".join(damage) or "half a character (a lone surrogate or a NUL) is in the text"
            shown = "NUL as ␀" if "\0" in value else "it as Windows-1252"
            reason = f"{where}; expected UTF-8 text. The rejects file shows {shown}: check the letters."
            raise Fault(name, as_windows_1252(value), reason)


def sniff_delimiter(header: str) -> str:
    """The comma, unless the header line holds more semicolons or tabs."""
    return max(",;\t", key=header.count) if header else ","


@dataclass(frozen=True, slots=True)
class Broken:
    """A line that is no CSV record, and why."""

    line: str
    reason: str


def csv_records(lines: Iterable[str], delimiter: str) -> Iterator[list[str] | Broken]:
    """The records of a CSV file. Where one cannot be parsed only its first line is lost: reading goes on after it.

    So a quotation mark that is never closed costs one row, not the rest of the file.
    """
    csv.field_size_limit(max(csv.field_size_limit(), LONGEST_FIELD))
    source, again, taken = iter(lines), deque[str](), list[str]()

    def feed() -> Iterator[str]:
        while True:
            line = again.popleft() if again else next(source, None)
            if line is None:
                return
            taken.append(line)
            yield line

    reader = csv.reader(feed(), delimiter=delimiter, strict=True)
    while True:
        taken.clear()
        try:
            yield next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            again.extendleft(reversed(taken[1:]))
            yield Broken(taken[0], _in_words(str(fault)))
            reader = csv.reader(feed(), delimiter=delimiter, strict=True)


def _in_words(fault: str) -> str:
    if "unexpected end" in fault or "expected after" in fault:
        return "a quotation mark is missing or one too many: write a quote inside a quoted field twice"
    if "field larger" in fault:
        return f"a field is longer than {LONGEST_FIELD // 2**20} MB: is a quotation mark missing?"
    return f"not a CSV row: {fault}"


def json_values(line: str) -> dict[str, str]:
    """The object on one line as strings: lists joined by ";", null as "". Raises Fault when it is no object."""
    try:
        found = json.loads(line)
    except (ValueError, RecursionError) as fault:
        raise Fault("", line, f"not JSON: {fault}") from None
    if not isinstance(found, dict):
        raise Fault("", line, 'expected one JSON object per line, like {"text": …}')
    return {str(name).strip().lower(): _as_text(name, value) for name, value in found.items()}


def _as_text(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value.strip()
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(_as_text(name, part) for part in value)
    if isinstance(value, dict):
        raise Fault(name, str(value), "expected a text, a number or a list, not an object")
    return json.dumps(value)
