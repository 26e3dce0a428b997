"""The manners of every import: what is read, what is refused and how it is told."""

import csv
import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from planner.journal.core.intake import Fault, Outcome, Reject, Unreadable, parse_instant
from planner.journal.intake import Intake
from planner.journal.rejects import finish, refuse_file

HEADER = "name,at,text\n"


def read(path: Path, *, rejects: Path | None = None, required=("name", "at"), known=("text",)):
    """Every row's values, and the intake afterwards."""
    with Intake(path, rejects=rejects) as intake:
        rows = []
        for row in intake.rows(required=required, known=known):
            try:
                row.need("name")
                row.need_instant("at")
                rows.append(row)
            except Fault as fault:
                intake.refuse(row, fault)
    return rows, intake.outcome(added=len(rows), duplicates=0)


def written(tmp_path: Path, content: str | bytes, name: str = "in.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_rows_are_numbered_as_in_a_spreadsheet(tmp_path):
    path = written(tmp_path, HEADER + 'a,2016-03-22T07:58:00Z,"two\nlines"\nb,2016-03-22T08:00:00Z,x\n')
    rows, outcome = read(path)
    assert [(row.number, row.values["name"]) for row in rows] == [(2, "a"), (3, "b")]
    assert rows[0].values["text"] == "two\nlines"
    assert outcome.document() | {"seconds": 0} == {
        "rows": 2, "added": 2, "duplicates": 0, "rejected": 0, "seconds": 0, "rejects_file": None,
        "rejects": [], "findings": [], "notes": [],
    }  # fmt: skip


def test_a_missing_column_is_named_beside_those_that_were_found(tmp_path):
    with pytest.raises(Unreadable, match=r"column at is missing; the columns found are: name, text"):
        read(written(tmp_path, "name,text\na,b\n"))


def test_unknown_columns_are_noted_and_not_fatal(tmp_path):
    rows, outcome = read(written(tmp_path, "name,at,mood\na,2016-03-22T07:58Z,sad\n"))
    assert len(rows) == 1
    assert outcome.notes == ["Columns that are not used: mood."]
    assert outcome.exit_code == 0


def test_a_byte_that_is_not_utf_8_is_refused_with_row_field_and_offset_and_the_others_stay(tmp_path):
    head = HEADER.encode() + b"a,2016-03-22T07:58Z,fine\n"
    path = written(tmp_path, head + b"b,2016-03-22T07:58Z,caf\xe9\nc,2016-03-22T07:58Z,fine\n")
    rejects = tmp_path / "bad.csv"
    rows, outcome = read(path, rejects=rejects)
    assert [row.values["name"] for row in rows] == ["a", "c"]
    [reject] = outcome.rejects
    assert (reject.row, reject.field, reject.value) == (3, "text", "café")
    assert f"0xE9 at offset {len(head) + 23}" in reject.reason
    assert "UTF-8" in reject.reason
    assert "café" in rejects.read_text()


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_is_named_with_its_mend(tmp_path, encoding):
    with pytest.raises(Unreadable, match=r"UTF-16, expected UTF-8.*iconv"):
        read(written(tmp_path, (HEADER + "a,2016-03-22T07:58Z,x\n").encode(encoding)))


@pytest.mark.parametrize(
    ("content", "words"),
    [(b"", "empty"), (b"\n\n", "empty"), (b"PK\x03\x04...", "spreadsheet"), (b'[{"a": 1}]', "JSON array")],
)
def test_other_kinds_of_files_are_told_apart(tmp_path, content, words):
    with pytest.raises(Unreadable, match=words):
        read(written(tmp_path, content))


def test_a_byte_order_mark_semicolons_and_windows_line_ends_are_taken(tmp_path):
    rows, _ = read(written(tmp_path, "\ufeffname;at;text\r\na;2016-03-22T07:58Z;x,y\r\n"))
    assert rows[0].values == {"name": "a", "at": "2016-03-22T07:58Z", "text": "x,y"}


@pytest.mark.parametrize("share", [0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.99])
def test_a_truncated_gzip_keeps_the_whole_rows_up_to_there(tmp_path, share):
    lines = "".join(f"n{n},2016-03-22T07:58:{n % 60:02}Z,text {n * 7919 % 104729}\n" for n in range(5_000))
    packed = gzip.compress((HEADER + lines).encode())
    rows, outcome = read(written(tmp_path, packed[: int(len(packed) * share)], "in.csv.gz"))
    assert 100 < len(rows) < 5_000
    assert [row.values["text"] for row in rows] == [f"text {n * 7919 % 104729}" for n in range(len(rows))]
    assert outcome.rejected == 0
    assert "cut off" in outcome.findings[0]
    assert outcome.exit_code == 1


def test_a_quotation_mark_never_closed_costs_one_row(tmp_path):
    good = "".join(f"n{n},2016-03-22T07:58Z,x\n" for n in range(5))
    rows, outcome = read(written(tmp_path, HEADER + good + 'bad,2016-03-22T07:58Z,"open\n' + good))
    assert len(rows) == 10
    assert [(r.row, r.reason.startswith("a quotation mark is missing")) for r in outcome.rejects] == [(7, True)]


def test_a_field_of_ten_megabytes_is_refused_by_name_and_reading_goes_on(tmp_path):
    long = "x" * 10 * 2**20
    path = written(tmp_path, HEADER + f"a,2016-03-22T07:58Z,{long}\nb,2016-03-22T07:58Z,fine\n")
    rows, outcome = read(path)
    assert [row.values["name"] for row in rows] == ["b"]
    assert (outcome.rejects[0].row, outcome.rejects[0].field) == (2, "text")
    assert "10,485,760 characters" in outcome.rejects[0].reason
    assert len(outcome.rejects[0].value) < 100


def test_a_nul_and_a_row_that_is_too_wide_are_refused(tmp_path):
    content = HEADER + "a,2016-03-22T07:58Z,x\0y\nb,2016-03-22T07:58Z,x,y\nc,2016-03-22T07:58Z,x\n"
    rows, outcome = read(written(tmp_path, content))
    assert [row.values["name"] for row in rows] == ["c"]
    assert ("NUL byte at offset" in outcome.rejects[0].reason, outcome.rejects[0].field) == (True, "text")
    assert outcome.rejects[1].reason.startswith("4 fields, but the header has 3")


def test_the_rejects_file_can_be_mended_and_imported_again_over_itself(tmp_path):
    rejects = tmp_path / "bad.csv"
    path = written(tmp_path, "name,at,mood\na,yesterday,x\nb,2016-03-22T07:58Z,y\n,2016-03-22T07:58Z,z\n")
    _, outcome = read(path, rejects=rejects)
    assert outcome.rejects_file == str(rejects)
    table = list(csv.DictReader(rejects.open()))
    assert [(r["reject_row"], r["reject_field"], r["mood"]) for r in table] == [("2", "at", "x"), ("4", "name", "z")]
    rejects.write_text(rejects.read_text().replace("yesterday", "2016-03-22T07:58Z"))
    rows, again = read(rejects, rejects=rejects)
    assert [row.values["name"] for row in rows] == ["a"]
    assert again.notes == ["Columns that are not used: mood."]
    assert rejects.read_text().splitlines()[0] == "name,at,mood,reject_row,reject_field,reject_reason"
    assert len(rejects.read_text().splitlines()) == 2


def test_json_lines_are_rows_too_and_their_rejects_are_json_lines(tmp_path):
    lines = [
        {"name": "a", "at": "2016-03-22T07:58Z", "tags": ["x", "y"]},
        {"name": "b", "at": 5},
        {"name": "\udce9", "at": "2016-03-22T07:58Z"},
        {"name": {"first": "c"}},
    ]
    content = "\n".join(map(json.dumps, lines)) + "\nnot json\n[1]\n"
    rejects = tmp_path / "bad.jsonl"
    rows, outcome = read(written(tmp_path, content, "in.jsonl"), rejects=rejects)
    assert rows[0].items("tags") == ["x", "y"]
    assert [(r.row, r.field) for r in outcome.rejects] == [(2, "at"), (3, "name"), (4, "name"), (5, ""), (6, "")]
    kept = [json.loads(line) for line in rejects.read_text().splitlines()]
    assert kept[0] == {"name": "b", "at": 5, "reject_row": 2, "reject_field": "at"} | {
        "reject_reason": outcome.rejects[0].reason
    }
    assert kept[3]["reject_line"] == "not json"


def test_a_row_that_lacks_an_end_of_line_counts(tmp_path):
    rows, _ = read(written(tmp_path, HEADER + "a,2016-03-22T07:58Z,last"))
    assert [row.values["text"] for row in rows] == ["last"]


@pytest.mark.parametrize(
    ("text", "zone", "instant"),
    [
        ("2016-03-22T07:58:00Z", None, datetime(2016, 3, 22, 7, 58, tzinfo=UTC)),
        ("2016-03-22T10:58:00+03:00", None, datetime(2016, 3, 22, 7, 58, tzinfo=UTC)),
        ("2016-03-22 10:58", "Asia/Baghdad", datetime(2016, 3, 22, 7, 58, tzinfo=UTC)),
        ("2016-03-22 10:58", "UTC", datetime(2016, 3, 22, 10, 58, tzinfo=UTC)),
    ],
)
def test_an_instant_is_read_in_utc(text, zone, instant):
    assert parse_instant(text, ZoneInfo(zone) if zone else None) == instant


@pytest.mark.parametrize(
    ("text", "zone", "words"),
    [
        ("22/03/2016 07:58", None, "not a date and time"),
        ("2016-03-22", None, "a date without a time"),
        ("2016-03-22T07:58", None, "no offset"),
        ("2016-03-27T02:30", "Europe/Brussels", "does not exist in Europe/Brussels"),
        ("2016-10-30T02:30", "Europe/Brussels", r"ambiguous.*02:30\+02:00 or 2016-10-30T02:30\+01:00"),
        ("0001-01-01T00:00+14:00", None, "outside of the calendar"),
        ("2016-02-30T07:58Z", None, "not a date and time"),
    ],
)
def test_a_time_that_cannot_be_known_is_refused_with_the_way_to_write_it(text, zone, words):
    with pytest.raises(Fault, match=words) as caught:
        parse_instant(text, ZoneInfo(zone) if zone else None, field_name="at")
    assert caught.value.field == "at"


def test_the_outcome_is_told_as_a_table_or_as_one_document_and_sets_the_exit_code():
    outcome = Outcome(rows=3, added=1, duplicates=1, rejected=1, rejects=[Reject(4, "at", "noon", "not a date")])
    out, err = io.StringIO(), io.StringIO()
    with pytest.raises(SystemExit) as left:
        finish(outcome, as_json=False, out=out, err=err)
    assert left.value.code == 1
    assert "row 4, at: “noon” not a date" in err.getvalue()
    assert "--rejects FILE" in err.getvalue()
    out = io.StringIO()
    finish(Outcome(rows=1, added=1), as_json=True, out=out, err=err)
    assert json.loads(out.getvalue())["rows"] == 1
    with pytest.raises(SystemExit) as left:
        refuse_file(Unreadable("The file is empty."), as_json=True, out=(out := io.StringIO()), err=err)
    assert left.value.code == 2
    assert json.loads(out.getvalue())["error"] == "The file is empty."
