"""The rejects file: the rows that were refused as they came, with row, field and reason; and how an outcome is told."""

import contextlib
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
        """`kind` is "csv" or "jsonl", as the file that is read. Raises Unreadable when nothing can be written there.

        That is tried at once, before a row is taken in: whoever asked for the rejects must not lose them.
        """
        self.path = Path(path) if path else None
        self._kind, self._delimiter = kind, delimiter
        self._width = len(columns)
        self._kept = [place for place, name in enumerate(columns) if name not in NEVER_UNKNOWN]
        self._header = [columns[place] for place in self._kept]
        self._stream: IO[str] | None = None
        self._count = 0
        if self.path:
            self._open(self.path)

    def write(self, original: list[str] | str, reject: Reject) -> None:
        """Add one refused row: a CSV record, or a line of JSON."""
        if not self.path:
            return
        try:
            self._add(original, reject)
        except OSError as fault:
            raise self._broken_off(fault) from None

    def _open(self, path: Path) -> None:
        if not path.parent.is_dir():
            raise Unreadable(f"The folder of the rejects file does not exist: {path.parent}. Make it, or name another.")
        if path.exists() and not path.is_file():
            raise Unreadable(f"{path} is not a file: name one that the rejects can be written to.")
        try:
            self._stream = Path(f"{path}{NEW}").open("w", encoding="utf-8", newline="")  # noqa: SIM115
        except OSError as fault:
            raise Unreadable(
                f"The rejects file {path} cannot be written: {fault.strerror}. Name a file in another folder."
            ) from None

    def _add(self, original: list[str] | str, reject: Reject) -> None:
        assert self._stream
        if isinstance(original, str):
            self._stream.write(_json_line(original, reject))
        else:
            table = csv.writer(self._stream, delimiter=self._delimiter)
            if not self._count:
                table.writerow([*self._header, *NEVER_UNKNOWN])
            cells = [original[place] if place < len(original) else "" for place in self._kept]
            spare = original[self._width :]
            reason = f"{reject.reason} (spare: {self._delimiter.join(spare)})" if spare else reject.reason
            told = map(as_windows_1252, (*cells, str(reject.row), reject.field, reason))
            table.writerow(list(told))
        self._count += 1

    def close(self) -> None:
        """Put the file in its place."""
        if not self._stream or not self.path:
            return
        if not self._count:
            self._drop()
            return
        try:
            self._stream.close()
            os.replace(f"{self.path}{NEW}", self.path)
        except OSError as fault:
            raise self._broken_off(fault) from None
        self._stream = None

    def _broken_off(self, fault: OSError) -> Unreadable:
        self._drop()
        return Unreadable(
            f"The rejects file {self.path} cannot be written any further: {fault.strerror}. Make room, or name "
            "another place, and import the file again; rows that are here already are skipped."
        )

    def _drop(self) -> None:
        if self._stream:
            with contextlib.suppress(OSError):
                self._stream.close()
            self._stream = None
            Path(f"{self.path}{NEW}").unlink(missing_ok=True)


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
