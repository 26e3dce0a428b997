"""Every page in a real browser: complete, quiet, accessible, in both languages, light and dark, on a phone."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.pages.catalogue import PAGES, Shown
from tests.pages.conftest import Desk

pytestmark = pytest.mark.django_db
AXE = Axe()
EVERYTHING = {"resultTypes": ["violations"], "rules": {"target-size": {"enabled": True}}}
# Light and dark differ by colours only, English and Arabic by words and direction only: two looks see all four.
LOOKS = [("en-GB", "light"), ("ar", "dark")]
PHONE = {"width": 360, "height": 740}
DESK = {"width": 1280, "height": 900}


def listen(page: Page) -> list[str]:
    """Everything that the browser complains about on this page, as it comes."""
    heard: list[str] = []
    page.on("console", lambda message: heard.append(message.text) if message.type in {"error", "warning"} else None)
    page.on("pageerror", lambda error: heard.append(str(error)))
    page.on("requestfailed", lambda request: heard.append(f"{request.url} {request.failure}"))
    return heard


@pytest.mark.parametrize(("language", "scheme"), LOOKS)
@pytest.mark.parametrize("shown", [page for page in PAGES if not page.is_like_another], ids=str)
def test_the_page_is_whole_quiet_and_accessible(desk: Desk, shown: Shown, language: str, scheme: str):
    page = desk.open(shown.actor, language)
    page.set_viewport_size(DESK)
    page.emulate_media(color_scheme=scheme)
    heard = listen(page)
    address = desk.url + shown.address()
    answer = page.goto(address)
    assert answer is not None
    assert (answer.status, page.url) == (200, address)
    direction = page.evaluate("[document.documentElement.lang, document.documentElement.dir]")
    assert direction == (["ar", "rtl"] if language == "ar" else ["en", "ltr"])
    accessible(page, f"{shown} {scheme}")
    assert holes(page) == []
    fits(page, "desk")
    page.set_viewport_size(PHONE)
    fits(page, "phone")
    assert heard == []
    page.close()


def accessible(page: Page, what: str) -> None:
    found = AXE.run(page, options=EVERYTHING)
    assert found.violations_count == 0, f"{what}: {found.generate_report()}"


def holes(page: Page) -> list[str]:
    """Where the page shows how nothing is called in a program instead of a word: the place, as HTML."""
    return page.evaluate(
        """() => {
             const words = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT), found = [];
             while (words.nextNode()) {
               const node = words.currentNode;
               if (/^(None|nan|null|undefined|\\[object Object\\])$/.test(node.data.trim())) {
                 found.push(node.parentElement.outerHTML.slice(0, 150));
               }
             }
             return found;
           }"""
    )


def fits(page: Page, what: str) -> None:
    """Nothing scrolls sideways; the message names what sticks out furthest."""
    width, seen = page.evaluate("[document.documentElement.scrollWidth, document.documentElement.clientWidth]")
    if width > seen:
        furthest = page.evaluate(
            """(seen) => [...document.querySelectorAll("body *")]
                 .map((e) => [e.getBoundingClientRect(), e.outerHTML.slice(0, 150)])
                 .map(([box, html]) => [Math.round(Math.max(box.right - seen, -box.left)), html])
                 .sort((a, b) => b[0] - a[0]).slice(0, 3)""",
            seen,
        )
        pytest.fail(f"the page is {width} px wide on a {what} of {seen} px; furthest out: {furthest}")
