"""The requirement editor: a whole week at once, without JavaScript, with copy and undo; and the assumptions."""

import pytest
from django.urls import reverse
from django.utils import timezone

from planner.coverage import assumed, selectors
from planner.coverage.models import Assumption, Requirement
from planner.journal.models import Entry
from tests.factories import make_person

pytestmark = pytest.mark.django_db
WEEK = "/coverage/requirements/"


@pytest.fixture
def manager(client):
    person = make_person("Mona Karim", roles=["manager"])
    client.force_login(person)
    return person


def _row(number, link="seen", role="", language="", people="1", zone="Asia/Baghdad", **days):
    words = {"link": link, "role": role, "language": language, "people": people, "zone": zone}
    words |= {f"day{day}": days.get(f"day{day}", "") for day in range(7)}
    return {f"row{number}-{name}": value for name, value in words.items()}


def _words(response):
    return " ".join(response.content.decode().split())


def _standing():
    return sorted(
        (one.link, one.role, tuple(one.days), one.from_minute, one.to_minute, one.people)
        for one in selectors.standing_requirements()
    )


def test_a_week_is_saved_as_a_whole_and_shown_as_it_was_saved(client, manager):
    sent = _row(0, day0="22:00-04:00", day4="22:00-04:00; 08:00-12:00") | _row(
        1, link="cleared", role="duty", day1="00:00-24:00"
    )
    assert client.post(WEEK, sent).status_code == 302
    assert _standing() == [
        ("cleared", "duty", (1,), 0, 1440, 1),
        ("seen", "", (0, 4), 1320, 240, 1),
        ("seen", "", (4,), 480, 720, 1),
    ]
    shown = _words(client.get(WEEK))
    assert 'value="08:00-12:00; 22:00-04:00"' in shown


def test_saving_again_changes_nothing_and_clearing_a_row_ends_it(client, manager):
    sent = _row(0, day0="22:00-04:00")
    client.post(WEEK, sent)
    first = Requirement.objects.get()
    client.post(WEEK, sent)
    assert Requirement.objects.get() == first
    client.post(WEEK, _row(0))
    assert _standing() == []


def test_the_last_change_is_undone_and_done_again(client, manager):
    client.post(WEEK, _row(0, day0="22:00-04:00"))
    before = _standing()
    client.post(WEEK, _row(0, day0="20:00-04:00", people="2"))
    after = _standing()
    assert before != after
    for expected in (before, after):
        at = selectors.last_change().isoformat()
        client.post(reverse("coverage:undo"), {"at": at})
        assert _standing() == expected
    said = client.post(reverse("coverage:undo"), {"at": "2014-06-09T00:00:00Z"}, follow=True)
    assert "Nothing was undone" in _words(said)
    assert _standing() == after


def test_copying_a_day_fills_the_others_and_saves_nothing(client, manager):
    shown = _words(client.post(WEEK, _row(0, day0="22:00-04:00", day6="10:00-12:00") | {"copy": "0:0:mon-fri"}))
    assert shown.count('value="22:00-04:00"') == 5
    assert shown.count('value="10:00-12:00"') == 1
    assert "not saved yet" in shown
    assert _standing() == []


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        (_row(0, day0="late"), "Monday: “late” is not a stretch of hours"),
        (_row(0, zone="Bagdad", day0="08:00-09:00"), "Asia/Baghdad"),
        (_row(0, role="approver", day0="08:00-09:00"), "This role does not do this link"),
        (_row(0, day0="08:00-12:00") | _row(1, day0="10:00-14:00", people="2"), "lies over 08:00-12:00 of row 1"),
        (_row(0, day0="08:00-12:00; 10:00-14:00"), "in the same row"),
        (_row(0, people="0", day0="08:00-12:00"), "greater than or equal to 1"),
    ],
)
def test_what_cannot_be_saved_is_named_and_nothing_typed_is_lost(client, manager, sent, said):
    answer = client.post(WEEK, sent)
    assert answer.status_code == 400
    assert said in _words(answer)
    assert f'value="{sent["row0-day0"]}"' in _words(answer)
    assert _standing() == []


@pytest.mark.parametrize("asked", ["x", "9:0:all", "0:9:all", "0:0:never", "::", "-1:0:all"])
def test_a_copy_that_means_nothing_changes_nothing(client, manager, asked):
    assert client.post(WEEK, _row(0, day0="22:00-04:00") | {"copy": asked}).status_code == 200


def test_a_figure_is_set_kept_on_record_and_taken_back(client, manager):
    client.post(reverse("coverage:assume"), {"on_call": "45", "half_life": "80"})
    assert selectors.current_assumptions().on_call.total_seconds() == 45 * 60
    board = _words(client.get("/coverage/"))
    assert "set by Mona Karim" in board
    entry = Entry.objects.get(subject="assumption:on_call")
    assert (entry.detail["minutes"], entry.detail["before"]) == (45, None)
    client.post(reverse("coverage:assume"), {"on_call": ""})
    assert selectors.current_assumptions().on_call.total_seconds() == 60 * 60
    assert Assumption.objects.count() == 2, "the old figure stays on record"


@pytest.mark.parametrize(("sent", "said"), [("0", "Expected 1 to 10080 minutes"), ("soon", "Expected whole minutes")])
def test_a_figure_out_of_reach_is_refused_in_words(client, manager, sent, said):
    answer = client.post(reverse("coverage:assume"), {"desk": sent}, follow=True)
    assert said in _words(answer)
    assert not Assumption.objects.exists()


def test_only_a_roster_manager_edits_the_week_and_the_figures(client):
    client.force_login(make_person(roles=["officer"]))
    assert client.get(WEEK).status_code == 403
    assert client.post(reverse("coverage:assume"), {"desk": "10"}).status_code == 403
    assert assumed.figures()[0].row is None
    client.force_login(make_person(roles=["auditor"]))
    assert client.get(WEEK).status_code == 200
    assert client.post(WEEK, _row(0, day0="08:00-12:00")).status_code == 403


def test_undo_is_asked_for_with_the_moment_that_the_page_showed(client, manager):
    client.post(WEEK, _row(0, day0="22:00-04:00"))
    shown = _words(client.get(WEEK))
    assert "Undo the last change" in shown
    assert selectors.last_change() <= timezone.now()
