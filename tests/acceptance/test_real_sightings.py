"""A real archive, given in pieces and out of order: everything once, and every known flood found."""

import gzip
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from planner.claims.core.fingerprint import fingerprint
from planner.claims.models import Flood, Sighting
from tests.acceptance.stranger import IMPORT, ask, ask_json, real, real_rows, written

pytestmark = pytest.mark.django_db
SLICE = "ira/all_2017-09-25_2017-10-08_botnet24"
ROWS = 22_547


def half(folder: Path, *, first: bool) -> Path:
    """One half of the archive, with its header. A line feed inside a field is kept by cutting where a quote ends."""
    header, _, text = gzip.decompress(real(f"{SLICE}.csv.gz").read_bytes()).partition(b"\n")
    middle = text.index(b'"\n', len(text) // 2) + 2
    return written(folder, header + b"\n" + (text[:middle] if first else text[middle:]), f"half-{first}.csv")


def gold_floods() -> list[tuple[int, datetime, int]]:
    """Fingerprint of the words, a moment inside the flood, and how many accounts there were at least."""
    return [
        (fingerprint(row["fp"]), datetime.fromisoformat(f"{row['at']}+00:00"), int(row["peak"]))
        for row in real_rows(f"{SLICE}.floods.csv.gz")
    ]


def test_the_halves_of_an_archive_in_the_wrong_order_are_the_whole(tmp_path):
    first, second = half(tmp_path, first=True), half(tmp_path, first=False)
    later, earlier = ask_json("import_sightings", second), ask_json("import_sightings", first, "--format", "ira")
    assert (later.code, earlier.code) == (0, 0)
    assert all(set(IMPORT) <= set(answer.document) for answer in (later, earlier))
    rows, added, duplicates, rejected = (sum(pair) for pair in zip(later.counts, earlier.counts, strict=True))
    assert (rows, added + duplicates, rejected) == (ROWS, ROWS, 0)
    assert Sighting.objects.count() == added
    again = ask_json("import_sightings", first)
    assert again.counts == (again.document["rows"], 0, again.document["rows"], 0)
    floods = {}
    for flood in Flood.objects.all():
        floods.setdefault(flood.fingerprint, []).append(flood)
    gold = gold_floods()
    assert len(gold) > 600
    lost = [
        (words, at)
        for words, at, accounts in gold
        if not any(
            flood.started_at <= at <= flood.ended_at and flood.accounts >= accounts for flood in floods.get(words, ())
        )
    ]
    assert lost == []


def test_what_was_imported_is_foretold_in_plausible_numbers(tmp_path):
    """Part of an archive, long past: a week's expected number lies near the weekly number of what was counted."""
    assert ask("import_sightings", half(tmp_path, first=True)).code == 0
    starts = sorted(flood.started_at.astimezone(ZoneInfo("Asia/Baghdad")).date() for flood in Flood.objects.all())
    days = max((starts[-1] - starts[0]).days + 1, 7)
    answer = ask_json("forecast", "--at", "2017-12-07", "--days", 7)
    document = answer.document
    assert answer.code == 0
    assert {"zone", "hours", "scores"} <= set(document)
    assert len(document["hours"]) == 168
    assert all(0 <= hour["low"] <= hour["high"] and hour["expected"] > 0 for hour in document["hours"])
    assert all(datetime.fromisoformat(hour["start"]).utcoffset().total_seconds() == 0 for hour in document["hours"])
    expected = sum(hour["expected"] for hour in document["hours"])
    assert expected == pytest.approx(len(starts) / days * 7, rel=0.15)
    gaps = ask_json("gaps", "--from", "2017-12-07", "--to", "2017-12-14").document
    assert sum(gap["expected_claims"] for gap in gaps["gaps"]) == pytest.approx(expected, rel=0.01)
    assert gaps["covered_share"] == 0


def test_the_list_of_accounts_is_no_archive():
    answer = ask_json("import_sightings", real("ira/authors.csv"))
    assert (answer.code, answer.document["added"]) == (2, 0)
    assert "posted_at and text are missing" in answer.document["error"]
