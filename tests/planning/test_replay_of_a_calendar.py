"""`replay --roster FILE.ics`: a roster as a calendar gives the same answer as its CSV, and nothing is written."""

import io
import json

import pytest
from django.core.management import call_command

from planner.people.models import User
from planner.rosters.calendars.rows import CalendarSource
from planner.rosters.models import Shift
from tests.coverage.rows import channel
from tests.factories import make_claim
from tests.planning.test_replay_command import CHAIN, FIRST, HOUR, PERIOD, document

pytestmark = pytest.mark.django_db
PEOPLE = (("Ali", "desk", "analyst"), ("Basma", "desk", "officer"), ("Dina", "on_call", "approver"))


def event(name, kind, role, *more):
    lines = [
        f"UID:{name}",
        "DTSTART;TZID=Asia/Baghdad:20140609T080000",
        "DTEND;TZID=Asia/Baghdad:20140609T160000",
        f"SUMMARY:{name}",
        f"ATTENDEE;CN={name}:mailto:{name.lower()}@example.org",
        f"CATEGORIES:{kind},{role}",
        *(more or ("RRULE:FREQ=DAILY",)),
    ]
    return "\r\n".join(["BEGIN:VEVENT", *lines, "END:VEVENT"])


@pytest.fixture
def replayed(tmp_path):
    """Replay a calendar of these events: exit code and document."""

    def run(*events):
        file, out, code = tmp_path / "roster.ics", io.StringIO(), 0
        text = "\r\n".join(["BEGIN:VCALENDAR", "VERSION:2.0", *events, "END:VCALENDAR", ""])
        file.write_text(text, encoding="utf-8", newline="")
        rejects = tmp_path / "rejects.ics"
        words = ("--roster", str(file), *PERIOD, "--rejects", str(rejects), "--json")
        try:
            call_command("replay", *words, stdout=out, stderr=io.StringIO())
        except SystemExit as leaving:
            code = leaving.code
        return code, json.loads(out.getvalue()), rejects

    return run


@pytest.fixture(autouse=True)
def day_and_night():
    channel()
    make_claim(at=FIRST + HOUR, severity="high", language="")
    make_claim("At night", at=FIRST + 14 * HOUR, language="")


def test_a_calendar_and_a_csv_of_one_roster_are_one_answer(tmp_path, replayed):
    _, by_csv = document(tmp_path, *CHAIN)
    code, by_calendar, _ = replayed(*(event(*person) for person in PEOPLE))

    assert code == 0
    same = ("claims", "answered", "answered_within", "loss", "hours", "wake_ups", "each")
    assert {key: by_calendar[key] for key in same} == {key: by_csv[key] for key in same}
    assert [model.objects.count() for model in (User, Shift, CalendarSource)] == [0, 0, 0]


def test_leave_in_it_takes_the_person_out(replayed):
    away = (
        event("Ali", "leave", "", "RRULE:FREQ=DAILY;COUNT=3").replace("UID:Ali", "UID:away").replace("leave,", "leave")
    )
    _, found, _ = replayed(*(event(*person) for person in PEOPLE), away)
    assert [one["waited_for"] for one in found["each"]] == ["seen", "seen"]


def test_events_that_mean_nobody_are_named_and_kept_apart(replayed):
    lost = event("Stranger", "", "").replace("ATTENDEE;CN=Stranger:mailto:stranger@example.org\r\n", "")
    lost = lost.replace("CATEGORIES:,", "CATEGORIES:night")
    twice = event("Ali", "desk", "analyst").replace("UID:Ali", "UID:again")
    code, found, rejects = replayed(*(event(*person) for person in PEOPLE), lost, twice)

    assert (code, found["rejected"], found["answered"]) == (1, 2, 2)
    kept = rejects.read_text()
    assert "UID:Stranger" in kept
    assert "UID:again" in kept
    assert "UID:Basma" not in kept


def test_a_calendar_of_which_nothing_can_be_read_is_refused(replayed):
    code, found, _ = replayed(event("Ali", "desk", "analyst").replace("DTSTART;TZID=Asia/Baghdad:2014", "DTSTART:20x4"))
    assert code == 2
    assert found["error"].startswith("No event of the calendar can be read. Line 3:")
