"""`gaps` and `import_requirements`: a table for people, one document for programs, and exit codes."""

import io
import json
from datetime import timedelta

import pytest
from django.core.management import CommandError, call_command

from planner.coverage import selectors
from tests.coverage import rows

pytestmark = pytest.mark.django_db
PERIOD = ("--from", "2014-06-09", "--to", "2014-06-10")


def _run(*words):
    out, code = io.StringIO(), 0
    try:
        call_command(*words, stdout=out, stderr=io.StringIO())
    except SystemExit as leaving:
        code = leaving.code
    return code, out.getvalue()


def test_gaps_as_a_document():
    rows.desk()
    rows.channel()
    code, said = _run("gaps", *PERIOD, "--json")
    found = json.loads(said)
    assert code == 1
    assert {"from", "to", "covered_share", "weighted_covered_share", "gaps"} <= found.keys()
    assert found["from"] == "2014-06-08T21:00:00+00:00", "a date is the theatre's midnight"
    first = found["gaps"][0]
    assert {"start", "end", "missing", "expected_claims", "loss", "accepted"} <= first.keys()
    assert first["missing"] == ["seen", "drafted", "cleared"]
    assert {"why", "whole_again", "stand", "reaction", "half_life"} <= first.keys()
    assert first["why"][0] == {"link": "seen", "cause": "nobody", "words": "nobody is rostered"}
    assert found["assumptions"]["reactions"]["desk"] == {"minutes": 30, "source": "assumed"}
    assert found["covered_share"] == pytest.approx(14 / 24, abs=1e-5)


def test_gaps_as_a_table():
    code, said = _run("gaps", *PERIOD)
    assert code == 1
    assert "Mon 09 Jun 00:00" in said
    assert "No requirement is set" in said


def test_no_open_gap_is_success():
    rows.desk(rows.MORNING - timedelta(hours=8), rows.MORNING + timedelta(days=2))
    rows.channel()
    code, said = _run("gaps", *PERIOD, "--json")
    assert (code, json.loads(said)["gaps"]) == (0, [])


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--from", "yesterday"), "--from “yesterday”: not a date and time"),
        (("--from", "2014-06-10", "--to", "2014-06-09"), "--to must be after --from"),
    ],
)
def test_bad_input_is_named_and_exits_with_two(words, said):
    with pytest.raises(CommandError, match=said) as refused:
        call_command("gaps", *words)
    assert refused.value.returncode == 2


def test_a_role_may_stand_in_the_file_and_what_is_not_known_is_told_and_not_fatal(tmp_path):
    header = "link,role,language,days,from,to,colour"
    code, said = _import(
        tmp_path, "seen,duty,,mon-sun,00:00,24:00,red", "published,duty,,mon,00:00,24:00,", header=header
    )
    assert (code, said["added"], said["rejected"]) == (1, 1, 1)
    assert said["rejects"][0]["field"] == "role"
    assert selectors.standing_requirements().get().role == "duty"


def _import(tmp_path, *lines, header="link,language,days,from,to,zone,people"):
    file = tmp_path / "requirements.csv"
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    code, said = _run("import_requirements", str(file), "--json")
    return code, json.loads(said)


def test_requirements_come_as_a_file_and_twice_is_once(tmp_path):
    lines = ("seen,,mon-sun,00:00,24:00,Asia/Baghdad,1", "drafted,AR,fri;sat,22:00,04:00,,2")
    code, said = _import(tmp_path, *lines)
    assert (code, said["added"], said["duplicates"], said["rejected"]) == (0, 2, 0, 0)
    drafted = selectors.standing_requirements().get(link="drafted")
    assert (drafted.language, drafted.days, drafted.from_minute, drafted.to_minute) == ("ar", [4, 5], 1320, 240)
    assert (drafted.zone, drafted.people) == ("Asia/Baghdad", 2)
    code, said = _import(tmp_path, *lines)
    assert (code, said["added"], said["duplicates"]) == (0, 0, 2)


@pytest.mark.parametrize(
    ("line", "field", "reason"),
    [
        ("sent,,mon,00:00,24:00,,1", "link", "expected one of seen, drafted"),
        ("seen,,someday,00:00,24:00,,1", "days", "is not a day"),
        ("seen,,mon,25:00,24:00,,1", "from", "is not a time of day"),
        ("seen,,mon,24:00,04:00,,1", "from", "a day starts at 00:00"),
        ("seen,,mon,08:00,08:00,,1", "to", "00:00 to 24:00"),
        ("seen,,mon,08:00,,,1", "to", "missing value"),
        ("seen,,mon,00:00,24:00,Baghdad,1", "zone", "Asia/Baghdad"),
        ("seen,,mon,00:00,24:00,,two", "people", "whole number"),
    ],
)
def test_a_bad_row_is_named_and_the_good_ones_stay(tmp_path, line, field, reason):
    code, said = _import(tmp_path, line, "cleared,,mon-fri,08:00,18:00,,1")
    assert (code, said["added"], said["rejected"]) == (1, 1, 1)
    (reject,) = said["rejects"]
    assert (reject["row"], reject["field"]) == (2, field)
    assert reason in reject["reason"]
