"""Somebody who has the manual and a file, nothing else: commands run as from a shell, answers as they are read."""

import csv
import gzip
import io
import json
from contextlib import redirect_stderr
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command

DATA = Path(__file__).parents[3] / "shared/data"
SIGHTINGS = "source,external_id,author,posted_at,text\n"
GOOD = "src,good,a,2016-03-22T07:58:00Z,words\n"
IMPORT = ("rows", "added", "duplicates", "rejected", "seconds", "rejects_file")


@dataclass(frozen=True)
class Answer:
    """What a command left behind: its exit code, and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document."""
        return json.loads(self.out)

    @property
    def counts(self) -> tuple[int, int, int, int]:
        """An import's rows, added, duplicates and rejected, which must add up."""
        rows, added, duplicates, rejected = (self.document[name] for name in IMPORT[:4])
        assert rows == added + duplicates + rejected
        return rows, added, duplicates, rejected

    @property
    def said(self) -> str:
        """Everything it told people, on one line."""
        return " ".join((self.out + self.err).split())


def ask(command: str, *arguments: Any) -> Answer:
    """Run a command. Anything but an exit code is an error of ours, and comes through."""
    out, err = io.StringIO(), io.StringIO()
    code = 0
    try:
        with redirect_stderr(err):
            call_command(command, *map(str, arguments), stdout=out, stderr=err)
    except SystemExit as left:
        code = int(left.code or 0)
    except CommandError as refused:
        err.write(str(refused))
        code = refused.returncode
    return Answer(code, out.getvalue(), err.getvalue())


def ask_json(command: str, *arguments: Any) -> Answer:
    """Run a command with --json."""
    return ask(command, *arguments, "--json")


def written(folder: Path, content: str | bytes, name: str = "in.csv") -> Path:
    """A file with that content."""
    path = folder / name
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    return path


def real(name: str) -> Path:
    """A file of the real data; the test is skipped where it is not there."""
    path = DATA / name
    if not path.exists():
        pytest.skip(f"the real data is not here: {path}")
    return path


def real_rows(name: str, *, delimiter: str = ",") -> list[dict[str, str]]:
    """The rows of a real CSV file, packed or not."""
    path = real(name)
    raw = path.read_bytes()
    text = (gzip.decompress(raw) if path.suffix == ".gz" else raw).decode("utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline=""), delimiter=delimiter))
