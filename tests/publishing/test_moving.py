"""A scheduled post moved to another moment: by the service, on the page, dragged and by keyboard; and back."""

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.urls import reverse
from django.utils import timezone

from planner.claims.services import retract
from planner.journal.models import Entry
from planner.publishing import services
from planner.publishing.models import Channel, Post
from planner.rebuttals.core.threads import joined
from tests.factories import NIGHT, make_approval, make_channel, make_draft, make_person, make_post, make_shift
from tests.publishing.attacks import in_state
from tests.publishing.browsing import words

BAGHDAD = ZoneInfo("Asia/Baghdad")
HOUR, MINUTE, DAY = timedelta(hours=1), timedelta(minutes=1), timedelta(days=1)
NOW = timezone.now().replace(second=0, microsecond=0)


def row(post: Post) -> Post:
    return Post.objects.get(pk=post.pk)


def move(post: Post, **changes) -> Post:
    given = {
        "due_at": NIGHT + 2 * HOUR,
        "expires_at": post.expires_at,
        "by": post.scheduled_by,
        "now": NIGHT,
        **changes,
    }
    return services.move(post, **given)


# the service ----------------------------------------------------------------------------------------------------------
@pytest.mark.django_db
def test_a_moved_post_keeps_its_approval_and_everything_but_its_moments():
    post = make_post(due_at=NIGHT + HOUR)
    moved = move(post)
    assert (moved.due_at, moved.next_try_at, moved.expires_at) == (NIGHT + 2 * HOUR, NIGHT + 2 * HOUR, post.expires_at)
    assert moved.late_at == NIGHT + 2 * HOUR + 10 * MINUTE
    same = ("state", "approval_id", "text_sha256", "channel_id", "claim_id", "scheduled_at", "withdraw_if")
    assert [getattr(row(post), name) for name in same] == [getattr(post, name) for name in same]
    entry = Entry.objects.get(milestone="moved")
    assert (entry.actor, entry.claim) == (post.scheduled_by.username, post.claim.uuid)
    assert entry.detail["due_before"] == "2014-06-09T20:30:00Z"


@pytest.mark.django_db
def test_a_move_is_undone_and_the_undoing_too():
    post = make_post(due_at=NIGHT + HOUR)
    move(post, expires_at=NIGHT + 3 * HOUR)
    services.undo_move(post, by=post.scheduled_by, now=NIGHT)
    assert (row(post).due_at, row(post).expires_at) == (post.due_at, post.expires_at)
    services.undo_move(post, by=post.scheduled_by, now=NIGHT)
    assert (row(post).due_at, row(post).expires_at) == (NIGHT + 2 * HOUR, NIGHT + 3 * HOUR)


@pytest.mark.django_db
@pytest.mark.parametrize("state", ["queued", "sending", "retrying", "published", "failed", "uncertain", "stopped"])
def test_only_a_scheduled_post_is_moved(state):
    post = in_state(state)
    with pytest.raises(services.PostRefused, match="Only a scheduled post can be moved"):
        move(post)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"due_at": NIGHT - HOUR}, "already passed"),
        ({"due_at": NIGHT + 5 * HOUR}, "may never leave after Tue 10 Jun 03:30 Asia/Baghdad: to move it there"),
        ({"due_at": NIGHT + 5 * HOUR, "expires_at": NIGHT + 4.5 * HOUR}, "must come after"),
        ({"due_at": NIGHT + 30 * MINUTE}, "Under embargo until Tue 10 Jun 00:00"),
    ],
)
def test_moments_that_cannot_be_are_refused(changes, said):
    post = make_post(due_at=NIGHT + 2 * HOUR, expires_at=NIGHT + 5 * HOUR, not_before=NIGHT + 1.5 * HOUR)
    with pytest.raises(services.PostRefused, match=said):
        move(post, **changes)
    assert not Entry.objects.filter(milestone="moved").exists()


@pytest.mark.django_db
def test_who_may_not_schedule_moves_nothing_and_who_never_moved_has_nothing_to_undo():
    post = make_post()
    with pytest.raises(services.PostRefused, match="Only a press officer"):
        move(post, by=make_person(roles=["approver"]))
    with pytest.raises(services.PostRefused, match="never moved"):
        services.undo_move(post, by=post.scheduled_by, now=NIGHT)


@pytest.mark.django_db
def test_a_moved_post_is_stopped_like_any_other():
    post = move(make_post(due_at=NIGHT + HOUR))
    retract(post.claim, by=None, now=NIGHT, reason="deleted")
    services.stop_unapproved(now=NIGHT)
    assert row(post).why == "unwanted"


@pytest.mark.django_db
def test_a_late_post_that_is_moved_is_late_no_more():
    post, later = make_post(), NIGHT + 30 * MINUTE
    services.find_late(now=later)
    moved = move(post, due_at=NIGHT + HOUR, now=later)
    assert (moved.late_told_at, moved.late_at) == (None, NIGHT + 70 * MINUTE)


@pytest.mark.django_db
def test_the_parts_of_a_thread_move_together_with_the_first():
    approval = make_approval(make_draft(text=joined(["The city stands.", "The bridge is open.", "Schools, too."])))
    channel = make_channel(kind="mastodon", options={"handle": "press"})
    when = {"due_at": NIGHT + HOUR, "expires_at": NIGHT + 4 * HOUR, "now": NIGHT, "by": approval.author}
    first = services.schedule(approval, channel=channel, claim=approval.draft.rebuttal.claim, **when)
    second = first.followed_by
    move(first)
    parts = Post.objects.order_by("part").values_list("due_at", flat=True)
    assert list(parts) == [NIGHT + 2 * HOUR + n * timedelta(seconds=1) for n in range(3)]
    with pytest.raises(services.PostRefused, match="move together"):
        move(second)


# the pages ------------------------------------------------------------------------------------------------------------
@pytest.fixture
def watched() -> None:
    make_shift(make_person("Karim Faris", roles=["duty"]), NOW - DAY, hours=240)


def wall(at) -> str:
    return f"{at.astimezone(BAGHDAD):%Y-%m-%dT%H:%M}"


@pytest.mark.django_db
def test_from_the_week_a_post_is_moved_and_the_page_says_where_from_with_undo(client, officer, watched):
    post = make_post(at=NOW, due_at=NOW + 2 * HOUR, expires_at=NOW + 9 * HOUR)
    assert wall(post.due_at) in words(client.get("/posts/"))
    address = reverse("publishing:move", args=[post.uuid])
    answer = client.post(address, {"due_local": wall(NOW + 3 * HOUR)}, follow=True)
    assert "moved from" in words(answer)
    assert row(post).due_at == NOW + 3 * HOUR
    answer = client.post(reverse("publishing:undo_move", args=[post.uuid]), follow=True)
    assert "back where it was" in words(answer)
    assert words(client.get(reverse("publishing:post", args=[post.uuid]))).count("moved by") == 2
    assert row(post).due_at == post.due_at


@pytest.mark.django_db
def test_moving_asks_the_same_questions_as_scheduling_and_names_the_other_post(client, officer, watched):
    channel = make_channel(name="The website", spacing_minutes=30)
    text = "Quite other words about schools."
    other = make_post(make_approval(make_draft(text=text)), channel=channel, at=NOW, due_at=NOW + 5 * HOUR)
    post = make_post(channel=channel, at=NOW, due_at=NOW + 2 * HOUR, expires_at=NOW + 9 * HOUR)
    address, given = reverse("publishing:move", args=[post.uuid]), {"due_local": wall(NOW + 5 * HOUR + 10 * MINUTE)}
    asked = client.post(address, given)
    assert asked.status_code == 400
    assert "Quite other words about schools." in words(asked)
    assert reverse("publishing:post", args=[other.uuid]) in words(asked)
    assert row(post).due_at == post.due_at
    assert client.post(address, {**given, "seen": asked.context["seal"]}).status_code == 302
    assert Entry.objects.get(milestone="moved").detail["confirmed"] == ["spacing"]


@pytest.mark.django_db
def test_what_is_known_of_the_words_wherever_they_stand_is_not_asked_again(client, officer, watched):
    channel = make_channel()
    make_post(channel=channel, at=NOW, due_at=NOW + 8 * HOUR)
    post = make_post(channel=channel, at=NOW, due_at=NOW + 2 * HOUR, expires_at=NOW + 7 * HOUR)  # the same words
    answer = client.post(reverse("publishing:move", args=[post.uuid]), {"due_local": wall(NOW + 3 * HOUR)})
    assert answer.status_code == 302


@pytest.mark.django_db
def test_a_move_past_the_last_moment_asks_for_a_later_one(client, officer, watched):
    post = make_post(at=NOW, due_at=NOW + 2 * HOUR)
    address, given = reverse("publishing:move", args=[post.uuid]), {"due_local": wall(NOW + 26 * HOUR)}
    asked = client.post(address, given)
    assert "give it a later last moment" in words(asked)
    assert client.post(address, {**given, "expires_local": wall(NOW + 28 * HOUR)}).status_code == 302


@pytest.mark.django_db
def test_only_schedulers_are_offered_to_move(client):
    client.force_login(make_person(roles=["analyst"]))
    post = make_post(at=NOW, due_at=NOW + HOUR)
    assert "Move to" not in words(client.get("/posts/"))
    assert client.get(reverse("publishing:move", args=[post.uuid])).status_code == 403
    assert client.post(reverse("publishing:undo_move", args=[post.uuid])).status_code == 403


# in a browser ---------------------------------------------------------------------------------------------------------
@pytest.fixture
def week(client, page, live_server, transactional_db, settings):
    """The page of the week with one post due in two hours for two days, somebody on watch, an officer signed in."""
    settings.PLANNER_ZONE = "Asia/Baghdad"
    make_shift(make_person("Karim Faris", roles=["duty"]), NOW - DAY, hours=240)
    make_channel(name="Another site")
    make_post(at=NOW, channel=make_channel(name="The website"), due_at=NOW + 2 * HOUR, expires_at=NOW + 72 * HOUR)
    client.force_login(make_person("Sara Nabil", roles=["officer"]))

    def opened(language: str = "en", width: int = 1280):
        cookies = [{"name": name, "value": one.value, "url": live_server.url} for name, one in client.cookies.items()]
        page.context.add_cookies([*cookies, {"name": "django_language", "value": language, "url": live_server.url}])
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{live_server.url}/posts/")
        return page

    return opened


@pytest.mark.parametrize(("language", "onward"), [("en", "ArrowRight"), ("ar", "ArrowLeft")])
def test_by_keyboard_alone_a_post_is_picked_up_moved_and_put_back(week, language, onward):
    page, before = week(language), Post.objects.get().due_at
    page.locator(".mark").focus()
    page.keyboard.press("m")
    page.keyboard.press(onward)
    page.keyboard.press("ArrowDown")
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Post.objects.get().due_at == before + DAY + 30 * MINUTE
    undo = page.locator("form[action$='/move/undo/'] button")
    undo.focus()
    with page.expect_navigation():
        page.keyboard.press("Enter")
    assert Post.objects.get().due_at == before


def test_what_is_picked_up_can_be_left_where_it_was(week):
    page, before = week(), Post.objects.get().due_at
    page.locator(".mark").focus()
    page.keyboard.press("m")
    page.keyboard.press("ArrowRight")
    assert "Picked up" in page.locator("[data-says]").text_content()
    page.keyboard.press("Escape")
    assert page.locator(".target").count() == 0
    assert Post.objects.get().due_at == before


def test_a_post_is_dragged_to_another_day_of_its_own_row_and_of_no_other(week):
    page, before = week(), Post.objects.get().due_at
    day = f"{before.astimezone(BAGHDAD) + DAY:%Y-%m-%d}"
    mine, other = (Channel.objects.get(name=name).uuid for name in ("The website", "Another site"))
    page.locator(".post").drag_to(page.locator(f"tr[data-channel='{other}'] td[data-day='{day}']"))
    assert Post.objects.get().due_at == before
    with page.expect_navigation():
        page.locator(".post .mark").drag_to(page.locator(f"tr[data-channel='{mine}'] td[data-day='{day}']"))
    assert Post.objects.get().due_at == before + DAY


def test_on_a_phone_the_week_is_a_list_and_a_post_is_moved_by_its_form(week):
    page, before = week(width=360), Post.objects.get().due_at
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    page.locator(".moves summary").click()
    page.locator(".moves input[type=datetime-local]").fill(wall(before + HOUR))
    with page.expect_navigation():
        page.locator(".moves button").click()
    assert Post.objects.get().due_at == before + HOUR
