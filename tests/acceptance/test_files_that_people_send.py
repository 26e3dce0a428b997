"""Every way in which a file of sightings comes damaged: a sentence with row and field, good rows stay, no traceback."""

import csv
import gzip
import json
import os

import pytest

from planner.claims.models import Sighting
from tests.acceptance.stranger import GOOD, IMPORT, SIGHTINGS, ask, ask_json, written

pytestmark = pytest.mark.django_db
WHOLE = (SIGHTINGS + GOOD).encode()

UNREADABLE = {
    "nothing at all": (b"", "empty"),
    "a byte order mark alone": (b"\xef\xbb\xbf", "empty"),
    "blank lines": (b"\n \n\n", "empty"),
    "UTF-16": (WHOLE.decode().encode("utf-16"), "UTF-16, expected UTF-8"),
    "UTF-16 without a mark": (WHOLE.decode().encode("utf-16-le"), "UTF-16, expected UTF-8"),
    "UTF-32": (WHOLE.decode().encode("utf-32"), "UTF-32, expected UTF-8"),
    "a picture": (b"\x89PNG\r\n\x1a\n" + b"\xff\xd8" * 900, "header (row 1) cannot be read"),
    "a spreadsheet": (b"PK\x03\x04" + b"\xff" * 900, ".xlsx"),
    "a page that asks to sign in": (
        b"<!doctype html>\n<title>Sign in</title>\n",
        "columns source, posted_at and text are",
    ),
    "a packed picture": (gzip.compress(b"\x89PNG\r\n\xff\xd8"), "header (row 1) cannot be read"),
    "packed twice": (gzip.compress(gzip.compress(WHOLE)), "packed twice"),
    "the head of a packed file": (gzip.compress(WHOLE)[:12], "cut off or damaged"),
    "lines that end in CR": (WHOLE.replace(b"\n", b"\r"), "CR alone"),
    "one column twice": (b"source,author,posted_at,text,text\n", "text appears twice"),
    "no id and no author": (b"source,posted_at,text\nsrc,2016-03-22T07:58:00Z,x\n", "external_id or author is missing"),
    "a NUL in the header": (WHOLE.replace(b"text", b"te\0xt"), "header (row 1) cannot be read"),
    "a JSON array": (b'[{"source": "s"}]', "JSON array"),
    "JSON over several lines": (b'{\n "source": "s"\n}\n', "spans several lines"),
}


@pytest.mark.parametrize(("content", "words"), UNREADABLE.values(), ids=UNREADABLE)
def test_a_file_of_which_nothing_can_be_read_is_refused_in_a_sentence(tmp_path, content, words):
    answer = ask_json("import_sightings", written(tmp_path, content))
    assert answer.code == 2
    assert words in answer.document["error"]
    assert answer.document["error"] in answer.err
    assert set(IMPORT) <= set(answer.document)
    assert not Sighting.objects.exists()


BAD_ROWS = {
    "no such month": ("2016-13-01T00:00Z,x", "posted_at", "not a date and time"),
    "day first": ("22.03.2016 07:58,x", "posted_at", "not a date and time"),
    "a date alone": ("2016-03-22,x", "posted_at", "a date without a time"),
    "no offset": ("2016-03-22 07:58,x", "posted_at", "no offset: write 2016-03-22 07:58Z"),
    "seconds since 1970": ("1458633480,x", "posted_at", "not a date and time"),
    "a year too early": ("0001-01-01T00:00:00+14:00,x", "posted_at", "a year outside of the calendar"),
    "a year to come": ("2999-03-22T07:58:00Z,x", "posted_at", "in the future"),
    "no moment": (",x", "posted_at", "missing value"),
    "no words": ("2016-03-22T07:58:00Z,", "text", "missing value"),
    "a field too many": ("2016-03-22T07:58:00Z,x,y", "", "6 fields, but the header has 5"),
    "a NUL": ("2016-03-22T07:58:00Z,x\0y", "text", "NUL as ␀"),
    "another encoding": (b"2016-03-22T07:58:00Z,caf\xe9", "text", "0xE9"),
    "ten megabytes": ("2016-03-22T07:58:00Z," + "x" * 10 * 2**20, "text", "10,485,760 characters"),
    "a quote too many": ('2016-03-22T07:58:00Z,"oops', "", "quotation mark is missing"),
}


@pytest.mark.parametrize(("row", "field", "words"), BAD_ROWS.values(), ids=BAD_ROWS)
def test_a_bad_row_is_named_with_its_field_and_costs_no_other(tmp_path, row, field, words):
    bad = row if isinstance(row, bytes) else row.encode()
    path = written(
        tmp_path, (SIGHTINGS + GOOD).encode() + b"src,bad,a," + bad + b"\n" + GOOD.replace("good", "last").encode()
    )
    answer = ask_json("import_sightings", path)
    assert (answer.code, answer.counts) == (1, (3, 2, 0, 1))
    [reject] = answer.document["rejects"]
    assert (reject["row"], reject["field"]) == (3, field)
    assert words in reject["reason"]
    assert len(reject["value"]) <= 61
    told = ask("import_sightings", path).err
    assert f"row 3, {field}" in told if field else "row 3:" in told


@pytest.mark.parametrize(
    ("zone", "twice", "never"),
    [
        ("Europe/Berlin", "2016-10-30T02:30:00", "2016-03-27T02:30:00"),
        ("America/New_York", "2016-11-06T01:30:00", "2016-03-13T02:30:00"),
        ("Asia/Baghdad", "2007-10-01T03:30:00", "2007-04-01T03:30:00"),
        ("Australia/Lord_Howe", "2016-04-03T01:45:00", "2016-10-02T02:15:00"),
    ],
)
def test_both_odd_nights_of_a_zone_are_refused_with_what_to_write_and_the_mended_file_comes_in(
    tmp_path, zone, twice, never
):
    rows = f"src,1,a,{twice},x\nsrc,2,a,{never},x\nsrc,3,a,2016-06-01T12:00,x\nsrc,4,a,{twice}Z,x\n"
    rejects = tmp_path / "rejects.csv"
    answer = ask_json("import_sightings", written(tmp_path, SIGHTINGS + rows), "--zone", zone, "--rejects", rejects)
    assert (answer.code, answer.counts) == (1, (4, 2, 0, 2))
    ambiguous, skipped = (reject["reason"] for reject in answer.document["rejects"])
    assert f"ambiguous in {zone}" in ambiguous
    assert f"does not exist in {zone}" in skipped
    advised = ambiguous.split("write ")[1].split(" or ")[0]
    rejects.write_text(rejects.read_text().replace(f",{twice},", f",{advised},").replace(f",{never},", f",{never}Z,"))
    again = ask_json("import_sightings", rejects, "--zone", zone, "--rejects", rejects)
    assert (again.code, again.counts, again.document["notes"]) == (0, (2, 2, 0, 0), [])


GOOD_FILES = {
    "with a mark and CRLF": (b"\xef\xbb\xbf" + WHOLE.replace(b"\n", b"\r\n"), 1),
    "with semicolons": (WHOLE.replace(b",", b";"), 1),
    "with tabs": (WHOLE.replace(b",", b"\t"), 1),
    "without a last line feed": (WHOLE.rstrip(), 1),
    "with quotes and line feeds": ((SIGHTINGS + 'src,1,a,2016-03-22T07:58:00Z,"two\r\nlines, ""so"""\n').encode(), 1),
    "with emoji, U+FFFD and marks": (WHOLE.replace(b"words", "🔥\ufffd\u200f مرحبا".encode()), 1),
    "packed": (gzip.compress(WHOLE), 1),
    "packed in two parts": (gzip.compress(SIGHTINGS.encode()) + gzip.compress(GOOD.encode()), 1),
    "with a header alone": (SIGHTINGS.encode(), 0),
}


@pytest.mark.parametrize(("content", "rows"), GOOD_FILES.values(), ids=GOOD_FILES)
def test_an_odd_but_whole_file_is_read(tmp_path, content, rows):
    answer = ask_json("import_sightings", written(tmp_path, content))
    assert (answer.code, answer.counts) == (0, (rows, rows, 0, 0))
    assert Sighting.objects.count() == rows
    assert bool(answer.document["notes"]) is (rows == 0)


def test_lists_are_split_at_semicolons_and_unknown_columns_are_told(tmp_path):
    path = written(
        tmp_path, "source,external_id,posted_at,text,hashtags,shoe_size\nsrc,1,2016-03-22T07:58:00Z,x,#a; b;;c,42\n"
    )
    answer = ask_json("import_sightings", path)
    assert answer.document["notes"] == ["Columns that are not used: shoe_size."]
    assert Sighting.objects.get().hashtags == ["a", "b", "c"]


def test_the_archive_of_x_is_known_by_its_columns(tmp_path):
    header = (
        "tweetid,userid,user_display_name,user_screen_name,user_reported_location,follower_count,tweet_language,"
        "tweet_text,tweet_time,tweet_client_name,is_retweet,retweet_tweetid,hashtags,urls,user_mentions\n"
    )
    rows = '1,u,n,u,"","1",en,"say ""it""\nagain",2016-03-22 07:58,Web,False,,"[a, b]","[https://x.example/1]",[]\n'
    rows += "2,u,n,u,,1,en,x,22/03/2016,Web,True,77,[],[],[]\n"
    for form in ((), ("--format", "twitter-io")):
        answer = ask_json("import_sightings", written(tmp_path, header + rows), *form)
        assert answer.code == 1
        assert [(r["row"], r["field"]) for r in answer.document["rejects"]] == [(3, "tweet_time")]
    one = Sighting.objects.get()
    assert (one.external_id, one.hashtags, one.url) == ("1", ["a", "b"], "https://x.example/1")
    assert one.posted_at.isoformat() == "2016-03-22T07:58:00+00:00"


def test_json_lines_are_refused_one_by_one_and_mended_likewise(tmp_path):
    whole = {"source": "s", "external_id": 1, "posted_at": "2016-03-22T07:58:00Z", "text": "x"}
    lines = [whole, {**whole, "external_id": 2, "text": {"a": 1}}, {**whole, "external_id": 3, "posted_at": "never"}]
    text = "\n".join([*map(json.dumps, lines), "not json", "[" * 100_000])
    rejects = tmp_path / "rejects.jsonl"
    answer = ask_json("import_sightings", written(tmp_path, text, "in.jsonl"), "--rejects", rejects)
    assert (answer.code, answer.counts) == (1, (5, 1, 0, 4))
    assert [(r["row"], r["field"]) for r in answer.document["rejects"]] == [
        (2, "text"),
        (3, "posted_at"),
        (4, ""),
        (5, ""),
    ]
    mended = [json.loads(line) for line in rejects.read_text().splitlines()][:2]
    mended[0]["text"], mended[1]["posted_at"] = "words", "2016-03-22T08:00:00Z"
    again = ask_json("import_sightings", written(tmp_path, "\n".join(map(json.dumps, mended)), "mended.jsonl"))
    assert (again.code, again.counts, again.document["notes"]) == (0, (2, 2, 0, 0), [])


def test_a_file_that_cannot_be_opened_is_said(tmp_path):
    for path, words in ((tmp_path, "Is a directory"), (tmp_path / "none.csv", "No such file")):
        answer = ask_json("import_sightings", path)
        assert answer.code == 2
        assert words in answer.document["error"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_said(tmp_path):
    path = written(tmp_path, WHOLE)
    path.chmod(0)
    assert "Permission denied" in ask_json("import_sightings", path).document["error"]


def test_rejects_that_cannot_be_kept_are_said_before_a_row_is_taken_in(tmp_path):
    path = written(tmp_path, SIGHTINGS + GOOD + "src,bad,a,never,x\n")
    for place in (tmp_path, tmp_path / "no" / "such.csv", path / "below.csv", "/proc/rejects.csv"):
        answer = ask_json("import_sightings", path, "--rejects", place)
        assert (answer.code, answer.document["rows"]) == (2, 0)
        assert str(place) in answer.document["error"] or str(place.parent) in answer.document["error"]
    assert not Sighting.objects.exists()
    assert not [one for one in tmp_path.iterdir() if one != path]


def test_a_device_is_never_replaced_by_a_file_of_rejects(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    answer = ask_json("import_sightings", written(tmp_path, SIGHTINGS + "src,bad,a,never,x\n"), "--rejects", pipe)
    assert (answer.code, pipe.is_fifo()) == (2, True)


def test_rejects_of_rejects_keep_their_columns(tmp_path):
    rejects = tmp_path / "rejects.csv"
    ask("import_sightings", written(tmp_path, SIGHTINGS + "src,bad,a,never,x\n"), "--rejects", rejects)
    first = rejects.read_text()
    assert ask_json("import_sightings", rejects, "--rejects", rejects).counts == (1, 0, 0, 1)
    assert rejects.read_text() == first
    [row] = csv.DictReader(first.splitlines())
    assert (row["reject_row"], row["reject_field"], row["external_id"]) == ("2", "posted_at", "bad")


def test_a_packed_file_that_is_cut_keeps_its_rows_and_leaves_with_one(tmp_path):
    rows = "".join(f"src,{n},a,2016-03-22T07:58:00Z,text {n * 7919 % 10007}\n" for n in range(5000))
    packed = gzip.compress((SIGHTINGS + rows).encode())
    path = written(tmp_path, packed[: len(packed) // 2], "in.csv.gz")
    answer = ask_json("import_sightings", path)
    rows_read, added, _, rejected = answer.counts
    assert (answer.code, rejected) == (1, 0)
    assert 0 < added == rows_read < 5000
    assert "Fetch the file again" in answer.document["findings"][0]
    path.write_bytes(packed)
    assert ask_json("import_sightings", path).counts == (5000, 5000 - added, added, 0)
