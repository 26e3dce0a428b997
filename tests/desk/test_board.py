"""The board: tonight, the claims against the clock, what is broken; whole page and living part from one view."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planner.desk import selectors, trouble
from planner.leases.services import beat
from planner.publishing.models import Channel
from tests.factories import make_approval, make_channel, make_claim, make_person, make_post, make_shift

pytestmark = pytest.mark.django_db
ZONE = "Asia/Baghdad"


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    answer = client.get(reverse("desk:board"))
    assert answer.status_code == 302
    assert answer["Location"].startswith(reverse("desk:sign_in"))


def test_the_whole_page_and_its_living_part_come_from_one_view(client: Client) -> None:
    client.force_login(make_person(roles=["analyst"]))
    whole = client.get(reverse("desk:board")).content.decode()
    part = client.get(reverse("desk:board"), headers={"HX-Request": "true"}).content.decode()
    assert "<html" in whole
    assert "<html" not in part
    assert "<svg" in whole
    assert "<svg" in part


def test_what_can_still_be_won_comes_first_on_the_board() -> None:
    now = timezone.now()
    old = make_claim("critical, but long gone", at=now - timedelta(days=2), severity="critical")
    fresh = make_claim("high and fresh", at=now - timedelta(minutes=20), severity="high")
    mild = make_claim("low and fresh", at=now - timedelta(minutes=20), severity="low")
    make_claim("watched by nobody: it was declined", at=now, state="declined", decided_at=now, decision_reason="none")
    assert [one.claim for one in selectors.against_the_clock(now=now)] == [fresh, mild, old]


def test_a_claim_is_drawn_to_its_first_official_word_and_an_open_one_is_not() -> None:
    now = timezone.now()
    make_claim(at=now - timedelta(minutes=54))
    drawn = selectors.claims_between(now - timedelta(hours=2), now)
    assert [(one.answered_at, one.declined_at) for one in drawn] == [(None, None)]


def test_the_night_holds_the_gap_that_the_roster_leaves() -> None:
    now = timezone.now()
    empty = selectors.tonight(now=now, zone=ZONE, viewer_zone="Europe/London")
    assert sum((gap.end - gap.start for gap in empty.gaps), timedelta()) == empty.end - empty.start
    everybody = make_person(roles=["analyst", "officer", "approver"])
    other = make_person("Omar Aziz", roles=["approver"])
    make_channel(at=now - timedelta(days=2))
    for person in (everybody, other):
        make_shift(person, now - timedelta(hours=30), 60)
    watched = selectors.tonight(now=now, zone=ZONE, viewer_zone="Europe/London")
    assert watched.chain["seen"]
    assert {link for gap in watched.gaps for link in gap.missing} <= {"published"}, "this channel was never registered"


def test_a_clock_that_never_ran_and_one_that_stopped_are_both_red() -> None:
    now = timezone.now()
    make_channel()
    assert "never run" in trouble.now_broken(now=now)[0].what
    beat(name="publish", period=timedelta(seconds=2), now=now - timedelta(minutes=7))
    assert "7 minutes" in trouble.now_broken(now=now)[0].what
    beat(name="publish", period=timedelta(seconds=2), now=now)
    assert trouble.now_broken(now=now) == []


def test_one_late_beat_among_others_is_named_with_its_error() -> None:
    now = timezone.now()
    make_channel()
    beat(name="attend", period=timedelta(seconds=15), now=now)
    beat(name="publish", period=timedelta(seconds=2), now=now - timedelta(minutes=1))
    beat(name="publish", period=timedelta(seconds=2), now=now, error="the disk is full")
    (found,) = trouble.now_broken(now=now)
    assert "publish" in found.what
    assert "disk is full" in found.mend


def test_a_held_channel_and_a_post_nobody_can_place_are_shown_with_their_mend(client: Client) -> None:
    now = timezone.now()
    beat(name="publish", period=timedelta(seconds=2), now=now)
    channel = make_channel(at=now)
    Channel.objects.filter(pk=channel.pk).update(held_at=now, held_reason="wrong logo")
    (held,) = trouble.now_broken(now=now)
    assert "wrong logo" in held.what
    post = make_post(make_approval(at=now), channel=make_channel(at=now), at=now)
    assert selectors.next_posts(now=now).get() == post


def test_a_planner_without_a_channel_says_so() -> None:
    now = timezone.now()
    beat(name="publish", period=timedelta(seconds=2), now=now)
    assert "No channel is registered" in trouble.now_broken(now=now)[0].what
