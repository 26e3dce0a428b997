"""`/plan/replay/`: a past period, a roster, and what it would have made of the claims, beside what truly was."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.claims.services import mark_answered
from planner.people.models import User
from planner.planning.core.curves import curve
from planner.planning.core.pattern import repeat
from planner.planning.models import Plan
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.week import week_of
from planner.rosters.models import Shift
from planner.spans import Span
from planner.wallclock import to_instant
from tests.coverage.rows import channel
from tests.factories import make_claim, make_person, make_shift
from tests.planning.test_replay_command import CHAIN, FIRST, HEADER, HOUR

PERIOD = {"from": "2014-06-09", "to": "2014-06-11"}
BERLIN = ZoneInfo("Europe/Berlin")


@pytest.fixture
def reader(client, db):
    client.force_login(make_person("Adam Auditor", roles=["auditor"]))
    channel()
    return client


def shown(client, **words):
    answer = client.get(reverse("planning:replay"), {**PERIOD, **words})
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


def sent(client, *lines, header=HEADER):
    file = SimpleUploadedFile("june.csv", ("\n".join([header, *lines]) + "\n").encode(), "text/csv")
    return client.post(reverse("planning:replay"), {**PERIOD, "roster_file": file})


def chain_at(start, hours=8):
    for name, role in (("Ali", "analyst"), ("Basma", "officer"), ("Dina", "approver")):
        make_shift(make_person(name, roles=[role]), start, hours)


def test_a_file_is_replayed_and_forgotten(reader):
    claim = make_claim("The dam has burst.", at=FIRST + HOUR)
    mark_answered(claim, at=FIRST + 5 * HOUR, now=FIRST + 5 * HOUR)
    answer = sent(reader, *CHAIN)
    page = " ".join(answer.content.decode().split())
    assert answer.status_code == 200
    assert "Ali, Basma, Dina" in page
    assert "40 min" in page, "with this roster"
    assert "4 h" in page, "what truly was"
    assert (answer.context["never"], answer.context["within"][2]["made"], answer.context["within"][2]["really"]) == (
        0,
        1,
        0,
    )
    assert not Shift.objects.exists()


def test_bad_rows_of_the_file_are_listed_and_the_good_ones_are_used(reader):
    make_claim(at=FIRST + HOUR)
    answer = sent(reader, *CHAIN, "Omar,,Asia/Baghdad,pilot,en,desk,2014-06-09T08:00,2014-06-09T16:00,")
    page = answer.content.decode()
    assert "1 row of the file was left out" in page
    assert "not a role on watch" in page
    assert answer.context["within"][2]["made"] == 1


@pytest.mark.parametrize(("lines", "header", "said"), [((), "who,when", "person, kind"), ((), "", "header")])
def test_a_file_that_cannot_be_read_says_why_and_shows_no_figures(reader, lines, header, said):
    answer = sent(reader, *lines, header=header)
    assert answer.status_code == 400
    assert said in answer.content.decode()
    assert "tmp" not in answer.context["chosen"].fault, "the file is called as its owner calls it"


def test_a_calendar_is_taken_too(reader):
    make_claim(at=FIRST + HOUR)
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0"]
    for name, role in (("Ali", "analyst"), ("Basma", "officer"), ("Dina", "approver")):
        lines += ["BEGIN:VEVENT", f"UID:{name}", "DTSTART:20140609T050000Z", "DTEND:20140609T130000Z"]
        lines += [f"SUMMARY:{name}", f"ATTENDEE;CN={name}:mailto:{name.lower()}@example.org"]
        lines += [f"CATEGORIES:desk,{role}", "END:VEVENT"]
    file = SimpleUploadedFile("roster.ics", "\r\n".join([*lines, "END:VCALENDAR", ""]).encode())
    answer = reader.post(reverse("planning:replay"), {**PERIOD, "roster_file": file})
    assert (answer.status_code, answer.context["never"]) == (200, 0)


def test_without_a_file_it_asks_for_one(reader):
    answer = reader.post(reverse("planning:replay"), PERIOD)
    assert answer.status_code == 400
    assert "Choose a roster file first" in answer.content.decode()


def test_the_roster_that_stood_and_this_week_repeated_are_two_rosters(reader):
    make_claim(at=FIRST + HOUR)
    chain_at(FIRST)
    assert "never" not in shown(reader, roster="stood").split("Claim by claim")[1]
    monday = week_of(datetime.now(UTC).date(), ZoneInfo("Asia/Baghdad")).start
    assert "never" in shown(reader).split("Claim by claim")[1], "nobody is on the roster this week"
    for person in User.objects.filter(roles__overlap=["analyst", "officer", "approver"]):
        make_shift(person, monday + 8 * HOUR, 8)
    assert "never" not in shown(reader).split("Claim by claim")[1], "on Mondays from eight, as this week"


def test_a_plan_is_tried_on_the_past_with_what_it_proposes(reader):
    make_claim(at=FIRST + HOUR)
    start = FIRST + timedelta(weeks=520)
    chain_at(start)
    people = list(User.objects.filter(roles__overlap=["analyst", "officer", "approver"]))
    Shift.objects.filter(person=people[0]).delete()
    figures = {"loss_before": 2, "loss_after": 1, "bound": 1, "state": "ready", "finished_at": start}
    during = (start - HOUR, start + timedelta(days=14))
    plan = Plan.objects.create(asked_at=start, during=during, budget=600, **figures)
    words = {"paid": 480, "avoids": 1, "expected": 1, "kind": "desk"}
    plan.proposals.create(person=people[0], during=(start, start + 8 * HOUR), **words)
    page = shown(reader, roster=str(plan.uuid))
    assert "with the plan from" in page
    assert "never" not in page.split("Claim by claim")[1], "on the Monday of every second week"
    assert reader.get(reverse("planning:replay"), {**PERIOD, "roster": str(plan.uuid)}).context["report"].hours == 24
    plan.proposals.all().delete()
    assert "never" in shown(reader, roster=str(plan.uuid)).split("Claim by claim")[1]
    assert "never" in shown(reader, roster="not-a-plan").split("Claim by claim")[1]


def test_a_period_without_claims_says_what_to_do(reader):
    assert "No claim broke in this period" in shown(reader)


@pytest.mark.parametrize("words", [{"from": "9999-99-99"}, {"from": "2014-06-11", "to": "2014-06-09"}, {"days": "0"}])
def test_a_period_that_cannot_be_is_the_usual_one(reader, words):
    answer = reader.get(reverse("planning:replay"), words)
    assert (answer.status_code, answer.context["chosen_days"]) == (200, 28)


def monday_shift(hour, hours, kind="desk"):
    start = to_instant(datetime.fromisoformat(f"2026-03-23T{hour:02}:00"), BERLIN)
    span = Span(start, start + timedelta(hours=hours))
    return Duty(1, "Ali", frozenset({"analyst"}), frozenset(), DutyKind(kind), span)


def test_a_repeated_week_keeps_its_wall_times_through_both_changeovers():
    start = to_instant(datetime.fromisoformat("2026-03-01T00:00"), BERLIN)
    found = repeat([monday_shift(9, 8)], start, start + timedelta(days=300), BERLIN)
    walls = {(one.span.start.astimezone(BERLIN).hour, one.span.end.astimezone(BERLIN).hour) for one in found}
    assert (walls, len(found)) == ({(9, 17)}, 43)


@settings(max_examples=25, deadline=None)
@given(hour=st.integers(0, 23), hours=st.integers(1, 30), first=st.integers(-400, 400), days=st.integers(1, 20))
def test_a_repeated_week_is_on_duty_when_the_same_wall_time_of_the_week_was(hour, hours, first, days):
    start = monday_shift(0, 1).span.start + timedelta(days=first)
    shift, end = monday_shift(hour, hours), start + timedelta(days=days)
    found = repeat([shift], start, end, BERLIN)
    begin = shift.span.start.astimezone(BERLIN).replace(tzinfo=None)
    for step in range(days * 8):
        moment = start + step * 3 * HOUR + timedelta(minutes=30)
        wall = moment.astimezone(BERLIN)
        if wall.utcoffset() != shift.span.start.astimezone(BERLIN).utcoffset():
            continue  # within an odd night wall time does not run evenly; the fixed case above looks at those
        into = (wall.replace(tzinfo=None) - begin) % timedelta(days=7)
        assert any(one.span.contains(moment) for one in found) == (into < timedelta(hours=hours)), moment


def test_the_curve_keeps_those_who_waited_in_vain_in_its_count():
    minute = timedelta(minutes=1)
    drawn = curve([("a", [30 * minute, None, 10 * minute, None])], title="", desc="")
    assert [(step.minutes, step.share) for step in drawn.series[0].steps] == [(0, 0), (10, 0.25), (30, 0.5), (240, 0.5)]
