"""Swaps reach the people who can do something about them, once each, in their own hours."""

from datetime import timedelta

import pytest

from planner.notices.models import Notice
from planner.rosters.swapping import accept_swap, approve_swap, ask_for_approval, end_swap, offer_swap
from planner.tasking.services import tell_about_swaps
from tests.factories import make_leave, make_person, make_shift
from tests.rosters.roster import NOW, at, manager, people

pytestmark = pytest.mark.django_db


@pytest.fixture
def offer():
    """Layla offers three hours of her night; Omar could take them, Sara is on leave, Ali has another job."""
    layla, omar, sara = people("Layla Hasan", "Omar Aziz", "Sara Nouri")
    make_person("Ali Analyst", roles=["analyst"])
    make_leave(sara, at(0), 8)
    shift = make_shift(layla, at(0), 8, kind="on_call")
    swap = offer_swap(shift, start=at(2), end=at(5), by=layla, now=NOW, note="My son is ill.")
    return swap, omar


def told(now=NOW):
    """Who is told what by one round of the clock: {first name: subject}."""
    before = set(Notice.objects.values_list("pk", flat=True))
    tell_about_swaps(now=now)
    return {notice.person.first_name: notice.subject for notice in Notice.objects.exclude(pk__in=before)}


def test_an_offer_goes_to_those_who_could_take_it_and_only_once(offer):
    _swap, _omar = offer
    assert told() == {"Omar": "Layla Hasan offers a shift: Tue 10 Jun 2014 00:00 – 03:00 Asia/Baghdad"}
    assert "My son is ill." in Notice.objects.get().body
    assert told() == {}


def test_each_reads_it_in_their_own_hours(offer):
    _swap, omar = offer
    omar.zone = "Europe/London"
    omar.save()
    assert told()["Omar"].endswith("Mon 9 Jun 2014 22:00 – 01:00 Europe/London")


def test_a_manager_is_asked_and_both_learn_how_it_ended(offer):
    swap, omar = offer
    chief = manager()
    ask_for_approval(swap.shift.team, wanted=True, by=chief, now=NOW)
    told()
    accept_swap(swap, by=omar, now=NOW)
    assert list(told()) == ["Mona"]
    approve_swap(swap, by=chief, now=NOW)
    assert sorted(told()) == ["Layla", "Omar"]
    assert told() == {}


def test_a_swap_that_is_refused_is_told_to_both(offer):
    swap, omar = offer
    chief = manager()
    ask_for_approval(swap.shift.team, wanted=True, by=chief, now=NOW)
    accept_swap(swap, by=omar, now=NOW)
    told()
    end_swap(swap, by=chief, now=NOW)
    assert {name: subject.split(",")[0] for name, subject in told().items()} == dict.fromkeys(
        ("Layla", "Omar"), "The swap does not happen"
    )


def test_an_offer_that_was_withdrawn_or_has_begun_is_no_news(offer):
    swap, _omar = offer
    assert told(now=at(2) + timedelta(minutes=1)) == {}
    end_swap(swap, by=swap.shift.person, now=NOW)
    assert told() == {}
