"""Claims with real times of their answers, against lifelines; real cases of disinformation; floods made claims."""

import csv
import random
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from lifelines import KaplanMeierFitter

from planner.claims.models import Claim, Flood
from tests.acceptance.stranger import IMPORT, ask, ask_json, real, real_rows, written

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
FIELDS = ("external_id", "text", "broke_earliest", "answered_at", "declined_at", "decline_reason", "severity")
FEW = 300


def table(folder: Path, rows: list[dict[str, str]], fields: tuple[str, ...] = FIELDS) -> Path:
    path = folder / "claims.csv"
    with path.open("w", newline="") as stream:
        writer = csv.DictWriter(stream, fields)
        writer.writeheader()
        writer.writerows(rows)
    return path


def answered_claims() -> dict[str, tuple[datetime, datetime]]:
    """Each claim's moment and that of its first reply, of some hundred claims."""
    found: dict[str, tuple[datetime, datetime]] = {}
    for row in real_rows("rebuttal_latency/claim_reply_ids_dev.csv.gz"):
        broke, reply = datetime.fromisoformat(row["t0"]), datetime.fromisoformat(row["t1"])
        found[row["QueryID"]] = broke, min(reply, found.get(row["QueryID"], (broke, reply))[1])
    return dict(sorted(found.items())[:FEW])


def test_median_quantile_and_shares_are_those_of_lifelines_with_the_unanswered_counted(tmp_path):
    dice, rows, minutes, happened = random.Random(7), [], [], []
    for number, (broke, reply) in answered_claims().items():
        row = {
            "external_id": number,
            "text": f"claim {number}",
            "broke_earliest": broke.isoformat(),
            "severity": "high",
        }
        fate = dice.random()
        if fate < 0.15:
            minutes.append(1e9)
        elif fate < 0.25:
            declined = broke + dice.uniform(1, 600) * MINUTE
            row |= {"declined_at": declined.isoformat(), "decline_reason": "too small", "severity": "low"}
            minutes.append((declined - broke) / MINUTE)
        else:
            row["answered_at"] = reply.isoformat()
            minutes.append((reply - broke) / MINUTE)
        happened.append("answered_at" in row)
        rows.append(row)
    path = table(tmp_path, rows)
    assert ask_json("import_claims", path).counts == (FEW, FEW, 0, 0)
    assert ask_json("import_claims", path).counts == (FEW, 0, FEW, 0)
    answer = ask_json("latency", "--from", "2010-01-01", "--to", "2020-01-01", "--by", "severity,off_hours")
    document, curve = answer.document, KaplanMeierFitter().fit(minutes, happened)
    assert answer.code == 0
    assert {"claims", "answered", "declined", "open", "median", "p90", "within", "groups"} <= set(document)
    assert (document["claims"], document["answered"]) == (FEW, sum(happened))
    assert document["claims"] == document["answered"] + document["declined"] + document["open"]
    assert document["median"] == pytest.approx(curve.median_survival_time_, abs=1e-3)
    assert document["p90"] is None  # more than a tenth were never answered
    shares = {limit: 1 - float(curve.predict(int(limit))) for limit in document["within"]}
    assert document["within"] == pytest.approx(shares, abs=1e-6)
    groups = {(group["by"], group["value"]): group for group in document["groups"]}
    high = [index for index, row in enumerate(rows) if row["severity"] == "high"]
    alone = KaplanMeierFitter().fit([minutes[index] for index in high], [happened[index] for index in high])
    assert groups["severity", "high"]["median"] == pytest.approx(alone.median_survival_time_, abs=1e-3)
    assert groups["severity", "low"]["median"] is None
    assert sum(groups["off_hours", value]["claims"] for value in ("off_hours", "office_hours")) == FEW
    journal = ask_json("verify_journal")
    assert (journal.code, journal.document["ok"]) == (0, True)


def test_a_quantile_that_was_reached_is_a_number(tmp_path):
    broke = datetime.fromisoformat("2016-03-22T08:00:00+00:00")
    rows = [
        {"external_id": str(wait), "text": "x", "broke_earliest": broke.isoformat(),
         "answered_at": (broke + wait * MINUTE).isoformat()}
        for wait in (10, 20, 30, 40, 50, 60, 70, 80, 90, 100)
    ]  # fmt: skip
    assert ask("import_claims", table(tmp_path, rows)).code == 0
    document = ask_json("latency", "--from", "2016-03-22", "--to", "2016-03-23").document
    assert (document["median"], document["p90"]) == (50, 90)
    assert document["within"] == {"15": 0.1, "30": 0.3, "60": 0.6, "120": 1, "240": 1}


def test_real_cases_become_claims_once_each(tmp_path):
    fields = ("external_id", "text", "source", "language", "broke_earliest", "url", "narrative")
    rows = []
    for number, case in enumerate(real_rows("euvsdisinfo/disinfo_review_issues_03_60.csv", delimiter=";")[:FEW]):
        day, month, year = case["date"].split(".")
        rows.append(
            {
                "external_id": f"case-{number % 290}",
                "text": case["title"],
                "source": case["outlet"],
                "language": case["language"][:2].lower(),
                "broke_earliest": f"{year}-{month}-{day}T12:00",
                "narrative": case["keywords"].split(",")[0][:120],
            }
        )
    path = table(tmp_path, rows, fields)
    answer = ask_json("import_claims", path, "--zone", "Europe/Brussels")
    assert (answer.code, answer.counts) == (0, (FEW, 290, 10, 0))
    assert set(IMPORT) <= set(answer.document)
    assert Claim.objects.count() == 290
    without = ask_json("import_claims", table(tmp_path, rows[:1], fields))
    assert (without.code, without.document["rejects"][0]["field"]) == (1, "broke_earliest")


def test_the_floods_of_a_fortnight_made_claims_are_expected_in_the_gaps_of_the_next(tmp_path):
    """A roster with an empty night, an archive, its floods as claims: the gaps hold the share of claims they should."""
    assert ask("import_sightings", real("ira/all_2016-03-14_2016-03-27_brussels.csv.gz")).code == 0
    floods = list(Flood.objects.order_by("started_at"))
    assert len(floods) >= 36
    rows = [
        {"external_id": f"flood-{flood.pk}", "text": flood.text, "broke_earliest": flood.started_at.isoformat()}
        for flood in floods
    ]
    assert ask("import_claims", table(tmp_path, rows)).code == 0
    roster = "person,zone,roles,kind,start,end,rule\n"
    roster += "Layla,Asia/Baghdad,analyst;officer,desk,2016-03-28T08:00,2016-03-28T22:00,FREQ=DAILY;COUNT=7\n"
    needs = "link,days,from,to,zone\nseen,mon-sun,00:00,24:00,Asia/Baghdad\n"
    assert ask("import_roster", written(tmp_path, roster, "roster.csv")).code == 0
    assert ask("import_requirements", written(tmp_path, needs, "needs.csv")).code == 0
    week = ("--from", "2016-03-28", "--to", "2016-04-04")
    document = ask_json("gaps", *week).document
    assert document["covered_share"] == pytest.approx(14 / 24, abs=1e-6)
    assert len(document["gaps"]) == 8
    hours = ask_json("forecast", "--at", "2016-03-28", "--days", 7).document["hours"]
    total, in_gaps = sum(hour["expected"] for hour in hours), sum(gap["expected_claims"] for gap in document["gaps"])
    assert total == pytest.approx(len(floods) / 2, rel=0.35)
    assert document["weighted_covered_share"] == pytest.approx(1 - in_gaps / total, abs=0.02)
    assert all(0 <= gap["loss"] <= gap["expected_claims"] for gap in document["gaps"])
