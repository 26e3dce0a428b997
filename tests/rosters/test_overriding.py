"""The last word about a night: added, taken off, replaced; over the shifts and over one another, never over leave."""

import pytest
from django.db import IntegrityError, connection

from planner.journal.models import Entry
from planner.rosters.acts import undo
from planner.rosters.core.kinds import DutyKind
from planner.rosters.models import Act, Override
from planner.rosters.overriding import add_person, cancel_override, remove_person, replace_person
from planner.rosters.refusals import Conflict, RosterRefused
from planner.rosters.services import add_shift
from tests.factories import make_leave, make_person, make_shift
from tests.rosters.roster import NOW, at, manager, people, there

pytestmark = pytest.mark.django_db


@pytest.fixture
def team():
    layla, omar, sara = people("Layla Hasan", "Omar Aziz", "Sara Noor")
    make_shift(layla, at(0), 8, kind="on_call")
    return layla, omar, sara


def replaced(person, stand_in, start, end, **words):
    given = {"by": manager(), "now": NOW, **words}
    return replace_person(person=person, stand_in=stand_in, start=at(start), end=at(end), **given)


def test_somebody_stands_in_for_four_hours(team):
    layla, omar, _sara = team
    replaced(layla, omar, 0, 4)

    assert (there(1), there(5)) == (["Omar override"], ["Layla shift"])


def test_an_override_over_an_override_wins_where_they_overlap_and_leaves_the_rest(team):
    layla, omar, sara = team
    replaced(layla, omar, 0, 6)
    later = replaced(layla, sara, 2, 4)

    assert [there(hour) for hour in (1, 3, 5, 7)] == [
        ["Omar override"],
        ["Sara override"],
        ["Omar override"],
        ["Layla shift"],
    ]
    cancel_override(later, by=manager(), now=NOW)
    assert there(3) == ["Omar override"]


def test_who_stands_in_is_replaced_by_their_own_name_too(team):
    layla, omar, sara = team
    replaced(layla, omar, 0, 6)
    replaced(omar, sara, 2, 4)

    assert (there(1), there(3)) == (["Omar override"], ["Sara override"])


def test_somebody_is_taken_off_and_somebody_added(team):
    layla, omar, _sara = team
    chief = manager()
    remove_person(person=layla, start=at(2), end=at(4), by=chief, now=NOW)
    add_person(person=omar, start=at(3), end=at(5), kind=DutyKind.DESK, roles=["officer"], by=chief, now=NOW)

    assert [there(hour) for hour in (1, 2, 3, 4)] == [
        ["Layla shift"],
        [],
        ["Omar override"],
        ["Layla shift", "Omar override"],
    ]


def test_nobody_on_leave_is_put_on_watch_and_leave_that_comes_later_wins_all_the_same(team):
    layla, omar, _sara = team
    leave = make_leave(omar, at(1), 2)
    with pytest.raises(RosterRefused, match="Omar Aziz is on leave then: Mon 9 Jun 2014 23:00 – 01:00"):
        replaced(layla, omar, 0, 4)
    with pytest.raises(RosterRefused, match="is on leave then"):
        add_person(person=omar, start=at(0), end=at(4), kind=DutyKind.DESK, by=manager(), now=NOW)
    leave.delete()
    replaced(layla, omar, 0, 4)
    make_leave(omar, at(1), 1)

    assert there(1) == []


def test_somebody_on_leave_can_be_replaced_for_that_is_when_it_is_needed(team):
    layla, omar, _sara = team
    make_leave(layla, at(0), 8)

    replaced(layla, omar, 0, 8)

    assert there(4) == ["Omar override"]


def test_what_cannot_be_is_refused_and_names_the_other_duty(team):
    layla, omar, sara = team
    make_shift(omar, at(6), 4)
    approver = make_person("Amal", roles=["approver"])
    for stand_in, said in (
        (omar, "Omar Aziz is on watch then already: desk, Tue 10 Jun 2014 04:00 – 08:00"),
        (approver, "Amal holds none of the roles that Layla Hasan acts in then: duty officer, press officer"),
        (layla, "Choose somebody else"),
    ):
        with pytest.raises(RosterRefused, match=said):
            replaced(layla, stand_in, 0, 8)
    with pytest.raises(RosterRefused, match="Sara Noor is not on watch then"):
        replaced(sara, omar, 0, 4)
    with pytest.raises(RosterRefused, match="Sara Noor is not on watch then"):
        remove_person(person=sara, start=at(0), end=at(4), by=manager(), now=NOW)
    assert not Override.objects.exists()


def test_a_shift_for_somebody_who_stands_in_then_is_refused(team):
    layla, omar, _sara = team
    replaced(layla, omar, 0, 4)
    team_row = layla.shifts.get().team

    with pytest.raises(RosterRefused, match="Omar Aziz is on watch then already: on call, Tue 10 Jun 2014 00:00"):
        add_shift(person=omar, team=team_row, kind=DutyKind.DESK, start=at(2), end=at(6), by=manager(), now=NOW)
    with pytest.raises(Conflict):
        add_person(person=layla, start=at(5), end=at(6), kind=DutyKind.DESK, by=manager(), now=NOW)


def test_what_the_stand_in_cannot_do_is_said(team):
    layla, _omar, _sara = team
    layla.languages = ["en", "ar"]
    layla.save()
    half = make_person("Tom Half", roles=["officer"], languages=["en"])

    replaced(layla, half, 0, 4)

    said = Act.objects.latest("pk").said
    assert said.startswith("Tom Half replaces Layla Hasan: Mon 9 Jun 2014 22:00 – 02:00 Asia/Baghdad.")
    assert "Nobody takes over as duty officer." in said
    assert "Languages missing: ar." in said


def test_an_override_is_undone_and_the_undoing_too(team):
    layla, omar, _sara = team
    chief = manager()
    replaced(layla, omar, 0, 4, by=chief)

    back = undo(Act.objects.get().uuid, by=chief, now=NOW)
    assert there(1) == ["Layla shift"]
    undo(back.uuid, by=chief, now=NOW)
    assert there(1) == ["Omar override"]
    acts = [entry.detail["act"] for entry in Entry.objects.filter(milestone="rostered")]
    assert acts == ["added", "undone", "undone"]


@pytest.mark.parametrize(
    ("change", "kept_by"),
    [
        ("during = 'empty'", "override_has_two_ends"),
        ("during = '[2014-06-09 19:00+00,)'", "override_has_two_ends"),
        ("roles = '{king}'", "override_roles_known"),
        ("act = 'wish'", "override_says_one_thing"),
        ("act = 'add'", "override_says_one_thing"),
        ("stand_in_id = NULL", "override_says_one_thing"),
        ("stand_in_id = person_id", "nobody_replaces_themselves"),
    ],
)
def test_the_database_refuses_an_override_that_says_nothing(team, change, kept_by):
    replaced(*team[:2], 0, 4)

    with pytest.raises(IntegrityError, match=kept_by), connection.cursor() as cursor:
        cursor.execute(f"UPDATE rosters_override SET {change}")
