"""The rejects file: the rows that were refused as they came, with row, field and reason; and how an outcome is told."""

import csv
import json
import os
import sys
from pathlib import Path
from typing import IO, Any, NoReturn, Protocol

from planner.journal.core.decoding import as_windows_1252
from planner.journal.core.intake import NEVER_UNKNOWN, Outcome, Reject, Unreadable

NEW = ".part"  # written beside its place first: the file being imported may be the rejects file of last time


class Pen(Protocol):
    """Whatever can be written to: a stream, or a command's stdout."""

    def write(self, text: str, /) -> Any: ...


class RejectsFile:
    """Written row by row, put in its place by close(); no file appears when nothing is refused."""

    def __init__(self, path: str | Path | None, *, kind: str, columns: list[str], delimiter: str = ",") -> None:
        """`kind` is "csv" or "jsonl", as the file that is read. Raises Unreadable when the folder does not exist."""
        self.path = Path(path) if path else None
        self._kind, self._delimiter = kind, delimiter
        self._kept = [place for place, name in enumerate(columns) if name not in NEVER_UNKNOWN]
        self._header = [columns[place] for place in self._kept]
        self._stream: IO[str] | None = None
        if self.path and not self.path.parent.is_dir():
            raise Unreadable(f"The folder of the rejects file does not exist: {self.path.parent}")

    def write(self, original: list[str] | str, reject: Reject) -> None:
        """Add one refused row: a CSV record, or a line of JSON."""
        if not self.path:
            return
        if self._stream is None:
            self._stream = Path(f"{self.path}{NEW}").open("w", encoding="utf-8", newline="")  # noqa: SIM115
            self._csv = csv.writer(self._stream, delimiter=self._delimiter)
            if self._kind == "csv":
                self._csv.writerow([*self._header, *NEVER_UNKNOWN])
        if isinstance(original, str):
            self._stream.write(_json_line(original, reject))
        else:
            cells = [original[place] if place < len(original) else "" for place in self._kept]
            spare = original[max(self._kept, default=-1) + 1 :] if len(original) > len(self._kept) else []
            reason = f"{reject.reason} (spare: {self._delimiter.join(spare)})" if spare else reject.reason
            told = map(as_windows_1252, (*cells, str(reject.row), reject.field, reason))
            self._csv.writerow(list(told))

    def close(self) -> None:
        """Put the file in its place."""
        if self._stream and self.path:
            self._stream.close()
            self._stream = None
            os.replace(f"{self.path}{NEW}", self.path)


def _json_line(original: str, reject: Reject) -> str:
    told = {"reject_row": reject.row, "reject_field": reject.field, "reject_reason": reject.reason}
    try:
        found = json.loads(as_windows_1252(original))
    except (ValueError, RecursionError):
        found = None
    kept = found if isinstance(found, dict) else {"reject_line": as_windows_1252(original).strip()}
    return json.dumps({**kept, **told}, ensure_ascii=True) + "\n"


def finish(outcome: Outcome, *, as_json: bool, out: Pen = sys.stdout, err: Pen = sys.stderr) -> None:
    """Tell an outcome (a table for people, one JSON document for programs); leave with 1 on findings."""
    if as_json:
        out.write(json.dumps(outcome.document(), ensure_ascii=False) + "\n")
    else:
        _tell(outcome, out, err)
    if outcome.exit_code:
        raise SystemExit(outcome.exit_code)


def refuse_file(fault: ValueError, *, as_json: bool, out: Pen = sys.stdout, err: Pen = sys.stderr) -> NoReturn:
    """Say why nothing could be read, and leave with 2."""
    if as_json:
        out.write(json.dumps({**Outcome().document(), "error": str(fault)}, ensure_ascii=False) + "\n")
    err.write(f"{fault}\n")
    raise SystemExit(2)


def _tell(outcome: Outcome, out: Pen, err: Pen) -> None:
    rate = outcome.rows / outcome.seconds if outcome.seconds else 0
    figures = [
        ("rows", f"{outcome.rows:,}"),
        ("added", f"{outcome.added:,}"),
        ("duplicates skipped", f"{outcome.duplicates:,}"),
        ("rejected", f"{outcome.rejected:,}"),
        ("seconds", f"{outcome.seconds:.2f} ({rate:,.0f} rows/s)"),
    ]
    for words, figure in figures:
        out.write(f"{words:<20}{figure:>12}\n")
    for line in (*outcome.notes, *outcome.findings):
        err.write(f"{line}\n")
    for reject in outcome.rejects:
        place = f"row {reject.row}, {reject.field}" if reject.field else f"row {reject.row}"
        value = f" “{reject.value}”" if reject.value else ""
        err.write(f"{place}:{value} {reject.reason}\n")
    if (more := outcome.rejected - len(outcome.rejects)) > 0:
        err.write(f"… and {more:,} more.\n")
    if outcome.rejects_file:
        out.write(f"Refused rows are in {outcome.rejects_file}: mend them there and import that file again.\n")
    elif outcome.rejected:
        err.write("Add --rejects FILE to keep the refused rows in a file that can be mended and imported again.\n")
