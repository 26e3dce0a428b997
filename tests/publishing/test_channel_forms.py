"""The register's forms, one a kind, and "Check now", on real doubles."""

import json

import pytest
from django.urls import reverse

from planner.journal.models import Entry
from planner.publishing.adapters import KINDS
from planner.publishing.adapters.seal import unseal
from planner.publishing.forms import FORMS
from planner.publishing.models import Channel
from tests.doubles.mastodon import MastodonServer
from tests.doubles.x import KEYS
from tests.factories import make_person

pytestmark = pytest.mark.django_db
COMMON = {"name": "Ours", "owner": "Press office", "attribution": "Ministry of Examples", "languages": "en ar"}
ENTRIES = {
    "webhook": {"address": "https://www.example.org/hook", "secret": "sixteen or more characters"},
    "feed": {},
    "mastodon": {"address": "https://mastodon.example.org", "handle": "@press", "secret": "a token of theirs"},
    "bluesky": {"address": "https://bsky.social", "handle": "press.example.org", "secret": "abcd-efgh-ijkl-mnop"},
    "telegram": {
        "address": "https://api.telegram.org",
        "chat": "@ministry_example",
        "secret": "123456789:AAE-a_token_of",
    },
    "x": {"address": "https://api.x.com", "handle": "@ministry", **KEYS},
    "mail": {
        "address": "smtp.example.org:587",
        "security": "starttls",
        "user": "press",
        "secret": "a mail password",
        "sender": "Press <press@example.org>",
        "recipients": "a@news.example.com\nb@radio.example.net, a@news.example.com",
    },
}


@pytest.fixture(autouse=True)
def administrator(client):
    person = make_person(roles=["administrator"])
    client.force_login(person)
    return person


def page(channel: Channel) -> str:
    return reverse("publishing:channel", args=[channel.uuid])


def register(client, kind, **changes):
    return client.post(reverse("publishing:new_channel"), {**COMMON, "kind": kind, **ENTRIES[kind], **changes})


def test_every_kind_has_a_form_and_stands_to_choose_from(client):
    assert set(FORMS) == set(KINDS) == set(ENTRIES)
    shown = client.get(reverse("publishing:new_channel")).content.decode()
    assert all(f"?kind={kind}" in shown for kind in KINDS)
    assert client.get(reverse("publishing:new_channel") + "?kind=pigeon").status_code == 400


@pytest.mark.parametrize("kind", ENTRIES)
def test_an_entry_is_kept_and_its_secrets_are_never_shown_again(client, kind):
    assert register(client, kind).status_code == 302
    channel = Channel.objects.get()
    secrets = [value for name, value in ENTRIES[kind].items() if name in ("secret", *KEYS)]
    shown = client.get(page(channel)).content.decode()
    assert not any(secret in shown for secret in secrets)
    before = unseal(bytes(channel.secret_sealed))
    unchanged = {name: value for name, value in ENTRIES[kind].items() if value not in secrets}
    answer = client.post(page(channel), {**COMMON, **unchanged, "owner": "Night desk"})
    assert answer.status_code == 302, answer.content.decode()
    row = Channel.objects.get()
    assert (row.owner, unseal(bytes(row.secret_sealed)), row.options) == ("Night desk", before, channel.options)
    told = json.dumps(list(Entry.objects.values_list("detail", flat=True)), default=str)
    assert not any(secret in told for secret in secrets)


@pytest.mark.parametrize("kind", ENTRIES)
def test_an_empty_form_says_what_is_missing_and_keeps_nothing(client, kind):
    answer = client.post(reverse("publishing:new_channel"), {"kind": kind, "name": "Ours"})
    assert answer.status_code == 400
    assert not Channel.objects.exists()


def test_a_press_list_is_one_address_each_and_stays_out_of_the_journal(client):
    register(client, "mail")
    channel = Channel.objects.get()
    assert channel.options["recipients"] == ["a@news.example.com", "b@radio.example.net"]
    entry = {**ENTRIES["mail"], "secret": "", "recipients": "c@news.example.com"}
    client.post(page(channel), {**COMMON, **entry})
    assert Channel.objects.get().options["recipients"] == ["c@news.example.com"]
    told = json.dumps(list(Entry.objects.values_list("detail", flat=True)), default=str)
    assert "news.example.com" not in told
    assert "recipients" in told


def test_three_of_four_keys_are_not_a_credential(client):
    answer = register(client, "x", access_token_secret="")
    assert answer.status_code == 400
    assert "Enter all four keys" in answer.content.decode() or "required" in answer.content.decode()


def test_quiet_hours_need_both_ends(client):
    answer = register(client, "webhook", quiet_from="23:00")
    assert "Quiet hours need both ends" in answer.content.decode()
    assert register(client, "webhook", quiet_from="23:00", quiet_to="06:00").status_code == 302


def test_a_fault_that_only_the_platform_knows_is_said_on_the_form(client):
    answer = register(client, "telegram", chat="not a channel")
    assert "must be its public name" in answer.content.decode()


def test_check_now_asks_and_shows_the_answer(client):
    server = MastodonServer().start()
    try:
        register(client, "mastodon", address=server.base, secret=server.token)
        channel = Channel.objects.get()
        answer = client.post(reverse("publishing:check", args=[channel.uuid]), follow=True).content.decode()
        assert "It answers as @press. Nothing was published." in answer
        server.token = "another"
        answer = client.post(reverse("publishing:check", args=[channel.uuid]), follow=True).content.decode()
        assert "It does not work: The channel was asked and answered 401" in answer
        assert server.published == []
        assert "cannot publish" in client.get(reverse("publishing:channels")).content.decode()
    finally:
        server.stop()


def test_only_an_administrator_checks(client):
    register(client, "feed")
    client.force_login(make_person(roles=["officer"]))
    assert client.post(reverse("publishing:check", args=[Channel.objects.get().uuid])).status_code == 403
