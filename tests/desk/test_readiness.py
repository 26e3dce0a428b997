"""Is tonight ready: who is reachable, which channel answers, which approver is on, which line expires tonight."""

import json
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from planner.coverage.services import register_supply
from planner.desk.readiness import tonight, until_morning
from planner.desk.readiness.people import Reach
from planner.desk.readiness.shelf import Why
from planner.desk.selectors import tonight as night_line
from planner.leases.models import Heartbeat
from planner.narratives.models import Narrative
from planner.publishing.models import Rehearsal
from planner.rebuttals.services import end_line, sign_line
from planner.tasking.services import acknowledge, open_task
from tests.factories import (
    make_approval,
    make_channel,
    make_claim,
    make_draft,
    make_person,
    make_post,
    make_rebuttal,
    make_shift,
)

pytestmark = pytest.mark.django_db
FIVE = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)  # 17:00 in Baghdad
MORNING = datetime(2026, 11, 27, 5, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def baghdad(settings):
    settings.PLANNER_ZONE = "Asia/Baghdad"


def on(name, *roles, at=FIVE, hours=15, kind="on_call", **fields):
    person = make_person(name, roles=list(roles), **fields)
    make_shift(person, at, hours, kind=kind)
    return person


def signed(narrative, during=(FIVE, MORNING), approver=None, **fields):
    approval = make_approval(
        make_draft(make_rebuttal(narrative=narrative, at=FIVE), at=FIVE), at=FIVE, approver=approver
    )
    usual = {"during": during, "maximum_uses": 3, "channel_kinds": []}
    return sign_line(approval, narrative=narrative, **{**usual, **fields}, by=approval.approver, now=FIVE)


@pytest.fixture
def ready_house():
    """A night on which nothing is to be mended."""
    people = {role: on(name, role) for name, role in (("Layla", "analyst"), ("Hala", "duty"), ("Tom", "officer"))}
    people["approver"] = on("Omar Aziz", "approver")
    channel = make_channel(at=FIVE)
    register_supply(
        key=f"channel:{channel.uuid}",
        kind="channel",
        links=["published"],
        languages=[],
        during=(FIVE - HOUR, None),
        label=channel.name,
    )
    Rehearsal.objects.create(channel=channel, checked_at=FIVE - HOUR, works=True)
    Heartbeat.objects.create(name="publish", beat_at=FIVE, period_seconds=2)
    task = open_task(make_claim(at=FIVE - HOUR, state="taken_up"), by=people["officer"], now=FIVE - HOUR)
    acknowledge(task, person=people["duty"], now=FIVE - HOUR)
    people["line"] = signed(Narrative.objects.create(name="The dam breaks"))
    people["channel"] = channel
    return people


def said(ready):
    return [trouble.what for trouble in ready.troubles]


def test_the_night_lasts_until_the_next_eight_oclock_of_the_theatre(settings):
    assert until_morning(FIVE) == MORNING
    assert until_morning(MORNING) == MORNING + 24 * HOUR
    settings.PLANNER_ZONE = "Europe/London"
    autumn = datetime(2026, 10, 24, 16, 0, tzinfo=UTC)  # 17:00 summer time; the clocks go back at 02:00
    assert until_morning(autumn) - autumn == 16 * HOUR


def test_when_all_is_fine_the_page_says_so_plainly(client, ready_house):
    ready = tonight(FIVE)
    assert said(ready) == []
    with time_machine.travel(FIVE, tick=False):
        client.force_login(ready_house["duty"])
        page = client.get(reverse("desk:readiness")).content.decode()
    assert "Nothing is to be mended." in page
    assert "Omar Aziz" in page
    assert "ready all night" in page


def test_who_never_answered_a_page_is_unproven_and_who_did_says_when(ready_house):
    found = {one.person.first_name: (one.reach, one.acknowledged_at) for one in tonight(FIVE).people}
    assert found["Hala"] == (Reach.PROVEN, FIVE - HOUR)
    assert found["Tom"] == (Reach.UNPROVEN, None)


def test_whom_no_message_reaches_is_red(ready_house):
    mute = on("Mute", "officer", email="")
    mute.contact_points.all().delete()
    assert "Mute is on duty tonight and has no address: no page reaches them." in said(tonight(FIVE))


def test_hours_without_an_approver_are_shown_and_the_deputy_follows_the_first(ready_house):
    on("Karim", "approver", at=FIVE + HOUR, hours=3, kind="desk")
    pieces = [(piece.start, piece.people) for piece in tonight(FIVE, FIVE + 6 * HOUR).approvers]
    assert pieces == [
        (FIVE, ("Omar Aziz",)),
        (FIVE + HOUR, ("Karim", "Omar Aziz")),
        (FIVE + 4 * HOUR, ("Omar Aziz",)),
    ]


def test_an_uncovered_link_is_red_with_its_hours_and_its_reason(ready_house):
    ready_house["analyst"].shifts.update(during=(FIVE, FIVE + 5 * HOUR))
    ready_house["duty"].shifts.update(during=(FIVE, FIVE + 6 * HOUR))
    (sentence,) = [one for one in said(tonight(FIVE)) if "nobody could answer" in one]
    assert sentence.startswith("From 23:00 to 08:00 Baghdad nobody could answer: ")
    assert [one.links for one in tonight(FIVE).open_gaps] == [["seen"]]


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"held_at": FIVE, "held_reason": "a stranger posts there"}, "is held: a stranger posts there"),
        ({"credential_ends_on": FIVE.date()}, "The credential of"),
    ],
)
def test_a_channel_that_does_not_answer_is_named(ready_house, change, sentence):
    channel = ready_house["channel"]
    type(channel).objects.filter(pk=channel.pk).update(**change)
    assert any(sentence in one for one in said(tonight(FIVE)))


def test_a_rehearsal_that_failed_or_is_old_is_named(ready_house):
    Rehearsal.objects.update(works=False, said="401")
    assert any("did not let us in" in one for one in said(tonight(FIVE)))
    Rehearsal.objects.update(works=True, checked_at=FIVE - 30 * HOUR)
    assert any("was not rehearsed within the last day" in one for one in said(tonight(FIVE)))


def test_a_line_that_expires_in_the_night_is_named_and_its_gap_begins_at_the_expiry(ready_house):
    for role in ("officer", "approver"):
        ready_house[role].shifts.all().update(during=(FIVE, FIVE + HOUR))
    other = Narrative.objects.create(name="The bridges")
    end_line(ready_house["line"], by=ready_house["approver"], reason="overtaken", now=FIVE)
    signed(other, during=(FIVE, FIVE + 10 * HOUR), approver=ready_house["approver"])
    ready = tonight(FIVE)
    assert any("“The bridges” expires at 03:00" in one for one in said(ready))
    (gap,) = ready.open_gaps
    assert (gap.gap.gap.start, gap.gap.gap.end) == (FIVE + 10 * HOUR, MORNING)
    assert "From 03:00 to 08:00" in next(one for one in said(ready) if "nobody could answer" in one)
    (line,) = ready.lines
    assert [(span.start, span.end) for span in line.usable] == [(FIVE, FIVE + 10 * HOUR)]


def test_in_the_night_in_which_clocks_go_back_a_line_lasts_as_long_as_it_was_signed(settings, ready_house):
    settings.PLANNER_ZONE = "Europe/London"
    now = datetime(2026, 10, 24, 16, 0, tzinfo=UTC)  # 17:00; at 02:00 it is 01:00 once more
    hala = on("Hana", "duty", at=now, hours=16)
    approval = make_approval(
        make_draft(make_rebuttal(narrative=Narrative.objects.create(name="Clocks"), at=now), at=now)
    )
    until = datetime(2026, 10, 25, 1, 30, tzinfo=UTC)  # the second 01:30 of the wall
    words = {
        "during": (now, until),
        "maximum_uses": 1,
        "channel_kinds": [],
        "release_roles": [],
        "release_people": [hala],
    }
    sign_line(approval, narrative=approval.draft.rebuttal.narrative, **words, by=approval.approver, now=now)
    ready = tonight(now)
    (line,) = [one for one in ready.lines if one.shown.line.narrative.name == "Clocks"]
    assert [(span.start, span.end) for span in line.usable] == [(now, until)]
    assert ready.end - ready.start == 16 * HOUR, "an hour more than on other nights"
    gaps = [one for one in ready.open_gaps if "drafted" in one.links]
    assert gaps[0].gap.gap.start == until, "the gap begins when the line expires"
    drawn = night_line(now=now, zone="Europe/London", viewer_zone="UTC")
    assert [one.end for one in drawn.chain["drafted"] if one.kind == "cleared_line"][-1] == until
    assert any(gap.start == until for gap in drawn.gaps), "the night line hatches from there on"


def test_a_line_that_few_may_release_is_usable_while_they_are_on(ready_house):
    tariq = on("Tariq", "duty", at=FIVE + HOUR, hours=2)
    signed(Narrative.objects.create(name="The bread"), release_roles=[], release_people=[tariq])
    line = next(one for one in tonight(FIVE).lines if one.shown.line.narrative.name == "The bread")
    assert [(span.start, span.end) for span in line.usable] == [(FIVE + HOUR, FIVE + 3 * HOUR)]
    assert line.whys == [Why.NO_RELEASER]


def test_a_storyline_that_speaks_at_night_and_has_no_line_is_named(ready_house):
    bread = Narrative.objects.create(name="The bread")
    day = Narrative.objects.create(name="By day")
    for nights in range(1, 6):
        make_claim(at=FIVE - nights * 24 * HOUR + 6 * HOUR, narrative=bread)
        make_claim(at=FIVE - nights * 24 * HOUR - 6 * HOUR, narrative=day)
    ready = tonight(FIVE)
    assert [(one.narrative, one.nights) for one in ready.storylines] == [(bread, 5)]
    assert any("“The bread” spoke in 5 of the last 28 nights" in one for one in said(ready))


def test_posts_and_reviews_of_the_night_are_listed(ready_house):
    make_post(make_approval(at=FIVE), channel=ready_house["channel"], at=FIVE + HOUR)
    make_draft(at=FIVE)
    ready = tonight(FIVE)
    assert len(ready.posts) == 1
    assert len(ready.reviews) >= 1


def test_nobody_on_duty_is_the_first_thing_said():
    Heartbeat.objects.create(name="publish", beat_at=FIVE, period_seconds=2)
    ready = tonight(FIVE)
    assert "Nobody is on duty tonight: no page reaches anybody but the roster managers." in said(ready)
    levels = [trouble.level for trouble in ready.troubles]
    assert levels == sorted(levels, key=lambda level: level != "error")


def test_the_page_asks_as_many_questions_for_a_full_house_as_for_a_small_one(ready_house):
    def asked():
        with CaptureQueriesContext(connection) as found:
            tonight(FIVE)
        return len(found)

    def more(number):
        on(f"More{number}", "officer", "duty")
        Rehearsal.objects.create(channel=make_channel(at=FIVE), checked_at=FIVE, works=True)
        narrative = Narrative.objects.create(name=f"Storyline of {number}")
        signed(narrative, release_people=[ready_house["duty"]], also=[ready_house["line"].narrative])
        make_post(make_approval(at=FIVE), channel=ready_house["channel"], at=FIVE + HOUR)
        for night in range(1, 5):
            make_claim(at=FIVE - night * 24 * HOUR + HOUR, narrative=narrative)

    more(0)
    before = asked()
    for number in range(1, 4):
        more(number)
    assert asked() == before
    assert before < 80


def test_the_reader_chooses_until_when_and_a_moment_that_has_passed_is_refused(client, ready_house):
    client.force_login(ready_house["duty"])
    with time_machine.travel(FIVE, tick=False):
        assert client.get(reverse("desk:readiness"), {"until": "2026-11-27T02:00"}).status_code == 200
        answer = client.get(reverse("desk:readiness"), {"until": "2026-11-26T10:00"})
        assert answer.status_code == 400
        assert "This moment has passed" in answer.content.decode()
        assert client.get(reverse("desk:readiness"), {"until": "2027-11-26T10:00"}).status_code == 400


def test_the_command_says_the_same_and_ends_with_one_on_findings(ready_house):
    with time_machine.travel(FIVE, tick=False):
        out = StringIO()
        call_command("readiness", "--json", stdout=out)
        told = json.loads(out.getvalue())
        assert (told["ok"], told["findings"], told["to"]) == (True, [], MORNING.isoformat())
        assert [line["short"] for line in told["lines"]] == [[]]
        out = StringIO()
        call_command("readiness", stdout=out)
        assert "Nothing is to be mended." in out.getvalue()
        Rehearsal.objects.update(works=False, said="401")
        out = StringIO()
        with pytest.raises(SystemExit) as ended:
            call_command("readiness", stdout=out)
        assert ended.value.code == 1
        assert "MEND" in out.getvalue()
        with pytest.raises(CommandError, match="--until") as wrong:
            call_command("readiness", "--until", "2020-01-01T00:00")
        assert wrong.value.returncode == 2
