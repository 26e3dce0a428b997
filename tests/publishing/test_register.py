"""The register of official channels."""

from datetime import timedelta

import pytest

from planner.coverage.models import Supply
from planner.journal.models import Entry
from planner.publishing import selectors, services
from planner.publishing.adapters.seal import unseal
from planner.publishing.models import Channel
from tests.factories import NIGHT, make_channel, make_person, make_post

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def register(**changes) -> Channel:
    given = {
        "name": "Website",
        "kind": "webhook",
        "owner": "Press office",
        "attribution": "Ministry of Examples",
        "address": "https://www.example.org/hook",
        "secret": "sixteen or more characters",
        "languages": ["en", "ar"],
        "now": NIGHT,
        "by": make_person(roles=["administrator"]),
        **changes,
    }
    return services.register_channel(**given)


def test_a_registered_channel_keeps_its_secret_sealed_and_covers_the_last_link():
    channel = register()
    assert b"sixteen" not in bytes(channel.secret_sealed)
    assert unseal(channel.secret_sealed) == b"sixteen or more characters"
    supply = Supply.objects.get()
    assert (supply.links, supply.languages, supply.during.lower, supply.during.upper) == (
        ["published"],
        ["ar", "en"],
        NIGHT,
        None,
    )
    assert "secret" not in str(Entry.objects.get(milestone="channel_registered").detail)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"kind": "pigeon"}, "no adapter for “pigeon”. Known kinds: bluesky, feed"),
        ({"attribution": " "}, "in whose name"),
        ({"address": "example.org"}, "full URL"),
        ({"secret": "short"}, "at least 16 characters"),
    ],
)
def test_a_channel_that_could_not_work_is_refused_with_what_to_mend(changes, words):
    with pytest.raises(services.ChannelRefused, match=words):
        register(**changes)


def test_a_name_is_given_once():
    register()
    with pytest.raises(services.ChannelRefused, match="already a channel named Website"):
        register()


def test_only_an_administrator_registers():
    with pytest.raises(services.ChannelRefused, match="do not hold a role"):
        register(by=make_person(roles=["officer", "approver", "duty"]))


def test_a_change_without_a_secret_keeps_the_one_there_is():
    channel = register()
    services.change_channel(channel, by=None, now=NIGHT, address="https://www.example.org/new")
    row = Channel.objects.get()
    assert row.address == "https://www.example.org/new"
    assert unseal(row.secret_sealed) == b"sixteen or more characters"


def test_a_held_channel_covers_nothing_until_it_is_let_go():
    channel, officer = register(), make_person(roles=["officer"])
    services.hold(channel, by=officer, reason="hijacked?", now=NIGHT + MINUTE)
    assert Channel.objects.get().held_reason == "hijacked?"
    assert [supply.during.upper for supply in Supply.objects.all()] == [NIGHT + MINUTE]
    services.unhold(channel, by=officer, now=NIGHT + 2 * MINUTE)
    spans = [(supply.during.lower, supply.during.upper) for supply in Supply.objects.order_by("during")]
    assert spans == [(NIGHT, NIGHT + MINUTE), (NIGHT + 2 * MINUTE, None)]
    assert list(Entry.objects.values_list("milestone", flat=True))[-2:] == ["held", "unheld"]


def test_a_hold_says_why_and_is_not_held_twice():
    channel, officer = make_channel(), make_person(roles=["officer"])
    with pytest.raises(services.ChannelRefused, match="Say why"):
        services.hold(channel, by=officer, reason=" ", now=NIGHT)
    services.hold(channel, by=officer, reason="hijacked?", now=NIGHT)
    with pytest.raises(services.ChannelRefused, match="held already"):
        services.hold(channel, by=officer, reason="again", now=NIGHT)


def test_everything_is_held_at_once():
    make_channel(), make_channel(), make_channel(held_at=NIGHT), make_channel(retired_at=NIGHT)
    assert services.hold_everything(by=make_person(roles=["duty"]), reason="stop", now=NIGHT) == 2
    assert all(channel.held_at for channel in selectors.channels())


def test_a_held_channel_hands_nothing_over_and_what_is_due_later_goes_out():
    post = make_post(due_at=NIGHT + 2 * MINUTE)
    officer = post.scheduled_by
    services.hold(post.channel, by=officer, reason="wait", now=NIGHT)
    assert not selectors.due(now=NIGHT + 2 * MINUTE).exists()
    services.unhold(post.channel, by=officer, now=NIGHT + MINUTE)
    assert list(selectors.due(now=NIGHT + 2 * MINUTE)) == [post]


def test_a_retired_channel_stops_what_waits_for_it_and_stays_retired():
    post = make_post()
    services.retire_channel(post.channel, by=None, now=NIGHT)
    assert services.stop_unapproved(now=NIGHT) == 1
    with pytest.raises(services.ChannelRefused, match="no longer on the register"):
        services.unhold(post.channel, by=post.scheduled_by, now=NIGHT)
