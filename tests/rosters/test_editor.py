"""What a roster manager and the people do on the roster's pages, each act with its undo; without JavaScript."""

import re
from datetime import timedelta

import pytest
import time_machine
from django.urls import reverse

from planner.rosters.models import Act, Leave, Override, Rotation, Shift, Swap
from planner.rosters.swapping import offer_swap
from tests.factories import make_leave, make_person, make_shift
from tests.rosters.roster import NOW, at, people, there

pytestmark = pytest.mark.django_db
WALL = {"start": "2014-06-09T22:00", "end": "2014-06-10T02:00", "zone": "Asia/Baghdad"}


@pytest.fixture(autouse=True)
def _now():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def manager(client):
    """A roster manager, signed in."""
    person = make_person("Mona Chief", roles=["manager"])
    client.force_login(person)
    return person


@pytest.fixture
def team():
    layla, omar = people("Layla Hasan", "Omar Aziz")
    return layla, omar, make_shift(layla, at(0), 8, kind="on_call")


def post(client, page, /, *args, **words):
    return client.post(reverse(f"rosters:{page}", args=args), words, follow=True)


def text(answer):
    return re.sub(r"\s+", " ", answer.content.decode())


def undo_in(answer):
    """The undo that the message offers, as a browser would send it."""
    form = re.search(r'<form class="undo" method="post" action="([^"]+)".*?</form>', answer.content.decode())
    return form[1], re.search(r'name="next" value="([^"]+)"', form[0])[1]


def test_replace_layla_by_omar_from_ten_to_two_and_undo_it_in_the_message(client, manager, team):
    layla, omar, _shift = team

    answer = post(client, "add_override", act="replace", person=layla.pk, stand_in=omar.pk, reason="ill", **WALL)

    assert "Omar Aziz replaces Layla Hasan: Mon 9 Jun 2014 22:00 – 02:00 Asia/Baghdad." in text(answer)
    assert "replaced by Omar Aziz" in text(answer)
    assert there(1) == ["Omar override"]
    address, back = undo_in(answer)
    answer = client.post(address, {"next": back}, follow=True)
    assert there(1) == ["Layla shift"]
    assert answer.request["QUERY_STRING"] == "week=2014-06-09"
    assert "Undone: Omar Aziz replaces Layla Hasan" in text(answer)
    client.post(undo_in(answer)[0])
    assert there(1) == ["Omar override"], "an undoing can be undone"


def test_a_stretch_may_also_be_taken_off_or_added_and_what_is_missing_is_said(client, manager, team):
    layla, omar, _shift = team
    answer = post(client, "add_override", act="replace", person=layla.pk, **WALL)
    assert "Choose who stands in." in text(answer)

    post(client, "add_override", act="remove", person=layla.pk, **WALL)
    assert there(1) == []
    post(client, "add_override", act="add", person=omar.pk, kind="desk", roles=["officer"], **WALL)
    assert there(1) == ["Omar override"]
    row = Override.objects.latest("pk")
    assert "Omar Aziz is added" in text(client.get(reverse("rosters:override", args=[row.uuid])))
    post(client, "cancel_override", row.uuid)
    assert there(1) == []


def test_a_conflict_names_the_other_shift_links_to_it_and_offers_to_make_room(client, manager, team):
    layla, _omar, shift = team
    words = {"person": layla.pk, "kind": "desk", "repeat": "", "zone": "Asia/Baghdad"}
    words |= {"start": "2014-06-10T00:00", "end": "2014-06-10T02:00"}

    answer = post(client, "add_shift", **words)

    assert "on call, Mon 9 Jun 2014 22:00 – 06:00 Asia/Baghdad" in text(answer)
    assert reverse("rosters:shift", args=[shift.uuid]) in text(answer)
    answer = post(client, "add_shift", **words, make_room="yes")
    assert "Their other shift goes on before and after." in text(answer)
    lengths = [row.during.upper - row.during.lower for row in Shift.objects.order_by("during")]
    assert lengths == [timedelta(hours=hours) for hours in (2, 2, 4)]
    client.post(undo_in(answer)[0])
    (left,) = Shift.objects.filter(cancelled_at=None)
    assert left.during.upper - left.during.lower == timedelta(hours=8)


def test_a_shift_is_moved_shortened_and_put_back_by_undo(client, manager, team):
    _layla, _omar, shift = team

    answer = post(client, "move_shift", shift.uuid, kind="desk", roles=["officer"], **WALL)

    shift.refresh_from_db()
    assert (shift.during.upper, shift.kind, shift.roles) == (at(4), "desk", ["officer"])
    assert "02:00 Asia/Baghdad, instead of on call, Mon 9 Jun 2014 22:00 – 06:00" in text(answer)
    client.post(undo_in(answer)[0])
    shift.refresh_from_db()
    assert (shift.during.upper, shift.kind, shift.roles) == (at(8), "on_call", [])


def test_a_shift_moved_into_another_names_it_and_stays(client, manager, team):
    layla, _omar, shift = team
    make_shift(layla, at(10), 4)

    answer = post(client, "move_shift", shift.uuid, kind="desk", **{**WALL, "end": "2014-06-10T09:00"})

    assert answer.status_code == 400
    assert "is on watch then already: desk, Tue 10 Jun 2014 08:00 – 12:00" in text(answer)
    assert Shift.objects.get(pk=shift.pk).during.upper == at(8)


def test_what_was_cancelled_can_be_put_on_again_by_hand(client, manager, team):
    layla, _omar, shift = team
    words = {"person": layla.pk, "kind": "on_call", "repeat": "", "zone": "Asia/Baghdad"}
    words |= {"start": "2014-06-09T22:00", "end": "2014-06-10T06:00"}
    post(client, "cancel_shift", shift.uuid)
    post(client, "add_shift", **words)
    first = Shift.objects.get(cancelled_at=None)
    assert "stands like that already" in text(post(client, "add_shift", **words))
    post(client, "cancel_shift", first.uuid)
    post(client, "add_shift", **words)

    assert Shift.objects.filter(cancelled_at=None).exclude(pk=first.pk).count() == 1


def test_an_offer_is_taken_on_a_phone_and_both_see_it(client, team):
    layla, omar, shift = team
    client.force_login(layla)
    assert "open one to offer it" in text(client.get(reverse("rosters:mine")))
    post(client, "offer_swap", shift.uuid, note="My sister marries.", **WALL)

    client.force_login(omar)
    answer = text(client.get(reverse("rosters:mine")))
    assert "My sister marries." in answer
    assert "I take it over" in answer
    answer = post(client, "accept_swap", Swap.objects.get().uuid, next=reverse("rosters:mine"))
    assert "Omar Aziz takes over from Layla Hasan: Mon 9 Jun 2014 22:00 – 02:00" in text(answer)
    assert "You are not on the roster" not in text(answer)
    assert there(1) == ["Omar swap"]
    client.force_login(layla)
    assert "given to Omar Aziz" in text(client.get(reverse("rosters:week"), {"week": "2014-06-09"}))
    own = Act.objects.filter(by=omar).latest("pk")
    assert client.post(reverse("rosters:undo", args=[own.uuid])).status_code == 404, "not hers to undo"


def test_who_cannot_take_an_offer_is_told_why_and_a_manager_agrees_where_asked(client, manager, team):
    layla, omar, shift = team
    post(client, "swaps_approval", shift.team.pk, wanted="yes")
    swap = offer_swap(shift, start=at(0), end=at(8), by=layla, now=NOW)
    make_leave(omar, at(2), 1)
    client.force_login(omar)
    assert "Not for you: Omar Aziz is on leave then" in text(client.get(reverse("rosters:week")))
    assert "is on leave then" in text(post(client, "accept_swap", swap.uuid))

    Leave.objects.update(cancelled_at=NOW)
    assert "A roster manager has to agree." in text(post(client, "accept_swap", swap.uuid))
    assert client.post(reverse("rosters:approve_swap", args=[swap.uuid])).status_code == 403
    client.force_login(manager)
    assert "would take it; a roster manager has to agree" in text(client.get(reverse("rosters:week")))
    post(client, "approve_swap", swap.uuid)
    assert there(1) == ["Omar swap"]


def test_an_offer_is_withdrawn(client, team):
    layla, _omar, shift = team
    client.force_login(layla)
    post(client, "offer_swap", shift.uuid, **WALL)

    assert "The offer is withdrawn" in text(post(client, "end_swap", Swap.objects.get().uuid))
    assert "has begun already" in text(post(client, "offer_swap", shift.uuid, **{**WALL, "start": "2014-06-01T22:00"}))


def test_people_take_turns_and_the_rotation_ends(client, manager):
    layla, omar = people("Layla Hasan", "Omar Aziz")
    words = {"name": "Night duty", "kind": "on_call", "start": "2014-06-09T09:00", "zone": "Asia/Baghdad"}
    words |= {"handover": "FREQ=WEEKLY", "person_1": layla.pk, "person_2": omar.pk}

    answer = post(client, "add_rotation", **words, hours_from="22:00")
    assert "Give both times, or neither" in text(answer)
    answer = post(client, "add_rotation", **words, hours_from="22:00", hours_to="06:00")

    assert "They take turns: Night duty." in text(answer)
    assert "every week, first Mon 9 Jun 2014 09:00 Baghdad" in text(answer)
    assert "each day 22:00–06:00" in text(answer)
    assert (there(1), there(7 * 24 + 1)) == (["Layla rotation"], ["Omar rotation"])
    assert "rotation" in text(client.get(reverse("rosters:week"), {"week": "2015-06-09"})), "however far ahead"
    post(client, "end_rotation", Rotation.objects.get().uuid)
    assert there(1) == []


def test_who_is_on_watch_at_a_moment_is_said_with_the_reason(client, team):
    _layla, omar, _shift = team
    make_shift(omar, at(-2), 4, roles=["officer"])
    client.force_login(omar)

    answer = text(client.get(reverse("rosters:watch"), {"at": "2014-06-09T23:00"}))

    for words in ("press officer", "Omar Aziz", "(desk)", "(on call)", "single shift", "Mon 9 Jun 20:00"):
        assert words in answer
    assert answer.index("Omar Aziz</bdi> (desk)") < answer.index("Layla Hasan</bdi> (on call)")
    assert "Nobody is on watch then" in text(client.get(reverse("rosters:watch"), {"at": "2016-06-09T23:00"}))
    assert "not a date and time" in text(client.get(reverse("rosters:watch"), {"at": "tonight"}))


def test_only_a_roster_manager_changes_the_roster(client, team):
    _layla, omar, shift = team
    client.force_login(omar)

    for name, args in (
        ("add_override", []),
        ("cancel_shift", [shift.uuid]),
        ("move_shift", [shift.uuid]),
        ("end_rotation", [shift.uuid]),
    ):
        assert client.post(reverse(f"rosters:{name}", args=args), {}).status_code == 403
    assert "Only Layla Hasan can offer this shift." in text(post(client, "offer_swap", shift.uuid, **WALL))
