"""What nothing could hand over in time waits for a person: it is shown, told, and never sent by itself."""

from datetime import timedelta

import pytest
from django.utils import timezone

from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.publishing import dispatch, selectors, services
from planner.publishing.core.states import PostState
from planner.publishing.models import Post
from tests.doubles.webhook import Answer
from tests.factories import NIGHT, make_channel, make_person, make_post, make_shift
from tests.publishing.attacks import LATER, Attempt, move, queued, refused, sending, sql

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATE = NIGHT + 10 * MINUTE


def again(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def officer():
    return make_person(roles=["officer"])


def told(post: Post) -> list[str]:
    rows = Notice.objects.filter(key__startswith=f"post:{post.uuid}:late")
    return sorted(rows.values_list("person__username", flat=True))


# what the clock and the hands do -------------------------------------------------------------------------------------
def test_within_the_grace_a_post_is_handed_over_and_from_then_on_it_is_not():
    post = make_post()
    assert list(selectors.due(now=LATE - timedelta(microseconds=1))) == [post]
    assert list(selectors.due(now=LATE)) == []
    assert list(selectors.late(now=LATE)) == [post]
    assert dispatch.hand_over(now=LATE) == 0


def test_a_message_that_arrives_late_sends_nothing_and_puts_the_post_back(webhook_server):
    post = queued(channel=make_channel(webhook_server.url))
    assert services.publish(post.pk, now=LATE) is PostState.SCHEDULED
    assert webhook_server.received == []
    assert list(selectors.late(now=LATE)) == [post]


def test_whoever_scheduled_it_and_whoever_watches_are_told_once():
    post, watcher = make_post(), officer()
    make_shift(watcher, NIGHT)
    assert services.find_late(now=LATE - MINUTE) == 0
    assert services.find_late(now=LATE) == 1
    assert services.find_late(now=LATE + MINUTE) == 0
    assert told(post) == sorted([post.scheduled_by.username, watcher.username])
    assert "does not go by itself" in Notice.objects.filter(key__contains=":late").first().body
    assert Entry.objects.filter(milestone="late", claim=post.claim.uuid).count() == 1


def test_a_late_post_expires_as_ever_and_that_is_told():
    post = make_post()
    services.find_late(now=LATE)
    assert services.expire(now=post.expires_at) == 1
    row = again(post)
    assert (row.why, row.reason) == (
        "expired",
        "It was late, nobody decided to send it all the same, and its last moment passed.",
    )
    assert Notice.objects.filter(key__startswith=f"post:{post.uuid}:expired").exists()


def test_a_post_that_ends_before_it_would_be_late_just_ends():
    post = make_post(expires_at=NIGHT + 5 * MINUTE)
    assert list(selectors.late(now=LATE)) == []
    assert services.find_late(now=LATE) == 0
    assert services.expire(now=LATE) == 1
    assert told(post) == []


def test_the_grace_is_a_setting(settings):
    settings.PLANNER_LATE_MINUTES = 3
    assert services.late.late_from(NIGHT) == NIGHT + 3 * MINUTE


# a channel that asked to wait, a channel that was held ----------------------------------------------------------------
def test_a_channel_that_asked_to_wait_makes_nothing_late_but_an_outage_after_it_does(webhook_server):
    webhook_server.then(Answer(429, headers={"Retry-After": "3600"}))
    post = queued(channel=make_channel(webhook_server.url))
    assert services.publish(post.pk, now=LATER) is PostState.RETRYING
    asked = again(post).next_try_at
    assert asked > LATE
    assert list(selectors.due(now=asked)) == [post]
    assert list(selectors.late(now=asked)) == []
    assert list(selectors.late(now=asked + 10 * MINUTE)) == [post]


def test_what_should_have_gone_out_while_its_channel_was_held_waits_for_a_decision():
    channel = make_channel()
    missed = make_post(channel=channel)
    ahead = make_post(channel=channel, due_at=NIGHT + 5 * MINUTE)
    by = officer()
    services.hold(channel, by=by, reason="hijacked?", now=NIGHT)
    assert services.find_late(now=NIGHT + 2 * MINUTE) == 0
    services.unhold(channel, by=by, now=NIGHT + 2 * MINUTE)
    assert services.find_late(now=NIGHT + 2 * MINUTE) == 1
    assert told(missed) == [missed.scheduled_by.username]
    assert list(selectors.due(now=NIGHT + 6 * MINUTE)) == [ahead]


# a person decides -----------------------------------------------------------------------------------------------------
def test_a_person_sends_it_all_the_same_and_it_leaves_at_once(webhook_server):
    post, by = make_post(channel=make_channel(webhook_server.url)), officer()
    services.find_late(now=LATE)
    decided = LATE + 20 * MINUTE
    services.let_go(post, by=by, now=decided)
    assert dispatch.hand_over(now=decided) == 1
    assert services.publish(post.pk, now=decided + timedelta(seconds=1)) is PostState.PUBLISHED
    row = again(post)
    assert (row.let_go_by, row.let_go_at, row.due_at) == (by, decided, NIGHT)
    assert Entry.objects.get(milestone="let_go").actor == by.username


def test_an_outage_after_the_decision_asks_again():
    post, by = make_post(), officer()
    services.find_late(now=LATE)
    services.let_go(post, by=by, now=LATE)
    assert dispatch.hand_over(now=LATE + 10 * MINUTE) == 0
    assert services.find_late(now=LATE + 10 * MINUTE) == 1
    assert len(told(post)) == 2


def test_only_a_late_post_on_an_open_channel_is_let_go_and_only_by_who_may():
    post = make_post()
    for roles in (["analyst"], ["approver"], ["administrator"]):
        with pytest.raises(services.PostRefused, match="Only a press officer"):
            services.let_go(post, by=make_person(roles=roles), now=LATE)
    by = officer()
    with pytest.raises(services.PostRefused, match="no longer waits"):
        services.let_go(post, by=by, now=LATE - MINUTE)
    with pytest.raises(services.PostRefused, match="no longer waits"):
        services.let_go(post, by=by, now=post.expires_at)
    services.hold(post.channel, by=by, reason="wait", now=LATE)
    with pytest.raises(services.PostRefused, match="is held"):
        services.let_go(post, by=by, now=LATE)


# the database, past every service -------------------------------------------------------------------------------------
def test_the_database_does_not_send_a_late_post():
    post = queued()
    Attempt.objects.create(post=post, started_at=LATE)
    with refused("this post is late"):
        move(post, "sending", sending_at=LATE)


def test_the_database_lets_nobody_but_a_person_make_a_late_post_timely():
    post = make_post()
    with refused("only a person lets a late post go"):
        sql("UPDATE publishing_post SET late_at = late_at + interval '1 minute' WHERE id = %s", post.pk)
    with refused("let go by a person"):
        sql("UPDATE publishing_post SET let_go_at = %s WHERE id = %s", LATE, post.pk)
    early, by = LATE - MINUTE, officer()
    with refused("that is late is let go"):
        sql("UPDATE publishing_post SET let_go_at = %s, let_go_by_id = %s WHERE id = %s", early, by.pk, post.pk)
    post = sending()
    with refused("let go by a person"):
        sql("UPDATE publishing_post SET let_go_at = %s, let_go_by_id = %s WHERE id = %s", LATE, by.pk, post.pk)


def test_a_post_is_never_late_before_it_is_due():
    with refused("post_late_after_due"):
        make_post(due_at=NIGHT, late_at=NIGHT - MINUTE)


# the pages ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def two_late() -> list[Post]:
    now = timezone.now()
    return [make_post(at=now - 30 * MINUTE) for _ in range(2)]


def page(client) -> str:
    return " ".join(client.get("/posts/").content.decode().split())


def test_late_posts_stand_on_top_and_all_are_sent_with_one_press(client, two_late):
    client.force_login(officer())
    assert "Late: send them now, or stop them?" in page(client)
    both = {"post": [post.uuid for post in two_late], "decision": "send"}
    answer = client.post("/posts/late/", both, follow=True)
    assert "2 posts go out now." in " ".join(answer.content.decode().split())
    assert set(selectors.due(now=timezone.now())) == set(two_late)
    assert "Late: send" not in page(client)


def test_one_is_stopped_and_the_other_goes_on_waiting(client, two_late):
    client.force_login(officer())
    client.post("/posts/late/", {"post": [two_late[0].uuid], "decision": "stop"})
    assert [again(post).state for post in two_late] == ["stopped", "scheduled"]
    assert "Late: send it now, or stop it?" in page(client)


def test_a_decision_names_posts_and_is_one_of_two(client, two_late):
    client.force_login(officer())
    for wrong in ({"post": ["x"], "decision": "send"}, {"decision": "send"}, {"post": [two_late[0].uuid]}):
        client.post("/posts/late/", wrong)
    assert selectors.late(now=timezone.now()).count() == 2


def test_who_may_not_schedule_sees_them_and_cannot_send_them(client, two_late):
    client.force_login(make_person(roles=["analyst"]))
    assert "Late: send" in page(client)
    assert 'value="send"' not in page(client)
    assert client.post("/posts/late/", {"post": [two_late[0].uuid], "decision": "send"}).status_code == 403
    assert selectors.late(now=timezone.now()).count() == 2


def test_the_board_says_it_in_red(client, two_late):
    client.force_login(officer())
    assert "2 posts are late and wait for a decision." in " ".join(client.get("/").content.decode().split())
