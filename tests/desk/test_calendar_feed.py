"""A person's own calendar behind a secret address: what it says, who opens it, and that it can be read back."""

from datetime import UTC, datetime, timedelta

import icalendar
import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.desk.feed import feed
from planner.people.models import User
from planner.rosters.calendars.bringing import bring, ensure_source
from planner.rosters.calendars.feeds import end_feed, renew_feed, standing_key
from planner.rosters.calendars.reading import look_into
from planner.rosters.calendars.rows import FeedKey
from planner.rosters.core.calendar import Reading
from planner.rosters.models import Leave, Shift
from planner.rosters.services import cancel_shift, ensure_team
from planner.tasking.services import open_task
from tests.factories import make_claim, make_leave, make_person, make_shift

pytestmark = pytest.mark.django_db
SOON = timezone.now().replace(minute=0, second=0, microsecond=0) + timedelta(days=2)


@pytest.fixture
def layla():
    return make_person("Layla Hasan", roles=["officer", "duty"], zone="Asia/Baghdad", email="layla@example.org")


def address(person, language="en"):
    return reverse("desk:feed", args=[renew_feed(person, language=language, now=timezone.now())])


def events(client, where):
    answer = client.get(where)
    assert answer.status_code == 200
    calendar = icalendar.Calendar.from_ical(answer.content)
    assert not [part.errors for part in calendar.walk() if getattr(part, "errors", None)]
    return {str(event["UID"]): event for event in calendar.walk("VEVENT")}


def test_shifts_on_call_duty_leave_and_tasks_stand_in_it_and_nobody_elses(client, layla):
    shift = make_shift(layla, SOON, kind="on_call")
    make_shift(make_person("Omar", roles=["duty"]), SOON)
    leave = make_leave(layla, SOON + timedelta(days=3))
    task = open_task(make_claim(at=timezone.now()), by=None, assignee=layla, now=timezone.now())

    answer = client.get(address(layla))

    calendar = icalendar.Calendar.from_ical(answer.content)
    found = {str(event["SUMMARY"]): event for event in calendar.walk("VEVENT")}
    assert set(found) == {"On call", "On leave"}
    assert found["On call"].start == SOON
    assert found["On call"]["UID"] == f"shift-{shift.uuid}@planner"
    assert found["On leave"]["UID"] == f"leave-{leave.uuid}@planner"
    assert [str(todo["UID"]) for todo in calendar.walk("VTODO")] == [f"task-{task.uuid}@planner"]
    assert task.claim.text.encode() not in answer.content, "a calendar is kept by others: no words of claims"
    assert answer.headers["Content-Type"] == "text/calendar; charset=utf-8"
    assert "no-store" in answer.headers["Cache-Control"]


def test_a_change_counts_the_sequence_and_dates_it_and_the_uid_stays(client, layla):
    shift, where = make_shift(layla, SOON), address(layla)
    (first,) = events(client, where).values()
    assert client.get(where, headers={"If-None-Match": client.get(where).headers["ETag"]}).status_code == 304
    (again,) = events(client, where).values()
    assert (again["SEQUENCE"], again["LAST-MODIFIED"].dt) == (first["SEQUENCE"], first["LAST-MODIFIED"].dt)

    Leave.objects.all().delete()
    make_leave(layla, SOON + timedelta(hours=6), 1)  # cuts the shift in two
    found = events(client, where)

    uid = f"shift-{shift.uuid}@planner"
    assert (first["SEQUENCE"], found[uid]["SEQUENCE"]) == (0, 1)
    assert found[uid].end == SOON + timedelta(hours=6)
    assert found[f"shift-{shift.uuid}-2@planner"].start == SOON + timedelta(hours=7)
    cancel_shift(shift, by=layla, now=timezone.now())
    assert set(events(client, where)) == {f"leave-{Leave.objects.get().uuid}@planner"}


def test_only_the_standing_address_of_an_active_person_opens_it(client, layla):
    old = address(layla)
    new = address(layla)

    assert client.get(old).status_code == 404
    assert client.get(new).status_code == 200
    assert client.get(new.replace(".ics", "x.ics")).status_code == 404
    assert new.rpartition("/")[2].removesuffix(".ics") not in FeedKey.objects.get(ended_at=None).digest
    layla.is_active = False
    layla.save()
    assert client.get(new).status_code == 404
    layla.is_active = True
    layla.save()
    end_feed(layla, now=timezone.now())
    assert client.get(new).status_code == 404


def test_it_speaks_the_language_in_which_it_was_made(client, layla):
    make_shift(layla, SOON)

    assert b"X-WR-CALNAME" in client.get(address(layla, "ar")).content


def test_a_person_makes_and_closes_their_address_on_their_own_page(client, layla):
    client.force_login(layla)
    page = reverse("rosters:feed")
    assert "No address is open" in client.get(page).content.decode()

    shown = client.post(page)

    assert "/roster/feed/" in shown.content.decode()
    assert "no-store" in shown.headers["Cache-Control"]
    assert ".ics" not in client.get(page).content.decode(), "shown once"
    client.post(reverse("rosters:end_feed"))
    assert standing_key(layla) is None


STRETCHES = st.lists(
    st.tuples(st.integers(0, 160), st.integers(1, 20), st.sampled_from(["desk", "on_call", "leave"])), max_size=8
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(stretches=STRETCHES, name=st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=80))
def test_a_feed_read_back_is_the_same_roster(layla, stretches, name):
    for model in (Shift, Leave):
        model.objects.all().update(cancelled_at=timezone.now())
    other = make_person(f"Person {User.objects.count()}", roles=["officer", "duty"])
    other.last_name = f"{name.strip()} {other.pk}"
    other.save()
    begin, laid = SOON, []
    for gap, hours, kind in stretches:
        begin += timedelta(hours=gap)
        end = begin + timedelta(hours=hours)
        if end > SOON + timedelta(days=40):
            break
        (make_leave if kind == "leave" else make_shift)(
            other, begin, hours, **({} if kind == "leave" else {"kind": kind})
        )
        laid.append((kind, begin, end))
        begin = end
    renew_feed(other, language="en", now=timezone.now())
    raw = feed(standing_key(other), now=timezone.now())
    for model in (Shift, Leave):
        model.objects.filter(person=other).update(cancelled_at=timezone.now())
    source = ensure_source(
        name="f", key=str(other.pk), team=ensure_team(name="D", zone="UTC"), person="", kind="", zone=""
    )

    brought = bring(look_into(raw, Reading()), source, Reading(), now=datetime.now(UTC), may_make_people=True)

    assert brought.rejects == []
    back = [(s.kind, s.during.lower, s.during.upper) for s in Shift.objects.filter(cancelled_at=None)]
    back += [("leave", one.during.lower, one.during.upper) for one in Leave.objects.filter(cancelled_at=None)]
    assert sorted(back) == sorted(laid)
