"""At night: one press lets a cleared line out on every open channel of its scope; outside it the approver is woken."""

import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from planner.notices.models import Notice
from planner.publishing import services
from planner.publishing.models import Post
from planner.publishing.services import PostRefused, release_now
from planner.rebuttals.core.words import Shown
from planner.rebuttals.models import Release
from planner.rebuttals.services import RebuttalRefused, sign_line
from planner.tasking.models import Task
from planner.tasking.services import acknowledge, close_for_claim, open_task, token
from tests.factories import (
    make_approval,
    make_channel,
    make_claim,
    make_draft,
    make_line,
    make_person,
    make_picture,
    make_rebuttal,
    make_shift,
)

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def line(now):
    """A line that opened an hour ago; Omar Aziz signed it."""
    return make_line(at=now - timedelta(hours=1))


@pytest.fixture
def hala(now):
    person = make_person("Hala Amin", roles=["duty"])
    make_shift(person, now - timedelta(hours=2), 10, kind="on_call")
    return person


@pytest.fixture
def task(now, line, hala):
    """The task for a claim of the line's storyline, which the duty officer has taken."""
    claim = make_claim("The bridge is taken.", at=now - timedelta(minutes=5), narrative=line.narrative, language="ar")
    return acknowledge(open_task(claim, now=now, off_hours=True), person=hala, now=now)


def link(task):
    return reverse("tasking:answer", args=[token(task.rungs.first())])


def press(phone, page, words):
    """The button with these words on a page: post its form as a browser would."""
    html = phone.get(page).content.decode()
    form = next(one for one in re.findall(r"<form.*?</form>", html, re.DOTALL) if words in one)
    action = re.search(r'action="([^"]+)"', form).group(1)
    fields = dict(re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', form))
    return phone.post(action, fields, follow=True).content.decode()


def test_one_press_from_the_link_and_it_leaves_on_every_open_channel_of_the_scope(task, line):
    channels = [make_channel(), make_channel()]
    make_channel(name="Held", held_at=timezone.now(), held_by=line.signed_by)
    make_channel(name="Mute", languages=["ku"])
    phone = Client()
    answer = press(phone, link(task), "Release it now")
    assert "Released. It leaves now on" in answer
    assert "Wake an approver" not in answer
    assert "stays in the house" not in answer
    posts = Post.objects.order_by("pk")
    assert [post.channel for post in posts] == channels
    release = Release.objects.get()
    assert {(post.release, post.claim, post.state) for post in posts} == {(release, task.claim, "scheduled")}
    assert release.released_by == task.assignee
    assert "_auth_user_id" not in phone.session


def test_signed_in_it_is_one_press_on_my_tasks(client, task, line, hala):
    make_channel()
    client.force_login(hala)
    answer = press(client, reverse("tasking:mine"), "Release it now")
    assert "Released. It leaves now on" in answer
    assert Post.objects.get().scheduled_by == hala


def test_a_second_press_changes_nothing_and_somebody_elses_is_told(now, task, line, hala):
    make_channel()
    posts = release_now(line, claim=task.claim, by=hala, now=now)
    assert release_now(line, claim=task.claim, by=hala, now=now) == posts
    with pytest.raises(RebuttalRefused, match="already released for this claim"):
        release_now(line, claim=task.claim, by=make_person("Tom", roles=["officer"]), now=now)
    assert (Post.objects.count(), Release.objects.count()) == (1, 1)


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ("held", "No channel for which it was cleared is open"),
        ("window", "Its window has not begun."),
        ("used", "It has been used as often as it was signed for."),
        ("person", "You are not one of those for whom it was signed to release."),
        ("language", "It was cleared for claims in another language."),
    ],
)
def test_outside_its_scope_the_page_says_why_and_one_press_wakes_the_approver(now, task, line, hala, change, why):
    omar = make_person("Omar Aziz", roles=["approver"])
    make_shift(omar, now - timedelta(hours=2), 10, kind="on_call")
    channel = make_channel()
    outside(change, now, line, channel, hala)
    phone = Client()
    page = phone.get(link(task)).content.decode()
    assert why in page
    assert "Release it now" not in page
    assert "Omar Aziz" in page, "who would be woken"
    answer = press(phone, link(task), "Wake an approver")
    assert "Omar Aziz is paged." in answer
    message = Notice.objects.latest("pk")
    assert message.person == omar
    assert f"Hala Amin needs you as approver: {why}" in message.body
    assert not Release.objects.exclude(claim__text="Another").exists()


def outside(change, now, line, channel, hala):
    """Move the line out of its scope in one way; what was signed never changes, so another one is signed for most."""
    if change == "held":
        services.hold(channel, by=hala, reason="somebody else posts there", now=now)
    elif change == "used":
        other = make_claim("Another", at=now, narrative=line.narrative)
        Release.objects.create(line=line, claim=other, released_by=hala, released_at=now)
    else:
        line.ended_at = now
        line.save()
        fields = {
            "window": {"at": now + timedelta(hours=1)},
            "person": {"release_roles": ["approver"]},
            "language": {"languages": ["en"]},
        }[change]
        make_line(line.approval, **{"at": now - timedelta(hours=1), **fields})


def test_a_claim_without_a_line_offers_to_wake_an_approver(now, hala):
    claim = make_claim("Something new.", at=now)
    task = acknowledge(open_task(claim, now=now, off_hours=True), person=hala, now=now)
    page = Client().get(link(task)).content.decode()
    assert "The claim belongs to no storyline yet" in page
    assert "No approver is on watch now" in page
    assert "Wake an approver" in page


def test_an_approver_who_was_woken_signs_anew_and_releases(now, task, line, hala):
    omar = line.signed_by
    make_channel()
    acknowledge(open_task(make_claim("x", at=now), by=hala, now=now), person=omar, now=now)
    posts = release_now(line, claim=task.claim, by=omar, now=now)
    assert [post.scheduled_by for post in posts] == [omar]


def test_looking_releases_nothing_and_a_foreign_page_cannot_press(task, line):
    make_channel()
    address = reverse("publishing:release_by_link", args=[token(task.rungs.first())])
    assert Client().get(address).status_code == 405
    assert Client(enforce_csrf_checks=True).post(address, {"line": line.uuid}).status_code == 403
    assert Client().post(reverse("publishing:release_by_link", args=["forged"]), {"line": line.uuid}).status_code == 410
    assert Client().post(address, {"line": "no line"}).status_code == 404
    assert not Release.objects.exists()


def test_a_link_releases_for_its_own_claim_only(now, task, line):
    make_channel()
    other = make_claim("Another", at=now, narrative=line.narrative)
    address = reverse("publishing:release_by_link", args=[token(task.rungs.first())])
    Client().post(address, {"line": line.uuid, "claim": other.uuid})
    assert Release.objects.get().claim == task.claim


def test_the_link_of_a_closed_task_releases_nothing(now, task, line):
    make_channel()
    close_for_claim(task.claim, reason="answered", now=now)
    address = reverse("publishing:release_by_link", args=[token(task.rungs.first())])
    assert Client().post(address, {"line": line.uuid}).status_code == 410
    assert not Release.objects.exists()


def test_when_no_channel_takes_the_words_nothing_is_released(now, task, line, hala):
    make_channel(limit=5)
    with pytest.raises(PostRefused, match="No channel for which it was cleared is open"):
        release_now(line, claim=task.claim, by=hala, now=now)
    assert not Release.objects.exists()


def test_a_line_with_a_picture_goes_only_where_pictures_are_taken(now, hala):
    picture = make_picture()
    words = make_draft(
        make_rebuttal(narrative=make_line().narrative), pictures=[Shown(picture.sha256, "The dam, whole.")], at=now
    )
    line = make_line(make_approval(words, at=now), at=now - timedelta(hours=1))
    claim = make_claim(at=now, narrative=words.rebuttal.narrative)
    bare = make_channel()
    with pytest.raises(PostRefused, match="No channel for which it was cleared is open"):
        release_now(line, claim=claim, by=hala, now=now)
    takes = make_channel(options={"takes_pictures": True})
    posts = release_now(line, claim=claim, by=hala, now=now)
    assert [post.channel for post in posts] == [takes] != [bare]


def test_words_signed_twice_go_out_once_on_a_channel(now, task, line, hala):
    make_channel()
    again = make_line(line.approval, at=now - timedelta(hours=1))
    release_now(line, claim=task.claim, by=hala, now=now)
    with pytest.raises(PostRefused):
        release_now(again, claim=task.claim, by=hala, now=now)
    assert Post.objects.count() == 1


def test_a_line_signed_for_named_people_is_released_by_them(now, hala):
    draft = make_draft(make_rebuttal(narrative=make_line().narrative))
    approval = make_approval(draft)
    words = {"narrative": draft.rebuttal.narrative, "during": (now - timedelta(hours=1), now + timedelta(hours=5))}
    who = {"release_roles": [], "release_people": [hala]}
    line = sign_line(approval, **words, **who, maximum_uses=1, channel_kinds=[], by=approval.approver, now=now)
    make_channel()
    claim = make_claim(at=now, narrative=draft.rebuttal.narrative)
    with pytest.raises(RebuttalRefused, match="not one of those"):
        release_now(line, claim=claim, by=make_person("Tom", roles=["duty"]), now=now)
    assert len(release_now(line, claim=claim, by=hala, now=now)) == 1


def test_my_tasks_asks_as_many_questions_for_many_tasks_as_for_one(client, now, line, task, hala):
    make_channel()
    client.force_login(hala)
    counts = []
    for number in (1, 4):
        while Task.objects.count() < number:
            claim = make_claim("More.", at=now, narrative=line.narrative)
            acknowledge(open_task(claim, now=now, off_hours=True), person=hala, now=now)
        with CaptureQueriesContext(connection) as asked:
            client.get(reverse("tasking:mine"))
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.django_db(transaction=True)
def test_two_who_press_at_the_same_moment_let_it_out_once(now, task, line, hala):
    make_channel()
    tom = make_person("Tom", roles=["officer"])
    start, said = threading.Barrier(2), []

    def press_it(person):
        start.wait()
        try:
            said.append(len(release_now(line, claim=task.claim, by=person, now=now)))
        except RebuttalRefused as refused:
            said.append(str(refused))
        finally:
            connection.close()

    threads = [threading.Thread(target=press_it, args=[person]) for person in (hala, tom)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    assert sorted(map(type, said), key=str) == [int, str], said
    assert (Release.objects.count(), Post.objects.count()) == (1, 1)
