"""The gap board and its forms."""

import pytest
from django.urls import reverse
from django.utils.http import urlencode

from planner.coverage import selectors
from planner.coverage.models import AcceptedGap
from tests.coverage import rows
from tests.factories import make_person

pytestmark = pytest.mark.django_db
BOARD = "/coverage/"
REQUIREMENT = {
    "link": "seen",
    "days": ["0", "4"],
    "begins": "22:00",
    "ends": "04:00",
    "zone": "Asia/Baghdad",
    "people": "1",
}


@pytest.fixture
def manager(client):
    person = make_person("Mona Karim", roles=["manager"])
    client.force_login(person)
    return person


def _words(response):
    return " ".join(response.content.decode().split())


def test_the_board_lists_gaps_with_their_cost_and_says_what_is_assumed(client, manager):
    rows.desk()
    said = _words(client.get(f"{BOARD}?from=2014-06-09"))
    assert "Mon 9 Jun 22:00" in said
    assert "nobody is rostered" in said
    assert "No requirement is set" in said
    assert "Half of an audience is gone after" in said
    assert "assumed" in said


def test_a_gap_is_accepted_from_the_board(client, manager):
    gap = {"start": "2014-06-09T19:00:00Z", "end": "2014-06-10T05:00:00Z"}
    form = client.get(f"{reverse('coverage:accept')}?{urlencode({**gap, 'link': 'seen'})}")
    assert "Mon 9 Jun 22:00" in _words(form)
    words = {
        **gap,
        "links": ["seen", "cleared"],
        "reason": "Eid",
        "owner": manager.pk,
        "expires_at": "2099-01-01T00:00",
    }
    assert client.post(reverse("coverage:accept"), words).status_code == 302
    accepted = AcceptedGap.objects.get()
    assert (accepted.links, accepted.reason, accepted.during.lower.hour) == (["seen", "cleared"], "Eid", 19)
    board = _words(client.get(BOARD))
    assert "Accepted on purpose" in board
    assert "Eid" in board
    client.post(reverse("coverage:end_acceptance", args=[accepted.uuid]))
    assert "Accepted on purpose" not in _words(client.get(BOARD))


def test_an_acceptance_without_a_reason_comes_back_with_the_field(client, manager):
    words = {"start": "2014-06-09T19:00:00Z", "end": "2014-06-10T05:00:00Z", "links": ["seen"], "owner": manager.pk}
    answer = client.post(reverse("coverage:accept"), {**words, "expires_at": "2099-01-01T00:00"})
    assert answer.status_code == 400
    assert "This field is required" in _words(answer)
    assert not AcceptedGap.objects.exists()


def test_a_requirement_is_added_edited_and_ended(client, manager):
    assert client.post(reverse("coverage:new_requirement"), REQUIREMENT).status_code == 302
    (first,) = selectors.standing_requirements()
    board = _words(client.get(BOARD))
    assert "22:00–04:00" in board
    assert "Monday and Friday" in board
    edit = reverse("coverage:requirement", args=[first.uuid])
    assert 'value="22:00"' in _words(client.get(edit))
    client.post(edit, {**REQUIREMENT, "people": "2"})
    (second,) = selectors.standing_requirements()
    assert (second.people, second.pk != first.pk) == (2, True)
    client.post(reverse("coverage:end_requirement", args=[second.uuid]))
    assert not selectors.standing_requirements().exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"begins": "late"}, "is not a time of day"),
        ({"zone": "Bagdad"}, "Asia/Baghdad"),
        ({"ends": "22:00"}, "00:00 to 24:00"),
        ({"days": []}, "This field is required"),
    ],
)
def test_a_requirement_that_cannot_be_read_says_which_field(client, manager, wrong, said):
    answer = client.post(reverse("coverage:new_requirement"), {**REQUIREMENT, **wrong})
    assert answer.status_code == 400
    assert said in _words(answer)


def test_only_a_roster_manager_changes_coverage(client):
    client.force_login(make_person(roles=["officer"]))
    board = _words(client.get(BOARD))
    assert "Add a requirement" not in board
    assert client.post(reverse("coverage:new_requirement"), REQUIREMENT).status_code == 403
    client.force_login(make_person(roles=["auditor"]))
    assert client.get(reverse("coverage:new_requirement")).status_code == 200
    assert client.post(reverse("coverage:new_requirement"), REQUIREMENT).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get(BOARD).status_code == 302


@pytest.mark.parametrize("date", ["nonsense", "2014-13-99", "2014-06-09T00:00'--", "0001-01-01", "9999-12-31"])
def test_a_date_that_means_nothing_never_breaks_the_board(client, manager, date):
    assert client.get(BOARD, {"from": date}).status_code == 200
