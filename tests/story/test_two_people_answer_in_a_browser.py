"""Two people answer a claim in browsers without JavaScript: entered, taken, written, refused, cleared, scheduled.

Nothing is set up by services but the people and the channel; every step is a page, a link or a button.
"""

import re
from collections.abc import Callable, Iterator
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect
from pytest_django.live_server_helper import LiveServer

from planner.claims.models import Claim
from planner.journal.models import Entry
from planner.publishing.models import Post
from tests.factories import make_channel, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("broker")]

PASSWORD = "a long password for tests"
CLAIM = "The eastern bridge has been blown up"
FIRST = "The eastern bridge is fine."
WORDS = "The eastern bridge is open. Cameras on our site show it live; the next update comes at 23:00."
BAGHDAD = ZoneInfo("Asia/Baghdad")


@pytest.fixture
def enter(chromium: Browser, live_server: LiveServer) -> Iterator[Callable[..., Page]]:
    """Sign a new person in through the door, in a browser of their own that runs no script."""
    contexts = []

    def as_somebody(name: str, roles: list[str]) -> Page:
        person = make_person(name, roles=roles)
        person.set_password(PASSWORD)
        person.save(update_fields=["password"])
        context = chromium.new_context(java_script_enabled=False, locale="en-GB")
        context.set_default_timeout(20_000)
        contexts.append(context)
        page = context.new_page()
        page.goto(live_server.url)
        page.get_by_label("Username").fill(person.username)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_role("heading", name="Tonight", exact=True)).to_be_visible()
        return page

    yield as_somebody
    for context in contexts:
        context.close()


def test_two_people_answer_a_claim_without_javascript(enter: Callable[..., Page]) -> None:
    channel = make_channel(name="Newsroom", at=timezone.now())
    officer = enter("Amira Saleh", ["analyst", "officer"])
    approver = enter("Omar Aziz", ["approver"])
    _enters_and_takes_the_claim(officer)
    _writes(officer, FIRST)
    _refuses(approver)
    _writes_better(officer)
    _clears(approver)
    post = _schedules(officer, channel.name)
    claim = Claim.objects.get()
    assert (post.claim, post.channel, post.state) == (claim, channel, "scheduled")
    assert post.approval.draft.text == WORDS
    assert post.approval.author.first_name == "Amira"
    assert post.approval.approver.first_name == "Omar"
    told = list(Entry.objects.filter(claim=claim.uuid).order_by("seq").values_list("milestone", flat=True))
    for milestone in ("claimed", "triaged", "tasked", "acknowledged", "drafted", "refused", "approved", "scheduled"):
        assert milestone in told
    assert told.index("refused") < told.index("approved") < told.index("scheduled")


def _go(page: Page, name: str) -> None:
    """By the menu on every page."""
    page.get_by_role("navigation", name="Main").get_by_role("link", name=name, exact=True).click()


def _enters_and_takes_the_claim(page: Page) -> None:
    page.get_by_role("link", name="Add a claim").click()
    page.get_by_role("textbox", name="What is claimed").fill(CLAIM)
    broke = timezone.now().astimezone(BAGHDAD) - timedelta(minutes=20)
    page.get_by_label("Broke at the earliest").fill(f"{broke:%Y-%m-%dT%H:%M}")
    page.get_by_label("Severity").select_option("critical")
    page.get_by_role("button", name="Keep the claim").click()
    expect(page.get_by_text(CLAIM).first).to_be_visible()
    page.get_by_role("button", name="Answer", exact=True).click()
    expect(page.get_by_text("being answered").first).to_be_visible()
    _go(page, "Tasks")
    take = page.get_by_role("button", name=re.compile("I take it"))
    if take.count():
        take.click()
    page.get_by_role("link", name="Answer it now").click()


def _writes(page: Page, text: str) -> None:
    page.locator("main select[name=language]").select_option("en")
    page.get_by_label("Text", exact=True).fill(text)
    page.get_by_label("False: it is not so").check()
    page.get_by_role("button", name="Save and ask for review").click()
    expect(page.get_by_text("for review").first).to_be_visible()


def _refuses(page: Page) -> None:
    _go(page, "Rebuttals")
    page.get_by_role("link", name=FIRST).first.click()
    page.locator("summary").filter(has_text="Refuse").click()
    page.get_by_label("What is wrong, and what would be right").fill("Say where people can see it for themselves.")
    page.get_by_role("button", name="Refuse").click()
    expect(page.get_by_text("refused").first).to_be_visible()


def _writes_better(page: Page) -> None:
    _go(page, "Rebuttals")
    page.get_by_role("link", name=FIRST).first.click()
    if page.get_by_role("link", name="Open in the editor").count():
        page.get_by_role("link", name="Open in the editor").click()
    expect(page.get_by_text("Say where people can see it for themselves.").first).to_be_visible()
    page.get_by_label("Text", exact=True).fill(WORDS)
    page.get_by_role("button", name="Save and ask for review").click()
    expect(page.get_by_text("for review").first).to_be_visible()


def _clears(page: Page) -> None:
    _go(page, "Rebuttals")
    page.get_by_role("link", name=re.compile("The eastern bridge is open")).first.click()
    expect(page.get_by_text(WORDS).first).to_be_visible()
    page.get_by_role("button", name="Approve exactly these words").click()
    expect(page.get_by_text("No text of this answer waits for review")).to_be_visible()
    assert page.get_by_role("link", name="Schedule").count() == 0  # who clears does not send


def _schedules(page: Page, channel: str) -> Post:
    _go(page, "Rebuttals")
    page.get_by_role("link", name=re.compile("The eastern bridge is open")).first.click()
    page.get_by_role("link", name="Schedule").click()
    page.get_by_role("region", name="Into a gap").get_by_role("button", name="Take it").first.click()
    expect(page.get_by_role("button", name="Schedule")).to_have_count(0)
    _go(page, "Posts")
    page.get_by_role("link", name=re.compile(channel)).first.click()
    expect(page.get_by_text(WORDS).first).to_be_visible()
    return Post.objects.get()
