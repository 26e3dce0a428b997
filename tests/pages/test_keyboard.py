"""Everything by keyboard: the skip link, every control reached with a visible focus, triage with single keys."""

from urllib.parse import parse_qs

import pytest
from django.urls import reverse
from playwright.sync_api import Page, Request

from planner.claims.models import Claim
from tests.pages.catalogue import PAGES, Shown
from tests.pages.conftest import Desk

pytestmark = pytest.mark.django_db
WITH_MANY_CONTROLS = {
    "desk:board",
    "claims:inbox",
    "claims:detail open",
    "tasking:mine",
    "rebuttals:edit",
    "rebuttals:review",
    "rebuttals:lines",
    "publishing:calendar",
    "publishing:schedule",
    "publishing:channels",
    "rosters:week",
    "coverage:accept",
    "tempo:week",
    "latency:report",
}
# Numbers every control that is shown, and keeps how each looks while it has no focus. Of radio buttons of one name the
# chosen one, or the first, is a stop; the arrow keys go through the others.
NUMBER_CONTROLS = """() => {
  window.looks = (e) => [e, ...e.querySelectorAll("*")].map((part) => {
    const style = getComputedStyle(part);
    return [style.outlineStyle, style.outlineWidth, style.boxShadow, style.stroke, style.strokeWidth].join(" ");
  }).join("; ");
  const all = document.querySelectorAll('a[href], button, input, select, textarea, summary, [tabindex="0"]');
  const stop = (e) => e.form.querySelector(`[name="${e.name}"]:checked`) || e.form.elements[e.name][0];
  const stops = (e) => e.type !== "radio" || e === stop(e);
  window.controls = [...all].filter((e) => !e.disabled && e.type !== "hidden" && e.checkVisibility() && stops(e));
  window.unfocused = window.controls.map(window.looks);
  return window.controls.map((e) => e.outerHTML.slice(0, 120));
}"""
WHERE = """() => {
  const e = document.activeElement, n = window.controls.indexOf(e), box = e.getBoundingClientRect();
  return {
    n: n,
    marked: n >= 0 && window.looks(e) !== window.unfocused[n],
    on_screen: box.bottom > 0 && box.top < innerHeight,
  };
}"""


@pytest.mark.parametrize("shown", [page for page in PAGES if str(page) in WITH_MANY_CONTROLS], ids=str)
def test_tab_reaches_every_control_and_shows_where_it_is(desk: Desk, shown: Shown):
    page = desk.open(shown.actor)
    page.goto(desk.url + shown.address())
    controls = page.evaluate(NUMBER_CONTROLS)
    reached: set[int] = set()
    marked: set[int] = set()
    for _ in range(4 * len(controls)):  # a date field takes several tabs
        page.keyboard.press("Tab")
        place = page.evaluate(WHERE)
        if place["n"] < 0:
            break  # round the corner
        assert place["on_screen"], f"focus is out of sight at {controls[place['n']]}"
        reached.add(place["n"])
        if place["marked"]:
            marked.add(place["n"])
    assert [html for n, html in enumerate(controls) if n not in reached] == []
    assert [html for n, html in enumerate(controls) if n not in marked] == []
    page.close()


def test_the_first_tab_skips_to_the_content(desk: Desk):
    page = desk.open("nour")
    page.goto(desk.url + reverse("desk:board"))
    page.keyboard.press("Tab")
    skip = page.locator("a.skip")
    assert skip.evaluate("e => e === document.activeElement && e.getBoundingClientRect().top >= 0")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "main"
    page.keyboard.press("Tab")
    assert page.evaluate("document.getElementById('main').contains(document.activeElement)")
    page.close()


@pytest.fixture
def inbox(desk: Desk) -> Page:
    """An analyst's inbox whose acts are heard but not carried out."""
    page = desk.open("layla")
    page.goto(desk.url + reverse("claims:inbox"))
    yield page
    page.close()


def current(page: Page) -> int:
    """Which claim of the list is chosen, from 0."""
    script = "[...document.querySelector('[data-triage]').children].findIndex((e) => e.dataset.current !== undefined)"
    return int(page.evaluate(script))


def test_j_and_k_move_through_the_inbox(inbox: Page):
    for key, place in (("j", 0), ("j", 1), ("j", 2), ("k", 1)):
        inbox.keyboard.press(key)
        assert current(inbox) == place
    assert inbox.locator("[data-current] a.title").evaluate("e => e === document.activeElement")
    for _ in range(99):
        inbox.keyboard.press("k")
    assert current(inbox) == 0


def pressed(page: Page, key: str) -> Request:
    """What the browser posts for this key; it never arrives."""
    page.route("**", lambda route: route.abort() if route.request.method == "POST" else route.continue_())
    with page.expect_request(lambda request: request.method == "POST") as posted:
        page.keyboard.press(key)
    return posted.value


@pytest.mark.parametrize("key", ["a", "w"])
def test_a_answers_and_w_watches_the_claim_in_focus_only(desk: Desk, inbox: Page, key: str):
    posts: list[Request] = []
    inbox.on("request", lambda request: posts.append(request) if request.method == "POST" else None)
    inbox.keyboard.press(key)
    inbox.keyboard.press("j")
    inbox.keyboard.press("j")
    assert posts == []
    address = inbox.locator("[data-current] a.title").get_attribute("href") or ""
    claim = Claim.objects.get(uuid=address.strip("/").split("/")[-1])
    request = pressed(inbox, key)
    if key == "a":
        assert request.url == desk.url + reverse("tasking:open", args=[claim.uuid])
    else:
        assert request.url == desk.url + reverse("claims:decide", args=[claim.uuid])
        assert parse_qs(request.post_data)["decide-decision"] == ["watch"]


def test_d_asks_for_the_reason_and_typing_in_it_triages_nothing(inbox: Page):
    inbox.keyboard.press("j")
    inbox.keyboard.press("d")
    reason = inbox.locator("[data-current] textarea")
    assert reason.evaluate("e => e === document.activeElement")
    inbox.keyboard.type("jawdk")
    assert reason.input_value() == "jawdk"
    assert current(inbox) == 0
    inbox.keyboard.press("Escape")
    assert not reason.is_visible()


def test_escape_closes_the_menu_and_gives_the_focus_back(desk: Desk):
    page = desk.open("nour")
    page.goto(desk.url + reverse("desk:board"))
    summary = page.locator(".masthead details.menu > summary").first
    summary.focus()
    page.keyboard.press("Enter")
    assert page.locator(".masthead details.menu").first.get_attribute("open") is not None
    page.keyboard.press("Tab")
    page.keyboard.press("Escape")
    assert page.locator(".masthead details.menu").first.get_attribute("open") is None
    assert summary.evaluate("e => e === document.activeElement")
    page.close()


def test_arrow_keys_move_between_the_shifts_of_the_week_as_in_a_table(desk: Desk):
    page = desk.open("mina")
    page.goto(desk.url + reverse("rosters:week"))
    rows = page.locator(".chips")
    first = rows.nth(0).locator(".chip")
    first.nth(0).focus()
    page.keyboard.press("ArrowRight")
    assert first.nth(1).evaluate("chip => chip === document.activeElement")
    page.keyboard.press("ArrowDown")
    assert rows.nth(1).evaluate("row => row.contains(document.activeElement)")
    page.keyboard.press("Enter")
    page.wait_for_url("**/roster/*/*/")
    page.close()
