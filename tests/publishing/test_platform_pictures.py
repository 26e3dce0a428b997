"""Pictures on every platform's double: they come with alt texts, and what fails before the words posted nothing."""

import json
import socket

import pytest

from planner.publishing.adapters import adapter, mastodon, wire
from planner.publishing.core.bluesky import blob, record
from planner.publishing.core.outcome import NotPosted, RefusedForGood, Sent, Unknown
from tests.doubles.bluesky import cid
from tests.doubles.webhook import Answer
from tests.publishing.platforms import DUE, PLATFORMS, TEXT, a_picture, address_of, parcel

PICTURES = (a_picture("teal", "The dam, whole. السد سليم"), a_picture("red", "A red flag."))
APART = ["mastodon", "bluesky", "x"]  # pictures are brought before the words
WITH_ALT = [*APART]


@pytest.fixture(params=list(PLATFORMS))
def kind(request) -> str:
    return request.param


@pytest.fixture
def server(kind):
    running = PLATFORMS[kind].make().start()
    yield running
    running.stop()


def send(kind, server, pictures=PICTURES, **changes):
    return adapter(kind).send(parcel(pictures=pictures), address_of(kind, server, **changes))


def shown(kind, server) -> list:
    """The pictures of the only post as its readers see them, in order."""
    [post] = server.published
    if kind == "bluesky":
        return [server.pictures[one["image"]["ref"]["$link"]] for one in post["embed"]["images"]]
    names = post["files"] if kind == "telegram" else post["media_ids"]
    return [server.pictures[name] for name in names]


@pytest.mark.parametrize("count", [1, 2])
def test_pictures_stand_beside_the_words_in_order_byte_for_byte_with_their_alt_texts(kind, server, count):
    outcome = send(kind, server, PICTURES[:count])
    assert isinstance(outcome, Sent), outcome
    assert outcome.url.startswith("https://")
    seen = shown(kind, server)
    assert [one.content for one in seen] == [one.content for one in PICTURES[:count]]
    assert {one.media_type for one in seen} == {"image/png"}
    assert [one.alt for one in seen] == [one.alt if kind in WITH_ALT else "" for one in PICTURES[:count]]
    [post] = server.published
    assert (post.get("written") or post.get("text") or TEXT) == TEXT
    assert server.attempts() == 1


@pytest.mark.parametrize("kind", APART, indirect=True)
@pytest.mark.parametrize(
    ("status", "outcome"),
    [
        (400, RefusedForGood),
        (401, RefusedForGood),
        (403, RefusedForGood),
        (413, RefusedForGood),
        (422, RefusedForGood),
        (429, NotPosted),
        (408, NotPosted),
        (500, NotPosted),
        (503, NotPosted),
    ],
)
def test_a_picture_that_is_not_taken_means_that_nothing_was_posted(kind, server, status, outcome):
    for uploads in ([Answer(status)], [Answer(kept=True, body=b""), Answer(status)]):
        server._uploads.clear()
        server.then_uploads(*uploads[-1:])
        said = send(kind, server)
        assert isinstance(said, outcome), said
    assert (server.attempts(), server.published) == (0, [])


@pytest.mark.parametrize("kind", APART, indirect=True)
@pytest.mark.parametrize("trouble", [{"cut": True}, {"hang": 60}, {"body": b"[1]"}, {"body": b"\xff{"}])
def test_trouble_while_a_picture_is_brought_is_certain_too(kind, server, trouble, monkeypatch):
    monkeypatch.setattr(wire, "READ", 0.3)
    server.then_uploads(Answer(**trouble))
    assert isinstance(send(kind, server), NotPosted | RefusedForGood)
    assert (server.attempts(), server.published) == (0, [])
    server.release()


@pytest.mark.parametrize("kind", APART, indirect=True)
def test_too_slow_with_the_pictures_means_that_nothing_was_posted_and_the_words_have_time_of_their_own(
    kind, server, monkeypatch
):
    module = adapter(kind)
    monkeypatch.setattr(module, "UPLOADING", 0.0)
    assert isinstance(send(kind, server), NotPosted)
    assert server.attempts() == 0
    monkeypatch.setattr(module, "UPLOADING", 18.0)
    monkeypatch.setattr(module, "POSTING", 0.0)
    assert isinstance(send(kind, server), NotPosted)
    assert server.attempts() == 0


@pytest.mark.parametrize("kind", APART, indirect=True)
def test_after_come_later_everything_is_brought_again_and_stands_once(kind, server):
    server.then_uploads(Answer(429, headers={"Retry-After": "30"}))
    assert send(kind, server).retry_after.total_seconds() == 30
    server.then(Answer(429))
    assert [type(send(kind, server)) for _ in range(2)] == [NotPosted, Sent]
    assert [one.content for one in shown(kind, server)] == [one.content for one in PICTURES]


def test_a_lost_answer_to_the_words_leaves_it_open_and_is_settled_by_asking(kind, server):
    server.accept_and_lose_the_answer()
    assert isinstance(send(kind, server), Unknown)
    assert len(server.published) == 1
    found = adapter(kind).find(parcel(), address_of(kind, server))
    assert isinstance(found, Sent if PLATFORMS[kind].can_be_asked else Unknown), found


@pytest.mark.parametrize("status", [413, 422])
def test_words_that_are_refused_with_their_pictures_are_refused(kind, server, status):
    server.answer_with(status)
    assert isinstance(send(kind, server), RefusedForGood)
    assert server.published == []


def test_a_refused_connection_posted_nothing(kind, server):
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    assert isinstance(send(kind, server, url=f"http://127.0.0.1:{port}"), NotPosted)


# one platform ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def mastodon_server():
    running = PLATFORMS["mastodon"].make().start()
    yield running
    running.stop()


def test_mastodon_is_given_time_to_work_on_a_picture(mastodon_server, monkeypatch):
    monkeypatch.setattr(mastodon, "PAUSE", 0.01)
    mastodon_server.works_on_pictures = 3
    assert isinstance(send("mastodon", mastodon_server), Sent)
    looks = [one.path for one in mastodon_server.received if one.path.startswith("/api/v1/media/")]
    assert looks == ["/api/v1/media/1"] * 3 + ["/api/v1/media/2"] * 3


def test_mastodon_that_never_ends_its_work_posted_nothing(mastodon_server, monkeypatch):
    monkeypatch.setattr(mastodon, "PAUSE", 0.05)
    monkeypatch.setattr(mastodon, "UPLOADING", 0.6)
    mastodon_server.works_on_pictures = 10**6
    said = send("mastodon", mastodon_server)
    assert isinstance(said, NotPosted)
    assert said.detail == mastodon.SLOW
    assert mastodon_server.attempts() == 0


def test_the_record_names_each_picture_by_its_bytes_before_they_are_uploaded():
    made = [record(TEXT, "ar", created_at=DUE, dids={}, pictures=PICTURES) for _ in range(2)]
    assert json.dumps(made[0]) == json.dumps(made[1])
    for shown_one, picture in zip(made[0]["embed"]["images"], PICTURES, strict=True):
        assert shown_one["image"] == blob(picture)
        assert shown_one["image"]["ref"]["$link"] == cid(picture.content)
        assert (shown_one["alt"], shown_one["aspectRatio"]) == (picture.alt, {"width": 64, "height": 48})
    assert "embed" not in record(TEXT, "ar", created_at=DUE, dids={})


def test_bluesky_that_names_other_bytes_than_it_was_given_is_not_believed():
    server = PLATFORMS["bluesky"].make().start()
    try:
        other = {"blob": {"$type": "blob", "ref": {"$link": cid(b"other")}, "mimeType": "image/png", "size": 5}}
        server.then_uploads(Answer(headers={"Content-Type": "application/json"}, body=json.dumps(other).encode()))
        assert isinstance(send("bluesky", server), RefusedForGood)
        assert server.attempts() == 0
    finally:
        server.stop()
