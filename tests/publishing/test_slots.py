"""Slots on the page and by command: where they stand, what they leave free, and that one press takes one."""

import json
from datetime import time, timedelta

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse
from django.utils import timezone

from planner.publishing.models import Post
from planner.publishing.slots import slots_in_gaps
from tests.factories import make_approval, make_channel, make_claim, make_draft, make_line, make_post, make_rebuttal
from tests.publishing.browsing import words

pytestmark = pytest.mark.django_db
NOW = timezone.now()
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)


@pytest.fixture(autouse=True)
def rhythm() -> None:
    """They speak every day at this hour; nobody is on watch, so every hour is a gap."""
    for day in range(1, 15):
        make_claim(f"Claim {day}", at=NOW - timedelta(days=day) + 2 * HOUR)


def test_slots_lie_in_the_gaps_where_most_is_expected_and_keep_away_from_what_is_booked():
    channel = make_channel(spacing_minutes=60)
    best = slots_in_gaps([channel], now=NOW)[0]
    assert abs(best.offer.at - (NOW + 2 * HOUR)) < 2 * HOUR
    make_post(channel=channel, at=NOW, due_at=best.offer.at)
    again = slots_in_gaps([channel], now=NOW)
    assert all(abs(one.offer.at - best.offer.at) >= HOUR for one in again)
    # The booked post brings a claim of its own, with which a little more is expected than before.
    assert again[0].offer.avoids <= 1.05 * best.offer.avoids
    assert f"nothing booked within {again[0].free // MINUTE} min" in again[0].why


def test_a_channel_that_is_always_quiet_offers_nothing():
    assert slots_in_gaps([make_channel(quiet_from=time(0), quiet_to=time(23, 59))], now=NOW, ahead=HOUR) == []


def test_several_channels_are_ranked_as_one_list():
    slow, fast = make_channel(half_life_minutes=240), make_channel(half_life_minutes=20)
    found = slots_in_gaps([slow, fast], now=NOW)
    assert [one.offer.avoids for one in found] == sorted((one.offer.avoids for one in found), reverse=True)
    assert found[0].channel == slow, "what is met for longer avoids more"


# the page -------------------------------------------------------------------------------------------------------------
def test_one_press_takes_a_slot_with_the_warnings_that_stood_beside_it(client, officer):
    channel, approval = make_channel(), make_approval(at=NOW)
    url = reverse("publishing:schedule", args=[approval.uuid])
    page = client.get(url)
    slot, _of_this_one, value = page.context["slots"][0]
    assert "No press officer or duty officer is on watch" in words(page)
    assert [one.caution.value for one in page.context["known"]] == ["unattended"]
    assert client.post(url, {"slot": value}).status_code == 302
    post = Post.objects.get()
    assert (post.channel, post.due_at) == (channel, slot.offer.at)
    assert post.expires_at == slot.offer.silence.span.end.replace(second=0, microsecond=0)


def test_what_came_since_is_asked_about_with_the_slot_filled_in(client, officer):
    channel, approval = make_channel(), make_approval(at=NOW)
    url = reverse("publishing:schedule", args=[approval.uuid])
    slot, _known, value = client.get(url).context["slots"][0]
    make_post(make_approval(make_draft(text="Quite other words.", at=NOW)), channel=channel, at=slot.offer.at)
    asked = client.post(url, {"slot": value})
    assert asked.status_code == 400
    assert f'name="channels" value="{channel.pk}" checked' in asked.content.decode()
    assert "another post within the hour" in words(asked)
    assert Post.objects.count() == 1


@pytest.mark.parametrize("value", ["", "1", "1 2 3 4", "x 2014-06-09T22:30 2014-06-09T23:30 y", "9 9 9 9 9 9"])
def test_a_slot_that_cannot_be_read_schedules_nothing(client, officer, value):
    make_channel()
    answer = client.post(reverse("publishing:schedule", args=[make_approval(at=NOW).uuid]), {"slot": value})
    assert answer.status_code == 400
    assert not Post.objects.exists()


def test_channels_that_the_words_do_not_fit_or_that_are_held_are_not_offered(client, officer):
    make_channel(limit=3)
    make_channel(held_at=NOW)
    page = client.get(reverse("publishing:schedule", args=[make_approval(at=NOW).uuid]))
    assert page.context["slots"] == []
    assert "no open gap in which these words fit" in words(page)


def test_a_channel_on_which_these_words_stand_is_not_offered_again(client, officer):
    approval, channel = make_approval(at=NOW), make_channel()
    make_post(approval, channel=channel, at=NOW)
    assert client.get(reverse("publishing:schedule", args=[approval.uuid])).context["slots"] == []


def test_a_line_is_offered_slots_once_its_claim_is_known(client, officer):
    make_channel()
    line, claim = make_line(at=NOW), make_rebuttal(at=NOW).claim
    claim.narrative = line.narrative
    claim.save()
    url = reverse("publishing:schedule", args=[line.approval.uuid])
    assert client.get(url).context["slots"] == []
    line.releases.create(claim=claim, released_by=officer, released_at=NOW)
    assert client.get(url, {"claim": str(claim.uuid)}).context["slots"]


# the command ----------------------------------------------------------------------------------------------------------
def test_the_command_says_where_when_and_why(capsys):
    channel = make_channel(name="The website")
    call_command("slots", "--json", "--most", "2")
    found = json.loads(capsys.readouterr().out)["slots"]
    assert len(found) == 2
    assert found[0]["channel"] == channel.name
    assert found[0]["avoids"] >= found[1]["avoids"] > 0
    assert "claims expected" in found[0]["why"]
    call_command("slots", "--channel", "The website")
    assert "The website" in capsys.readouterr().out


def test_the_command_asks_only_where_an_approved_answer_fits(capsys):
    approval = make_approval(at=NOW)
    make_channel(name="Too short", limit=3)
    make_channel(name="The website")
    call_command("slots", "--json", "--claim", str(approval.draft.rebuttal.claim.uuid))
    assert {slot["channel"] for slot in json.loads(capsys.readouterr().out)["slots"]} == {"The website"}


@pytest.mark.parametrize(
    "given",
    [["--channel", "nowhere"], ["--claim", "x"], ["--hours", "0"], ["--most", "0"], ["--claim", "unapproved"]],
)
def test_what_cannot_be_asked_is_explained(given):
    if given == ["--claim", "unapproved"]:
        given = ["--claim", str(make_claim(at=NOW).uuid)]
    with pytest.raises(CommandError) as refused:
        call_command("slots", *given)
    assert refused.value.returncode == 2


def test_without_a_channel_there_is_nothing_to_offer():
    with pytest.raises(SystemExit) as left:
        call_command("slots", "--json")
    assert left.value.code == 1
