"""The pages of publishing, as people with and without a role see them."""

from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from planner.publishing.adapters.seal import unseal
from planner.publishing.models import Channel, Post
from planner.rebuttals.models import Release
from tests.factories import make_approval, make_channel, make_draft, make_line, make_person, make_post, make_rebuttal
from tests.publishing.browsing import words

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR = timedelta(hours=1)


def uncertain_post() -> Post:
    post = make_post(at=NOW - timedelta(minutes=5))
    Post.objects.filter(pk=post.pk).update(state="queued")
    attempt = post.tries.create(started_at=NOW)
    Post.objects.filter(pk=post.pk).update(state="sending", sending_at=NOW)
    post.tries.filter(pk=attempt.pk).update(ended_at=NOW, outcome="unknown")
    Post.objects.filter(pk=post.pk).update(state="uncertain", reason="The request left, and no whole answer came.")
    return post


# the calendar ---------------------------------------------------------------------------------------------------------
def test_the_week_shows_posts_on_their_day_and_hour_in_the_theatre(client, officer, settings):
    settings.PLANNER_ZONE = "Asia/Baghdad"
    make_post(at=datetime(2014, 6, 9, 20, 10, tzinfo=UTC), channel=make_channel(name="The website"))
    page = words(client.get("/posts/?from=2014-06-09"))
    assert "The week, in Baghdad time" in page
    assert "The website" in page
    assert "23:10" in page
    assert "23:10" not in words(client.get("/posts/?from=2014-06-10"))


def test_a_week_that_cannot_be_read_is_this_week(client, officer):
    for given in ("yesterday", "9999-99-99", "0001-01-01", ""):
        assert client.get("/posts/", {"from": given}).status_code == 200


def test_what_a_person_must_settle_stands_on_top_and_is_settled_there(client, officer):
    post = uncertain_post()
    page = words(client.get("/posts/"))
    assert "Look now: is this public on" in page
    assert "no whole answer came" in page
    answer = client.post(
        reverse("publishing:settle", args=[post.uuid]), {"published": "yes", "note": "seen"}, follow=True
    )
    assert "Settled: it is public." in words(answer)
    assert Post.objects.get().settled_by == officer


def test_settling_without_looking_is_asked_again(client, officer):
    post = uncertain_post()
    answer = client.post(reverse("publishing:settle", args=[post.uuid]), {"note": "hm"})
    assert answer.status_code == 400
    assert "Look at the channel, then say yes or no." in words(answer)


# scheduling -----------------------------------------------------------------------------------------------------------
def schedule(client: Client, approval, **data) -> object:
    """Post the form, and tick what there is to know first."""
    url = reverse("publishing:schedule", args=[approval.uuid])
    asked = client.post(url, data)
    return client.post(url, {**data, "seen": asked.context["seal"]}) if asked.status_code == 400 else asked


def test_approved_words_are_scheduled_at_a_wall_time_of_the_theatre(client, officer, settings):
    settings.PLANNER_ZONE = "Asia/Baghdad"
    approval, channel = make_approval(at=NOW), make_channel()
    assert channel.name in words(client.get(reverse("publishing:schedule", args=[approval.uuid])))
    local = (NOW + timedelta(days=1)).replace(hour=22, minute=30, second=0, microsecond=0, tzinfo=None)
    schedule(client, approval, channels=[channel.pk], due_local=f"{local:%Y-%m-%dT%H:%M}")
    post = Post.objects.get()
    assert post.due_at == local.replace(tzinfo=UTC) - 3 * HOUR
    assert post.expires_at == post.due_at + 4 * HOUR
    assert post.scheduled_by == officer


def test_now_means_now_whatever_the_field_says(client, officer):
    approval, channels = make_approval(at=NOW), [make_channel(), make_channel()]
    schedule(client, approval, channels=[c.pk for c in channels], at_once="1", due_local="2001-01-01T00:00")
    assert all(abs(post.due_at - timezone.now()) < timedelta(minutes=1) for post in Post.objects.all())
    assert Post.objects.count() == 2


@pytest.mark.parametrize(
    ("local", "explained"),
    [
        ("2027-03-28T01:30", "does not exist that night in Europe/London: the clocks jump over it to 02:00"),
        (
            "2027-10-31T01:30",
            "happens twice that night in Europe/London (at UTC+0100, then at UTC+0000): say which one",
        ),
        ("2001-01-01T00:00", "already passed"),
        ("tonight", "Give a date and a time"),
        ("", "Say when"),
    ],
)
def test_a_moment_that_cannot_be_is_explained(client, officer, settings, local, explained):
    settings.PLANNER_ZONE = "Europe/London"
    approval, channel = make_approval(at=NOW), make_channel()
    answer = schedule(client, approval, channels=[channel.pk], due_local=local)
    assert answer.status_code == 400
    assert explained in words(answer)
    assert not Post.objects.exists()


@pytest.mark.parametrize(("which", "utc_hour"), [("0", 0), ("1", 1)])
def test_a_moment_that_happens_twice_is_the_one_that_was_chosen(client, officer, settings, which, utc_hour):
    settings.PLANNER_ZONE = "Europe/London"
    approval, channel = make_approval(at=NOW), make_channel()
    schedule(client, approval, channels=[channel.pk], due_local="2027-10-31T01:30", due_which=which)
    assert Post.objects.get().due_at == datetime(2027, 10, 31, utc_hour, 30, tzinfo=UTC)


def test_all_of_the_chosen_channels_or_none(client, officer):
    approval = make_approval(at=NOW)
    fits, short = make_channel(), make_channel(limit=2)
    answer = schedule(client, approval, channels=[fits.pk, short.pk], at_once="1")
    assert "has 16 characters" in words(answer)
    assert not Post.objects.exists()


def test_a_released_line_is_scheduled_for_the_claim_it_was_released_for(client, officer):
    line, channel = make_line(at=NOW), make_channel()
    claim = make_rebuttal(at=NOW).claim
    claim.narrative = line.narrative
    claim.save()
    release = Release.objects.create(line=line, claim=claim, released_by=officer, released_at=NOW)
    url = reverse("publishing:schedule", args=[line.approval.uuid])
    assert f'value="{release.pk}" selected' in client.get(url, {"claim": str(claim.uuid)}).content.decode()
    schedule(client, line.approval, channels=[channel.pk], at_once="1", release=release.pk)
    assert Post.objects.get().claim == claim


def test_who_may_not_schedule_is_told_so_and_nothing_happens(client):
    client.force_login(make_person(roles=["analyst"]))
    approval, channel = make_approval(at=NOW), make_channel()
    assert "a press officer or a duty officer schedules" in words(
        client.get(reverse("publishing:schedule", args=[approval.uuid]))
    )
    answer = schedule(client, approval, channels=[channel.pk], at_once="1")
    assert "Only a press officer or a duty officer" in words(answer)
    assert not Post.objects.exists()


def test_an_ended_approval_says_why_it_ended(client, officer):
    approval = make_approval(at=NOW)
    make_draft(approval.draft.rebuttal, text="Other words.", at=NOW)
    assert "This approval has ended" in words(client.get(reverse("publishing:schedule", args=[approval.uuid])))


# one post -------------------------------------------------------------------------------------------------------------
def test_a_post_is_stopped_with_a_reason(client, officer):
    post = make_post(at=NOW)
    url = reverse("publishing:stop", args=[post.uuid])
    assert "Say why" in words(client.post(url, {"reason": ""}))
    answer = client.post(url, {"reason": "the minister speaks first"}, follow=True)
    assert "Stopped. It will not be sent." in words(answer)
    assert "the minister speaks first" in words(answer)


def test_an_auditor_reads_every_page_and_changes_nothing(client):
    client.force_login(make_person(roles=["auditor"]))
    post = make_post(at=NOW)
    for url in ("/posts/", f"/posts/{post.uuid}/", f"/posts/schedule/{post.approval.uuid}/", "/posts/channels/"):
        assert client.get(url).status_code == 200
    for name in ("stop", "settle"):
        assert client.post(reverse(f"publishing:{name}", args=[post.uuid]), {"reason": "x"}).status_code == 403
    for name in ("hold", "unhold", "retire"):
        assert client.post(reverse(f"publishing:{name}", args=[post.channel.uuid]), {"reason": "x"}).status_code == 403


def test_a_stranger_is_asked_to_sign_in(client):
    assert client.get("/posts/").status_code == 302


# the register ---------------------------------------------------------------------------------------------------------
ENTRY = {
    "name": "Website",
    "kind": "webhook",
    "address": "https://www.example.org/hook",
    "secret": "sixteen or more characters",
    "owner": "Press office",
    "attribution": "Ministry of Examples",
    "languages": "en, AR",
    "limit": "5000",
    "half_life_minutes": "80",
    "can_be_asked": "on",
}


def test_a_channel_is_registered_and_its_secret_never_shown(client, administrator):
    client.post(reverse("publishing:new_channel"), ENTRY)
    channel = Channel.objects.get()
    assert (channel.languages, channel.options) == (["en", "ar"], {"can_be_asked": True, "takes_pictures": False})
    assert unseal(channel.secret_sealed) == b"sixteen or more characters"
    page = client.get(reverse("publishing:channel", args=[channel.uuid])).content.decode()
    assert "sixteen or more" not in page
    assert "Empty: the secret stays as it is." in page
    client.post(reverse("publishing:channel", args=[channel.uuid]), {**ENTRY, "secret": "", "name": "Our website"})
    channel.refresh_from_db()
    assert (channel.name, unseal(channel.secret_sealed)) == ("Our website", b"sixteen or more characters")


def test_a_channel_that_cannot_work_is_explained(client, administrator):
    answer = client.post(reverse("publishing:new_channel"), {**ENTRY, "address": "example.org", "secret": "short"})
    assert "The address must be a full URL" in words(answer)
    assert not Channel.objects.exists()


def test_only_an_administrator_opens_the_register_for_writing(client, officer):
    assert client.get(reverse("publishing:new_channel")).status_code == 403


def test_a_retired_channel_leaves_the_register(client, administrator):
    channel = make_channel(name="Old site")
    answer = client.post(reverse("publishing:retire", args=[channel.uuid]), follow=True)
    assert "Old site is off the register" in words(answer)
    assert Channel.objects.get().retired_at
