"""A night nobody watches: somebody is woken, the link takes it; and when nobody answers, the board is red.

Time is moved by giving each step its own `now`; the mails go through a real SMTP server.
"""

import re
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from planner.claims.core.observed import Observed
from planner.claims.models import Claim
from planner.claims.services import ingest
from planner.desk import trouble
from planner.journal.models import Entry
from planner.leases.services import beat
from planner.notices.models import Notice
from planner.notices.services import deliver
from planner.people.models import User
from planner.tasking.dispatch import hand_over
from planner.tasking.models import Task
from planner.tasking.services import acknowledge, attend
from tests.doubles.smtp import SmtpServer
from tests.factories import make_person, make_shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]

FLOOD_AT = datetime(2014, 6, 9, 20, 5, tzinfo=UTC)  # 23:05 in Baghdad
MINUTE = timedelta(minutes=1)


@pytest.fixture
def house() -> dict[str, User]:
    """An analyst who went home at 22:00; a duty officer and an approver on call; a manager asleep."""
    evening = datetime(2014, 6, 9, 11, 0, tzinfo=UTC)
    people = {
        "analyst": make_person("Layla Haddad", roles=["analyst"]),
        "duty": make_person("Nour Rashid", roles=["duty", "officer"]),
        "approver": make_person("Karim Jabbar", roles=["approver"]),
        "manager": make_person("Mina Boutros", roles=["manager"]),
    }
    make_shift(people["analyst"], evening, 8)
    make_shift(people["duty"], evening + timedelta(hours=8), 10, kind="on_call", roles=["duty", "officer"])
    make_shift(people["approver"], evening + timedelta(hours=8), 10, kind="on_call", roles=["approver"])
    return people


def flood(at: datetime = FLOOD_AT, accounts: int = 8) -> None:
    """The same words from several accounts within two minutes."""
    ingest(
        [
            Observed(f"voice_{n}", f"id-{n}", at + timedelta(seconds=15 * n), "The bridge has fallen, run! #bridge")
            for n in range(accounts)
        ],
        now=at + 3 * MINUTE,
    )


def step(now: datetime, smtp: SmtpServer) -> None:
    """One turn of the clock, and the hands' work after it."""
    attend(now=now)
    hand_over(now=now)
    for notice in Notice.objects.filter(sent_at=None).order_by("pk"):
        deliver(notice.pk, now=now)


def test_a_flood_at_23_05_wakes_the_duty_officer_whose_tap_takes_it(
    house: dict[str, User], smtp_server: SmtpServer
) -> None:
    flood()
    step(FLOOD_AT + 4 * MINUTE, smtp_server)

    claim = Claim.objects.get()
    assert claim.broke_earliest == FLOOD_AT
    assert claim.sightings.count() == 8
    mails = smtp_server.to(house["duty"].email)
    assert len(mails) == 1, "one page for a flood, never thousands"
    assert smtp_server.to(house["approver"].email) == []

    address = re.search(r"https?://[^/]+(/tasks/answer/\S+)", mails[0].get_content())
    assert address, "the page carries a link"
    phone = Client()
    assert phone.get(address[1]).status_code == 200
    assert Task.objects.get().state == "open", "a mail scanner that follows the link takes nothing"
    assert phone.post(address[1]).status_code in (200, 302)
    task = Task.objects.get()
    assert (task.state, task.assignee) == ("acknowledged", house["duty"])
    told = list(Entry.objects.filter(claim=claim.uuid).order_by("seq").values_list("milestone", flat=True))
    assert told == ["sighted", "claimed", "tasked", "paged", "triaged", "acknowledged"]


def test_the_same_flood_again_and_again_pages_nobody_twice(house: dict[str, User], smtp_server: SmtpServer) -> None:
    for minute in range(4, 9):
        flood(at=FLOOD_AT)
        step(FLOOD_AT + minute * MINUTE, smtp_server)
    assert Claim.objects.count() == Task.objects.count() == 1
    assert len(smtp_server.to(house["duty"].email)) == 1


def test_nobody_answers_so_it_climbs_and_the_board_turns_red(
    house: dict[str, User], smtp_server: SmtpServer, client: Client
) -> None:
    flood()
    start = FLOOD_AT + 4 * MINUTE
    for minute in range(0, 45):
        step(start + minute * MINUTE, smtp_server)
        if minute == 9:
            assert smtp_server.to(house["approver"].email) == [], "the first person has ten minutes"
        if minute == 12:
            assert len(smtp_server.to(house["approver"].email)) == 1, "then the next is paged"
    task = Task.objects.get()
    assert task.state == "exhausted"
    assert len(smtp_server.to(house["manager"].email)) == 1, "the managers are told once"

    now = start + 45 * MINUTE
    beat(name="attend", period=timedelta(seconds=15), now=now)
    red = trouble.now_broken(now=now)
    assert [one.level for one in red if "Nobody answered" in one.what] == ["error"]
    client.force_login(house["manager"])
    page = client.get(reverse("desk:board")).content.decode()
    assert "Nobody answered the page" in page

    acknowledge(task, person=house["manager"], now=now)
    assert not [one for one in trouble.now_broken(now=now) if "Nobody answered" in one.what]


def test_at_the_desk_an_analyst_reads_it_and_nobody_is_woken(house: dict[str, User], smtp_server: SmtpServer) -> None:
    by_day = datetime(2014, 6, 9, 12, 0, tzinfo=UTC)
    flood(at=by_day)
    step(by_day + 4 * MINUTE, smtp_server)
    assert Claim.objects.count() == 0, "the analyst decides whether it is a claim"
    assert Notice.objects.count() == 0
