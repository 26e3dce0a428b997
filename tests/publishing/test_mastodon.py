"""What is peculiar to Mastodon and the servers that speak like it: keys, limits, and finding one's own words again."""

import gzip
import json
from datetime import timedelta
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.publishing.adapters import mastodon
from planner.publishing.core.outcome import NotPosted, Sent
from tests.doubles.mastodon import MastodonServer, as_html
from tests.publishing.platforms import DUE, NOW, TEXT, address_of, parcel

OPENAPI = Path(__file__).parents[3] / "shared/data/api/mastodon_openapi_4.7.0.json.gz"


@pytest.fixture
def server():
    running = MastodonServer().start()
    yield running
    running.stop()


def send(server, text=TEXT):
    return mastodon.send(parcel(text), address_of("mastodon", server))


def find(server, text=TEXT):
    return mastodon.find(parcel(text), address_of("mastodon", server))


def test_every_try_carries_the_posts_own_key(server):
    send(server)
    send(server)
    keys = {one.headers["idempotency-key"] for one in server.received if one.method == "POST"}
    assert keys == {str(parcel().key)}
    assert len(server.published) == 1


@pytest.mark.parametrize(("tag", "sent"), [("ar", "ar"), ("ar-IQ", "ar"), ("zh-Hant", "zh"), ("ckb", "ckb")])
def test_a_status_says_its_language_as_mastodon_knows_it(server, tag, sent):
    assert isinstance(mastodon.send(parcel(language=tag), address_of("mastodon", server)), Sent)
    [status] = [parse_qs(one.body.decode()) for one in server.received if one.method == "POST"]
    assert status["language"] == [sent]


def test_a_server_that_ignores_the_key_shows_why_nobody_may_rely_on_it(server):
    server.honours_keys = False
    send(server)
    send(server)
    assert len(server.published) == 2  # the services never send again after an unknown: test_publish_platforms


@pytest.mark.parametrize("honours", [True, False])
def test_a_lost_answer_is_found_with_and_without_the_key(server, honours):
    server.honours_keys = honours
    server.accept_and_lose_the_answer()
    send(server)
    assert isinstance(find(server), Sent)
    assert len(server.published) == 1


@pytest.mark.parametrize("shows_source", [True, False])
@pytest.mark.parametrize(
    "text",
    [
        TEXT,
        'Tom & Jerry <b>not bold</b> "quoted"',
        "One\ntwo\n\nthree",
        "https://example.org/a/very/long/path?with=many&things=in_it.",
        "@press@mastodon.example.org said so",
        "e\u0301 is é",
    ],
)
def test_ones_own_words_are_known_again_in_what_the_server_shows(server, text, shows_source):
    server.shows_source = shows_source
    server.write(text)
    assert isinstance(find(server, text), Sent)


def test_the_same_words_of_another_day_are_not_this_post(server):
    server.write(TEXT, made=DUE - timedelta(days=1))
    assert isinstance(find(server), NotPosted)
    server.write(TEXT + " Indeed.")
    assert isinstance(find(server), NotPosted)


def test_the_rehearsal_learns_the_servers_limits(server):
    server.most, server.url_cost = 5000, 25
    checked = mastodon.check(address_of("mastodon", server), now=NOW)
    assert (checked.works, checked.limit, checked.url_cost) == (True, 5000, 25)


def test_a_token_of_another_account_is_noticed_before_it_speaks(server):
    address = address_of("mastodon", server, options={"handle": "@minister"})
    checked = mastodon.check(address, now=NOW)
    assert not checked.works
    assert "belongs to @press, not to @minister" in checked.said


@given(st.text(alphabet=st.sampled_from('ab <>&"م漢\n.'), min_size=1, max_size=40))
def test_what_the_server_makes_of_a_text_and_back_is_the_text(text):
    assert mastodon._bare(mastodon._shown(as_html(text))) == mastodon._bare(text)


@pytest.mark.skipif(not OPENAPI.exists(), reason="Mastodon's OpenAPI is not here: ../shared/data/api")
@pytest.mark.parametrize("name", ["Status", "Account", "V1::Instance"])
def test_the_double_answers_in_the_shapes_of_the_published_api(server, name):
    schemas = json.loads(gzip.decompress(OPENAPI.read_bytes()))["components"]["schemas"]
    shown = {
        "Status": server.status("1", TEXT, NOW),
        "Account": server.account(),
        "V1::Instance": server.instance(),
    }[name]
    key = name if name in schemas else name.replace("::", "")
    missing = [field for field in schemas[key].get("required", []) if field not in shown]
    assert missing == []
    wrong = [field for field, value in shown.items() if not _is(value, schemas[key]["properties"].get(field, {}))]
    assert wrong == []


def _is(value: Any, schema: dict[str, Any]) -> bool:
    """Whether a value has the schema's plain type, where it names one."""
    kinds = {"string": str, "integer": int, "boolean": bool, "array": list, "object": dict, "number": (int, float)}
    names = schema.get("type", [])
    names = [names] if isinstance(names, str) else names
    if value is None:
        return not names or "null" in names or bool(schema.get("nullable")) or "anyOf" in schema
    return not names or any(isinstance(value, kinds[name]) for name in names if name in kinds)
