"""Every page in a real browser: complete, quiet, accessible, in both languages, light and dark, on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.pages.catalogue import PAGES, Shown
from tests.pages.conftest import Desk

pytestmark = pytest.mark.django_db
AXE = Axe()
EVERYTHING = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
COLOURS = {"resultTypes": ["violations"], "runOnly": ["color-contrast"]}
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


@pytest.fixture(params=["en-GB", "ar"])
def language(request: pytest.FixtureRequest) -> str:
    return str(request.param)


def listen(page: Page) -> list[str]:
    """Everything that the browser complains about on this page, as it comes."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"{request.url} {request.failure}"))
    return heard


@pytest.mark.parametrize("shown", PAGES, ids=str)
def test_the_page_is_whole_quiet_and_accessible(desk: Desk, shown: Shown, language: str):
    page = desk.open(shown.actor, language)
    page.set_viewport_size(DESK)
    heard = listen(page)
    address = desk.url + shown.address()
    answer = page.goto(address)
    assert answer is not None
    assert (answer.status, page.url) == (200, address)
    direction = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    assert direction == (["ar", "rtl"] if language == "ar" else ["en", "ltr"])
    # Full checks once in each scheme; what differs between light and dark are the colours.
    first, second = ("dark", "light") if language == "ar" else ("light", "dark")
    page.emulate_media(color_scheme=first)
    accessible(page, EVERYTHING, f"{shown} {first}")
    page.emulate_media(color_scheme=second)
    accessible(page, COLOURS, f"{shown} {second}")
    fits(page, "desk")
    page.set_viewport_size(PHONE)
    fits(page, "phone")
    assert heard == []
    page.close()


def accessible(page: Page, options: dict[str, object], what: str) -> None:
    found = AXE.run(page, options=options)
    assert found.violations_count == 0, f"{what}: {found.generate_report()}"


def fits(page: Page, what: str) -> None:
    """Nothing scrolls sideways; the message names what sticks out furthest."""
    width, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if width > seen:
        wide = page.evaluate(
            """() => [...document.querySelectorAll("main *")]
                 .map((e) => [Math.round(e.getBoundingClientRect().width), e.outerHTML.slice(0, 150)])
                 .sort((a, b) => b[0] - a[0]).slice(0, 5)"""
        )
        pytest.fail(f"the page is {width} px wide on a {what} of {seen} px; widest: {wide}")
