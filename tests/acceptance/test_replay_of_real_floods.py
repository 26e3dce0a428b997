"""The Brussels fortnight through a roster that somebody writes by hand: nothing but files in, one document out."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.claims.models import Flood
from planner.rosters.models import Shift
from tests.acceptance.stranger import ask, ask_json, real, written

pytestmark = pytest.mark.django_db
BRUSSELS = "ira/all_2016-03-14_2016-03-27_brussels.csv.gz"
ROSTER = "person,zone,roles,kind,start,end,rule\n" + "".join(
    f"{name},Europe/Brussels,{role},desk,2016-03-14T09:00,2016-03-14T17:00,FREQ=DAILY\n"
    for name, role in (("An", "analyst"), ("Bea", "officer"), ("Cas", "approver"))
)


def test_every_flood_of_the_fortnight_is_answered_when_two_clocks_and_a_desk_say_so(tmp_path):
    assert ask("import_sightings", real(BRUSSELS)).code == 0
    period = ("--from", "2016-03-14T00:00+01:00", "--to", "2016-03-28T00:00+02:00")  # the clocks change on the 27th
    answer = ask_json("replay", "--roster", written(tmp_path, ROSTER), *period)
    found = answer.document
    assert (answer.code, found["basis"], found["claims"]) == (0, "floods", Flood.objects.count())
    assert found["hours"] == 14 * 8 * 3
    brussels, waits = ZoneInfo("Europe/Brussels"), []
    for one in found["each"]:
        broke = datetime.fromisoformat(one["broke"])
        here = broke.astimezone(brussels)
        opens = here.replace(hour=9, minute=0, second=0)
        if here.hour >= 17:
            opens += timedelta(days=1)  # on the wall, through the changeover
        seen = max(broke, opens.astimezone(broke.tzinfo)) + timedelta(minutes=5)
        drafted = (seen + timedelta(minutes=15)).astimezone(brussels)
        if here.hour >= 17 or drafted.hour < 17:  # else it is left for the next morning, half done
            waits.append(((seen - broke) / timedelta(minutes=1) + 25, one["minutes"]))
    assert len(waits) > 30
    assert [told for _, told in waits] == pytest.approx([expected for expected, _ in waits])
    assert found["answered_within"]["30"] == sum(expected <= 30 for expected, _ in waits)
    assert not Shift.objects.exists()
