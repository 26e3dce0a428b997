"""Every platform's adapter against its double: what it sends, and what it makes of each misbehaviour."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from planner.publishing.adapters import KINDS, adapter, wire
from planner.publishing.core.outcome import NotPosted, RefusedForGood, Sent, Unknown
from planner.rebuttals.core import limits
from planner.rebuttals.words import KIND_WORDS
from tests.doubles.processes import REPOSITORY
from tests.doubles.webhook import Answer
from tests.doubles.x import KEYS
from tests.publishing.platforms import NOW, PLATFORMS, TEXT, address_of, parcel

HTML = b"<html>busy</html>"


@pytest.fixture(params=list(PLATFORMS))
def kind(request) -> str:
    return request.param


@pytest.fixture
def server(kind):
    running = PLATFORMS[kind].make().start()
    yield running
    running.stop()


def send(kind, server, **changes):
    return adapter(kind).send(parcel(), address_of(kind, server, **changes))


def find(kind, server, **changes):
    return adapter(kind).find(parcel(), address_of(kind, server, **changes))


def test_every_kind_has_a_name_a_limit_and_the_four_members():
    assert set(KINDS) == set(KIND_WORDS) - {""} == set(limits.LIMITS) - {""}
    for kind in KINDS:
        assert all(callable(getattr(adapter(kind), member)) for member in ("faults", "check", "send", "find"))


def test_the_words_arrive_once_as_they_were_approved(kind, server):
    outcome = send(kind, server)
    assert isinstance(outcome, Sent), outcome
    [post] = server.published
    assert (post.get("written") or post.get("text") or TEXT) == TEXT
    assert outcome.remote_id
    assert outcome.url.startswith("https://")


@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, RefusedForGood),
        (401, RefusedForGood),
        (403, RefusedForGood),
        (408, Unknown),
        (409, Unknown),
        (413, RefusedForGood),
        (422, RefusedForGood),
        (429, NotPosted),
        (500, Unknown),
        (502, Unknown),
        (504, Unknown),
        (307, RefusedForGood),
        (302, Unknown),
    ],
)
def test_every_status_says_certainly_not_refused_or_unknown(kind, server, status, outcome):
    server.answer_with(status, body=HTML, headers={"Location": server.base + "/elsewhere"}, kept=False)
    said = send(kind, server)
    assert isinstance(said, outcome), said
    assert str(status) in said.detail
    assert server.attempts() == 1
    assert server.published == []


def test_a_platform_out_of_service_is_believed_except_where_it_stands_behind_another(kind, server):
    server.answer_with(503, body=HTML, headers={"Retry-After": "120, Mon, 09 Jun 2014 19:32:00 GMT"})
    said = send(kind, server)
    assert isinstance(said, Unknown if kind == "x" else NotPosted), said
    if kind != "x":
        assert said.retry_after == timedelta(seconds=120)


def test_the_wait_that_the_platform_asks_for_is_kept_to(kind, server):
    server.then(Answer(429, headers={"Retry-After": "30"}))
    said = send(kind, server)
    assert (type(said), said.retry_after) == (NotPosted, timedelta(seconds=30))
    assert isinstance(send(kind, server), Sent)
    assert len(server.published) == 1


@pytest.mark.parametrize("header", ["ratelimit-reset", "X-RateLimit-Reset", "x-rate-limit-reset"])
def test_a_reset_moment_is_a_wait_too(kind, server, header):
    at = NOW + timedelta(seconds=90)
    for value in (str(int(at.timestamp())), at.isoformat()):
        server.then(Answer(429, headers={header: value}))
        assert send(kind, server).retry_after == timedelta(seconds=90)


def test_a_refused_connection_posted_nothing(kind, server):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert isinstance(send(kind, server, url=f"http://127.0.0.1:{port}"), NotPosted)
    assert isinstance(send(kind, server, url="http://no-such-host.invalid"), NotPosted)
    assert isinstance(find(kind, server, url=f"http://127.0.0.1:{port}"), Unknown)


def test_a_server_that_cannot_speak_tls_was_told_nothing(kind, server):
    assert isinstance(send(kind, server, url=server.base.replace("http://", "https://")), NotPosted)
    assert server.published == []


def test_a_lost_answer_leaves_it_open_and_what_can_be_asked_settles_it(kind, server):
    server.accept_and_lose_the_answer()
    assert isinstance(send(kind, server), Unknown)
    assert (len(server.published), server.attempts()) == (1, 1)
    found = find(kind, server)
    assert isinstance(found, Sent if PLATFORMS[kind].can_be_asked else Unknown), found
    assert server.attempts() == 1


def test_a_cut_connection_leaves_it_open_and_the_platform_says_that_it_has_nothing(kind, server):
    server.cut_connections()
    assert isinstance(send(kind, server), Unknown)
    found = find(kind, server)
    assert isinstance(found, NotPosted if PLATFORMS[kind].can_be_asked else Unknown), found


def test_a_server_that_never_answers_leaves_it_open(kind, server, monkeypatch):
    monkeypatch.setattr(wire, "READ", 0.3)
    server.hang()
    assert isinstance(send(kind, server), Unknown)
    assert server.attempts() == 1


def test_trouble_everywhere_is_never_raised_and_never_called_sent(kind, server, monkeypatch):
    monkeypatch.setattr(wire, "READ", 0.3)
    server.also_elsewhere = True
    faults = [{"status": 500}, {"status": 429}, {"status": 401}, {"body": b"[1]"}, {"body": b"\xff{"}, {"cut": True}]
    for fault in faults:
        server.answer_with(**{"status": 200, **fault}, kept=False)
        assert isinstance(find(kind, server), Unknown | NotPosted)
        assert not adapter(kind).check(address_of(kind, server), now=NOW).works or fault.get("body")
        said = send(kind, server)
        assert not isinstance(said, Sent) or fault.get("body"), (fault, said)
    assert server.published == []


def test_an_endless_answer_is_read_only_so_far(kind, server):
    server.answer_with(422, body=b"x" * (wire.LARGEST_ANSWER * 4))
    assert isinstance(send(kind, server), RefusedForGood)


def test_a_wrong_credential_is_refused_for_good_or_never_got_in(kind, server):
    wrong = (
        PLATFORMS[kind].secret(server).replace("0123", "3210").replace("abcd", "dcba").replace("AAE", "EAA").encode()
    )
    said = send(kind, server, secret=wrong)
    assert isinstance(said, RefusedForGood), said
    checked = adapter(kind).check(address_of(kind, server, secret=wrong), now=NOW)
    assert not checked.works
    assert server.published == []


def test_a_rehearsal_reads_and_publishes_nothing(kind, server):
    checked = adapter(kind).check(address_of(kind, server), now=NOW)
    assert checked.works, checked
    assert server.attempts() == 0
    assert server.published == []


def test_a_caller_with_a_loop_of_its_own_is_served_all_the_same(kind, server):
    async def caller():
        return send(kind, server)

    # In a thread of its own: the browser of other tests may have left its loop running in this one.
    with ThreadPoolExecutor(1) as aside:
        assert isinstance(aside.submit(lambda: asyncio.run(caller())).result(), Sent)


def test_the_right_address_passes_and_a_bare_one_says_what_to_mend(kind, server):
    module = adapter(kind)
    assert module.faults(address_of(kind, server)) == ""
    assert module.faults(address_of(kind, server, secret=b"", options={})) != ""
    assert module.faults(address_of(kind, server, url="example.org")) != ""


def test_no_secret_appears_in_a_log_or_an_answer(kind, server, caplog):
    """The server echoes what it was given, as error pages do."""
    caplog.set_level(logging.DEBUG)
    secrets = (
        [PLATFORMS[kind].secret(server)] if kind != "x" else [KEYS["consumer_secret"], KEYS["access_token_secret"]]
    )
    echo = ("you sent " + " ".join(secrets)).encode()
    said = []
    for status in (200, 400, 429, 500):
        server.answer_with(status, body=echo, kept=False)
        said.append(send(kind, server).detail)
    server.also_elsewhere = True
    said += [find(kind, server).detail, adapter(kind).check(address_of(kind, server), now=NOW).said]
    ours = [record.getMessage() for record in caplog.records]
    for secret in secrets:
        assert secret not in " ".join(said)
        assert secret not in " ".join(ours)


def test_a_process_that_never_posts_there_loads_none_of_the_clients():
    ask = (
        "import django, sys; django.setup(); import planner.publishing.tasks, planner.publishing.urls;"
        "print([name for name in ('atproto', 'mastodon', 'telegram', 'tweepy') if name in sys.modules])"
    )
    environment = os.environ | {"DJANGO_SETTINGS_MODULE": "planner.config.settings"}
    said = subprocess.run([sys.executable, "-c", ask], env=environment, cwd=REPOSITORY, capture_output=True, text=True)
    assert said.stdout.strip() == "[]", said.stderr[-500:]
