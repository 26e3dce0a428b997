"""Shifts and leave: put on, taken off, put back; never one person in two places."""

import threading
from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from planner.journal.models import Entry
from planner.rosters import selectors
from planner.rosters.core.kinds import DutyKind
from planner.rosters.models import Shift
from planner.rosters.services import (
    Conflict,
    RosterRefused,
    add_leave,
    add_shift,
    cancel_leave,
    cancel_shift,
    ensure_team,
    restore_leave,
    restore_shift,
)
from tests.factories import make_leave, make_person, make_shift

NIGHT = datetime(2014, 6, 9, 19, 0, tzinfo=UTC)  # 22:00 in Baghdad
HOUR = timedelta(hours=1)


def put_on(person, start=NIGHT, hours=8, **words):
    team = ensure_team(name="Desk", zone="Asia/Baghdad")
    given = {"kind": DutyKind.DESK, "now": NIGHT, **words}
    return add_shift(person=person, team=team, start=start, end=start + hours * HOUR, **given)


@pytest.mark.django_db
def test_a_person_is_on_watch_in_the_roles_of_the_shift_that_they_still_hold():
    person = make_person("Layla Hasan", roles=["officer", "approver", "auditor"], languages=["ar", "en"])
    put_on(person, roles=["officer", "approver"])
    person.roles = ["officer"]
    person.save()

    (duty,) = selectors.on_watch(NIGHT)

    assert (duty.name, duty.roles, duty.languages) == ("Layla Hasan", {"officer"}, {"ar", "en"})
    assert selectors.on_watch(NIGHT + 8 * HOUR) == []


@pytest.mark.django_db
def test_a_shift_without_roles_means_every_role_that_acts_on_watch():
    make_shift(make_person(roles=["officer", "duty", "auditor", "administrator"]), NIGHT)

    assert selectors.on_watch(NIGHT)[0].roles == {"officer", "duty"}


@pytest.mark.django_db
@pytest.mark.parametrize("fields", [{"roles": ["auditor"]}, {"roles": ["officer"], "is_active": False}])
def test_nobody_counts_who_cannot_act(fields):
    make_shift(make_person(**fields), NIGHT)

    assert selectors.on_watch(NIGHT) == []


@pytest.mark.django_db
def test_leave_takes_a_person_off_watch_until_it_is_cancelled():
    person, manager = make_person(roles=["duty"]), make_person("Chief", roles=["manager"])
    put_on(person, kind=DutyKind.ON_CALL)
    leave, _new = add_leave(person=person, start=NIGHT + HOUR, end=NIGHT + 3 * HOUR, by=manager, now=NIGHT)

    assert [duty.span.duration for duty in selectors.duties(NIGHT, NIGHT + 8 * HOUR)] == [HOUR, 5 * HOUR]
    cancel_leave(leave, by=manager, now=NIGHT)
    assert [duty.span.duration for duty in selectors.duties(NIGHT, NIGHT + 8 * HOUR)] == [8 * HOUR]
    restore_leave(leave, by=manager, now=NIGHT)
    assert selectors.on_watch(NIGHT + HOUR) == []


@pytest.mark.django_db
def test_a_conflict_names_the_other_shift_in_the_persons_own_time():
    person = make_person("Layla Hasan", roles=["officer"])
    put_on(person)

    with pytest.raises(Conflict) as conflict:
        put_on(person, NIGHT + 7 * HOUR)

    assert str(conflict.value) == (
        "Layla Hasan is on watch then already: desk, Mon 9 Jun 2014 22:00 – 06:00 Asia/Baghdad."
    )
    assert put_on(person, NIGHT + 8 * HOUR)[1], "one shift may begin when the other ends"


@pytest.mark.django_db
def test_a_cancelled_shift_leaves_room_and_cannot_come_back_into_it():
    person, manager = make_person("Layla Hasan", roles=["officer"]), make_person("Chief", roles=["manager"])
    shift, _new = put_on(person)
    cancel_shift(shift, by=manager, now=NIGHT)
    other, _new = put_on(person, NIGHT + HOUR, 2)

    with pytest.raises(Conflict, match="Mon 9 Jun 2014 23:00 – 01:00"):
        restore_shift(shift, by=manager, now=NIGHT)
    cancel_shift(other, by=manager, now=NIGHT)
    shift.refresh_from_db()
    restore_shift(shift, by=manager, now=NIGHT)

    assert len(selectors.on_watch(NIGHT)) == 1


@pytest.mark.django_db
def test_the_same_shift_again_changes_nothing_even_when_it_was_cancelled():
    person, manager = make_person(roles=["officer"]), make_person("Chief", roles=["manager"])
    shift, is_new = put_on(person)
    cancel_shift(shift, by=manager, now=NIGHT)

    assert is_new
    assert put_on(person) == (shift, False)
    assert selectors.on_watch(NIGHT) == []


@pytest.mark.django_db
def test_every_change_is_journalled_with_who_and_what():
    person, manager = make_person(roles=["officer"]), make_person("Chief", roles=["manager"])
    shift, _new = put_on(person, by=manager)
    cancel_shift(shift, by=manager, now=NIGHT)
    cancel_shift(shift, by=manager, now=NIGHT)

    entries = Entry.objects.filter(milestone="rostered")
    assert [(entry.actor, entry.subject, entry.detail["act"]) for entry in entries] == [
        (manager.username, f"shift:{shift.uuid}", "added"),
        (manager.username, f"shift:{shift.uuid}", "cancelled"),
    ]
    assert entries[0].detail["start"] == "2014-06-09T19:00:00+00:00"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"hours": 0}, "The end must lie after the start."),
        ({"roles": ["approver"]}, "Layla Hasan does not hold the role approver: an administrator can give it."),
        ({"roles": ["auditor"]}, "“auditor” is not a role on watch: expected analyst, approver, duty,"),
    ],
)
def test_what_cannot_be_is_refused_in_words(words, said):
    with pytest.raises(RosterRefused) as refused:
        put_on(make_person("Layla Hasan", roles=["officer"]), **words)

    assert str(refused.value).startswith(said)


@pytest.mark.django_db
def test_the_database_keeps_a_person_from_being_in_two_places():
    person = make_person(roles=["officer"])
    shift = make_shift(person, NIGHT)
    columns = "person_id, team_id, kind, roles, during"
    copy = f"SELECT gen_random_uuid(), 'copy', {columns} FROM rosters_shift WHERE id = {shift.pk}"

    with pytest.raises(IntegrityError, match="one_person_one_shift_at_once"), connection.cursor() as cursor:
        cursor.execute(f"INSERT INTO rosters_shift (uuid, external_id, {columns}) {copy}")


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "kept_by"),
    [
        ("kind = 'sleeping'", "shift_kind_known"),
        ("roles = '{king}'", "shift_roles_known"),
        ("during = 'empty'", "shift_has_two_ends"),
        ("during = '[2014-06-09 19:00+00,)'", "shift_has_two_ends"),
        ("during = '(,2014-06-09 19:00+00)'", "shift_has_two_ends"),
    ],
)
def test_the_database_refuses_a_shift_that_makes_no_sense(change, kept_by):
    make_shift(make_person(), NIGHT)

    with pytest.raises(IntegrityError, match=kept_by), connection.cursor() as cursor:
        cursor.execute(f"UPDATE rosters_shift SET {change}")


@pytest.mark.django_db
def test_the_database_refuses_leave_without_an_end():
    make_leave(make_person(), NIGHT)

    with pytest.raises(IntegrityError, match="leave_has_two_ends"), connection.cursor() as cursor:
        cursor.execute("UPDATE rosters_leave SET during = '[2014-06-09 19:00+00,)'")


@pytest.mark.django_db(transaction=True)
def test_of_two_managers_at_the_same_moment_one_is_told_of_the_other():
    person = make_person("Layla Hasan", roles=["officer"])
    ensure_team(name="Desk", zone="Asia/Baghdad")
    outcomes, start = [], threading.Barrier(2)

    def put(hours):
        start.wait()
        try:
            put_on(person, hours=hours)
            outcomes.append("added")
        except RosterRefused as refused:
            outcomes.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=put, args=[hours]) for hours in (7, 8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert Shift.objects.count() == 1
    assert "added" in outcomes
    assert any("Layla Hasan is on watch then already" in outcome for outcome in outcomes)
