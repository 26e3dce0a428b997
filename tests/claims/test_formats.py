"""The formats in which sightings come, and finding out which one a file has."""

from datetime import UTC, datetime

import pytest

from planner.claims.adapters.formats import READERS, choose
from planner.claims.core.languages import language_code
from planner.journal.core.intake import Fault, Row, Unreadable
from planner.wallclock import zone

IRA = {
    "author_id": "one",
    "publish_date": "2016-03-22 07:58:00",
    "content": "#Boom &amp; gone",
    "language": "Farsi (Persian)",
}
TWITTER = {
    "tweetid": "712",
    "userid": "99",
    "user_screen_name": "one",
    "tweet_language": "ar",
    "tweet_text": "the text",
    "tweet_time": "2016-03-22 07:58",
    "tweet_client_name": "Android",
    "retweet_tweetid": "711",
    "hashtags": "[Mosul, WorldCup]",
    "urls": "[https://example.org/a, https://example.org/b]",
}  # fmt: skip
HOUSE = {"source": "one", "posted_at": "2016-03-22T10:58", "text": "the #text", "author": "x"}
MOMENT = datetime(2016, 3, 22, 7, 58, tzinfo=UTC)


def read(name: str, values: dict[str, str], place: str = ""):
    return READERS[name].read(Row(2, values), zone(place) if place else None)


def test_ira_rows_are_utc_and_told_apart_by_author_minute_and_text():
    one = read("ira", IRA, "Asia/Baghdad")
    assert (one.source, one.author, one.posted_at, one.language) == ("one", "one", MOMENT, "fa")
    assert one.hashtags == ["Boom"]
    assert one.external_id == read("ira", IRA | {"publish_date": "2016-03-22 07:58:30"}).external_id
    others = [{"author_id": "two"}, {"content": "else"}, {"publish_date": "2016-03-22 07:59:00"}]
    assert one.external_id not in [read("ira", IRA | other).external_id for other in others]


def test_the_original_release_with_author_american_dates_and_tweet_ids_is_read_too():
    values = {"author": "ONE", "content": "x", "publish_date": "10/1/2017 19:58", "tweet_id": "914580356430536707"}
    one = read("ira", values)
    assert (one.source, one.external_id) == ("ONE", "914580356430536707")
    assert one.posted_at == datetime(2017, 10, 1, 19, 58, tzinfo=UTC)


def test_twitter_io_rows_keep_client_retweet_hashtags_and_first_link():
    one = read("twitter-io", TWITTER, "Asia/Baghdad")
    assert (one.external_id, one.source, one.posted_at) == ("712", "one", MOMENT)
    assert (one.client, one.repost_of, one.language) == ("Android", "711", "ar")
    assert (one.hashtags, one.url) == (["Mosul", "WorldCup"], "https://example.org/a")
    assert read("twitter-io", TWITTER | {"user_screen_name": "", "tweet_language": "und"})[0] == "99"


def test_the_house_format_takes_local_times_with_a_zone_and_lists_with_semicolons():
    one = read("csv", HOUSE | {"hashtags": "a; #b", "kind": "Media"}, "Asia/Baghdad")
    assert (one.posted_at, one.hashtags, one.kind) == (MOMENT, ["a", "b"], "media")
    assert read("csv", HOUSE, "Asia/Baghdad").hashtags == ["text"]
    assert read("csv", HOUSE | {"external_id": "7"}, "Asia/Baghdad").external_id == "7"


@pytest.mark.parametrize(
    ("change", "field", "words"),
    [
        ({"posted_at": "noon"}, "posted_at", "not a date and time"),
        ({"posted_at": "2016-03-22T10:58"}, "posted_at", "no offset"),
        ({"text": ""}, "text", "missing value"),
        ({"source": ""}, "source", "missing value"),
        ({"author": ""}, "external_id", "give an external_id, or an author"),
        ({"text": "x" * 100_001}, "text", "too long: 100,001 characters, at most 100,000"),
        ({"source": "x" * 201}, "source", "too long"),
        ({"kind": "friend"}, "kind", "expected one of adversary, amplifier, media"),
        ({"url": "javascript:alert(1)"}, "url", "begins with http"),
        ({"hashtags": "x" * 201}, "hashtags", "too long"),
    ],
)
def test_what_the_house_format_cannot_take_is_named_by_field(change, field, words):
    values = HOUSE | {"posted_at": "2016-03-22T10:58+03:00"} | change
    with pytest.raises(Fault, match=words) as caught:
        read("csv", values)
    assert caught.value.field == field


@pytest.mark.parametrize(
    ("kind", "columns", "name"),
    [
        ("csv", [*IRA], "ira"),
        ("csv", ["author", "publish_date", "content"], "ira"),
        ("csv", [*TWITTER], "twitter-io"),
        ("csv", [*HOUSE], "csv"),
        ("jsonl", [], "jsonl"),
    ],
)
def test_auto_knows_a_format_by_its_columns(kind, columns, name):
    assert choose("auto", kind=kind, columns=columns).name == name


def test_a_format_that_the_file_does_not_have_is_refused_with_the_way_out():
    with pytest.raises(Unreadable, match=r"looks like JSONL, not csv: try --format auto"):
        choose("csv", kind="jsonl", columns=[])
    with pytest.raises(
        Unreadable, match=r"column external_id or author is missing; the columns found are: source, text, posted_at"
    ):
        choose("csv", kind="csv", columns=["source", "text", "posted_at"])


def test_languages_become_codes():
    assert [language_code(name) for name in ("Russian", "ar", "LANGUAGE UNDEFINED", "")] == ["ru", "ar", "", ""]
