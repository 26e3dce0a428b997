"""The import commands: progress, counts, exit codes, rejects that can be mended, twice is once."""

import csv
import gzip
import json
from pathlib import Path

import pytest
from django.core.management import call_command

from planner.claims.models import Claim, Flood, Sighting
from planner.journal.models import Entry
from tests.claims.files import CLAIMS, SIGHTINGS, run, written

pytestmark = pytest.mark.django_db
GOOD = "src,1,a,2016-03-22T07:58:00Z,words\nsrc,2,b,2016-03-22T10:59:00+03:00,more words\n"
IRA = Path(__file__).parents[3] / "shared/data/ira"
BRUSSELS = IRA / "all_2016-03-14_2016-03-27_brussels.csv.gz"


def test_a_file_is_imported_once_however_often_it_is_given(tmp_path, capsys):
    path = written(tmp_path, SIGHTINGS + GOOD)
    assert run(capsys, "import_sightings", path)[0] == 0
    code, document = run(capsys, "import_sightings", path)
    assert (code, document["rows"], document["added"], document["duplicates"]) == (0, 2, 0, 2)
    assert Sighting.objects.count() == 2
    entries = Entry.objects.filter(milestone="imported").order_by("seq")
    assert [entry.detail["added"] for entry in entries] == [2, 0]
    assert (entries[0].subject, entries[0].actor) == ("file:in.csv", "import")
    assert not Entry.objects.exclude(milestone="imported").exists()


def test_good_rows_stay_bad_rows_are_listed_mended_and_imported_again(tmp_path, capsys):
    bad = (
        "src,3,c,yesterday,words\n"
        "src,4,d,2016-03-27T02:30:00,words\n"
        "src,5,e,2016-10-30T02:30:00,words\n"
        "src,6,f,2016-03-22T09:00:00Z,\n"
    )
    rejects = tmp_path / "rejects.csv"
    path = written(tmp_path, SIGHTINGS + GOOD + bad)
    code, document = run(capsys, "import_sightings", path, "--zone", "Europe/Brussels", "--rejects", rejects)
    assert (code, document["added"], document["rejected"], document["rejects_file"]) == (1, 2, 4, str(rejects))
    told = [(r["row"], r["field"], r["reason"]) for r in document["rejects"]]
    assert [(row, field) for row, field, _ in told] == [
        (4, "posted_at"),
        (5, "posted_at"),
        (6, "posted_at"),
        (7, "text"),
    ]
    for (_, _, reason), words in zip(
        told, ("ISO 8601", "does not exist in", "ambiguous in", "missing value"), strict=True
    ):
        assert words in reason
    table = list(csv.DictReader(rejects.open()))
    assert (table[0]["external_id"], table[0]["reject_row"], table[0]["reject_field"]) == ("3", "4", "posted_at")
    mended = (
        rejects.read_text().replace("yesterday", "2016-03-22T09:00").replace("2016-03-27T02:30", "2016-03-27T03:30")
    )
    mended = mended.replace("2016-10-30T02:30:00", "2016-10-30T02:30:00+01:00")
    mended = mended.replace("2016-03-22T09:00:00Z,,", "2016-03-22T09:00:00Z,now with words,")
    rejects.write_text(mended)
    code, document = run(capsys, "import_sightings", rejects, "--zone", "Europe/Brussels", "--rejects", rejects)
    assert (code, document["added"], document["rejected"], document["notes"]) == (0, 4, 0, [])


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("source,posted_at\na,b\n", "column text is missing; the columns found are: source, posted_at"),
        ("", "empty"),
        ((SIGHTINGS + GOOD).encode("utf-16"), "UTF-16"),
        (gzip.compress((SIGHTINGS + GOOD).encode())[:11], "gzip file is cut off"),
    ],
    ids=["missing column", "empty", "UTF-16", "gzip cut at its head"],
)
def test_a_file_of_which_nothing_can_be_read_leaves_with_two_and_says_why(tmp_path, capsys, content, words):
    code, document = run(capsys, "import_sightings", written(tmp_path, content))
    assert (code, document["rows"]) == (2, 0)
    assert words in document["error"]
    assert not Entry.objects.exists()


def test_a_file_that_is_not_there_or_a_zone_that_is_none_leaves_with_two(tmp_path, capsys):
    assert "cannot be opened" in run(capsys, "import_sightings", tmp_path / "none.csv")[1]["error"]
    path = written(tmp_path, SIGHTINGS + GOOD)
    code, document = run(capsys, "import_sightings", path, "--zone", "Baghdad")
    assert (code, "did you mean Asia/Baghdad" in document["error"]) == (2, True)


def test_wrong_bytes_nul_and_a_field_of_ten_megabytes_cost_their_rows_only(tmp_path, capsys):
    rows = [b"src,7,a,2016-03-22T07:58:00Z,caf\xe9", b"src,8,a,2016-03-22T07:58:00Z,x\0y"]
    rows.append(b"src,9,a,2016-03-22T07:58:00Z," + b"x" * 10 * 2**20)
    path = written(tmp_path, (SIGHTINGS + GOOD).encode() + b"\n".join(rows) + b"\nsrc,10,a,2016-03-22T07:58:00Z,last\n")
    code, document = run(capsys, "import_sightings", path, "--rejects", tmp_path / "bad.csv")
    assert (code, document["added"], document["rejected"]) == (1, 3, 3)
    assert [(r["row"], r["field"]) for r in document["rejects"]] == [(4, "text"), (5, "text"), (6, "text")]
    assert "0xE9" in document["rejects"][0]["reason"]
    assert "10,485,760 characters" in document["rejects"][2]["reason"]


def test_a_truncated_gzip_keeps_its_rows_and_says_so(tmp_path, capsys):
    rows = "".join(f"src,{n},a,2016-03-22T07:58:00Z,text {n * 7919 % 10007}\n" for n in range(20_000))
    packed = gzip.compress((SIGHTINGS + rows).encode())
    code, document = run(capsys, "import_sightings", written(tmp_path, packed[: len(packed) // 2], "cut.csv"))
    assert code == 1
    assert 0 < document["added"] == document["rows"] < 20_000
    assert "cut off" in document["findings"][0]


def test_json_lines_and_their_rejects(tmp_path, capsys):
    lines = [{"source": "s", "external_id": n, "posted_at": "2016-03-22T07:58:00Z", "text": "x"} for n in range(2)]
    lines.append({"source": "s", "external_id": 3, "posted_at": "never", "text": "x", "hashtags": ["a"]})
    path = written(tmp_path, "\n".join(map(json.dumps, lines)), "in.jsonl.gz")
    code, document = run(capsys, "import_sightings", path, "--rejects", tmp_path / "bad.jsonl")
    assert (code, document["added"], document["rejected"]) == (1, 2, 1)
    kept = json.loads((tmp_path / "bad.jsonl").read_text())
    assert (kept["hashtags"], kept["reject_field"]) == (["a"], "posted_at")


def test_people_are_told_in_a_table_and_the_first_faults_on_stderr(tmp_path, capsys):
    path = written(tmp_path, SIGHTINGS + GOOD + "src,3,c,yesterday,words\n")
    with pytest.raises(SystemExit):
        call_command("import_sightings", str(path))
    told = capsys.readouterr()
    assert "rows/s" in told.out
    assert "row 4, posted_at: “yesterday” not a date and time" in told.err


@pytest.mark.skipif(not BRUSSELS.exists(), reason="the real slices are not here: ../shared/data/ira")
def test_the_real_fortnight_is_imported_once_with_its_floods(capsys):
    code, document = run(capsys, "import_sightings", BRUSSELS)
    assert (code, document["rows"], document["rejected"]) == (0, 29_105, 0)
    assert document["added"] + document["duplicates"] == 29_105
    assert Flood.objects.count() >= 36
    again = run(capsys, "import_sightings", BRUSSELS, "--format", "ira")[1]
    assert (again["added"], again["duplicates"]) == (0, 29_105)


# claims ---------------------------------------------------------------------------------------------------------------
def test_claims_come_with_what_became_of_them(tmp_path, capsys):
    rows = (
        "c1,answered one,2016-03-22T08:00:00Z,,high,Panic,outlet,2016-03-22T08:47:00Z,,\n"
        "c2,declined one,2016-03-22T08:00:00Z,2016-03-22T08:10:00Z,,panic,,,2016-03-22T09:00:00Z,too small\n"
        "c3,open one,2016-03-22T08:00:00Z,,,,,,,\n"
    )
    path = written(tmp_path, CLAIMS + rows)
    code, document = run(capsys, "import_claims", path)
    assert (code, document["added"]) == (0, 3)
    one, two, three = Claim.objects.order_by("external_id")
    assert (one.state, one.severity, one.narrative.name, one.source.name) == ("answered", "high", "Panic", "outlet")
    assert (two.state, two.decision_reason, two.narrative) == ("declined", "too small", one.narrative)
    assert (three.state, three.severity, three.broke_latest) == ("unread", "medium", three.broke_earliest)
    answered = Entry.objects.get(claim=one.uuid, milestone="answered")
    assert answered.at.isoformat() == "2016-03-22T08:47:00+00:00"
    assert Entry.objects.get(claim=two.uuid, milestone="declined").at == two.decided_at
    count = Entry.objects.count()
    again = run(capsys, "import_claims", path)[1]
    assert (again["added"], again["duplicates"]) == (0, 3)
    assert Entry.objects.count() == count + 1


@pytest.mark.parametrize(
    ("row", "field", "words"),
    [
        (",x,2016-03-22T08:00:00Z,,,,,,,", "external_id", "missing value"),
        ("c,,2016-03-22T08:00:00Z,,,,,,,", "text", "missing value"),
        ("c,x,,,,,,,,", "broke_earliest", "missing value"),
        ("c,x,2016-03-22,,,,,,,", "broke_earliest", "a date without a time"),
        ("c,x,2999-03-22T08:00:00Z,,,,,,,", "broke_earliest", "in the future"),
        ("c,x,2016-03-22T08:00:00Z,2016-03-22T07:00:00Z,,,,,,", "broke_latest", "before broke_earliest"),
        ("c,x,2016-03-22T08:00:00Z,,huge,,,,,", "severity", "expected one of low, medium, high, critical"),
        ("c,x,2016-03-22T08:00:00Z,,,,,2016-03-22T07:00:00Z,,", "answered_at", "before broke_earliest"),
        ("c,x,2016-03-22T08:00:00Z,,,,,,2016-03-22T09:00:00Z,", "decline_reason", "says why"),
        ("c,x,2016-03-22T08:00:00Z,,,,,,,small", "declined_at", "no time"),
    ],
)
def test_a_claim_that_cannot_be_is_refused_by_row_and_field(tmp_path, capsys, row, field, words):
    code, document = run(
        capsys, "import_claims", written(tmp_path, f"{CLAIMS}{row}\nok,x,2016-03-22T08:00:00Z,,,,,,,\n")
    )
    assert (code, document["added"], document["rejected"]) == (1, 1, 1)
    assert (document["rejects"][0]["row"], document["rejects"][0]["field"]) == (2, field)
    assert words in document["rejects"][0]["reason"]
