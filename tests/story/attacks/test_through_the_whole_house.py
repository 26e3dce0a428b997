"""Every attack at once on a running house: real clock, hand and broker, a channel that counts. One post is honest.

Each attack has its own night: people, claim, approved words, a post that would be due in a few seconds.
"""

import time
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from planner.notices.models import Notice
from planner.people.models import User
from planner.people.services import grant_roles
from planner.publishing import services as publishing
from planner.publishing.models import Post
from planner.publishing.tasks import publish
from tests.doubles.processes import Running, eventually
from tests.doubles.webhook import WebhookServer
from tests.publishing.attacks import refused, sql
from tests.story.attacks.stage import Night, again

Attack = Callable[[Night, Post, datetime], None]
SOON = timedelta(seconds=5)


def honest(_night: Night, post: Post, _now: datetime) -> None:
    """Nothing is wrong with it; its message comes five times."""
    for _time in range(5):
        publish.delay(post.pk)


def edit_after_scheduling(night: Night, _post: Post, now: datetime) -> None:
    night.write("The dam stands, and will.", night.draft.rebuttal, now)


def edit_and_approve_the_new_words(night: Night, _post: Post, now: datetime) -> None:
    night.clear(night.write("The dam fell.", night.draft.rebuttal, now), now)


def withdraw(night: Night, _post: Post, now: datetime) -> None:
    night.withdraw(now)


def withdraw_and_approve_anew(night: Night, _post: Post, now: datetime) -> None:
    """The old post stood on the old approval: it does not come back with the new one."""
    night.withdraw(now)
    night.clear(night.draft, now)


def lose_the_role(night: Night, _post: Post, now: datetime) -> None:
    grant_roles(night.approver, roles=["officer"], by=None, now=now)


def close_the_account(night: Night, _post: Post, _now: datetime) -> None:
    User.objects.filter(pk=night.approver.pk).update(is_active=False)


def retire_the_channel(night: Night, _post: Post, now: datetime) -> None:
    publishing.retire_channel(night.channel, by=_administrator(), now=now)


def withdraw_and_forge_the_hand_over(night: Night, post: Post, now: datetime) -> None:
    """The row is pushed into the queue by SQL, and the hand gets its message."""
    sql("UPDATE publishing_post SET state = 'queued' WHERE id = %s", post.pk)
    night.withdraw(now)
    publish.delay(post.pk)


def revive_the_approval(night: Night, _post: Post, now: datetime) -> None:
    night.withdraw(now)
    with refused("once and for good"):
        sql("UPDATE rebuttals_approval SET ended_at = NULL, ended_by_id = NULL, end_reason = ''")


def put_other_words_under_the_post(night: Night, post: Post, now: datetime) -> None:
    """And, when that is refused, take the post out of the way by hand."""
    other = night.write("The dam fell.", night.draft.rebuttal, now)
    with refused("never changes"):
        sql("UPDATE publishing_post SET text_sha256 = %s WHERE id = %s", other.text_sha256, post.pk)
    with refused("never changes"):
        sql("UPDATE rebuttals_draft SET text = %s WHERE id = %s", other.text, night.draft.pk)


def call_it_published(_night: Night, post: Post, now: datetime) -> None:
    """A state written by hand is refused; then the post is stopped by the officer."""
    with refused("may not go"):
        sql("UPDATE publishing_post SET state = 'published', published_at = now() WHERE id = %s", post.pk)
    publishing.stop(post, by=post.scheduled_by, reason="forged", now=now)


def send_it_an_hour_early(_night: Night, post: Post, _now: datetime) -> None:
    """It is due much later: a forged message finds a post that was not handed over."""
    sql("UPDATE publishing_post SET due_at = due_at + interval '1 hour', late_at = late_at + interval '1 hour',"
        " next_try_at = next_try_at + interval '1 hour' WHERE id = %s", post.pk)  # fmt: skip
    publish.delay(post.pk)


ATTACKS: list[Attack] = [
    edit_after_scheduling,
    edit_and_approve_the_new_words,
    withdraw,
    withdraw_and_approve_anew,
    lose_the_role,
    close_the_account,
    retire_the_channel,
    withdraw_and_forge_the_hand_over,
    revive_the_approval,
    put_other_words_under_the_post,
    call_it_published,
    send_it_an_hour_early,
]
WAITS = {"send_it_an_hour_early"}  # still scheduled at the end, and rightly so


def _administrator() -> User:
    return User.objects.create(username="zaid", roles=["administrator"])


@pytest.mark.django_db(transaction=True)
def test_of_all_posts_only_the_honest_one_is_published_and_once(
    webhook_server: WebhookServer, start_hand: Callable[..., Running], start_clock: Callable[..., Running]
) -> None:
    start_hand("publish", concurrency=2)
    now = timezone.now()
    begun = [(attack, Night(webhook_server.url, now=now)) for attack in [honest, *ATTACKS]]
    posts = {attack.__name__: night.schedule(due_at=now + SOON, now=now) for attack, night in begun}
    for attack, night in begun:
        attack(night, posts[attack.__name__], timezone.now())
    start_clock()

    ended = {"published", "stopped"}
    eventually(lambda: all(again(post).state in ended for name, post in posts.items() if name not in WAITS))
    time.sleep(max(0, (now + SOON - timezone.now()).total_seconds()) + 2)  # the due moment has passed for all of them
    became = {name: again(post).state for name, post in posts.items()}
    expected = {name: "stopped" for name in posts} | {"honest": "published", "send_it_an_hour_early": "scheduled"}
    assert became == expected
    assert [sent.json()["claim"] for sent in webhook_server.received] == [str(posts["honest"].claim.uuid)]
    for name, post in posts.items():
        if became[name] == "stopped" and name != "call_it_published":  # who stops a post by hand need not be told
            assert Notice.objects.filter(key__startswith=f"post:{post.uuid}:").exists(), f"nobody was told of {name}"
