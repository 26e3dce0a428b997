"""Taking turns: handovers on the wall, through both nights when clocks change, in every zone."""

from datetime import UTC, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo, available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.rosters.core.rotation import Hours, Rotation, turns

BRUSSELS = ZoneInfo("Europe/Brussels")
MONDAY = datetime(2014, 3, 10, 9)  # noqa: DTZ001  a wall time
WEEKLY = Rotation((1, 2, 3), "FREQ=WEEKLY", MONDAY, "Europe/Brussels")
WEEK = timedelta(days=7)
ZONES = sorted(zone for zone in available_timezones() if "/" in zone)


def wall(instant, tz=BRUSSELS):
    return f"{instant.astimezone(tz):%a %d %b %H:%M}"


def test_three_people_take_turns_weekly_and_hand_over_at_nine_on_the_wall_all_year():
    found = turns(WEEKLY, since=None, until=datetime(2015, 3, 10, tzinfo=UTC))

    assert [turn.person_id for turn in found[:4]] == [1, 2, 3, 1]
    assert {wall(turn.span.start)[-5:] for turn in found} == {"09:00"}
    assert {wall(turn.span.start)[:3] for turn in found} == {"Mon"}
    assert all(before.span.end == after.span.start for before, after in pairwise(found)), "no hole, no overlap"
    hours = {turn.span.duration / timedelta(hours=1) for turn in found}
    assert hours == {167, 168, 169}, "clocks change in two of the weeks"


def test_only_the_nights_of_a_turn_and_the_night_of_the_handover_belongs_to_who_has_it_when_it_begins():
    nightly = Rotation((1, 2), "FREQ=WEEKLY", MONDAY, "Europe/Brussels", Hours(time(22), 8 * 60))

    found = turns(nightly, since=None, until=datetime(2014, 4, 7, tzinfo=UTC))

    assert [turn.person_id for turn in found[:15]] == [1] * 7 + [2] * 7 + [1]
    assert (wall(found[6].span.start), wall(found[6].span.end)) == ("Sun 16 Mar 22:00", "Mon 17 Mar 06:00")
    spring = next(turn for turn in found if wall(turn.span.start).startswith("Sat 29"))
    assert spring.span.duration == timedelta(hours=7)


def test_the_last_handover_of_a_rule_that_ends_closes_the_last_turn():
    three = Rotation((1, 2, 3), "FREQ=WEEKLY;COUNT=3", MONDAY, "Europe/Brussels")

    found = turns(three, since=None, until=datetime(2016, 1, 1, tzinfo=UTC))

    assert [(turn.person_id, wall(turn.span.end)) for turn in found] == [
        (1, "Mon 17 Mar 09:00"),
        (2, "Mon 24 Mar 09:00"),
    ]


def test_asking_piece_by_piece_gives_the_same_turns():
    whole = turns(WEEKLY, since=None, until=datetime(2014, 9, 1, tzinfo=UTC))
    cuts = [
        None,
        datetime(2014, 3, 30, 1, tzinfo=UTC),
        datetime(2014, 6, 2, 7, tzinfo=UTC),
        datetime(2014, 9, 1, tzinfo=UTC),
    ]

    pieces = [turn for since, until in pairwise(cuts) for turn in turns(WEEKLY, since=since, until=until)]

    assert pieces == whole


@settings(max_examples=60, deadline=None)
@given(
    zone=st.sampled_from(ZONES),
    start=st.datetimes(datetime(2015, 1, 1), datetime(2034, 1, 1)).map(lambda at: at.replace(microsecond=0)),  # noqa: DTZ001
    every=st.sampled_from(["FREQ=DAILY", "FREQ=WEEKLY", "FREQ=DAILY;INTERVAL=3"]),
    people=st.integers(2, 5),
)
def test_in_every_zone_somebody_is_responsible_in_every_minute_and_their_order_never_slips(zone, start, every, people):
    rotation = Rotation(tuple(range(people)), every, start, zone)
    first = rotation.first_instant()

    found = turns(rotation, since=None, until=first + 40 * WEEK)

    assert found[0].span.start == first
    assert all(before.span.end == after.span.start for before, after in pairwise(found))
    step = {"FREQ=DAILY": 1, "FREQ=WEEKLY": 7, "FREQ=DAILY;INTERVAL=3": 3}[every]
    for turn in found:  # an oracle that counts days on the calendar instead of handovers
        local = turn.span.start.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
        days = round((local - start) / timedelta(days=1))
        assert turn.person_id == days // step % people


@pytest.mark.parametrize("rrule", ["EVERY DAY", "FREQ=SOMETIMES"])
def test_a_handover_that_cannot_be_read_is_refused(rrule):
    with pytest.raises(ValueError, match="expected one such as"):
        turns(Rotation((1, 2), rrule, MONDAY, "Europe/Brussels"), since=None, until=datetime(2015, 1, 1, tzinfo=UTC))
