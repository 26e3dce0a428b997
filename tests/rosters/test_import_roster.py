"""A roster comes as a file: good rows stay, bad ones are named with row and field, twice is once."""

import csv
import io
import json
from datetime import UTC, datetime

import pytest
from django.core.management import call_command

from planner.journal.models import Entry
from planner.people.models import User
from planner.rosters import selectors
from planner.rosters.models import Leave, Shift

pytestmark = pytest.mark.django_db
HEADER = "person,email,zone,roles,languages,kind,start,end,rule"
LAYLA = "Layla Hasan,layla@example.org,Asia/Baghdad,officer;duty,ar;en"
TOM = "Tom Baker,tom@example.org,Europe/London,approver,en"


@pytest.fixture
def bring(tmp_path):
    """Import rows; returns the exit code and the JSON document."""

    def importing(*rows, options=(), header=HEADER, name="roster.csv"):
        file = tmp_path / name
        if rows:
            file.write_text("\n".join([header, *rows]) + "\n", encoding="utf-8")
        out, code = io.StringIO(), 0
        try:
            call_command("import_roster", str(file), *options, "--json", stdout=out, stderr=io.StringIO())
        except SystemExit as leaving:
            code = leaving.code
        return code, json.loads(out.getvalue())

    return importing


def test_a_file_makes_people_shifts_on_call_duty_and_leave_known(bring):
    code, said = bring(
        f"{LAYLA},on_call,2014-06-09T22:00,2014-06-10T06:00,",
        f"{TOM},desk,2014-06-09T09:00+01:00,2014-06-09T17:00+01:00,",
        f"{LAYLA},leave,2014-06-10T04:00,2014-06-12T00:00,",
    )

    assert (code, said["rows"], said["added"], said["duplicates"], said["rejected"]) == (0, 3, 3, 0, 0)
    (duty,) = selectors.on_watch(datetime(2014, 6, 9, 20, 0, tzinfo=UTC))
    assert (duty.name, duty.kind, duty.roles, duty.languages) == (
        "Layla Hasan",
        "on_call",
        {"officer", "duty"},
        {"ar", "en"},
    )
    assert duty.span.start == datetime(2014, 6, 9, 19, 0, tzinfo=UTC)
    assert selectors.on_watch(datetime(2014, 6, 10, 2, 0, tzinfo=UTC)) == [], "Layla went on leave at 04:00"
    assert User.objects.get(email="tom@example.org").zone == "Europe/London"


def test_the_same_file_twice_changes_nothing(bring):
    rows = [
        f"{LAYLA},on_call,2014-06-09T22:00,2014-06-10T06:00,FREQ=DAILY;COUNT=5",
        f"{TOM},desk,2014-06-09T09:00,2014-06-09T17:00,",
        f"{TOM},leave,2014-06-10T09:00,2014-06-10T17:00,",
    ]
    bring(*rows)
    before = (User.objects.count(), Shift.objects.count(), Leave.objects.count(), Entry.objects.count())

    code, said = bring(*rows)

    assert (code, said["added"], said["duplicates"]) == (0, 0, 3)
    assert (User.objects.count(), Shift.objects.count(), Leave.objects.count(), Entry.objects.count()) == before
    assert before[1] == 6


@pytest.mark.parametrize(
    ("row", "field", "reason"),
    [
        (f"{TOM},desk,2014-10-26T01:30,2014-10-26T09:00,", "start", "ambiguous in Europe/London"),
        (f"{TOM},desk,2014-03-30T01:30,2014-03-30T09:00,", "start", "does not exist in Europe/London"),
        (f"{TOM},desk,2014-06-09T17:00,2014-06-09T09:00,", "end", "not after the start, which is 2014-06-09T17:00"),
        (f"{TOM},desk,June 9th,2014-06-09T09:00,", "start", "not a date and time"),
        (f"{TOM},lunch,2014-06-09T17:00,2014-06-09T19:00,", "kind", "expected one of desk, on_call, leave"),
        (
            "A B,a@example.org,Bagdad,duty,ar,desk,2014-06-09T17:00,2014-06-09T19:00,",
            "zone",
            "did you mean Asia/Baghdad?",
        ),
        ("A B,a@example.org,,duty,ar,desk,2014-06-09T17:00,2014-06-09T19:00,", "start", "name the zone of local times"),
        ("A B,a@example.org,UTC,king,ar,desk,2014-06-09T17:00,2014-06-09T19:00,", "roles", "not a role on watch"),
        (
            "A B,a@example.org,UTC,administrator,,desk,2014-06-09T17:00,2014-06-09T19:00,",
            "roles",
            "not a role on watch",
        ),
        ("A B,a at home,UTC,duty,ar,desk,2014-06-09T17:00,2014-06-09T19:00,", "email", "not an e-mail address"),
        (",a@example.org,UTC,duty,ar,desk,2014-06-09T17:00,2014-06-09T19:00,", "person", "missing value"),
        (f"{TOM},leave,2014-06-09T17:00,2014-06-09T19:00,FREQ=DAILY", "rule", "leave does not recur"),
        (
            f"{TOM},desk,2014-06-09T17:00,2014-06-09T19:00,EVERY DAY",
            "rule",
            "is not a rule for shifts; expected one such",
        ),
        (
            f"{LAYLA},desk,2014-06-09T23:00,2014-06-09T23:30,",
            "start",
            "Layla Hasan is on watch then already: on call, Mon 9 Jun 2014 22:00 – 06:00 Asia/Baghdad.",
        ),
    ],
)
def test_a_bad_row_is_named_with_its_field_and_the_good_ones_stay(bring, row, field, reason):
    code, said = bring(f"{LAYLA},on_call,2014-06-09T22:00,2014-06-10T06:00,", row)

    assert (code, said["added"], said["rejected"]) == (1, 1, 1)
    (reject,) = said["rejects"]
    assert (reject["row"], reject["field"]) == (3, field)
    assert reason in reject["reason"]
    assert User.objects.count() == 1, "nothing of a refused row is kept"


def test_a_mended_rejects_file_can_be_imported_again(bring, tmp_path):
    rejects = tmp_path / "again.csv"
    bring(
        f"{LAYLA},on_call,2014-06-09T22:00,2014-06-10T06:00,",
        "Tom Baker,tom@example.org,Europe/Londn,approver,en,desk,2014-06-09T09:00,2014-06-09T17:00,",
        options=["--rejects", str(rejects)],
    )
    with rejects.open(encoding="utf-8") as stream:
        (refused,) = csv.DictReader(stream)
    rejects.write_text(rejects.read_text(encoding="utf-8").replace("Londn,", "London,"), encoding="utf-8")

    code, said = bring(name="again.csv")

    assert (refused["reject_row"], refused["reject_field"]) == ("3", "zone")
    assert (code, said["added"]) == (0, 1)


def test_a_rule_is_kept_in_the_persons_wall_time(bring):
    bring(f"{TOM},desk,2014-03-28T22:00,2014-03-29T06:00,FREQ=DAILY;COUNT=4")

    starts = [shift.during.lower.isoformat() for shift in Shift.objects.order_by("during")]

    assert starts[1:3] == ["2014-03-29T22:00:00+00:00", "2014-03-30T21:00:00+00:00"]


def test_local_times_without_a_zone_in_the_row_take_the_one_of_the_command(bring):
    bring("A B,a@example.org,,duty,ar,desk,2014-06-09T22:00,2014-06-09T23:00,", options=["--zone", "Asia/Baghdad"])

    assert Shift.objects.get().during.lower == datetime(2014, 6, 9, 19, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "options", "said"),
    [
        ("person,kind,start", [], "The column end is missing; the columns found are: person, kind, start."),
        (
            HEADER,
            ["--zone", "Bagdad"],
            "--zone: “Bagdad” is not a time zone of the IANA database; did you mean Asia/Baghdad",
        ),
    ],
)
def test_a_file_of_which_nothing_can_be_read_ends_with_two(bring, header, options, said):
    code, told = bring("a,b,c", header=header, options=options)

    assert code == 2
    assert told["error"].startswith(said)
