"""The board renews itself every half minute, and never under the hands of somebody who reads it."""

from collections.abc import Iterator

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from tests.pages.conftest import Desk

pytestmark = pytest.mark.django_db
HALF_A_MINUTE = 30_500


@pytest.fixture
def board(desk: Desk) -> Iterator[Page]:
    """A board whose clock we move."""
    page = desk.open("nour")
    page.clock.install()
    page.goto(desk.url + reverse("desk:board"))
    page.evaluate("document.querySelector('#board h1').dataset.old = 'yes'")
    yield page
    page.close()


def renewals(page: Page) -> list[str]:
    """The renewals that the page asks for, as they come."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "hx-request" in request.headers else None)
    return asked


def renewed(page: Page) -> bool:
    """Whether what stood on the board was replaced."""
    return page.locator("#board h1[data-old]").count() == 0


def test_it_is_renewed_by_itself(board: Page):
    with board.expect_response(lambda response: response.request.headers.get("hx-request") == "true"):
        board.clock.run_for(HALF_A_MINUTE)
    expect(board.locator("#board h1[data-old]")).to_have_count(0)
    assert board.locator("#board h1").count() == 1


def test_it_waits_while_a_part_is_open_and_says_so(board: Page):
    asked = renewals(board)
    board.locator("#board details > summary").first.click()
    board.clock.run_for(2 * HALF_A_MINUTE)
    assert asked == []
    assert not renewed(board)
    assert board.get_by_text("not renewed while you read").is_visible()


def test_it_waits_while_the_focus_is_in_it_and_goes_on_afterwards(board: Page):
    asked = renewals(board)
    link = board.get_by_role("link", name="All claims")
    link.focus()
    board.clock.run_for(HALF_A_MINUTE)
    assert asked == []
    assert link.evaluate("e => e === document.activeElement")
    assert not renewed(board)
    link.evaluate("e => e.blur()")
    with board.expect_response(lambda response: response.request.headers.get("hx-request") == "true"):
        board.clock.run_for(HALF_A_MINUTE)
    expect(board.locator("#board h1[data-old]")).to_have_count(0)
    assert not board.get_by_text("not renewed while you read").is_visible()
