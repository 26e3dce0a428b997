"""Record keys, facets and records of Bluesky, against the syntax and the lexicons of the AT Protocol."""

import json
import re
import uuid
from datetime import UTC, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.publishing.core.bluesky import facets, mentions, record, record_key
from tests.publishing.platforms import DUE, TEXT

LEXICONS = Path(__file__).parents[3] / "shared/data/api/atproto/lexicons"
TID = re.compile(r"[234567abcdefghij][234567abcdefghijklmnopqrstuvwxyz]{12}")
DIDS = {"friend.example.org": "did:plc:z72i7hdynmk6r22z27h6tvur"}
moments = st.datetimes(timezones=st.just(UTC)).filter(lambda at: 1970 < at.year < 2200)


@given(st.uuids(), moments)
def test_a_record_key_is_a_tid_and_the_same_at_every_try(key, at):
    assert TID.fullmatch(record_key(key, at))
    assert record_key(key, at) == record_key(key, at.astimezone(timezone(timedelta(hours=3))))


@given(moments, st.uuids(), st.uuids(), st.integers(min_value=1, max_value=86400))
def test_later_posts_have_later_keys(at, one, other, seconds):
    assert record_key(one, at) < record_key(other, at + timedelta(seconds=seconds))


def test_posts_of_the_same_moment_have_keys_of_their_own():
    keys = {record_key(uuid.UUID(int=number * 7919 + (number << 70), version=4), DUE) for number in range(2000)}
    assert len(keys) == 2000


def test_links_handles_and_tags_stand_at_their_bytes():
    found = facets(TEXT, DIDS)
    said = [
        (TEXT.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode(), one["features"][0])
        for one in found
    ]
    assert said == [
        (
            "https://example.org/facts?a=1",
            {"$type": "app.bsky.richtext.facet#link", "uri": "https://example.org/facts?a=1"},
        ),
        ("@friend.example.org", {"$type": "app.bsky.richtext.facet#mention", "did": DIDS["friend.example.org"]}),
        ("#facts", {"$type": "app.bsky.richtext.facet#tag", "tag": "facts"}),
    ]


def test_a_record_says_its_language_by_the_whole_tag():
    assert record("words", "ar-IQ", created_at=DUE, dids={})["langs"] == ["ar-IQ"]
    assert "langs" not in record("words", "", created_at=DUE, dids={})  # not English, which the client would say


def test_a_handle_that_is_nobodys_stays_plain_text():
    assert facets("hello @nobody.example.org", {}) == []
    assert mentions("@a.example.org, @b.example.org @a.example.org me@c.example.org") == [
        "a.example.org",
        "b.example.org",
    ]


@pytest.mark.parametrize(
    ("text", "tags"),
    [("#قدس now", ["قدس"]), ("#1", []), ("a#b", []), ("#one, #two.", ["one", "two"]), ("https://a.org/#x", [])],
)
def test_tags(text, tags):
    assert [one["features"][0]["tag"] for one in facets(text, {}) if "tag" in one["features"][0]] == tags


pieces = st.sampled_from([*"aم漢😀 \n.,()", "https://example.org/x", "@friend.example.org", "#tag", " ", "@", "#"])


@given(st.lists(pieces, max_size=25))
def test_facets_never_overlap_and_always_cut_at_whole_letters(parts):
    text = "".join(parts)
    end = 0
    for one in facets(text, DIDS):
        assert end <= one["index"]["byteStart"] < one["index"]["byteEnd"] <= len(text.encode())
        text.encode()[one["index"]["byteStart"] : one["index"]["byteEnd"]].decode()
        end = one["index"]["byteEnd"]


@pytest.mark.skipif(not LEXICONS.exists(), reason="the lexicons are not here: ../shared/data/api/atproto")
@pytest.mark.parametrize("text", [TEXT, "The city stands.", "#a @friend.example.org"])
def test_a_record_has_what_the_lexicon_asks_for_and_nothing_else(text):
    lexicon = json.loads(next(LEXICONS.rglob("feed/post.json")).read_text())["defs"]["main"]["record"]
    value = record(text, "ar", created_at=DUE, dids=DIDS)
    assert set(lexicon["required"]) <= set(value)
    assert set(value) - {"$type"} <= set(lexicon["properties"])
    assert value["createdAt"] == "2014-06-09T19:30:00.000Z"
    assert len(value["text"].encode()) <= lexicon["properties"]["text"]["maxLength"]
    facet = json.loads(next(LEXICONS.rglob("richtext/facet.json")).read_text())["defs"]
    for one in value.get("facets", []):
        assert set(one) == set(facet["main"]["required"])
        assert set(one["index"]) == set(facet["byteSlice"]["required"])
        [feature] = one["features"]
        name = feature["$type"].removeprefix("app.bsky.richtext.facet#")
        assert set(feature) - {"$type"} == set(facet[name]["required"])
