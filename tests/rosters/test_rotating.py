"""Rotations as rows: turns made late and once, around what stands; and rules that speak beyond what is made."""

from datetime import UTC, datetime, time, timedelta

import pytest
from django.db import IntegrityError, connection

from planner.rosters import selectors
from planner.rosters.acts import undo
from planner.rosters.core.duty import Via
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.recurrence import Recurrence
from planner.rosters.editing import make_room_for
from planner.rosters.models import Act, Rotation, Shift
from planner.rosters.refusals import RosterRefused
from planner.rosters.rolling import add_rule, end_rule, roll_rules
from planner.rosters.rotating import Plan, add_rotation
from planner.rosters.services import add_leave, ensure_team
from tests.factories import make_person, make_shift
from tests.rosters.roster import HOUR, manager, people

pytestmark = pytest.mark.django_db
NOW = datetime(2014, 3, 5, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)
MONDAY = datetime(2014, 3, 10, 9)  # noqa: DTZ001  a wall time
FIRST = datetime(2014, 3, 10, 6, 0, tzinfo=UTC)  # Monday 09:00 in Baghdad


def rotation(*who, hours=None, rrule="FREQ=WEEKLY", horizon=30 * DAY, **words):
    team = ensure_team(name="Desk", zone="Asia/Baghdad")
    handover = Recurrence(rrule, MONDAY, 1, "Asia/Baghdad")
    given = {"name": "Night duty", "kind": DutyKind.ON_CALL, "roles": ["duty"], **words}
    return add_rotation(
        Plan(people=who, handover=handover, hours=hours, **given), team=team, by=manager(), now=NOW, horizon=horizon
    )


def on_watch(instant):
    return [(duty.name.split()[0], duty.via) for duty in selectors.on_watch(instant)]


def test_three_people_take_turns_week_by_week():
    rotation(*people("Layla", "Omar", "Sara"))

    found = [on_watch(FIRST + weeks * 7 * DAY + HOUR) for weeks in range(4)]

    assert found == [[(name, Via.ROTATION)] for name in ("Layla", "Omar", "Sara", "Layla")]


def test_what_is_not_made_yet_is_answered_by_the_rule_and_becomes_just_that():
    rotation(*people("Layla", "Omar"), hours=(time(22), 8 * 60))
    tom = make_person("Tom", roles=["duty"])
    desk = Recurrence("FREQ=DAILY", datetime.fromisoformat("2014-03-06T09:00"), 8 * 60, "Asia/Baghdad")
    team = ensure_team(name="Desk", zone="Asia/Baghdad")
    add_rule(person=tom, team=team, kind=DutyKind.DESK, recurrence=desk, now=NOW, by=manager(), horizon=30 * DAY)
    make_shift(tom, datetime(2014, 9, 2, 4, tzinfo=UTC), 4, kind="on_call")  # by hand, half a year ahead
    start, end = datetime(2014, 9, 1, tzinfo=UTC), datetime(2014, 9, 8, tzinfo=UTC)
    assert not Shift.objects.filter(during__startswith__gt=end - 60 * DAY, rule__isnull=False).exists()

    before = selectors.duties(start, end)
    roll_rules(now=end)
    after = selectors.duties(start, end)

    assert [(d.name, d.via, d.span) for d in before] == [(d.name, d.via, d.span) for d in after]
    assert len(before) == 7 + 1 + 6 + 1, "seven nights, one of them cut by the end; six desk days, for the hand wins"


def test_rolling_makes_every_turn_once():
    rotation(*people("Layla", "Omar"), hours=(time(22), 8 * 60))
    made = Shift.objects.count()

    assert roll_rules(now=NOW, horizon=30 * DAY) == 0
    assert roll_rules(now=NOW + 3 * DAY, horizon=30 * DAY) == 3
    assert Shift.objects.count() == made + 3


def test_a_turn_goes_around_a_day_at_the_desk():
    layla, omar = people("Layla", "Omar")
    make_shift(layla, FIRST + DAY, 8)

    rotation(layla, omar)

    assert on_watch(FIRST + DAY + HOUR) == [("Layla", Via.SHIFT)]
    assert on_watch(FIRST + DAY - HOUR) == on_watch(FIRST + DAY + 9 * HOUR) == [("Layla", Via.ROTATION)]


def test_a_day_at_the_desk_added_later_cuts_the_turn_and_undo_mends_it():
    layla, omar = people("Layla", "Omar")
    row, chief = rotation(layla, omar), manager()
    desk = {"person": layla, "team": row.team, "kind": DutyKind.DESK, "by": chief, "now": NOW}

    make_room_for(start=FIRST + DAY, end=FIRST + DAY + 8 * HOUR, **desk)
    assert on_watch(FIRST + DAY + HOUR) == [("Layla", Via.SHIFT)]
    assert on_watch(FIRST + 2 * DAY) == [("Layla", Via.ROTATION)]
    undo(Act.objects.latest("pk").uuid, by=chief, now=NOW)

    assert [duty.span.duration for duty in selectors.duties(FIRST, FIRST + 7 * DAY)] == [7 * DAY]


def test_leave_inside_an_on_call_week_leaves_a_hole_and_nothing_else():
    layla, omar = people("Layla", "Omar")
    rotation(layla, omar)
    add_leave(person=layla, start=FIRST + 2 * DAY, end=FIRST + 3 * DAY, by=manager(), now=NOW)

    found = selectors.duties(FIRST, FIRST + 14 * DAY)

    assert [(d.name, d.span.duration // DAY) for d in found] == [("Layla", 2), ("Layla", 4), ("Omar", 7)]


def test_a_rotation_ends_and_undo_lets_it_go_on():
    row, chief = rotation(*people("Layla", "Omar")), manager()

    end_rule(row, at=FIRST + 7 * DAY, by=chief, now=NOW)
    assert on_watch(FIRST + 8 * DAY) == on_watch(FIRST + 400 * DAY) == []
    undo(Act.objects.latest("pk").uuid, by=chief, now=NOW)
    assert on_watch(FIRST + 8 * DAY) == [("Omar", Via.ROTATION)]
    assert len(on_watch(FIRST + 400 * DAY)) == 1


def test_a_new_rotation_is_undone_whole_with_what_the_clock_has_made_since():
    rotation(*people("Layla", "Omar"))
    roll_rules(now=NOW + HOUR)

    undo(Act.objects.latest("pk").uuid, by=manager(), now=NOW + 2 * HOUR)

    assert not Shift.objects.filter(cancelled_at=None).exists()
    assert selectors.duties(FIRST, FIRST + 400 * DAY) == []


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"name": " "}, "A rotation needs a name"),
        ({"roles": ["approver"]}, "does not hold the role approver"),
        ({"rrule": "FREQ=HOURLY"}, "is not a rule for shifts"),
        ({"rrule": "FREQ=WEEKLY;COUNT=1"}, "never comes a second time"),
    ],
)
def test_a_rotation_that_cannot_be_is_refused_whole(words, said):
    with pytest.raises(RosterRefused, match=said):
        rotation(*people("Layla", "Omar"), **words)
    with pytest.raises(RosterRefused, match="needs two people or more"):
        rotation(*people("Layla"))

    assert not Rotation.objects.exists()


@pytest.mark.parametrize(
    ("change", "kept_by"),
    [
        ("rosters_rotation SET kind = 'x'", "rotation_kind_known"),
        ("rosters_rotation SET roles = '{x}'", "rotation_roles_known"),
        ("rosters_rotation SET hours_start = '22:00'", "rotation_hours_whole"),
        ("rosters_rotation SET hours_start = '22:00', hours_minutes = 0", "rotation_hours_whole"),
        ("rosters_rotationmember SET position = 0", "one_person_one_place"),
    ],
)
def test_the_database_refuses_a_rotation_that_makes_no_sense(change, kept_by):
    rotation(*people("Layla", "Omar"))

    with pytest.raises(IntegrityError, match=kept_by), connection.cursor() as cursor:
        cursor.execute(f"UPDATE {change}")
