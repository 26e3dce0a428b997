"""Opening a file that people send, reading its rows one by one, keeping what was refused, and telling the outcome.

Every importer uses it in the same way:

    with Intake(path, rejects=rejects_path, progress=not as_json) as intake:
        for row in intake.rows(required=("person", "start"), known=("email",)):
            try:
                take(row.need("person", limit=150), row.need_instant("start", zone))
            except Fault as fault:
                intake.refuse(row, fault)
    finish(intake.outcome(added=…, duplicates=…), as_json=as_json)

Memory stays flat: nothing of the file is kept but the row at hand. A rejects file can be mended and imported again.
"""

import gzip
import time
import zlib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from planner.journal.core import decoding
from planner.journal.core.intake import NEVER_UNKNOWN, Fault, Outcome, Reject, Row, Unreadable, check_columns, excerpt
from planner.journal.rejects import RejectsFile

CHUNK = 2**18
SHOWN = 50  # rejects kept in memory for the report; the file holds all of them


class Intake:
    """One file being read. `kind` is "csv" or "jsonl", `columns` the header of a CSV file in lower case."""

    def __init__(self, path: str | Path, *, rejects: str | Path | None = None, kind: str = "", progress: bool = False):
        """`kind` is found out when it is not given; `progress` draws a bar on a terminal's stderr."""
        self.path, self.kind = Path(path), kind
        self.columns: list[str] = []
        self.findings: list[str] = []
        self.notes: list[str] = []
        self.rejects: list[Reject] = []
        self.read = self.refused = 0
        self._rejects_path, self._progress = rejects, progress
        self._truncated = False
        self._original: list[str] | str = ""
        self._began = time.monotonic()

    def __enter__(self) -> Self:
        """Open the file and read its header. Raises Unreadable."""
        self._raw = self._open()
        screen = Console(stderr=True)
        figures = (DownloadColumn(), TextColumn("{task.fields[rate]}"), TimeRemainingColumn())
        words = TextColumn("{task.description}")
        shown = self._progress and screen.is_terminal
        self._bar = Progress(words, BarColumn(), *figures, console=screen, disable=not shown)
        self._task = self._bar.add_task(self.path.name, total=self.path.stat().st_size, rate="")
        self._bar.start()
        try:
            self._begin()
            self._refusals = RejectsFile(
                self._rejects_path, kind=self.kind, columns=self.columns, delimiter=self._comma
            )
        except BaseException:
            self.__exit__(None, None, None)
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()
        self._raw.close()
        if hasattr(self, "_refusals"):
            self._refusals.close()

    def rows(self, *, required: tuple[str, ...] = (), known: tuple[str, ...] = ()) -> Iterator[Row]:
        """Every whole row, in the order of the file; damaged ones are refused on the way.

        Unknown columns become a note. Raises Unreadable when a CSV file lacks a required column.
        """
        if self.kind == "jsonl":
            yield from self._jsonl_rows({*required, *known, *NEVER_UNKNOWN})
        else:
            self._note_unknown(check_columns(self.columns, required, known))
            yield from self._csv_rows()
        if not self.read and not self._truncated:
            self.notes.append("The file holds no rows: a header, and nothing below it.")

    def refuse(self, row: Row, fault: Fault) -> None:
        """Count and keep the row just read as refused. To be called before the next row is read."""
        self.refused += 1
        reject = Reject(row.number, fault.field, excerpt(fault.value), fault.reason)
        if len(self.rejects) < SHOWN:
            self.rejects.append(reject)
        self._refusals.write(self._original, reject)

    def outcome(self, *, added: int, duplicates: int) -> Outcome:
        """The counts, to be printed. Call it inside the `with` or after it."""
        self._refusals.close()
        return Outcome(
            rows=self.read,
            added=added,
            duplicates=duplicates,
            rejected=self.refused,
            seconds=time.monotonic() - self._began,
            rejects_file=str(self._refusals.path) if self.refused and self._refusals.path else None,
            rejects=self.rejects,
            findings=self.findings,
            notes=self.notes,
        )

    def _open(self) -> BufferedReader:
        try:
            raw = self.path.open("rb")
        except OSError as fault:
            raise Unreadable(f"The file {self.path} cannot be opened: {fault.strerror}.") from None
        self._packed = raw.peek(2)[:2] == b"\x1f\x8b"
        return raw

    def _chunks(self) -> Iterator[bytes]:
        stream = gzip.GzipFile(fileobj=self._raw) if self._packed else self._raw
        while True:
            try:
                chunk = stream.read1(CHUNK)
            except (EOFError, zlib.error, gzip.BadGzipFile) as fault:
                self._truncated = True
                self.findings.append(
                    f"The gzip file is cut off or damaged ({fault}): the rows before that place were read, a last "
                    "incomplete one was left out. Fetch the file again and import it; what is here already is skipped."
                )
                return
            if not chunk:
                return
            self._bar.update(self._task, completed=self._raw.tell(), rate=self._rate())
            yield chunk

    def _rate(self) -> str:
        return f"{self.read / max(time.monotonic() - self._began, 0.001):,.0f} rows/s"

    def _begin(self) -> None:
        chunks = self._chunks()
        head = next(chunks, b"").removeprefix(b"\xef\xbb\xbf")
        if not head and self._truncated:
            raise Unreadable(self.findings.pop())
        decoding.refuse_foreign(head[:4096])
        self.kind = self.kind or ("jsonl" if head.lstrip().startswith(b"{") else "csv")
        self._lines = decoding.Lines(_with_first(head, chunks))
        self._comma = ","
        if self.kind == "csv":
            self._read_header(head)

    def _read_header(self, head: bytes) -> None:
        first = head.split(b"\n", 1)[0].decode(errors="replace")
        self._comma = decoding.sniff_delimiter(first)
        self._records = decoding.csv_records(self._lines, self._comma)
        header = next(self._records, [])
        if self._truncated and self._lines.cut:
            raise Unreadable(self.findings.pop())
        if isinstance(header, decoding.Broken) or self._lines.damage:
            fault = header.reason if isinstance(header, decoding.Broken) else self._lines.damage[0]
            raise Unreadable(f"The header (row 1) cannot be read: {fault}; expected a CSV file in UTF-8.")
        self.columns = [name.strip().lower() for name in header]

    def _csv_rows(self) -> Iterator[Row]:
        width, lines, columns, strip = len(self.columns), self._lines, self.columns, str.strip
        begin = 0  # of the record, in bytes: most are so short that no field can be too long
        for number, record in enumerate(self._records, start=2):
            if not record:
                continue
            if self._truncated and (lines.cut or isinstance(record, decoding.Broken)):
                return
            self.read += 1
            if isinstance(record, decoding.Broken):
                self._original = [record.line.rstrip("\r\n")]
                self.refuse(Row(number, {}), Fault("", record.line, record.reason))
                continue
            self._original = record
            row = Row(number, dict(zip(columns, map(strip, record), strict=False)))
            try:
                if len(record) > width:
                    raise Fault(
                        "", record[width], f"{len(record)} fields, but the header has {width}: is a quote missing?"
                    )
                if lines.offset - begin > decoding.LONGEST_VALUE or lines.damage:
                    self._check(row)
                begin = lines.offset
            except Fault as fault:
                self.refuse(row, fault)
                continue
            yield row

    def _jsonl_rows(self, expected: set[str]) -> Iterator[Row]:
        unknown: dict[str, None] = {}
        for number, line in enumerate(self._lines, start=1):
            if not line.strip():
                continue
            if self._truncated and self._lines.cut:
                break
            self.read += 1
            self._original = line
            row = Row(number, {})
            try:
                row = Row(number, decoding.json_values(line))
                self._check(row, escapes="\\u" in line)
            except Fault as fault:
                self.refuse(row, fault)
                continue
            unknown.update(dict.fromkeys(row.values.keys() - expected))
            yield row
        self._note_unknown(sorted(unknown))

    def _check(self, row: Row, *, escapes: bool = False) -> None:
        if self._lines.damage or escapes:
            damage, self._lines.damage = self._lines.damage, []
            decoding.refuse_damage(row.values, damage)
        if row.values and len(max(row.values.values(), key=len)) > decoding.LONGEST_VALUE:
            name, value = max(row.values.items(), key=lambda pair: len(pair[1]))
            raise Fault(name, value, f"too long: {len(value):,} characters; is a quotation mark missing?")

    def _note_unknown(self, names: list[str]) -> None:
        if names:
            self.notes.append(f"Columns that are not used: {', '.join(names)}.")


def _with_first(head: bytes, rest: Iterator[bytes]) -> Iterator[bytes]:
    yield head
    yield from rest
