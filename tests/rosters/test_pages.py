"""The roster's page: a week by person; a manager puts people on, takes them off and can undo it."""

from datetime import UTC, datetime

import pytest
import time_machine
from django.urls import reverse

from planner.rosters.models import Leave, Shift, ShiftRule
from tests.factories import make_leave, make_person, make_shift

pytestmark = pytest.mark.django_db
NIGHT = datetime(2014, 6, 9, 19, 0, tzinfo=UTC)  # Monday 22:00 in Baghdad
WEEK = {"week": "2014-06-11"}


@pytest.fixture
def manager(client):
    """A roster manager, signed in."""
    person = make_person("Mona Chief", roles=["manager"])
    client.force_login(person)
    return person


@pytest.fixture
def layla():
    return make_person("Layla Hasan", roles=["officer", "duty"], zone="America/New_York")


def page(client, **query):
    return client.get(reverse("rosters:week"), {**WEEK, **query}).content.decode()


def shift_form(person, **changes):
    words = {"person": person.pk, "kind": "on_call", "zone": "Asia/Baghdad", "repeat": ""}
    return {**words, "start": "2014-06-09T22:00", "end": "2014-06-10T06:00", **changes}


def test_a_week_shows_each_person_in_the_theatres_time_and_their_own(client, manager, layla):
    make_shift(layla, NIGHT)
    make_leave(layla, NIGHT)

    text = page(client)

    assert "Roster, 9 Jun – 15 Jun 2014" in text
    for words in ("Mon 9 </span>22:00", "06:00", "Baghdad", "Mon 15:00–23:00 New York", "nobody for 168 h", "on leave"):
        assert words in text
    assert 'class="desk"' in text
    assert 'class="leave"' in text
    assert 'class="own-day"' in text


def test_weeks_before_and_after_are_a_link_away_and_a_silly_week_is_this_one(client, manager):
    text = page(client)

    assert "?week=2014-06-02" in text
    assert "?week=2014-06-16" in text
    assert client.get(reverse("rosters:week"), {"week": "tomorrow"}).status_code == 200


def test_who_is_not_a_manager_sees_the_week_and_no_button(client, layla):
    make_shift(layla, NIGHT)
    client.force_login(layla)
    text = page(client)

    assert "Layla Hasan" in text
    assert "Put somebody on watch" not in text
    shift = client.get(reverse("rosters:shift", args=[Shift.objects.get().uuid])).content.decode()
    assert "Cancel this shift" not in shift
    assert "Move, shorten" not in shift
    for name in ("add_shift", "add_leave"):
        assert client.post(reverse(f"rosters:{name}"), {}).status_code == 403
    assert client.post(reverse("rosters:cancel_shift", args=[Shift.objects.get().uuid])).status_code == 403


def test_an_auditor_reads_the_roster_and_changes_nothing(client, layla):
    client.force_login(make_person("Otto", roles=["auditor"]))

    assert client.get(reverse("rosters:week")).status_code == 200
    assert client.post(reverse("rosters:add_shift"), shift_form(layla)).status_code == 403


def test_a_manager_puts_somebody_on_watch(client, manager, layla):
    answer = client.post(reverse("rosters:add_shift"), shift_form(layla, roles=["duty"]), follow=True)

    shift = Shift.objects.get()
    assert (shift.during.lower, shift.kind, shift.roles) == (NIGHT, "on_call", ["duty"])
    assert "Layla Hasan is on watch: on call, Mon 9 Jun 2014 15:00 – 23:00" in answer.content.decode()
    assert answer.request["QUERY_STRING"] == "week=2014-06-09"


def test_times_may_be_given_in_the_persons_own_zone(client, manager, layla):
    client.post(reverse("rosters:add_shift"), shift_form(layla, zone="own"))

    assert Shift.objects.get().during.lower == datetime(2014, 6, 10, 2, 0, tzinfo=UTC)


@time_machine.travel("2014-06-08T12:00Z", tick=False)
def test_a_shift_may_recur(client, manager, layla):
    client.post(reverse("rosters:add_shift"), shift_form(layla, repeat="FREQ=DAILY"))

    assert ShiftRule.objects.get().rrule == "FREQ=DAILY"
    assert Shift.objects.count() > 7
    text = page(client)
    assert "again and again" in text
    third = Shift.objects.order_by("during")[2]
    client.post(reverse("rosters:end_series", args=[third.uuid]))
    assert Shift.objects.filter(cancelled_at=None).count() == 2


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"end": "2014-06-09T22:00"}, "The end must lie after the start."),
        ({"roles": ["approver"]}, "Layla Hasan does not hold the role approver"),
        ({"zone": "own", "start": "2014-11-02T01:30", "end": "2014-11-02T09:00"}, "ambiguous in America/New_York"),
        ({"zone": "own", "start": "2014-03-09T02:30", "end": "2014-03-09T09:00"}, "does not exist in America/New_York"),
        ({"start": "tonight"}, "not a date and time"),
        ({"start": ""}, "This field is required."),
    ],
)
def test_what_is_wrong_with_a_shift_is_said_at_the_form(client, manager, layla, changes, said):
    answer = client.post(reverse("rosters:add_shift"), shift_form(layla, **changes))

    assert said in answer.content.decode()
    assert not Shift.objects.exists()


def test_a_conflict_names_the_other_shift(client, manager, layla):
    make_shift(layla, NIGHT)

    answer = client.post(reverse("rosters:add_shift"), shift_form(layla))

    assert "desk, Mon 9 Jun 2014 15:00 – 23:00 America/New_York" in answer.content.decode()


def test_cancelling_can_be_undone(client, manager, layla):
    shift, leave = make_shift(layla, NIGHT), make_leave(layla, NIGHT)
    for kind, row in (("shift", shift), ("leave", leave)):
        client.post(reverse(f"rosters:cancel_{kind}", args=[row.uuid]))
        row.refresh_from_db()
        assert row.cancelled_at is not None
        assert "Put back" in client.get(reverse(f"rosters:{kind}", args=[row.uuid])).content.decode()
        client.post(reverse(f"rosters:restore_{kind}", args=[row.uuid]))
        row.refresh_from_db()
        assert row.cancelled_at is None


def test_a_manager_sends_somebody_on_leave(client, manager, layla):
    words = {"person": layla.pk, "zone": "Asia/Baghdad", "start": "2014-06-09T22:00", "end": "2014-06-12T06:00"}

    answer = client.post(reverse("rosters:add_leave"), words, follow=True)

    assert Leave.objects.get().during.lower == NIGHT
    assert "Layla Hasan is on leave: Mon 9 Jun 2014 15:00" in answer.content.decode()
