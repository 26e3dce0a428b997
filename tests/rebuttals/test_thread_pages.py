"""Threads on the pages: divided by one press, shown part by part, approved as they stand."""

import pytest
from django.urls import reverse

from planner.rebuttals.core.threads import MOST_PARTS, joined, numbered
from planner.rebuttals.models import Draft
from tests.factories import make_approval, make_draft, make_person, make_rebuttal
from tests.rebuttals.browsing import VERDICT, decide, text_of

pytestmark = pytest.mark.django_db
LONG = "The northern bridge is open and traffic flows over it tonight, as our cameras show. " * 8


@pytest.fixture
def writer(client, officer):
    client.force_login(officer)
    return officer


def press(client, claim, text, kind="x", **button):
    words = {"language": "en", "channel_kind": kind, "text": text, "base_version": 0, **VERDICT, **button}
    return client.post(reverse("rebuttals:edit", args=[claim.uuid]), words, follow=True)


def divided(page) -> str:
    """What stands in the text's box."""
    return page.context["cards"][-1].form["text"].value()


def test_one_press_divides_what_is_typed_and_keeps_nothing(client, writer, claim):
    page = press(client, claim, LONG, split="new")
    posts = numbered(divided(page))
    assert len(posts) > 1
    assert f"Divided into {len(posts)} posts." in text_of(page)
    assert all(part in text_of(page) for part in (posts[0], posts[-1]))  # the preview, post by post
    assert not Draft.objects.exists()
    press(client, claim, divided(page), submit="1")
    assert Draft.objects.get().text == divided(page)


def test_dividing_one_text_leaves_the_others_as_they_are_typed(client, writer, claim):
    rebuttal = make_rebuttal(claim=claim)
    make_draft(rebuttal, text="Kept.", author=writer)
    make_draft(rebuttal, text="Short.", channel_kind="bluesky", author=writer)
    sent = {"texts": ["en_", "en_bluesky"], "split": "en_bluesky"}
    for key, kind, text in (("en_", "", "Typed."), ("en_bluesky", "bluesky", LONG)):
        fields = {"language": "en", "channel_kind": kind, "text": text, "base_version": 1}
        sent |= {f"{key}-{name}": value for name, value in fields.items()}
    cards = client.post(reverse("rebuttals:edit", args=[claim.uuid]), sent).context["cards"]
    texts = {card.key: card.form["text"].value() for card in cards}
    assert texts["en_"] == "Typed."
    assert len(numbered(texts["en_bluesky"])) > 1
    assert Draft.objects.count() == 2


def test_what_one_post_holds_is_not_divided_nor_what_goes_where_no_threads_are(client, writer, claim):
    page = press(client, claim, "The dam holds.", split="new")
    assert "nothing was divided" in text_of(page)
    assert divided(page) == "The dam holds."
    assert divided(press(client, claim, LONG, kind="telegram", split="new")) == LONG


def test_a_thread_longer_than_one_post_may_be_kept_and_one_with_too_many_parts_not(client, writer, claim):
    bluesky = joined(["word " * 50, "word " * 50])
    press(client, claim, bluesky, kind="bluesky", save="1")
    assert Draft.objects.get().text == bluesky.strip()
    many = press(client, claim, joined(["One."] * (MOST_PARTS + 1)), save="1")
    assert many.status_code == 400
    assert "a thread has at most 20" in text_of(many)


@pytest.mark.parametrize(("kind", "shown"), [("x", True), ("", True), ("telegram", False)])
def test_the_approver_reads_the_posts_as_they_will_go_out(client, approver, claim, kind, shown):
    draft = make_draft(make_rebuttal(claim=claim), text=joined(["The dam holds.", "See it live."]), channel_kind=kind)
    client.force_login(approver)
    page = text_of(client.get(reverse("rebuttals:review", args=[draft.uuid])))
    assert ("See it live. 2/2" in page) is shown
    decide(client, draft, "approve", text_sha256=draft.text_sha256)
    assert draft.approvals.filter(ended_at=None).exists()


def test_moving_a_line_is_an_edit_and_ends_the_approval(client, writer, claim):
    text = joined(["One. Two.", "Three."])
    first = make_draft(make_rebuttal(claim=claim), text=text, channel_kind="x", author=writer)
    words = {"language": "en", "channel_kind": "x", "base_version": 1, "save": "1", **VERDICT}
    words["text"] = joined(["One.", "Two. Three."])
    client.post(reverse("rebuttals:edit", args=[claim.uuid]), words)
    assert Draft.objects.latest("version").text_sha256 != first.text_sha256


def test_whoever_schedules_is_told_how_many_posts_it_will_be(client, claim):
    draft = make_draft(make_rebuttal(claim=claim), text=joined(["The dam holds.", "See it live."]))
    client.force_login(make_person("Hala Amin", roles=["duty"]))
    page = text_of(client.get(reverse("publishing:schedule", args=[make_approval(draft).uuid])))
    assert "a thread of 2 posts" in page
