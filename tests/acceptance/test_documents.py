"""The JSON documents that INTERFACE fixes, key by key and type by type, of one small team; and that they agree."""

import json
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.core.management import load_command_class

from planner.publishing.services import register_channel
from tests.acceptance.stranger import Answer, ask, ask_json, written

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 12, 28, 6, tzinfo=UTC)  # Monday 09:00 in Baghdad; the week goes over the year's end
FROM, TO = "2026-12-28T06:00Z", "2027-01-04T06:00Z"
NUMBER = (int, float)
ROSTER = "person,email,zone,roles,languages,kind,start,end,rule\n"
DESK = (
    "".join(
        f"{name},{name}@example.org,Asia/Baghdad,{roles},ar;en,desk,2026-11-02T08:00,2026-11-02T16:00,FREQ=DAILY\n"
        for name, roles in (("Ali", "analyst"), ("Basma", "officer"), ("Dina", "approver"))
    )
    + "Nora,nora@example.org,Asia/Baghdad,duty,ar,on_call,2026-12-01T22:00,2026-12-02T04:00,FREQ=DAILY\n"
)
FREE = "".join(
    f"{name},{name}@example.org,Asia/Baghdad,{roles},ar;en,desk,2026-11-01T08:00,2026-11-01T09:00,\n"
    for name, roles in (("Omar", "officer;duty"), ("Layla", "approver"), ("Sami", "analyst"))
)
DOCUMENTS: dict[str, dict[str, Any]] = {
    "forecast": {"zone": str, "hours": list, "scores": dict},
    "gaps": {"from": str, "to": str, "covered_share": NUMBER, "weighted_covered_share": NUMBER, "gaps": list},
    "plan": {"hours": NUMBER, "loss_before": NUMBER, "loss_after": NUMBER, "bound": NUMBER, "proposals": list},
    "replay": {"claims": int, "answered_within": dict, "loss": NUMBER, "hours": NUMBER, "wake_ups": int},
    "latency": {
        "claims": int,
        "answered": int,
        "declined": int,
        "open": int,
        "median": (*NUMBER, type(None)),
        "p90": (*NUMBER, type(None)),
        "within": dict,
        "groups": list,
    },
}
HOUR = {"start": str, "expected": NUMBER, "low": NUMBER, "high": NUMBER}
GAP = {"start": str, "end": str, "missing": list, "expected_claims": NUMBER, "loss": NUMBER, "accepted": bool}
PROPOSAL = {"person": str, "kind": str, "start": str, "end": str, "hours": NUMBER, "avoids": NUMBER, "why": str}
LINE = {"narrative": str, "name": str, "language": str, "avoids": NUMBER, "hours": list, "why": str}
SLOT = {"at": str, "start": str, "end": str, "claims": NUMBER, "loss": NUMBER, "why": str}


@pytest.fixture(autouse=True)
def team(tmp_path):
    """A desk by day, three people who are free at night, a website, claims at night for two months."""
    with time_machine.travel(NOW, tick=False):
        assert ask("import_roster", written(tmp_path, ROSTER + DESK + FREE, "roster.csv")).code == 0
        words = {
            "owner": "Press office",
            "attribution": "Ministry of Examples",
            "address": "https://www.example.org/hook",
        }
        register_channel(name="Website", kind="webhook", secret="s" * 32, now=NOW, by=None, **words)
        numbers, claims = count(), "external_id,text,narrative,severity,broke_earliest,language,answered_at\n"
        for day in range(1, 57):
            for hour in (9, 19, 20, 22):
                broke = NOW.replace(hour=hour) - timedelta(days=day)
                answered = (broke + timedelta(hours=1)).isoformat() if day % 2 else ""
                claims += f"c{next(numbers)},Words,The harvest,high,{broke.isoformat()},ar,{answered}\n"
        assert ask_json("import_claims", written(tmp_path, claims, "claims.csv")).counts == (224, 224, 0, 0)
        yield


def holds(document: dict[str, Any], shape: dict[str, Any]) -> None:
    """Every key of the shape is there, of that type; a bool is no number."""
    for key, kind in shape.items():
        assert isinstance(document[key], kind), (key, document[key])
        assert kind is bool or not isinstance(document[key], bool), key


def asked(command: str, tmp_path) -> Answer:
    options = {
        "forecast": ("--at", FROM, "--days", 2),
        "gaps": ("--from", FROM, "--to", TO),
        "plan": ("--days", 1, "--hours", 4),
        "replay": ("--roster", written(tmp_path, ROSTER + DESK), "--from", "2026-12-20", "--to", "2026-12-27"),
        "latency": ("--from", "2026-12-01", "--to", "2026-12-27", "--by", "off_hours,severity,narrative,channel"),
    }
    return ask_json(command, *options[command])


PARTS = {
    "forecast": {"hours": HOUR},
    "gaps": {"gaps": GAP},
    "plan": {"proposals": PROPOSAL, "lines": LINE, "slots": SLOT},
    "replay": {},
    "latency": {},
}


@pytest.mark.parametrize("command", DOCUMENTS)
def test_a_document_has_its_keys_of_their_types_and_so_have_its_parts_with_instants_in_utc(command, tmp_path):
    answer = asked(command, tmp_path)
    assert answer.code == (1 if command == "gaps" else 0)
    holds(answer.document, DOCUMENTS[command])
    for key, shape in PARTS[command].items():
        assert answer.document[key]
        for part in answer.document[key]:
            holds(part, shape)
            for name in {"start", "end", "at"} & part.keys():
                assert datetime.fromisoformat(part[name]).utcoffset() == timedelta(0)
    for key in {"answered_within", "within"} & answer.document.keys():
        assert set(answer.document[key]) == {"15", "30", "60", "120", "240"}


def test_what_a_plan_says_is_lost_is_what_the_gaps_lose_before_and_after_it_is_accepted():
    def lost() -> float:
        gaps = ask_json("gaps", "--from", FROM, "--to", "2026-12-30T06:00Z").document["gaps"]
        return sum(gap["loss"] for gap in gaps if not gap["accepted"])

    before = lost()
    plan = ask_json("plan", "--days", 2, "--hours", 8, "--accept").document
    assert plan["loss_before"] == pytest.approx(before, abs=1e-4)
    assert plan["loss_after"] == pytest.approx(lost(), abs=1e-4)
    assert all(one["accepted"] for one in plan["proposals"])
    assert sum(one["hours"] for one in plan["proposals"]) <= 8
    assert plan["loss_before"] - plan["loss_after"] == pytest.approx(
        sum(p["avoids"] for p in plan["proposals"]), abs=1e-3
    )


def test_within_no_hours_a_plan_proposes_nobody_and_still_says_for_which_hours_to_clear_a_line():
    answer = ask_json("plan", "--days", 1, "--hours", 0)
    found = answer.document
    assert (answer.code, found["proposals"]) == (1, [])
    assert found["loss_after"] == found["loss_before"] == found["bound"]
    [line] = found["lines"]
    assert (line["name"], line["language"]) == ("The harvest", "ar")
    assert 0 < line["avoids"] <= line["expected"]
    [stretch] = line["hours"]  # while Nora may release it, who can neither draft nor clear
    assert (stretch["start"], stretch["end"]) == ("2026-12-28T19:00:00+00:00", "2026-12-29T01:00:00+00:00")
    assert stretch["avoids"] == pytest.approx(line["avoids"])


def test_nobody_is_on_watch_exactly_while_the_gaps_say_that_nobody_sees():
    gaps = ask_json("gaps", "--from", FROM, "--to", "2026-12-30T06:00Z").document["gaps"]
    for gap in gaps:
        middle = datetime.fromisoformat(gap["start"]) + timedelta(minutes=gap["minutes"] / 2)
        on_watch = ask_json("on_watch", "--at", middle.isoformat())
        assert ("seen" in gap["missing"]) == (on_watch.document["people"] == []) == (on_watch.code == 1)
    noon = ask_json("on_watch", "--at", "2026-12-28T12:00+03:00").document
    assert sorted(person["person"] for person in noon["people"]) == ["Ali", "Basma", "Dina"]


@pytest.mark.parametrize("command", ["forecast", "tempo"])
def test_somebody_never_seen_has_no_tempo(command):
    for part in ("source", "language", "narrative"):
        answer = ask_json(command, f"--{part}", "nobody")
        assert (answer.code, answer.document.get("hours", [])) == (2, [])
        assert f"--{part} “nobody” is not known" in answer.err
    assert ask_json(command, "--language", "ar", "--narrative", "The harvest").code == 0


@pytest.mark.parametrize(
    ("command", "options"),
    [
        ("forecast", ["--days", "0"]),
        ("forecast", ["--source", "nobody"]),
        ("tempo", ["--at", "yesterday"]),
        ("gaps", ["--from", "2026-12-02", "--to", "2026-12-01"]),
        ("plan", ["--hours", "-1"]),
        ("plan", ["--by", "nobody"]),
        ("latency", ["--by", "weather"]),
        ("latency", ["--from", "yesterday"]),
        ("replay", ["--roster", "none.csv", "--to", "tomorrow"]),
        ("on_watch", ["--at", "tonight"]),
    ],
)
def test_what_is_asked_badly_is_answered_with_a_document_that_says_so(command, options):
    answer = ask_json(command, *options)
    assert answer.code == 2
    holds(answer.document, DOCUMENTS.get(command, {}))
    assert answer.document["error"] in answer.err


@pytest.mark.parametrize("command", ["forecast", "plan"])
def test_an_option_that_does_not_parse_is_answered_so_too(command, capsys):
    app = {"forecast": "planner.tempo", "plan": "planner.planning"}[command]
    with pytest.raises(SystemExit) as left:
        load_command_class(app, command).run_from_argv(["manage.py", command, "--days", "week", "--json"])
    told = capsys.readouterr()
    assert left.value.code == 2
    assert json.loads(told.out)["error"] == "argument --days: invalid int value: 'week'"
    assert "invalid int value" in told.err
