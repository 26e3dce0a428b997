"""Holding one channel or everything, from every page, and letting go."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from planner.publishing.models import Channel
from tests.factories import make_channel, make_person, make_post
from tests.publishing.browsing import words

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR = timedelta(hours=1)


def test_what_is_held_is_shown_with_who_and_why_and_let_go(client, officer):
    post = make_post(at=NOW)
    client.post(reverse("publishing:hold", args=[post.channel.uuid]), {"reason": "hijacked?", "next": "/posts/"})
    page = words(client.get("/posts/"))
    assert "Held back" in page
    assert "hijacked?" in page
    client.post(reverse("publishing:unhold", args=[post.channel.uuid]), {"next": "/posts/"})
    assert "Held back" not in words(client.get("/posts/"))


def test_everything_is_held_with_one_button(client, officer):
    make_channel(), make_channel()
    answer = client.post(reverse("publishing:hold_everything"), {"reason": "stop"}, follow=True)
    assert "2 channels are now held." in words(answer)


def test_the_frame_of_every_page_leads_to_holding_everything_and_says_what_is_held(client, officer):
    first, _second = make_channel(name="The website"), make_channel()
    page = words(client.get("/claims/"))
    assert f"{reverse('publishing:hold_everything')}?next=/claims/" in page
    assert "nothing goes out" not in page
    confirm = words(client.get(reverse("publishing:hold_everything") + "?next=/claims/"))
    assert "2 channels are open" in confirm
    assert 'name="next" value="/claims/"' in confirm
    client.post(reverse("publishing:hold", args=[first.uuid]), {"reason": "hijacked?"})
    assert "Held, nothing goes out there:</strong> <bdi>The website</bdi>" in words(client.get("/claims/"))
    answer = client.post(reverse("publishing:hold_everything"), {"reason": "all of it", "next": "/claims/"})
    assert answer.url == "/claims/"
    page = words(client.get("/claims/"))
    assert "Everything is held, nothing goes out:" in page
    assert "publishing:hold_everything" not in page
    assert reverse("publishing:hold_everything") + "?" not in page


def test_the_same_page_holds_only_one_channel_and_leads_back_to_where_one_came_from(client, officer):
    first, second = make_channel(name="The website"), make_channel()
    page = words(client.get(reverse("publishing:hold_everything") + "?next=/claims/"))
    one = page.split("Or only one of them")[1]
    for channel in (first, second):
        assert reverse("publishing:hold", args=[channel.uuid]) in one
    assert one.count('name="next" value="/claims/"') == 2
    answer = client.post(reverse("publishing:hold", args=[first.uuid]), {"reason": "hijacked?", "next": "/claims/"})
    assert answer.url == "/claims/"
    assert [channel.held_at is not None for channel in Channel.objects.order_by("pk")] == [True, False]
    alone = words(client.get(reverse("publishing:hold_everything")))
    assert "Or only one of them" not in alone, "everything is that one"


def test_holding_everything_asks_for_a_reason(client, officer):
    make_channel()
    answer = client.post(reverse("publishing:hold_everything"), {"reason": " "})
    assert answer.status_code == 400
    assert "Say why: somebody will ask." in words(answer)
    assert Channel.objects.get().held_at is None


def test_all_that_the_page_showed_is_let_go_and_what_was_missed_is_asked_about(client, officer):
    seen, unseen = make_channel(), make_channel()
    make_post(at=NOW - HOUR, channel=seen, late_at=NOW + HOUR)
    client.post(reverse("publishing:hold_everything"), {"reason": "stop"})
    page = words(client.get(reverse("publishing:let_go_everything")))
    assert "2 channels are held" in page
    answer = client.post(reverse("publishing:let_go_everything"), {"channel": [str(seen.uuid)]}, follow=True)
    assert "1 channel is open again." in words(answer)
    assert "Some posts should have gone out meanwhile" in words(answer)
    assert "Late: send it now, or stop it?" in words(answer)
    unseen.refresh_from_db()
    assert unseen.held_at is not None


def test_who_may_not_hold_sees_the_banner_and_no_button(client):
    make_channel(held_at=NOW, held_reason="hijacked?"), make_channel()
    client.force_login(make_person(roles=["analyst"]))
    page = words(client.get("/claims/"))
    assert "Held, nothing goes out there:" in page
    assert reverse("publishing:hold_everything") not in page
    assert reverse("publishing:let_go_everything") not in page
    assert client.post(reverse("publishing:let_go_everything")).status_code == 403


def test_a_button_never_leads_to_another_site(client, officer):
    channel = make_channel()
    answer = client.post(
        reverse("publishing:hold", args=[channel.uuid]), {"reason": "x", "next": "https://evil.example/"}
    )
    assert answer.url == reverse("publishing:channels")
