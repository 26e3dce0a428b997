"""From the journal to the report, its command, its page and its file."""

import csv
import io
import json
from datetime import UTC, datetime, timedelta

import pytest
from django.core.management import CommandError, call_command

from planner.claims.models import Claim
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from planner.latency import selectors
from tests.coverage import rows
from tests.factories import make_person

pytestmark = pytest.mark.django_db
START = datetime(2014, 6, 8, 21, tzinfo=UTC)  # Monday 00:00 in Baghdad
END = START + timedelta(days=7)
NOW = END + timedelta(days=1)
NOON, NIGHT = START + timedelta(hours=12), START + timedelta(hours=23)
PERIOD = ("--from", "2014-06-09", "--to", "2014-06-16")


def claim(broke, answered=None, *, declined=None, channel="Site", **words):
    """A claim with its journal; `answered`, `declined` in minutes after it broke."""
    words = {"text": "The dam has burst", "broke_earliest": broke, "broke_latest": broke, "created_at": broke, **words}
    made = Claim.objects.create(**words)
    detail = {"broke_earliest": broke.isoformat(), "broke_latest": broke.isoformat()}
    stamp(milestone=Milestone.CLAIMED, at=broke + timedelta(minutes=2), claim=made.uuid, **detail)
    if declined is not None:
        stamp(milestone=Milestone.DECLINED, at=broke + timedelta(minutes=declined), claim=made.uuid)
    if answered is not None:
        at = broke + timedelta(minutes=answered)
        stamp(milestone=Milestone.PUBLISHED, at=at, claim=made.uuid, channel=channel)
        stamp(milestone=Milestone.ANSWERED, at=at, claim=made.uuid)
    return made


def test_open_and_declined_claims_stay_in_the_statistic():
    claim(NOON, 20)
    claim(NOON, 40)
    claim(NOON, declined=30)
    claim(NOON)
    found = selectors.report(START, END, NOW).figures
    assert (found.claims, found.answered, found.declined, found.open) == (4, 2, 1, 1)
    assert found.latency.median == 40, "of those still waiting at 40 minutes, half"
    assert found.latency.p90 is None


def test_without_a_roster_office_hours_are_a_convention():
    claim(NOON, 20)
    claim(NIGHT)
    found = selectors.report(START, END, NOW)
    assert not found.hours_by_roster
    assert [(group.value, group.figures.open) for group in found.groups] == [("off_hours", 1), ("office_hours", 0)]
    assert [record.night for record in found.records] == [False, True]


def test_with_a_roster_office_hours_are_when_the_desk_could_answer():
    rows.desk(START + timedelta(hours=20), START + timedelta(hours=28))
    claim(NIGHT, 20)
    claim(START + timedelta(days=1, hours=12))  # Tuesday noon, long after the last shift: by convention
    found = selectors.report(START, END, NOW)
    assert [record.off_hours for record in found.records] == [False, False]
    assert not found.hours_by_roster
    rows.desk(START + timedelta(days=6), START + timedelta(days=6, hours=8))
    found = selectors.report(START, END, NOW)
    assert [record.off_hours for record in found.records] == [False, True], "nobody is rostered at that noon"


def test_the_staffed_clock_runs_only_while_the_requirement_is_covered():
    rows.desk(START + timedelta(hours=12), START + timedelta(hours=13))
    rows.channel(start=START)
    claim(START + timedelta(hours=12, minutes=30), 180)
    (record,) = selectors.report(START, END, NOW).records
    assert (record.sample.minutes, record.staffed_minutes) == (180, 30)


def test_a_corrected_time_corrects_the_report():
    made = claim(NOON, 60)
    detail = {"field": "broke_earliest", "after": (NOON - timedelta(minutes=45)).isoformat()}
    stamp(milestone=Milestone.CORRECTED, at=NOW - timedelta(hours=1), claim=made.uuid, **detail)
    assert selectors.report(START, END, NOW).figures.latency.median == 105


def test_a_claim_without_its_stamp_is_still_counted_as_open():
    Claim.objects.create(text="x", broke_earliest=NOON, broke_latest=NOON, created_at=NOON)
    assert selectors.report(START, END, NOW).figures.open == 1


def test_merged_claims_and_other_periods_are_left_out():
    into = claim(NOON, 20)
    claim(NOON, state="merged", merged_into=into)
    claim(END + timedelta(minutes=1))
    assert selectors.report(START, END, NOW).figures.claims == 1


def test_a_report_as_of_an_earlier_moment_knows_only_what_had_happened():
    claim(NOON, 200)
    claim(NOON + timedelta(days=2))
    found = selectors.report(START, END, NOON + timedelta(minutes=100)).figures
    assert (found.claims, found.open) == (1, 1)


def _run(*words):
    out = io.StringIO()
    call_command("latency", *words, stdout=out)
    return out.getvalue()


def test_the_command_prints_the_document():
    claim(NOON, 20, severity="high")
    claim(NIGHT)
    found = json.loads(_run(*PERIOD, "--by", "severity,channel", "--json"))
    assert {"claims", "answered", "declined", "open", "median", "p90", "within", "groups"} <= found.keys()
    assert (found["claims"], found["open"], found["median"], found["p90"]) == (2, 1, 20.0, None)
    assert found["within"] == {"15": 0.0, "30": 0.5, "60": 0.5, "120": 0.5, "240": 0.5}
    assert [(group["by"], group["value"]) for group in found["groups"]] == [
        ("severity", "high"),
        ("severity", "medium"),
        ("channel", ""),
        ("channel", "Site"),
    ]


def test_the_command_prints_a_table():
    claim(NOON, 20)
    assert "severity medium" in _run(*PERIOD, "--by", "severity")
    assert "office hours " in _run(*PERIOD)


def test_no_claims_is_not_an_error():
    assert json.loads(_run(*PERIOD, "--json"))["median"] is None


@pytest.mark.parametrize(("words", "said"), [(("--by", "mood"), "not a grouping"), (("--to", "soon"), "not a date")])
def test_bad_input_is_named_and_exits_with_two(words, said):
    with pytest.raises(CommandError, match=said) as refused:
        _run(*words)
    assert refused.value.returncode == 2


def _page(client, path="/latency/", **query):
    client.force_login(make_person(roles=["auditor"]))
    return client.get(path, query)


WEEK = {"from": "2014-06-09", "to": "2014-06-15"}


def test_the_page_puts_the_open_ones_on_top(client):
    claim(NOON, 20, text="Answered soon")
    claim(NIGHT, text="Nobody answered")
    said = _page(client, **WEEK).content.decode()
    assert said.index("Nobody answered") < said.index("Answered soon")
    assert "still open" in said
    assert "<svg" in said


def test_the_page_of_a_quiet_period_says_so(client):
    assert "No claim broke in this period" in _page(client).content.decode()


@pytest.mark.parametrize(
    "query",
    [{"from": "x"}, {"days": "0"}, {"days": "99999999999"}, {"from": "2014-06-09", "to": "1999-01-01"}, {"days": "²"}],
)
def test_a_period_that_means_nothing_becomes_four_weeks(client, query):
    assert _page(client, **query).status_code == 200


def test_the_file_holds_every_claim_and_no_formula(client):
    claim(NOON, 20)
    claim(NIGHT, text='=HYPERLINK("http://evil.example")', severity="critical")
    told = list(csv.DictReader(io.StringIO(_page(client, "/latency/export.csv", **WEEK).content.decode())))
    assert [(row["state"], row["censored"], row["off_hours"]) for row in told] == [
        ("open", "1", "1"),
        ("answered", "0", "0"),
    ]
    assert told[0]["text"].startswith("'=")
    assert told[1]["minutes"] == "20.0"
