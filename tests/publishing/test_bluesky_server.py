"""The Bluesky adapter against Bluesky's own server (PDS): `make environment-pds` installs it."""

import uuid
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime

import httpx
import pytest

from planner.publishing import services
from planner.publishing.adapters import bluesky, wire
from planner.publishing.adapters.seal import seal
from planner.publishing.core.bluesky import record_key
from planner.publishing.core.outcome import NotPosted, RefusedForGood, Sent, Unknown
from planner.publishing.core.parcel import Address
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from tests.doubles.pds import Line, Pds, running
from tests.factories import make_approval, make_channel, make_draft, make_post
from tests.publishing.platforms import NOW, a_picture, parcel

pytestmark = pytest.mark.xdist_group("pds")


@pytest.fixture(scope="module")
def pds(tmp_path_factory) -> Pds:
    with running(tmp_path_factory.mktemp("pds")) as server:
        yield server


@pytest.fixture
def line(pds):
    server = Line(pds).start()
    yield server
    server.stop()


def address_of(pds: Pds, url: str = "", secret: str = "") -> Address:
    return Address(url or pds.url, (secret or pds.password).encode(), {"handle": pds.handle})


def a_parcel(text: str = "المدينة صامدة https://example.org/a @helpful-one.test #facts", **changes):
    return parcel(text, key=uuid.uuid4(), **changes)


def records(pds: Pds) -> list[dict]:
    asked = {"repo": pds.did, "collection": "app.bsky.feed.post", "limit": 100}
    return httpx.get(f"{pds.url}/xrpc/com.atproto.repo.listRecords", params=asked).json()["records"]


def copies(pds: Pds, sent) -> list[dict]:
    """The account's records with these words' own key or text."""
    key = record_key(sent.key, sent.due_at)
    return [one for one in records(pds) if one["uri"].endswith(key) or one["value"]["text"] == sent.text]


def test_a_post_arrives_with_its_language_its_facets_and_its_frozen_moment(pds):
    sent = a_parcel()
    outcome = bluesky.send(sent, address_of(pds))
    assert isinstance(outcome, Sent), outcome
    [record] = copies(pds, sent)
    value = record["value"]
    assert (value["text"], value["langs"], value["createdAt"]) == (sent.text, ["ar"], "2014-06-09T19:30:00.000Z")
    features = [facet["features"][0] for facet in value["facets"]]
    assert features[1]["did"] == pds.friend
    assert record["uri"] == outcome.remote_id


def test_eight_tries_at_once_leave_one_record(pds):
    sent = a_parcel("eight at once")
    with ThreadPoolExecutor(8) as hands:
        said = list(hands.map(lambda _number: bluesky.send(sent, address_of(pds)), range(8)))
    assert all(isinstance(one, Sent | NotPosted | Unknown) for one in said)
    assert any(isinstance(one, Sent) for one in said)
    assert len(copies(pds, sent)) == 1


def test_pictures_are_taken_by_its_lexicon_and_a_second_try_is_the_same_record(pds):
    sent = a_parcel("with pictures", pictures=(a_picture("teal", "The dam, whole."), a_picture("red", "السد")))
    said = [bluesky.send(sent, address_of(pds)) for _ in range(2)]
    assert all(isinstance(one, Sent) for one in said), said
    [record] = copies(pds, sent)
    images = record["value"]["embed"]["images"]
    assert [(one["alt"], one["aspectRatio"]["width"]) for one in images] == [("The dam, whole.", 64), ("السد", 64)]
    asked = {"did": pds.did, "cid": images[0]["image"]["ref"]["$link"]}
    kept = httpx.get(f"{pds.url}/xrpc/com.atproto.sync.getBlob", params=asked)
    assert kept.content == sent.pictures[0].content


def test_another_text_at_the_same_key_never_overwrites(pds):
    first = a_parcel("the approved words")
    bluesky.send(first, address_of(pds))
    second = parcel("other words", key=first.key)
    assert isinstance(bluesky.send(second, address_of(pds)), Unknown)
    assert [one["value"]["text"] for one in copies(pds, first)] == ["the approved words"]


def test_an_answer_lost_after_the_commit_is_found_and_never_doubled(pds, line):
    sent = a_parcel("accepted, and the answer lost")
    line.accept_and_lose_the_answer()
    assert isinstance(bluesky.send(sent, address_of(pds, line.base)), Unknown)
    assert isinstance(bluesky.find(sent, address_of(pds)), Sent)
    assert len(copies(pds, sent)) == 1


def test_a_cut_before_the_commit_is_not_there(pds, line):
    sent = a_parcel("cut before")
    line.cut_connections()
    assert isinstance(bluesky.send(sent, address_of(pds, line.base)), Unknown)
    assert isinstance(bluesky.find(sent, address_of(pds)), NotPosted)


def test_a_wrong_password_is_refused_and_a_right_one_rehearsed(pds):
    assert isinstance(bluesky.send(a_parcel(), address_of(pds, secret="aaaa-bbbb-cccc-dddd")), RefusedForGood)
    assert not bluesky.check(address_of(pds, secret="aaaa-bbbb-cccc-dddd"), now=NOW).works
    assert bluesky.check(address_of(pds), now=NOW).works


@pytest.mark.django_db
@pytest.mark.parametrize("trouble", ["none", "lost", "cut", "hang"])
def test_the_whole_path_never_leaves_two_copies(pds, line, trouble, monkeypatch):
    monkeypatch.setattr(wire, "READ", 3)
    channel = make_channel(line.base, kind="bluesky", options={"handle": pds.handle})
    channel.secret_sealed = seal(pds.password)
    channel.save()
    text = f"the whole path, {trouble} {datetime.now(UTC)}"
    post = make_post(make_approval(make_draft(text=text)), channel=channel)
    Post.objects.filter(pk=post.pk).update(state="queued", queued_at=NOW)
    faults = {"lost": line.accept_and_lose_the_answer, "cut": line.cut_connections, "hang": line.hang}
    faults.get(trouble, lambda: None)()
    expected = PostState.PUBLISHED if trouble in {"none", "lost"} else PostState.UNCERTAIN
    assert services.publish(post.pk, now=NOW) is expected
    line.release()
    assert services.publish(post.pk, now=NOW) is None
    assert sum(one["value"]["text"] == text for one in records(pds)) == (expected is PostState.PUBLISHED)
