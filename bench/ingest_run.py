"""One run of bench/ingest.py in a process of its own: ingest_run.py DATABASE ours|peer FILE prints a JSON document."""

import json
import os
import sys
import time
from collections.abc import Callable
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.config.settings")

import django
from django.conf import settings
from django.db import connection

settings.DATABASES["default"]["NAME"] = sys.argv[1]
django.setup()

from planner.claims.adapters.formats import choose  # noqa: E402
from planner.claims.core.fingerprint import fingerprint  # noqa: E402
from planner.claims.models import Flood, Sighting, Source  # noqa: E402
from planner.claims.services import import_sightings  # noqa: E402
from planner.claims.services.importing_sightings import BATCH  # noqa: E402
from planner.journal.intake import Intake  # noqa: E402

NOW = datetime(2026, 1, 1, tzinfo=UTC)


def peak() -> float:
    """The most memory that this process has held so far, in MB (getrusage would count the parent's, too)."""
    status = dict(line.split(":", 1) for line in Path("/proc/self/status").read_text().splitlines())
    return int(status["VmHWM"].split()[0]) / 1024


def ours(path: Path) -> dict[str, int]:
    """import_sightings as the command runs it."""
    with Intake(path) as intake:
        outcome = import_sightings(intake, now=NOW)
    return {"rows": outcome.rows, "added": outcome.added, "floods": Flood.objects.count()}


def peer(path: Path) -> dict[str, int]:
    """The same reader, the same batches; rows by bulk_create."""
    known: dict[str, Source] = {}
    with Intake(path) as intake:
        reader = choose("auto", kind=intake.kind, columns=intake.columns)
        rows = intake.rows(required=reader.required, known=reader.known)
        sightings = (reader.read(row, None) for row in rows)
        while part := list(islice(sightings, BATCH)):
            new = sorted({one.source for one in part} - known.keys())
            known |= {s.name: s for s in Source.objects.bulk_create([Source(name=name) for name in new])}
            Sighting.objects.bulk_create([_row(one, known) for one in part], ignore_conflicts=True)
    return {"rows": intake.read, "added": Sighting.objects.count(), "floods": 0}


def _row(one, known):
    return Sighting(
        source=known[one.source],
        external_id=one.external_id,
        author=one.author,
        posted_at=one.posted_at,
        fetched_at=NOW,
        stored_at=NOW,
        text=one.text,
        fingerprint=fingerprint(one.text),
        language=one.language,
        hashtags=one.hashtags,
    )


WAYS: dict[str, Callable[[Path], dict[str, int]]] = {"ours": ours, "peer": peer}

connection.ensure_connection()
before, began, worked = peak(), time.monotonic(), time.process_time()
counts = WAYS[sys.argv[2]](Path(sys.argv[3]))
took = {"seconds": time.monotonic() - began, "cpu": time.process_time() - worked}
print(json.dumps({**counts, **took, "memory": peak(), "before": before}))
