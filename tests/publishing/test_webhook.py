"""The webhook adapter against a real HTTP server (or none): what it sends, and what it makes of every answer."""

import hashlib
import hmac
import socket
import threading
import uuid
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import pytest

from planner.publishing.adapters import webhook, wire
from planner.publishing.core.outcome import NotPosted, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address, Parcel
from tests.doubles.webhook import Answer

SECRET = b"a secret only the two of us know"
NOW = datetime(2014, 6, 9, 19, 30, tzinfo=UTC)
KEY = uuid.UUID("0191b0a0-0000-4000-8000-000000000001")
PARCEL = Parcel(
    key=KEY,
    text="المدينة صامدة. The city stands.",
    language="ar",
    channel="Website",
    attribution="Ministry of Examples",
    claim=uuid.UUID("0191b0a0-0000-4000-8000-000000000002"),
    due_at=NOW,
    sent_at=NOW + timedelta(seconds=1),
)


def address(url: str, **options: object) -> Address:
    return Address(url=url, secret=SECRET, options=options)


def send(server, **options: object):
    return webhook.send(PARCEL, address(server.url, **options))


@contextmanager
def raw_server(script):
    """A TCP server that treats its one connection as `script(connection)` says."""
    with socket.create_server(("127.0.0.1", 0)) as listener:

        def serve():
            connection, _peer = listener.accept()
            with connection:
                script(connection)

        threading.Thread(target=serve, daemon=True).start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}/hook"


# what it sends --------------------------------------------------------------------------------------------------------
def test_it_sends_the_approved_words_and_whose_they_are(webhook_server):
    assert isinstance(send(webhook_server), Sent)
    [post] = webhook_server.posts
    assert post.json() == {
        "id": str(KEY),
        "text": PARCEL.text,
        "language": "ar",
        "channel": "Website",
        "attribution": "Ministry of Examples",
        "claim": str(PARCEL.claim),
        "due_at": "2014-06-09T19:30:00Z",
        "sent_at": "2014-06-09T19:30:01Z",
    }


def test_every_try_carries_the_same_key_and_a_signature_that_the_receiver_can_check(webhook_server):
    webhook_server.then(429)
    send(webhook_server)
    send(webhook_server)
    first, second = webhook_server.received
    assert first.headers["idempotency-key"] == second.headers["idempotency-key"] == str(KEY)
    signed = second.headers["x-planner-timestamp"].encode() + b"." + second.body
    expected = hmac.new(SECRET, signed, hashlib.sha256).hexdigest()
    assert second.headers["x-planner-signature"] == f"sha256={expected}"


def test_a_redirect_is_never_followed_with_our_words(webhook_server):
    webhook_server.then(Answer(308, headers={"Location": webhook_server.url}))
    assert isinstance(send(webhook_server), RefusedForGood)
    assert len(webhook_server.received) == 1


# what it makes of an answer -------------------------------------------------------------------------------------------
def test_what_the_channel_says_about_the_post_is_kept(webhook_server):
    webhook_server.answer_with(201, body=b'{"id": 77, "url": "https://www.example.org/77"}')
    outcome = send(webhook_server)
    assert (outcome.remote_id, outcome.url) == ("77", "https://www.example.org/77")


@pytest.mark.parametrize("body", [b"", b"OK", b"[1]", b'{"id": null, "url": "javascript:alert(1)"}', b"\xff\xfe"])
def test_an_accepted_post_without_a_usable_answer_is_sent_all_the_same(webhook_server, body):
    webhook_server.answer_with(202, body=body)
    outcome = send(webhook_server)
    assert isinstance(outcome, Sent)
    assert outcome.url == ""


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (200, Sent),
        (204, Sent),
        (301, Unknown),
        (303, Unknown),
        (307, RefusedForGood),
        (400, RefusedForGood),
        (401, RefusedForGood),
        (403, RefusedForGood),
        (404, RefusedForGood),
        (408, Unknown),
        (409, Unknown),
        (410, RefusedForGood),
        (413, RefusedForGood),
        (422, RefusedForGood),
        (429, NotPosted),
        (500, Unknown),
        (502, Unknown),
        (503, NotPosted),
        (504, Unknown),
    ],
)
def test_every_status_says_certainly_not_refused_or_unknown(webhook_server, status, kind):
    webhook_server.answer_with(status, body=b"because")
    outcome = send(webhook_server)
    assert isinstance(outcome, kind), outcome
    assert str(status) in outcome.detail


@pytest.mark.parametrize(
    ("header", "wait"),
    [
        ("120", timedelta(seconds=120)),
        ("120, Mon, 09 Jun 2014 19:32:00 GMT", timedelta(seconds=120)),
        ("Mon, 09 Jun 2014 19:31:01 GMT", timedelta(seconds=60)),
        ("Mon, 09 Jun 2014 19:00:00 GMT", timedelta(0)),
        ("99999999", timedelta(days=1)),
        ("soon", None),
        (None, None),
    ],
)
def test_the_wait_that_the_channel_asks_for_is_understood(webhook_server, header, wait):
    webhook_server.answer_with(429, headers={"Retry-After": header} if header else {})
    assert send(webhook_server).retry_after == wait


def test_a_refused_connection_posted_nothing():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert isinstance(webhook.send(PARCEL, address(f"http://127.0.0.1:{port}/hook")), NotPosted)


def test_a_name_that_does_not_resolve_posted_nothing():
    assert isinstance(webhook.send(PARCEL, address("http://no-such-host.invalid/hook")), NotPosted)


def test_a_server_that_cannot_speak_tls_was_told_nothing(webhook_server):
    outcome = webhook.send(PARCEL, address(webhook_server.url.replace("http://", "https://")))
    assert isinstance(outcome, NotPosted)
    assert webhook_server.posts == []


def test_a_cut_connection_leaves_it_open(webhook_server):
    webhook_server.accept_and_lose_the_answer()
    assert isinstance(send(webhook_server), Unknown)
    assert len(webhook_server.posts) == 1


def test_a_server_that_never_answers_leaves_it_open(webhook_server, monkeypatch):
    monkeypatch.setattr(wire, "READ", 0.3)
    webhook_server.hang()
    assert isinstance(send(webhook_server), Unknown)


def test_an_answer_that_is_not_http_leaves_it_open():
    def babble(connection):
        connection.recv(65536)
        connection.sendall(b"what do you want?\r\n\r\n")

    with raw_server(babble) as url:
        assert isinstance(webhook.send(PARCEL, address(url)), Unknown)


def test_an_explanation_that_breaks_off_does_not_put_the_status_in_doubt():
    def break_off(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 422 Unprocessable\r\nContent-Length: 100\r\n\r\ntoo lo")

    with raw_server(break_off) as url:
        assert isinstance(webhook.send(PARCEL, address(url)), RefusedForGood)


def test_an_endless_answer_is_read_only_so_far():
    def flood(connection):
        connection.recv(65536)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n")
        try:
            while True:
                connection.sendall(b"x" * 65536)
        except OSError:
            pass

    with raw_server(flood) as url:
        assert isinstance(webhook.send(PARCEL, address(url)), Sent)


def test_an_address_that_is_none_is_refused_for_good():
    assert isinstance(webhook.send(PARCEL, address("ftp://example.org/hook")), RefusedForGood)


# asking afterwards ----------------------------------------------------------------------------------------------------
def test_a_channel_that_can_be_asked_says_that_it_has_the_post(webhook_server):
    webhook_server.on_get = lambda path: (200, {"id": "9", "url": "https://www.example.org/9"})
    found = webhook.find(PARCEL, address(webhook_server.url + "?site=1", can_be_asked=True))
    assert isinstance(found, Sent)
    assert found.url == "https://www.example.org/9"
    assert webhook_server.received[0].path == f"/hook?site=1&key={KEY}"
    assert webhook_server.posts == []


def test_a_channel_that_can_be_asked_says_that_it_has_not(webhook_server):
    webhook_server.on_get = lambda path: (404, {})
    assert isinstance(webhook.find(PARCEL, address(webhook_server.url, can_be_asked=True)), NotPosted)


def test_any_other_answer_settles_nothing(webhook_server):
    webhook_server.on_get = lambda path: (500, {})
    assert isinstance(webhook.find(PARCEL, address(webhook_server.url, can_be_asked=True)), Unknown)


def test_a_channel_that_cannot_be_asked_is_not_asked(webhook_server):
    assert isinstance(webhook.find(PARCEL, address(webhook_server.url)), Unknown)
    assert webhook_server.received == []


# registering ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("url", "secret", "words"),
    [
        ("www.example.org/hook", SECRET, "full URL"),
        ("ftp://www.example.org/hook", SECRET, "full URL"),
        ("https://me:pw@www.example.org/hook", SECRET, "must not contain a password"),
        ("https://www.example.org/hook", b"short", "at least 16 characters"),
    ],
)
def test_what_cannot_work_is_said_when_it_is_registered(url, secret, words):
    assert words in webhook.faults(Address(url=url, secret=secret))


def test_what_can_work_passes():
    assert webhook.faults(address("https://www.example.org/hook")) == ""


def test_a_secret_never_shows_in_what_is_logged():
    assert SECRET.decode() not in repr(address("https://www.example.org/hook"))
