"""A calendar file being brought in: opened, read at once (its size is bounded), with a bar on a terminal."""

import gzip
import zlib
from pathlib import Path
from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress

from planner.journal.core.intake import Unreadable
from planner.rosters.adapters.ics_lines import LARGEST
from planner.rosters.calendars.reading import Found, look_into
from planner.rosters.core.calendar import Reading

_HEAD = 4096


def is_calendar(path: str | Path) -> bool:
    """Whether a file is iCalendar: by its name, or by its first words."""
    path = Path(path)
    if path.suffixes and path.suffixes[-1].lower() in {".ics", ".ical", ".ifb"}:
        return True
    try:
        with path.open("rb") as stream:
            head = stream.read(_HEAD)
    except OSError:
        return False
    return head.removeprefix(b"\xef\xbb\xbf").lstrip()[:15].upper() == b"BEGIN:VCALENDAR"


class CalendarFile:
    """One file. Raises Unreadable for one that cannot be opened."""

    def __init__(self, path: str | Path, *, progress: bool) -> None:
        self.path = Path(path)
        screen = Console(stderr=True)
        self._bar = Progress(console=screen, disable=not (progress and screen.is_terminal))
        self._task = self._bar.add_task(self.path.name, total=None)

    def __enter__(self) -> Self:
        self._bar.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._bar.stop()

    def look_into(self, reading: Reading) -> Found:
        """Its events. Raises Unreadable."""
        found = look_into(self._read(), reading)
        self._bar.update(self._task, total=found.rows)
        return found

    def advance(self, count: int) -> None:
        """So many events are done."""
        self._bar.advance(self._task, count)

    def _read(self) -> bytes:
        try:
            with self.path.open("rb") as stream:
                raw = stream.read(LARGEST + 1)
                if raw[:2] == b"\x1f\x8b":
                    stream.seek(0)
                    with gzip.GzipFile(fileobj=stream) as packed:
                        raw = packed.read(LARGEST + 1)
        except (gzip.BadGzipFile, EOFError, zlib.error) as fault:
            raise Unreadable(f"The gzip file is damaged ({fault}): fetch it again.") from None
        except OSError as fault:
            raise Unreadable(f"The file {self.path} cannot be opened: {fault.strerror}.") from None
        return raw
