"""The editor with its script, in a real browser: every key counts, a pause shows and says it, one press keeps all."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone
from playwright.sync_api import expect

from planner.rebuttals.models import Draft, Waiver
from tests.factories import make_channel, make_claim, make_draft, make_person, make_rebuttal

pytestmark = pytest.mark.django_db(transaction=True)
FAMILY = "👨‍👩‍👧‍👦"


@pytest.fixture
def rebuttal():
    now = timezone.now()
    make_channel(name="Ministry on X", kind="x", languages=["en"])
    make_channel(name="Ministry on Bluesky", kind="bluesky", limit=200)
    return make_rebuttal(claim=make_claim("The dam has burst", at=now - timedelta(minutes=54)), at=now)


@pytest.fixture
def editor(page, live_server, client, rebuttal):
    """The editor with an English and an Arabic text in it."""
    author = make_person("Amira Saleh", roles=["officer"])
    make_draft(rebuttal, text="The dam holds.", author=author, submitted_at=None)
    make_draft(rebuttal, text="السد صامد.", language="ar", author=author, submitted_at=None)
    client.force_login(author)
    page.context.add_cookies([{"name": n, "value": c.value, "url": live_server.url} for n, c in client.cookies.items()])
    page.goto(live_server.url + reverse("rebuttals:edit", args=[rebuttal.claim.uuid]))
    return page


def card(page, key):
    return page.locator(f"#text-{key}")


def used(page, key, name):
    return card(page, key).locator(".place", has_text=name).locator(".used").inner_text()


def test_each_channel_is_counted_at_every_key_by_its_own_limit(editor):
    editor.route("**/places/", lambda route: route.abort())  # the server says nothing: the browser counts alone
    area = card(editor, "en_").get_by_label("Text", exact=True)
    area.fill(f"See https://example.org/a/very/long/way/that/costs/twenty-three {FAMILY}")
    assert "30 of 280" in used(editor, "en_", "Ministry on X")
    assert "65 of 200" in used(editor, "en_", "Ministry on Bluesky")
    assert "89 of 3000" in used(editor, "en_", "Ministry on Bluesky")
    area.fill("漢" * 141)
    assert "282 of 280" in used(editor, "en_", "Ministry on X")
    assert "too long" in used(editor, "en_", "Ministry on X")
    assert "too long" not in used(editor, "en_", "Ministry on Bluesky")
    assert card(editor, "ar_").get_by_text("Ministry on X").count() == 0


def test_the_news_is_said_after_a_pause_and_not_at_each_key(editor):
    said = card(editor, "en_").locator("[data-said]")
    assert said.get_attribute("role") == "status"  # polite
    area = card(editor, "en_").get_by_label("Text", exact=True)
    area.fill("x" * 200)
    area.press_sequentially("yyyy")
    assert said.inner_text() == ""
    expect(said).to_have_text("Too long for Ministry on Bluesky.")
    area.fill("x" * 190)
    expect(said).to_have_text("10 left: Ministry on Bluesky.")


def test_a_pause_shows_how_it_looks_and_what_was_open_stays_open(editor):
    place = card(editor, "ar_").locator(".place", has_text="Ministry on Bluesky")
    place.locator("summary").click()
    card(editor, "ar_").get_by_label("Text", exact=True).fill("السد صامد https://example.org/dam #السد")
    expect(place.locator("[data-mark=link]")).to_have_text("https://example.org/dam")
    expect(place.locator("[data-mark=tag]")).to_have_text("#السد")
    shown = place.locator(".as-shown")
    assert (shown.get_attribute("lang"), shown.get_attribute("dir")) == ("ar", "rtl")
    assert shown.is_visible()
    assert Draft.objects.count() == 2


def test_one_press_in_one_card_keeps_what_was_typed_in_the_other(editor):
    card(editor, "en_").get_by_label("Text", exact=True).fill("The dam holds firm.")
    card(editor, "ar_").get_by_label("Text", exact=True).fill("السد صامد وسليم.")
    editor.get_by_text("Another language or channel").click()
    editor.locator("#id_add-language").select_option("ckb")
    editor.get_by_label("Begin with").select_option("ar_")
    editor.get_by_role("button", name="Add the text").click()
    expect(card(editor, "ckb_").get_by_label("Text", exact=True)).to_have_value("السد صامد وسليم.")
    card(editor, "ckb_").get_by_label("Text", exact=True).fill("بەنداوەکە پارێزراوە.")
    card(editor, "en_").get_by_role("button", name="Save only").click()
    expect(editor.get_by_text("Version 2 is saved").first).to_be_visible()
    kept = {(draft.language, draft.version): draft.text for draft in Draft.objects.all()}
    assert kept[("en", 2)] == "The dam holds firm."
    assert kept[("ar", 2)] == "السد صامد وسليم."
    assert kept[("ckb", 1)] == "بەنداوەکە پارێزراوە."


def test_answering_a_suggestion_keeps_what_was_typed(editor):
    area = card(editor, "en_").get_by_label("Text", exact=True)
    area.fill("The dam holds, typed.")
    card(editor, "en_").locator("summary", has_text="Suggestions").click()
    card(editor, "en_").locator("summary", has_text="It is right as it is").first.click()
    card(editor, "en_").get_by_label("Why, for the approver").first.fill("There is no source yet.")
    card(editor, "en_").get_by_role("button", name="Keep the text").first.click()
    expect(card(editor, "en_").get_by_text("stays as it is.").first).to_be_visible()
    assert area.input_value() == "The dam holds, typed."
    assert Waiver.objects.get().note == "There is no source yet."
