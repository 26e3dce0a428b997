"""A thread goes out part by part, each once and behind the one before; whatever happens in between, none goes twice."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import IntegrityError, transaction

from planner.notices.models import Notice
from planner.publishing import selectors, services
from planner.publishing.adapters.seal import seal
from planner.publishing.core.states import PostState
from planner.publishing.models import Attempt, Channel, Post
from planner.rebuttals.core.threads import joined
from planner.rebuttals.services import withdraw
from tests.doubles.webhook import Answer
from tests.factories import NIGHT, make_approval, make_channel, make_draft, make_person, make_post
from tests.publishing.platforms import PLATFORMS

pytestmark = pytest.mark.django_db
PARTS = ["The city stands.", "The bridge is open.", "See https://example.org/facts today."]
THREAD = joined(PARTS)
SENT = [f"{part} {number}/3" for number, part in enumerate(PARTS, 1)]
LATER = NIGHT + timedelta(seconds=5)
THREADING = ["mastodon", "bluesky", "x"]


@pytest.fixture(params=THREADING)
def kind(request) -> str:
    return request.param


@pytest.fixture
def server(kind):
    running = PLATFORMS[kind].make().start()
    yield running
    running.stop()


@pytest.fixture
def channel(kind, server) -> Channel:
    made = make_channel(server.base, kind=kind, options=PLATFORMS[kind].options)
    made.secret_sealed = seal(PLATFORMS[kind].secret(server))
    made.save()
    return made


@pytest.fixture
def officer():
    return make_person("Sara Nabil", roles=["officer"])


def schedule(channel, officer, text=THREAD, **moments) -> list[Post]:
    approval = make_approval(make_draft(text=text))
    times = {"due_at": NIGHT, "expires_at": NIGHT + timedelta(hours=2), "now": NIGHT, **moments}
    first = services.schedule(approval, channel=channel, claim=approval.draft.rebuttal.claim, by=officer, **times)
    return list(Post.objects.filter(approval=first.approval).order_by("part"))


def send_due(now=LATER) -> list[PostState | None]:
    """What the clock and one hand do at `now`, until nothing more is due."""
    done = []
    while due := list(selectors.due(now=now).order_by("pk").values_list("pk", flat=True)):
        Post.objects.filter(pk__in=due).update(state="queued", queued_at=now)
        done += [services.publish(pk, now=now) for pk in due]
    return done


def states() -> list[str]:
    return list(Post.objects.order_by("part").values_list("state", flat=True))


def texts(server) -> list[str]:
    """What stands in public, in the order in which it came."""
    return [post.get("written") or post.get("text") or post["content"] for post in server.published]


def shown(server) -> list[str]:
    return [text[-3:] for text in (t.replace("</p>", "") for t in texts(server))]


# the whole way --------------------------------------------------------------------------------------------------------
def test_a_thread_goes_out_in_order_each_part_answering_the_one_before(channel, server, kind, officer):
    posts = schedule(channel, officer)
    assert [post.words for post in posts] == SENT
    assert send_due() == [PostState.PUBLISHED] * 3
    assert shown(server) == ["1/3", "2/3", "3/3"]
    ids = list(Post.objects.order_by("part").values_list("remote_id", flat=True))
    assert answered(server, kind) == [None, (ids[0], ids[0]), (ids[0], ids[1])]


def answered(server, kind) -> list[tuple[str, str] | None]:
    """Which (root, parent) each public part answers; where the platform keeps no root, the parent's own root."""
    found: list[tuple[str, str] | None] = []
    for post in server.published:
        if kind == "bluesky":
            reply = post.get("reply")
            found.append((reply["root"]["uri"], reply["parent"]["uri"]) if reply else None)
            continue
        parent = post.get("answers")
        at = [str(other["id"]) for other in server.published].index(str(parent)) if parent else None
        found.append(None if at is None else ((found[at] or (str(parent), ""))[0], str(parent)))
    return found


def test_a_text_without_dividers_and_a_channel_without_threads_get_one_post(channel, officer):
    assert len(schedule(channel, officer, text="One text.")) == 1
    [post] = schedule(make_channel(), officer)
    assert (post.parts, post.words) == (1, "\n\n".join(PARTS))


def test_the_journal_keeps_one_schedule_and_every_part(channel, officer):
    posts = schedule(channel, officer)
    assert (posts[0].part, posts[0].parts, posts[2].follows_id) == (1, 3, posts[1].pk)
    assert [post.due_at - NIGHT for post in posts] == [timedelta(seconds=n) for n in range(3)]
    assert {post.expires_at for post in posts} == {NIGHT + timedelta(hours=2)}


def test_parts_never_live_longer_than_the_last_moment_that_was_chosen(channel, officer):
    ends = NIGHT + timedelta(seconds=1)
    posts = schedule(channel, officer, expires_at=ends)
    assert all(post.due_at < post.expires_at == ends for post in posts)


# trouble at the second part -------------------------------------------------------------------------------------------
def first_is_out(channel, officer) -> list[Post]:
    posts = schedule(channel, officer)
    Post.objects.filter(part=1).update(state="queued", queued_at=NIGHT)
    assert services.publish(posts[0].pk, now=NIGHT) is PostState.PUBLISHED
    return posts


def test_the_next_part_waits_for_the_one_before(channel, officer):
    posts = schedule(channel, officer)
    assert [post.pk for post in selectors.due(now=LATER)] == [posts[0].pk]
    Post.objects.filter(part=2).update(state="queued", queued_at=NIGHT)
    with suppress(Exception):  # the database refuses; how the hand puts it back is its own matter
        services.publish(posts[1].pk, now=LATER)
    assert not Attempt.objects.exists()


def test_a_part_that_may_come_later_is_tried_again_and_the_first_is_not_sent_again(channel, server, officer):
    first_is_out(channel, officer)
    server.then(*[Answer(429, headers={"Retry-After": "2"})])
    assert send_due() == [PostState.RETRYING]
    assert states() == ["published", "retrying", "scheduled"]
    assert send_due(now=LATER + timedelta(minutes=1)) == [PostState.PUBLISHED] * 2
    assert shown(server) == ["1/3", "2/3", "3/3"]


def test_an_answer_lost_at_the_second_part_is_found_and_the_thread_goes_on(channel, server, officer):
    first_is_out(channel, officer)
    server.then(Answer(cut=True, kept=True))
    assert send_due() == [PostState.PUBLISHED] * 2
    assert shown(server) == ["1/3", "2/3", "3/3"]


def test_a_part_taken_without_a_name_is_looked_up_so_that_the_next_can_answer_it(channel, server, officer):
    first_is_out(channel, officer)
    server.then(Answer(200, kept=True))  # an answer that says nothing
    assert send_due() == [PostState.PUBLISHED] * 2
    assert shown(server) == ["1/3", "2/3", "3/3"]


@pytest.mark.parametrize("kind", ["x"])
def test_where_nobody_can_tell_the_rest_waits_until_the_channel_can_be_asked(channel, server, officer):
    posts = first_is_out(channel, officer)
    server.may_read = False
    server.then(Answer(cut=True, kept=True))
    assert send_due() == [PostState.UNCERTAIN]
    assert states() == ["published", "uncertain", "scheduled"]
    assert Notice.objects.filter(subject__contains="(part 2 of 3)").exists()
    server.may_read = True
    assert services.ask_after(posts[1].pk, now=LATER + timedelta(minutes=1)) is PostState.PUBLISHED
    assert send_due(now=LATER + timedelta(minutes=1)) == [PostState.PUBLISHED]
    assert shown(server) == ["1/3", "2/3", "3/3"]


def test_a_hand_that_died_over_the_second_part_is_asked_after_and_the_thread_goes_on(channel, server, officer):
    posts = first_is_out(channel, officer)
    Post.objects.filter(part=2).update(state="queued", queued_at=NIGHT)
    started = services.sending._start(Post.objects.filter(part=2), lambda: LATER)
    services.sending._sent(started.post.channel, services.sending._parcel(started.post, sent_at=LATER))
    assert send_due() == []  # the third waits
    assert services.recover(posts[1].pk, now=LATER + timedelta(minutes=2)) is PostState.PUBLISHED
    assert send_due(now=LATER + timedelta(minutes=2)) == [PostState.PUBLISHED]
    assert shown(server) == ["1/3", "2/3", "3/3"]


def test_a_hand_that_died_before_the_second_part_left_leaves_it_to_a_person(channel, server, officer):
    posts = first_is_out(channel, officer)
    Post.objects.filter(part=2).update(state="queued", queued_at=NIGHT)
    services.sending._start(Post.objects.filter(part=2), lambda: LATER)
    assert services.recover(posts[1].pk, now=LATER + timedelta(minutes=2)) is PostState.UNCERTAIN
    assert send_due(now=LATER + timedelta(minutes=3)) == []
    assert services.cut_threads(now=LATER) == 0  # the rest waits for the person's word
    assert shown(server) == ["1/3"]
    services.settle(Post.objects.get(part=2), published=False, by=officer, now=LATER)
    assert services.cut_threads(now=LATER) == 1
    assert states() == ["published", "failed", "stopped"]


def test_what_a_person_saw_but_nobody_can_answer_cuts_the_thread(channel, officer):
    posts = first_is_out(channel, officer)
    Post.objects.filter(part=2).update(state="queued", queued_at=NIGHT)
    services.sending._start(Post.objects.filter(part=2), lambda: LATER)
    services.recover(posts[1].pk, now=LATER + timedelta(minutes=2))
    services.settle(Post.objects.get(part=2), published=True, by=officer, now=LATER)
    assert send_due(now=LATER + timedelta(minutes=3)) == []
    assert services.cut_threads(now=LATER) == 1
    last = Post.objects.get(part=3)
    assert (last.state, last.why) == ("stopped", "cut")
    assert "address is not known" in last.reason
    assert Notice.objects.filter(subject__contains="The thread is cut").exists()


def test_a_refused_part_cuts_the_rest_and_people_are_told_which(channel, server, officer):
    first_is_out(channel, officer)
    server.then(Answer(422))
    assert send_due() == [PostState.FAILED]
    assert services.cut_threads(now=LATER) == 1
    assert states() == ["published", "failed", "stopped"]
    assert Notice.objects.filter(subject__contains="(part 2 of 3)").exists()
    assert shown(server) == ["1/3"]


def test_after_a_cut_nothing_of_it_can_be_sent_again(channel, server, officer):
    posts = first_is_out(channel, officer)
    server.then(Answer(422))
    send_due()
    services.cut_threads(now=LATER)
    again = {"channel": channel, "claim": posts[0].claim, "by": officer, "now": LATER}
    with pytest.raises(services.PostRefused, match="already scheduled or published"):
        services.schedule(posts[0].approval, due_at=LATER, expires_at=LATER + timedelta(hours=1), **again)
    for part in ({"part": 1, "parts": 3}, {"part": 2, "parts": 3, "follows": posts[0]}, {"part": 1, "parts": 1}):
        with pytest.raises(IntegrityError, match=r"same_words_once|follows"), transaction.atomic():
            make_post(posts[0].approval, channel=channel, scheduled_by=officer, **part)
    assert shown(server) == ["1/3"]


# what stops it in between ---------------------------------------------------------------------------------------------
def test_a_withdrawal_between_the_parts_stops_the_rest(channel, server, officer):
    posts = first_is_out(channel, officer)
    withdraw(posts[0].approval, by=posts[0].approval.approver, reason="the figure is wrong", now=LATER)
    assert services.stop_unapproved(now=LATER) == 2
    assert states() == ["published", "stopped", "stopped"]
    assert send_due() == []
    assert shown(server) == ["1/3"]


def test_a_hold_between_the_parts_stops_the_rest_and_tells(channel, server, officer):
    first_is_out(channel, officer)
    services.hold(channel, by=officer, now=LATER, reason="a doubt")
    assert send_due() == []
    services.stop_unapproved(now=LATER)
    assert states() == ["published", "stopped", "stopped"]
    assert Notice.objects.filter(subject__contains="was held").exists()
    assert shown(server) == ["1/3"]


def test_expiry_between_the_parts_stops_the_rest_and_tells(channel, server, officer):
    first_is_out(channel, officer)
    ended = NIGHT + timedelta(hours=2)
    assert send_due(now=ended) == []
    services.expire(now=ended)
    assert states() == ["published", "stopped", "stopped"]
    assert Notice.objects.filter(subject__contains="too late").exists()
    assert shown(server) == ["1/3"]


def test_stopping_the_first_part_by_hand_stops_them_all(channel, server, officer):
    posts = schedule(channel, officer)
    services.stop(posts[0], by=officer, reason="wrong", now=NIGHT)
    assert send_due() == []
    assert services.cut_threads(now=LATER) == 2
    assert set(states()) == {"stopped"}
    assert shown(server) == []
    assert len(schedule(channel, officer)) == 3  # other words, or these once they are dead, may be scheduled
