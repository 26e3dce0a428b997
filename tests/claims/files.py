"""Files of sightings and claims as people send them, for the import tests."""

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from django.core.management import call_command

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SIGHTINGS = "source,external_id,author,posted_at,text\n"
CLAIMS = (
    "external_id,text,broke_earliest,broke_latest,severity,narrative,source,answered_at,declined_at,decline_reason\n"
)


def written(folder: Path, content: str | bytes, name: str = "in.csv") -> Path:
    """A file with that content; a name that ends in .gz is packed."""
    raw = content.encode() if isinstance(content, str) else content
    path = folder / name
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return path


def run(capsys: Any, command: str, *arguments: Any) -> tuple[int, dict[str, Any]]:
    """Run an import with --json: its exit code and its document."""
    code = 0
    try:
        call_command(command, *map(str, arguments), "--json")
    except SystemExit as left:
        code = int(left.code or 0)
    return code, json.loads(capsys.readouterr().out)
