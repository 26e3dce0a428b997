"""How fast a file of sightings becomes rows, floods and a journal entry; memory; beside Django's bulk_create.

    .venv/bin/python bench/ingest.py [FILE]

Without FILE it takes the Brussels fortnight of ../shared/data where that is present, else a synthetic file of the same
size and shape made on the fly. Every run is a process of its own (ingest_run.py) against a scratch database, which is
dropped at the end. The peer reads the same file with the same reader and stores the same rows with
bulk_create(ignore_conflicts=True): it finds no floods and writes no journal.
"""

import csv
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "planner.config.settings")

import django  # noqa: E402
from django.db import connection  # noqa: E402

from planner.config import embedded  # noqa: E402

BRUSSELS = ROOT.parent / "shared/data/ira/all_2016-03-14_2016-03-27_brussels.csv.gz"
ROWS, RUNS = 29_105, 3
DATABASE = "bench_ingest"


def main() -> None:
    """Print one line per figure."""
    django.setup()
    given = Path(sys.argv[1]) if len(sys.argv) > 1 else BRUSSELS
    with embedded.servers(), tempfile.TemporaryDirectory() as folder:
        once = given if given.exists() else synthetic(Path(folder) / "synthetic.csv.gz")
        four = times_four(once, Path(folder) / "four.csv.gz")
        connection.settings_dict["TEST"]["NAME"] = DATABASE
        home = connection.settings_dict["NAME"]
        connection.creation.create_test_db(verbosity=0, autoclobber=True)
        try:
            report(once, four)
        finally:
            connection.creation.destroy_test_db(home, verbosity=0)


def report(once: Path, four: Path) -> None:
    ours = [child("ours", once) for _run in range(RUNS)]
    peer = [child("peer", once) for _run in range(RUNS)]
    large = child("ours", four)
    rate, other = (statistics.median(run["rows"] / run["seconds"] for run in runs) for runs in (ours, peer))
    print(f"file                           {once.name}, {ours[0]['rows']:,} rows, {ours[0]['floods']:,} floods")
    print(f"ingest, median of {RUNS}            {rate:,.0f} rows/s (target 10,000)")
    print(f"bulk_create, median of {RUNS}       {other:,.0f} rows/s")
    cpu = statistics.median(run["cpu"] / run["seconds"] for run in ours)
    print(f"of which Python's own work     {cpu:.0%}, the rest is PostgreSQL's (or waiting for a processor)")
    print(f"ratio                          {rate / other:.2f}")
    print(f"ingest, {large['rows']:,} rows        {large['rows'] / large['seconds']:,.0f} rows/s")
    print(f"load average of the machine    {os.getloadavg()[0]:.1f} on {os.cpu_count()} processors")
    print(f"peak memory, 1x the rows       {statistics.median(run['memory'] for run in ours):.1f} MB")
    print(f"peak memory, 4x the rows       {large['memory']:.1f} MB")
    print(f"peak memory before the import  {large['before']:.1f} MB")


def child(way: str, path: Path) -> dict[str, float]:
    """One run in a process of its own against the emptied scratch database."""
    with connection.cursor() as cursor:
        for table in ("claims_sighting", "claims_flood", "claims_source"):
            cursor.execute(f"DELETE FROM {table}")
            cursor.execute(f"VACUUM FULL {table}")
    done = subprocess.run(
        [sys.executable, ROOT / "bench/ingest_run.py", DATABASE, way, path], capture_output=True, text=True, check=False
    )
    if done.returncode:
        sys.exit(done.stderr)
    return json.loads(done.stdout)


def times_four(path: Path, target: Path) -> Path:
    """The same rows four times, a fortnight later each time."""
    with gzip.open(path, "rt", newline="") as old, gzip.open(target, "wt", newline="", compresslevel=1) as new:
        rows, out = csv.reader(old), csv.writer(new)
        header = next(rows)
        out.writerow(header)
        place, told = header.index("publish_date"), list(rows)
        for turn in range(4):
            for row in told:
                moment = datetime.fromisoformat(row[place]) + timedelta(days=14 * turn)
                out.writerow([*row[:place], moment, *row[place + 1 :]])
    return target


def synthetic(path: Path) -> Path:
    """A fortnight by 400 accounts: as many rows as the Brussels file, a flood now and then."""
    chance = random.Random(7)
    words = [f"word{number}" for number in range(4000)]
    start = datetime(2016, 3, 14, tzinfo=UTC)
    with gzip.open(path, "wt", newline="") as stream:
        out = csv.writer(stream)
        out.writerow(["author_id", "language", "publish_date", "content"])
        for number in range(ROWS):
            moment = start + timedelta(minutes=number * 20160 // ROWS)
            text = " ".join(chance.choices(words, k=14)) if number % 800 > 12 else f"flood {number // 800} at the gates"
            link = f"https://t.co/{chance.getrandbits(40):x}"
            out.writerow([f"account{chance.randrange(400)}", "English", moment.isoformat(" ")[:19], f"{text} {link}"])
    return path


if __name__ == "__main__":
    main()
