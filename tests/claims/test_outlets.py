"""Whom we name in public: outlets, on pages of their own; never a private person's account."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.claims.core.outlets import PLATFORMS, is_own
from planner.claims.models import PickUp, Sighting, Source
from planner.claims.selectors import MOST_NAMED, public_appearances
from tests.factories import NIGHT, make_claim


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://outlet.example/news/1", ""),
        ("https://outlet.example/news/1", "https://outlet.example"),
        ("https://live.outlet.example/1", "https://www.outlet.example/"),
        ("http://outlet.example:8080/1", "https://outlet.example"),
        ("https://t.me/the_outlet/17", "https://t.me/the_outlet"),
        ("https://t.me/the_outlet", "https://t.me/the_outlet/"),
    ],
)
def test_a_page_under_the_outlets_own_site_is_its_own(url, site):
    assert is_own(url, site)


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://x.com/a_private_person/status/1", ""),
        ("https://m.facebook.com/somebody", ""),
        ("https://social.example/@somebody/1", ""),
        ("https://x.com/somebody/status/1", "https://outlet.example"),
        ("https://t.me/somebody/17", "https://t.me/the_outlet"),
        ("https://t.me/the_outlet_fans/17", "https://t.me/the_outlet"),
        ("https://t.me/the_outlet/../somebody", "https://t.me/the_outlet"),
        ("https://t.me/the_outlet/%2e%2e/somebody", "https://t.me/the_outlet"),
        ("https://x.com/somebody", "https://x.com"),
        ("https://notoutlet.example/1", "https://outlet.example"),
        ("https://outlet.example@somebody.example/1", "https://outlet.example"),
        ("https://somebody.example\\.outlet.example/1", "https://outlet.example"),
        ("javascript:alert(1)//outlet.example", "https://outlet.example"),
        ("https://outlet.example/1", "not an address"),
        ("", ""),
        ("https://[half", ""),
    ],
)
def test_somebodys_account_and_what_only_looks_like_the_outlet_are_not(url, site):
    assert not is_own(url, site)


@given(st.sampled_from(PLATFORMS), st.text(max_size=30), st.sampled_from(["", "www.", "m."]))
def test_nothing_on_a_platform_is_named_for_an_outlet_that_has_no_account_there(platform, path, prefix):
    url = f"https://{prefix}{platform}/{path}"
    assert not is_own(url)
    assert not is_own(url, "https://outlet.example/")


# rows -----------------------------------------------------------------------------------------------------------------
def sight(claim, source, url, minutes=0, author="a_private_person"):
    at = NIGHT + timedelta(minutes=minutes)
    moments = {"posted_at": at, "fetched_at": at, "stored_at": at}
    known = {"source": source, "external_id": f"{url}{minutes}", "author": author, "text": "It fell.", "fingerprint": 1}
    return Sighting.objects.create(**known, url=url, claim=claim, **moments)


@pytest.mark.django_db
def test_only_outlets_are_named_in_order_and_each_page_once():
    claim, other = make_claim(), make_claim("Another.")
    media = Source.objects.create(name="The Outlet", kind="media", url="https://outlet.example")
    theirs = Source.objects.create(name="Their channel", kind="adversary", url="https://t.me/their", is_outlet=True)
    account = Source.objects.create(name="somebody", kind="adversary", url="https://somebody.example")
    sight(claim, media, "https://outlet.example/1", minutes=5)
    sight(claim, media, "https://outlet.example/1", minutes=6)
    sight(claim, media, "https://x.com/reader/1", minutes=1)
    sight(claim, media, "", minutes=2)
    sight(claim, theirs, "https://t.me/their/1", minutes=3)
    sight(claim, account, "https://somebody.example/1")
    PickUp.objects.create(claim=claim, source=media, at=NIGHT, url="https://outlet.example/0")
    named = public_appearances([claim, other])
    assert [one.url for one in named[claim.pk]] == [
        "https://outlet.example/0",
        "https://t.me/their/1",
        "https://outlet.example/1",
    ]
    assert named[other.pk] == []
    assert "private_person" not in repr(named)


@pytest.mark.django_db
def test_a_page_that_carried_our_answer_is_not_held_up_and_a_flood_names_twenty():
    claim = make_claim()
    media = Source.objects.create(name="The Outlet", kind="media")
    PickUp.objects.create(claim=claim, source=media, at=NIGHT, url="https://outlet.example/fair", carried=True)
    for number in range(MOST_NAMED + 5):
        sight(claim, media, f"https://outlet.example/{number}", minutes=number)
    named = public_appearances([claim])[claim.pk]
    assert [one.url for one in named] == [f"https://outlet.example/{number}" for number in range(MOST_NAMED)]
