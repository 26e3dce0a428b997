"""Swaps: offered, accepted, agreed to, undone; and what the database itself keeps of them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from planner.journal.models import Entry
from planner.rosters import selectors
from planner.rosters.acts import undo
from planner.rosters.core.duty import Via
from planner.rosters.models import Act, Shift, Swap
from planner.rosters.refusals import RosterRefused
from planner.rosters.services import cancel_shift
from planner.rosters.swapping import accept_swap, approve_swap, ask_for_approval, end_swap, offer_swap
from tests.factories import make_leave, make_person, make_shift
from tests.rosters.roster import HOUR, NOW, at, manager, people, there

pytestmark = pytest.mark.django_db


@pytest.fixture
def two():
    layla, omar = people("Layla Hasan", "Omar Aziz")
    return layla, omar, make_shift(layla, at(0), 8, kind="on_call")


def offered(shift, start=0, end=8, by=None):
    return offer_swap(shift, start=at(start), end=at(end), by=by or shift.person, now=NOW)


def test_a_part_of_a_shift_moves_to_who_accepts_it(two):
    _layla, omar, shift = two
    swap = accept_swap(offered(shift, 2, 5), by=omar, now=NOW)

    assert [there(hour) for hour in (1, 3, 6)] == [["Layla shift"], ["Omar swap"], ["Layla shift"]]
    assert swap.taken.person == omar
    acts = [entry.detail["act"] for entry in Entry.objects.filter(milestone="rostered")]
    assert acts == ["offered", "added", "accepted"]


def test_a_swap_over_the_night_when_clocks_go_back_moves_the_hour_that_comes_twice():
    layla, omar = people("Layla Hasan", "Omar Aziz", zone="Europe/Brussels")
    start = datetime(2014, 10, 25, 20, 0, tzinfo=UTC)  # Saturday 22:00 in Brussels, before the long night
    shift = make_shift(layla, start, 9)

    swap = offer_swap(shift, start=start + 4 * HOUR, end=start + 7 * HOUR, by=layla, now=start - 9 * HOUR)
    accept_swap(swap, by=omar, now=start - 8 * HOUR)

    found = selectors.duties(start, start + 9 * HOUR)
    assert [(duty.name, duty.span.duration // HOUR) for duty in found] == [
        ("Layla Hasan", 4),
        ("Omar Aziz", 3),
        ("Layla Hasan", 2),
    ]
    assert sum((duty.span.duration for duty in found), timedelta()) == 9 * HOUR
    assert found[1].via is Via.SWAP


def test_where_the_team_wants_it_a_manager_agrees_first(two):
    layla, omar, shift = two
    chief = manager()
    ask_for_approval(shift.team, wanted=True, by=chief, now=NOW)
    swap = accept_swap(offered(shift), by=omar, now=NOW)

    assert there(1) == ["Layla shift"]
    for somebody in (layla, omar):
        with pytest.raises(RosterRefused, match="Only a roster manager"):
            approve_swap(swap, by=somebody, now=NOW)
    approve_swap(swap, by=chief, now=NOW)
    assert there(1) == ["Omar swap"]


@pytest.mark.parametrize(
    ("obstacle", "said"),
    [
        (lambda omar: make_shift(omar, at(7), 4), "Omar Aziz is on watch then already: desk, Tue 10 Jun 2014 05:00"),
        (lambda omar: make_leave(omar, at(4), 1), "Omar Aziz is on leave then: Tue 10 Jun 2014 02:00 – 03:00"),
        (lambda omar: type(omar).objects.filter(pk=omar.pk).update(roles=["duty"]), "does not hold: press officer"),
        (lambda omar: type(omar).objects.filter(pk=omar.pk).update(languages=["fr"]), "does not answer in en"),
    ],
)
def test_who_cannot_do_it_is_refused_in_words(two, obstacle, said):
    _layla, omar, shift = two
    obstacle(omar)
    omar.refresh_from_db()

    with pytest.raises(RosterRefused, match=said):
        accept_swap(offered(shift), by=omar, now=NOW)

    assert there(1) == ["Layla shift"]


def test_what_cannot_be_offered_or_taken_is_refused(two):
    layla, omar, shift = two
    with pytest.raises(RosterRefused, match="Only Layla Hasan can offer"):
        offered(shift, by=omar)
    with pytest.raises(RosterRefused, match="not within the shift, which is Mon 9 Jun 2014 22:00 – 06:00"):
        offered(shift, 4, 9)
    with pytest.raises(RosterRefused, match="has begun already"):
        offer_swap(shift, start=at(0), end=at(8), by=layla, now=at(1))
    swap = offered(shift)
    with pytest.raises(RosterRefused, match="offered already"):
        offered(shift, 2, 3)
    with pytest.raises(RosterRefused, match="your own shift"):
        accept_swap(swap, by=layla, now=NOW)
    with pytest.raises(RosterRefused, match="has begun already"):
        accept_swap(swap, by=omar, now=at(1))
    end_swap(swap, by=layla, now=NOW)
    with pytest.raises(RosterRefused, match="does not stand any more"):
        accept_swap(swap, by=omar, now=NOW)


def test_a_swap_is_undone_and_the_giver_has_room_for_it(two):
    _layla, omar, shift = two
    accept_swap(offered(shift), by=omar, now=NOW)

    undo(Act.objects.latest("pk").uuid, by=omar, now=NOW)

    assert there(1) == ["Layla shift"]
    swap = Swap.objects.get()
    assert (swap.taker, swap.taken) == (None, None), "it is on offer again"
    accept_swap(swap, by=omar, now=NOW)
    assert there(1) == ["Omar swap"]


def test_a_part_taken_over_can_be_offered_on(two):
    _layla, omar, shift = two
    (sara,) = people("Sara Noor")
    swap = accept_swap(offered(shift), by=omar, now=NOW)

    accept_swap(offered(swap.taken, 2, 4), by=sara, now=NOW)

    assert [there(hour) for hour in (1, 3, 5)] == [["Omar swap"], ["Sara swap"], ["Omar swap"]]


def test_cancelling_a_shift_takes_the_parts_given_away_along_and_brings_them_back(two):
    _layla, omar, shift = two
    chief = manager()
    accept_swap(offered(shift, 2, 5), by=omar, now=NOW)

    cancel_shift(shift, by=chief, now=NOW)
    assert [there(hour) for hour in (1, 3)] == [[], []]
    undo(Act.objects.latest("pk").uuid, by=chief, now=NOW)
    assert [there(hour) for hour in (1, 3)] == [["Layla shift"], ["Omar swap"]]


def test_the_database_keeps_a_part_within_a_standing_shift_of_somebody_else(two):
    layla, omar, shift = two
    part = accept_swap(offered(shift, 2, 5), by=omar, now=NOW).taken
    attacks = [
        (f"during = '[2014-06-09 20:00+00,2014-06-10 09:00+00)' WHERE id = {part.pk}", "lies within a standing shift"),
        (f"person_id = {layla.pk} WHERE id = {part.pk}", "lies within a standing shift|one_person_one_shift_at_once"),
        (f"cancelled_at = now() WHERE id = {shift.pk}", "was taken over by somebody"),
        (f"during = '[2014-06-09 19:00+00,2014-06-09 22:00+00)' WHERE id = {shift.pk}", "was taken over by somebody"),
    ]
    for change, said in attacks:
        with pytest.raises(IntegrityError, match=said), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"UPDATE rosters_shift SET {change}")


def test_the_database_gives_one_part_away_once_and_only_to_who_took_it(two):
    _layla, omar, shift = two
    accept_swap(offered(shift, 2, 5), by=omar, now=NOW)
    tom = make_person("Tom", roles=["officer", "duty"])
    second = Shift(external_id="x", person=tom, team=shift.team, taken_from=shift, kind="desk", during=(at(4), at(6)))

    with pytest.raises(IntegrityError, match="one_part_taken_over_once"):
        second.save()


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("taker_id = NULL, accepted_at = NULL", "leads to the part|swap_done_was_accepted"),
        ("accepted_at = NULL", "swap_accepted_by_somebody"),
        ("during = '[2014-06-09 20:00+00,2014-06-09 21:00+00)'", "leads to the part"),
        ("during = 'empty'", "leads to the part|swap_has_two_ends"),
    ],
)
def test_the_database_refuses_a_swap_that_does_not_say_who_took_what(two, change, said):
    _layla, omar, shift = two
    accept_swap(offered(shift, 2, 5), by=omar, now=NOW)

    with pytest.raises(IntegrityError, match=said), connection.cursor() as cursor:
        cursor.execute(f"UPDATE rosters_swap SET {change}")
