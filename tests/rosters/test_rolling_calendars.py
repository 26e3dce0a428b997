"""An endless event of a calendar goes on by the clock: from what was written, on the wall, and a hand wins."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.rosters.calendars.bringing import bring, ensure_source
from planner.rosters.calendars.reading import look_into
from planner.rosters.calendars.rolling import roll_calendars
from planner.rosters.core.calendar import Reading
from planner.rosters.models import Shift
from planner.rosters.services import cancel_shift, ensure_team
from tests.factories import make_person, make_shift

pytestmark = pytest.mark.django_db
NOW = datetime(2014, 9, 1, tzinfo=UTC)
TEXT = (
    "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:s\r\nDTSTART;TZID=W. Europe Standard Time:20140901T220000\r\n"
    "DTEND;TZID=W. Europe Standard Time:20140902T060000\r\nRRULE:FREQ=DAILY\r\nSUMMARY:Tom (desk)\r\nEND:VEVENT\r\n"
    "END:VCALENDAR\r\n"
)


@pytest.fixture
def source():
    return ensure_source(name="x", key="", team=ensure_team(name="Desk", zone="UTC"), person="", kind="", zone="")


def brought(source, now=NOW, text=TEXT):
    return bring(look_into(text.encode(), Reading()), source, Reading(), now=now, may_make_people=True)


def test_the_clock_unrolls_it_further_on_the_wall(source):
    assert brought(source).added == 1
    assert Shift.objects.count() == 60
    assert Shift.objects.order_by("during").last().during.lower == datetime(2014, 10, 30, 21, tzinfo=UTC), "winter time"

    assert roll_calendars(now=NOW + timedelta(hours=23)) == 0
    assert roll_calendars(now=NOW + timedelta(days=10)) == 10
    assert roll_calendars(now=NOW + timedelta(days=10)) == 0
    assert brought(source, NOW + timedelta(days=20)).duplicates == 1
    assert Shift.objects.count() == 80, "an import goes on, too"


def test_what_a_hand_put_on_or_took_off_wins(source):
    brought(source)
    tom = Shift.objects.first().person
    cancel_shift(Shift.objects.order_by("during")[5], by=make_person("Mona", roles=["manager"]), now=NOW)
    by_hand = make_shift(tom, datetime(2014, 11, 3, 21, tzinfo=UTC), 2)

    assert roll_calendars(now=NOW + timedelta(days=10)) == 9
    assert Shift.objects.filter(cancelled_at=None).count() == 60 - 1 + 9 + 1
    assert by_hand in Shift.objects.filter(cancelled_at=None)
