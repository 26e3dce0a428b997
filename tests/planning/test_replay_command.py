"""`replay`: a roster file against the claims of a past period. Nothing of it comes onto the roster."""

import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from planner.claims.models import Flood
from planner.claims.services import mark_answered
from planner.people.models import User
from planner.rosters.models import Leave, Shift, ShiftRule, Team
from tests.coverage.rows import channel
from tests.factories import make_claim, make_person, make_shift

pytestmark = pytest.mark.django_db
HEADER = "person,email,zone,roles,languages,kind,start,end,rule"
PERIOD = ("--from", "2014-06-09", "--to", "2014-06-12")
FIRST = datetime(2014, 6, 9, 5, tzinfo=UTC)  # Monday 08:00 in Baghdad
HOUR = timedelta(hours=1)
CHAIN = (
    "Ali,ali@example.org,Asia/Baghdad,analyst,en,desk,2014-06-09T08:00,2014-06-09T16:00,FREQ=DAILY",
    "Basma,basma@example.org,Asia/Baghdad,officer,en;ar,desk,2014-06-09T08:00,2014-06-09T16:00,FREQ=DAILY",
    "Dina,dina@example.org,Asia/Baghdad,approver,en;ar,on_call,2014-06-09T08:00,2014-06-09T16:00,FREQ=DAILY",
)


def run(tmp_path, *lines, words=(), header=HEADER):
    file = tmp_path / "roster.csv"
    file.write_text("\n".join([header, *lines]) + "\n", encoding="utf-8")
    out, err, code = io.StringIO(), io.StringIO(), 0
    try:
        call_command("replay", "--roster", str(file), *PERIOD, *words, stdout=out, stderr=err)
    except SystemExit as leaving:
        code = leaving.code
    return code, out.getvalue()


def document(tmp_path, *lines, words=()):
    code, said = run(tmp_path, *lines, words=("--json", *words))
    return code, json.loads(said)


def test_the_document_says_what_would_have_been_answered_and_when(tmp_path):
    channel()
    make_claim(at=FIRST + HOUR, severity="high", language="ar")
    make_claim("At night", at=FIRST + 14 * HOUR)  # 22:00, answered the next morning
    code, found = document(tmp_path, *CHAIN)
    assert code == 0
    assert (found["claims"], found["answered"], found["unanswered"], found["basis"]) == (2, 2, 0, "claims")
    assert found["answered_within"] == {"15": 0, "30": 0, "60": 1, "120": 1, "240": 1}
    waits = [one["minutes"] for one in found["each"]]
    assert waits == [40, 10 * 60 + 40], "the approver is woken while others see and draft"
    assert found["loss"] == pytest.approx(sum(w * (1 - 2 ** -(m / 80)) for w, m in zip((2, 1), waits, strict=True)))
    assert [one["waited_for"] for one in found["each"]] == ["cleared", "seen"]
    assert [step["by"] for step in found["each"][0]["steps"]] == ["Ali", "Basma", "Dina", "Site"]
    assert (found["desk_hours"], found["on_call_hours"], found["hours"]) == (48, 24, 54)
    assert found["wake_ups"] == 2
    assert [(one["person"], one["wake_ups"]) for one in found["nights"]] == [("Dina", 1), ("Dina", 1)]
    assert found["truth"]["answered"] == 0


def test_nothing_is_written(tmp_path):
    channel()
    run(tmp_path, *CHAIN, "Ali,ali@example.org,Asia/Baghdad,,,leave,2014-06-10T00:00,2014-06-11T00:00,")
    assert [model.objects.count() for model in (User, Team, Shift, ShiftRule, Leave)] == [0] * 5


def test_leave_a_language_nobody_speaks_and_the_only_author_keep_claims_open(tmp_path):
    channel()
    make_claim(at=FIRST + HOUR, language="ru")
    make_claim(at=FIRST + 25 * HOUR, language="en")
    away = "Ali,ali@example.org,Asia/Baghdad,,,leave,2014-06-10T00:00,2014-06-11T00:00,"
    code, found = document(tmp_path, *CHAIN, away)
    assert code == 0
    assert [(one["missing"], one["waited_for"]) for one in found["each"]] == [("drafted", "drafted"), (None, "seen")]
    assert found["each"][1]["minutes"] == 23 * 60 + 40, "on Wednesday at 08:00 Ali is back"
    assert (found["unanswered"], found["claims"]) == (1, 2)
    alone = "Ali,ali@example.org,Asia/Baghdad,analyst;officer;approver,en,desk,2014-06-09T08:00,2014-06-11T16:00,"
    _, found = document(tmp_path, alone)
    assert [one["missing"] for one in found["each"]] == ["drafted", "cleared"]


def test_bad_rows_are_named_and_the_good_ones_are_used(tmp_path):
    channel()
    make_claim(at=FIRST + HOUR)
    bad = [
        "Omar,,Asia/Baghdad,officer,en,desk,2014-06-09T08:00,2014-06-09T07:00,",
        "Omar,,Asia/Baghdad,pilot,en,desk,2014-06-09T08:00,2014-06-09T16:00,",
        "Omar,,Asia/Baghdad,officer,en,desk,2014-06-09T08:00,2014-06-09T16:00,FREQ=SOMETIMES",
        "Ali,ali@example.org,Asia/Baghdad,analyst,en,desk,2014-06-10T15:00,2014-06-10T18:00,",
    ]
    rejects = tmp_path / "rejects.csv"
    code, found = document(tmp_path, *CHAIN, *bad, words=("--rejects", str(rejects)))
    assert (code, found["answered"], found["rejected"]) == (1, 1, 4)
    assert [(one["row"], one["field"]) for one in found["rejects"]] == [
        (5, "end"),
        (6, "roles"),
        (7, "rule"),
        (8, "start"),
    ]
    assert "overlaps another shift of Ali" in found["rejects"][-1]["reason"]
    assert len(rejects.read_text(encoding="utf-8").splitlines()) == 5


@pytest.mark.parametrize(
    ("lines", "header", "said"),
    [
        ((), "who,when", "person"),
        (("Ali,,,analyst,en,desk,2014-06-09T08:00,2014-06-09T16:00,",), HEADER, "--zone"),
    ],
)
def test_a_file_of_which_nothing_can_be_read_exits_with_two(tmp_path, lines, header, said):
    code, out = run(tmp_path, *lines, header=header, words=("--json",))
    assert (code, json.loads(out)["claims"]) == (2, 0)
    assert said in json.loads(out)["error"]


@pytest.mark.parametrize(
    ("words", "said"),
    [(("--from", "2014-06-13"), "--to must be after --from"), (("--to", "soon"), "--to “soon”")],
)
def test_a_period_that_cannot_be_is_named(tmp_path, words, said):
    with pytest.raises(CommandError, match=said) as refused:
        run(tmp_path, *CHAIN, words=words)
    assert refused.value.returncode == 2


def test_without_claims_floods_stand_for_them_and_without_a_channel_one_is_assumed(tmp_path):
    moment = FIRST + HOUR
    Flood.objects.create(fingerprint=1, started_at=moment, ended_at=moment, posts=9, accounts=6, text="x")
    code, found = document(tmp_path, *CHAIN)
    assert (code, found["basis"], found["claims"], found["truth"]) == (0, "floods", 1, None)
    assert found["assumptions"]["channel_assumed"]
    assert [note.split(";")[0].split(":")[0] for note in found["notes"]] == [
        "No claim broke in this period",
        "The register knows of no channel in this period",
    ]


def test_a_channel_that_was_held_is_waited_for(tmp_path):
    channel(start=FIRST + 3 * HOUR)
    make_claim(at=FIRST + HOUR)
    _, found = document(tmp_path, *CHAIN)
    assert (found["each"][0]["minutes"], found["each"][0]["waited_for"]) == (125, "published")


def test_beside_it_stands_what_truly_was(tmp_path):
    channel()
    claim = make_claim(at=FIRST + HOUR)
    mark_answered(claim, at=FIRST + 3 * HOUR, now=FIRST + 3 * HOUR, by=None)
    into = make_claim(at=FIRST)
    make_claim("a copy", at=FIRST, state="merged", merged_into=into)
    code, said = run(tmp_path, *CHAIN)
    assert code == 0
    assert "2 claims: 0 within 15 min, 0 within 30 min, 2 within 60 min" in said.replace("\n", " "), (
        "a merged claim is none"
    )
    assert "What truly was: 1 answered, 1.65 audiences lost." in said


def test_the_file_may_stand_in_for_one_team_alone(tmp_path):
    channel()
    make_claim(at=FIRST + HOUR)
    dina = make_person("Dina Omar", roles=["approver"])
    make_shift(dina, FIRST, team=Team.objects.create(name="Night", zone="UTC"))
    others = CHAIN[:2]
    assert document(tmp_path, *others)[1]["unanswered"] == 1
    _, found = document(tmp_path, *others, words=("--team", "Desk"))
    assert found["each"][0]["steps"][2]["by"] == "Dina Omar"
    assert document(tmp_path, *others, words=("--team", "Night"))[1]["unanswered"] == 1


def test_requirements_of_a_file_say_which_claims_fell_into_gaps(tmp_path):
    channel()
    make_claim(at=FIRST + HOUR)
    make_claim(at=FIRST + 14 * HOUR)
    asked = tmp_path / "needs.csv"
    asked.write_text("link,days,from,to\nseen,mon-sun,00:00,24:00\nsent,mon,00:00,24:00\n", encoding="utf-8")
    code, found = document(tmp_path, *CHAIN, words=("--requirements", str(asked)))
    assert (code, found["required"], found["uncovered"]) == (1, 2, 1)
    assert found["rejects"][0]["field"] == "link"
