"""The links of a text are asked after by a hand, never inside our own net; what it found is advice, never a bar."""

import threading
import time
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import httpx
import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from planner.rebuttals import selectors, services
from planner.rebuttals.adapters import asking_links
from planner.rebuttals.adapters.asking_links import ask
from planner.rebuttals.advice import suggestions
from planner.rebuttals.core.links import MOST_LINKS, LinkWord, links, of_status
from planner.rebuttals.core.linting import Advice
from planner.rebuttals.dispatch import hand_over_links
from planner.rebuttals.models import LinkCheck
from planner.rebuttals.services.linking import FRESH, MOST_TRIES, check_link, note_links
from tests.factories import NIGHT, make_draft, make_rebuttal
from tests.rebuttals.browsing import decide, text_of

OPEN, CLOSED = "127.0.0.2", "127.0.0.1"  # of two loopback addresses one plays the open Internet, one our own net
QUICK = httpx.Timeout(0.4)


class _Site(BaseHTTPRequestHandler):
    asked: list[str] = []

    def do_GET(self) -> None:
        self.asked.append(self.path)
        word, _, rest = self.path[1:].partition("/")
        if word == "hang":
            time.sleep(0.8)
        if word == "cut":
            return
        self.send_response(int(word) if word.isdigit() else 302 if word == "to" else 200)
        if word == "to":
            self.send_header("Location", rest)
        self.end_headers()
        if word == "endless":
            while True:  # a body without end: nobody reads it
                self.wfile.write(b"x" * 65536)

    def log_message(self, *_words: object) -> None:
        pass


@pytest.fixture(scope="module")
def site():
    """A web site, twice: on the address that plays the open Internet, and inside; the path says what comes."""
    outside = ThreadingHTTPServer((OPEN, 0), _Site)
    inside = ThreadingHTTPServer((CLOSED, outside.server_address[1]), _Site)
    for server in (outside, inside):
        server.daemon_threads = True
        threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
    yield f"http://{OPEN}:{outside.server_address[1]}"
    for server in (outside, inside):
        server.shutdown()
        server.server_close()


@pytest.fixture(autouse=True)
def asked():
    _Site.asked.clear()
    return _Site.asked


def is_open(place: str) -> bool:
    return place == OPEN


def word_of(url: str, **limits) -> LinkWord:
    return ask(url, allowed=is_open, **limits).word


# asking ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("path", "word", "status"),
    [
        ("200", LinkWord.ANSWERS, 200),
        ("404", LinkWord.REFUSES, 404),
        ("410", LinkWord.REFUSES, 410),
        ("500", LinkWord.REFUSES, 500),
        ("403", LinkWord.ANSWERS, 403),  # a page that wants a browser is there
        ("to//200", LinkWord.ANSWERS, 200),
        ("to//404", LinkWord.REFUSES, 404),
        ("endless", LinkWord.ANSWERS, 200),
        ("hang", LinkWord.SILENT, None),
        ("cut", LinkWord.SILENT, None),
        ("to/file:///etc/passwd", LinkWord.NO_ADDRESS, None),
        ("to/http://a:b@example.org/", LinkWord.NO_ADDRESS, None),
    ],
)
def test_what_a_link_comes_to(site, path, word, status):
    found = ask(f"{site}/{path}", allowed=is_open, timeout=QUICK)
    assert (found.word, found.status) == (word, status)


def test_a_link_that_leads_on_and_on_is_left_after_five_steps(site, asked):
    port = site.rpartition(":")[2]
    url = f"{site}/to/" + f"http://{OPEN}:{port}/to/" * 8 + "/200"
    assert word_of(url) is LinkWord.ENDLESS
    assert len(asked) == asking_links.MOST_REDIRECTS + 1


def test_what_is_inside_is_not_asked_nor_what_leads_there(site, asked):
    inside = site.replace(OPEN, CLOSED)
    assert word_of(f"{inside}/200") is LinkWord.INSIDE
    assert asked == []
    assert word_of(f"{site}/to/{inside}/200") is LinkWord.INSIDE
    assert asked == [f"/to/{inside}/200"]
    assert word_of("http://localhost/") is LinkWord.INSIDE


def test_as_the_product_asks_all_of_loopback_is_inside(site, asked):
    assert ask(f"{site}/200").word is LinkWord.INSIDE
    assert asked == []


def test_names_that_nobody_has_and_ports_where_nobody_listens_are_silent():
    assert word_of("http://no-such-name.invalid/") is LinkWord.SILENT
    assert word_of(f"http://{OPEN}:9/") is LinkWord.SILENT
    assert word_of("ftp://example.org/") is LinkWord.NO_ADDRESS


# the links of a text --------------------------------------------------------------------------------------------------
def test_the_links_of_a_text_each_once_at_most_five_and_none_too_long():
    text = "See https://a.example/1. And (https://a.example/2), https://a.example/1; https://a.example/" + "x" * 700
    assert links(text) == ["https://a.example/1", "https://a.example/2"]
    assert len(links(" ".join(f"https://a.example/{n}" for n in range(9)))) == MOST_LINKS


@given(st.text(max_size=200))
def test_any_text_has_links_that_stand_in_it(text):
    assert all(url in text for url in links(text))


def test_every_status_is_there_or_not():
    assert {of_status(status) for status in range(200, 400)} == {LinkWord.ANSWERS}
    assert {of_status(status) for status in range(500, 600)} == {LinkWord.REFUSES}


# rows and hands -------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_saving_a_text_has_its_links_asked_and_a_fresh_word_is_not_asked_again(officer, site, asked):
    url = f"{site}/404".replace(OPEN, "pages.example.org")
    rebuttal = make_rebuttal()
    words = {"language": "en", "author": officer}
    services.save_draft(rebuttal, text=f"It stands: {url}", now=NIGHT, **words)
    row = LinkCheck.objects.get()
    assert (row.url, row.word, row.next_try_at) == (url, "", NIGHT)
    LinkCheck.objects.update(next_try_at=None, word="answers", checked_at=NIGHT)
    assert note_links(f"Again {url}", now=NIGHT + FRESH / 2) == 0
    assert note_links(f"Again {url}", now=NIGHT + FRESH) == 1


@pytest.mark.django_db
def test_the_clock_hands_a_due_link_over_once_and_again_when_its_hand_was_lost():
    note_links("https://a.example/1", now=NIGHT)
    assert hand_over_links(now=NIGHT) == 1
    assert hand_over_links(now=NIGHT) == 0
    assert hand_over_links(now=NIGHT + timedelta(minutes=2)) == 1


@pytest.mark.django_db
def test_a_hand_keeps_what_it_found_with_its_moment_and_asks_again_only_while_nobody_answers(site):
    url = f"{site}/404"
    row = LinkCheck.objects.create(url=url, next_try_at=NIGHT)
    found = check_link(row.pk, now=NIGHT, allowed=is_open)
    assert (found.word, found.status, found.checked_at) == ("refuses", 404, NIGHT)
    at = NIGHT
    for _try in range(MOST_TRIES):
        at += FRESH
        hand_over_links(now=at)
        check_link(row.pk, now=at, allowed=is_open)
    row.refresh_from_db()
    assert row.next_try_at is None
    LinkCheck.objects.update(url=f"{site}/200", next_try_at=at)
    assert check_link(row.pk, now=at, allowed=is_open).next_try_at is None
    assert check_link(row.pk, now=at, allowed=is_open) is None


@pytest.mark.django_db
@pytest.mark.parametrize("row", [{"word": "answers"}, {"checked_at": NIGHT}, {"word": "bogus", "checked_at": NIGHT}])
def test_the_database_keeps_a_word_with_its_moment(row):
    with pytest.raises(IntegrityError, match="link_check_has_a_word"), transaction.atomic():
        LinkCheck.objects.create(url="https://a.example/", **row)


# advice ---------------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_link_that_does_not_answer_is_advised_on_with_reason_and_moment_and_bars_nothing(client, approver):
    text = "The city stands: https://a.example/live and https://a.example/gone"
    draft = make_draft(make_rebuttal(), text=text)
    LinkCheck.objects.create(url="https://a.example/live", word="answers", status=200, checked_at=NIGHT)
    assert Advice.DEAD_LINK not in {one.hint.advice for one in suggestions(draft)}
    LinkCheck.objects.create(url="https://a.example/gone", word="refuses", status=404, checked_at=NIGHT)
    [one] = [one for one in suggestions(draft) if one.hint.advice is Advice.DEAD_LINK]
    assert (one.hint.quote, one.seen, one.seen_at) == ("https://a.example/gone", "it answers with 404", NIGHT)
    client.force_login(approver)
    page = text_of(client.get(reverse("rebuttals:review", args=[draft.uuid])))
    assert "Its link does not answer" in page
    assert "it answers with 404" in page
    decide(client, draft, "approve", text_sha256=draft.text_sha256)
    assert draft.approvals.filter(ended_at=None).exists()
    services.waive(draft, advice="dead_link", note="goes up at 08:00", by=approver, now=NIGHT)


@pytest.mark.django_db
def test_a_text_whose_links_nobody_asked_yet_is_not_complained_about():
    draft = make_draft(text="It stands: https://a.example/live")
    assert selectors.dead_links(draft.text) == []
    assert Advice.LINK not in {one.hint.advice for one in suggestions(draft)}
