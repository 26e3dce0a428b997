"""A text is handed in at 02:10. The approver on call sleeps on; the deputy is paged, approves on the phone; it goes."""

import re
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.test import Client
from django.urls import reverse

from planner.desk import trouble
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.notices.services import deliver
from planner.people.models import User
from planner.publishing.dispatch import hand_over as hand_over_posts
from planner.publishing.models import Post
from planner.publishing.services import publish, schedule
from planner.rebuttals.models import Approval, Draft
from planner.rebuttals.services import save_draft, start, submit
from planner.tasking.dispatch import hand_over as climb
from planner.tasking.models import Task
from tests.doubles.smtp import SmtpServer
from tests.doubles.webhook import WebhookServer
from tests.factories import make_channel, make_claim, make_leave, make_person, make_shift

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("broker")]
MINUTE = timedelta(minutes=1)
AT_02_10 = datetime(2014, 6, 9, 23, 10, tzinfo=UTC)  # in Baghdad
ENGLISH = "The dam holds. The cameras on our site show it live."
ARABIC = "السد صامد. الكاميرات على موقعنا تعرضه مباشرة."
PHRASE = "a long enough phrase"


@pytest.fixture
def house() -> dict[str, User]:
    """An officer at the desk, an approver on call, a deputy on call for something else, one asleep, one on leave."""
    evening = AT_02_10 - timedelta(hours=4)
    people = {
        "officer": make_person("Amira Saleh", roles=["officer", "approver"], languages=["ar", "en"]),
        "approver": make_person("Karim Jabbar", roles=["approver"], languages=["ar", "en"]),
        "deputy": make_person("Hala Amin", roles=["duty", "approver"], languages=["ar", "en"]),
        "asleep": make_person("Sara Nouri", roles=["approver"]),
        "away": make_person("Zaid Karim", roles=["approver"], languages=["ar", "en"]),
    }
    make_shift(people["officer"], evening, 10)
    make_shift(people["approver"], evening, 10, kind="on_call")
    make_shift(people["deputy"], evening, 10, kind="on_call", roles=["duty"])
    make_shift(people["away"], evening, 10, kind="on_call")
    make_leave(people["away"], evening)
    people["deputy"].set_password(PHRASE)
    people["deputy"].save()
    return people


@pytest.fixture
def handed_in(house: dict[str, User]) -> list[Draft]:
    """A critical claim, and its answer in two languages, handed in at 02:10."""
    claim = make_claim("The dam has burst.", at=AT_02_10 - 40 * MINUTE, severity="critical", language="ar")
    rebuttal = start(claim=claim, now=AT_02_10)
    drafts = []
    for language, text in (("en", ENGLISH), ("ar", ARABIC)):
        draft = save_draft(rebuttal, language=language, text=text, author=house["officer"], now=AT_02_10)
        drafts.append(submit(draft, by=house["officer"], now=AT_02_10))
    return drafts


def step(now: datetime) -> None:
    """One turn of the clock, and the hands' work after it."""
    climb(now=now)
    for notice in Notice.objects.filter(sent_at=None).order_by("pk"):
        deliver(notice.pk, now=now)


def test_the_deputy_approves_on_the_phone_and_the_post_goes(
    house: dict[str, User], handed_in: list[Draft], smtp_server: SmtpServer, webhook_server: WebhookServer
) -> None:
    for minute in range(6):
        step(AT_02_10 + minute * MINUTE)
    pages = {name: smtp_server.to(person.email) for name, person in house.items()}
    assert {name: len(mails) for name, mails in pages.items()} == {
        "officer": 0,
        "approver": 1,
        "deputy": 1,
        "asleep": 0,
        "away": 0,
    }, "two texts wake one person once; the author is never asked, nobody on leave is woken"

    with time_machine.travel(AT_02_10 + 7 * MINUTE, tick=False):
        _approve_on_the_phone(pages["deputy"][0].get_content())
    assert set(Approval.objects.values_list("text_sha256", "approver")) == {
        (draft.text_sha256, house["deputy"].pk) for draft in handed_in
    }
    for minute in range(8, 40):
        step(AT_02_10 + minute * MINUTE)
    assert smtp_server.to(house["asleep"].email) == [], "the ladder ended with the approval"
    assert [mail["Subject"].split(":")[0] for mail in smtp_server.to(house["officer"].email)] == ["Approved"] * 2

    _scheduled_and_sent(handed_in, house["officer"], webhook_server)
    told = list(Entry.objects.filter(detail__purpose="review").order_by("seq").values_list("milestone", flat=True))
    assert told == ["tasked", "paged", "paged", "climbed", "acknowledged", "closed"]


def _approve_on_the_phone(message: str) -> None:
    """Open the link, say “I read it”, sign in, read, one press."""
    path = re.search(r"https?://[^/]+(/rebuttals/answer/\S+)", message)
    assert path, "the page carries a link"
    phone = Client()
    page = phone.get(path[1]).content.decode()
    assert "8 min left" in page
    assert "Sign in to approve or refuse" in page
    assert not Approval.objects.exists(), "a mail scanner that follows the link clears nothing"
    phone.post(path[1])
    door = re.search(r'href="([^"]+\?next=/rebuttals/look/[^"]+)"', page)
    assert door
    deputy = Task.objects.get().assignee
    assert deputy
    signed_in = phone.post(door[1], {"username": deputy.username, "password": PHRASE})
    assert signed_in.status_code == 302
    page = phone.get(signed_in["Location"]).content.decode()
    for words in (ENGLISH, ARABIC, "8 min left", "You read it"):
        assert words in page
    boxes = re.findall(r'name="read" value="([^"]+)" checked', page)
    answer = phone.post(signed_in["Location"], {"act": "approve", "read": boxes}, follow=True)
    assert "Approved: 2 texts, exactly these words." in answer.content.decode()


def _scheduled_and_sent(drafts: list[Draft], officer: User, webhook_server: WebhookServer) -> None:
    now, claim = AT_02_10 + 8 * MINUTE, drafts[0].rebuttal.claim
    assert claim is not None
    channel = make_channel(webhook_server.url, at=AT_02_10)
    for approval in Approval.objects.order_by("pk"):
        window = {"due_at": now + MINUTE, "expires_at": now + timedelta(hours=4)}
        schedule(approval, channel=channel, claim=claim, by=officer, now=now, **window)
    assert hand_over_posts(now=now + MINUTE) == 2
    for post in Post.objects.all():
        assert publish(post.pk, now=now + MINUTE) == "published"
    assert {sent.json()["text"] for sent in webhook_server.posts} == {ENGLISH, ARABIC}


def test_nobody_decides_so_everybody_with_the_role_is_asked_and_the_board_turns_red(
    house: dict[str, User], handed_in: list[Draft], smtp_server: SmtpServer, client: Client
) -> None:
    for minute in range(10):
        step(AT_02_10 + minute * MINUTE)
    assert smtp_server.to(house["asleep"].email) == []
    assert not _red(AT_02_10 + 9 * MINUTE)
    for minute in range(10, 25):
        step(AT_02_10 + minute * MINUTE)
    assert len(smtp_server.to(house["asleep"].email)) == 1
    assert smtp_server.to(house["away"].email) == []
    now = AT_02_10 + 25 * MINUTE
    assert len(_red(now)) == 1, "one line for one answer"
    client.force_login(house["deputy"])
    with time_machine.travel(now, tick=False):
        for address in (reverse("desk:board"), reverse("rebuttals:list")):
            page = client.get(address).content.decode()
            assert "deadline passed 10 min ago" in page
            assert "Sara Nouri" in page
    look = reverse("rebuttals:look", args=[handed_in[0].rebuttal.uuid])
    read = [f"{draft.uuid}:{draft.text_sha256}" for draft in handed_in]
    assert client.post(look, {"act": "approve", "read": read}).status_code == 302
    assert not _red(now)


def _red(now: datetime) -> list[str]:
    found = [one.what for one in trouble.now_broken(now=now) if one.level == "error"]
    return [what for what in found if "cleared" in what]
