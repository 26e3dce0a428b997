"""Several texts on one page: one press keeps them all, a bad one does not take a good one with it."""

import re

import pytest
from django.urls import reverse

from planner.rebuttals.models import Draft
from tests.factories import make_approval, make_channel, make_draft, make_person, make_post, make_rebuttal
from tests.rebuttals.browsing import text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def rebuttal(claim, officer, client):
    client.force_login(officer)
    return make_rebuttal(claim=claim)


def address(rebuttal):
    return reverse("rebuttals:edit", args=[rebuttal.claim.uuid])


def sent(*texts, **button):
    """What the page sends: (language, kind, text, base version) of each card."""
    data = {"texts": [f"{language}_{kind}" for language, kind, _text, _base in texts], **button}
    for language, kind, text, base in texts:
        fields = {"language": language, "channel_kind": kind, "text": text, "base_version": base}
        data |= {f"{language}_{kind}-{name}": value for name, value in fields.items()}
    return data


def written():
    return {(d.language, d.channel_kind, d.version): d.text for d in Draft.objects.all()}


def test_every_text_stands_on_the_page_in_its_own_language_and_direction(client, rebuttal):
    make_draft(rebuttal, text="The dam holds.")
    make_draft(rebuttal, text="السد صامد.", language="ar", channel_kind="x")
    page = text_of(client.get(address(rebuttal)))
    assert "The dam holds.</textarea>" in page.replace("\n", "")
    assert re.search(r'<textarea[^>]* dir="rtl"[^>]* lang="ar"[^>]*>\s*السد صامد.', page)
    assert '<bdi lang="ar">العربيّة</bdi>' in page
    assert 'id="text-ar_x"' in page


def test_one_press_keeps_what_was_typed_in_every_text(client, rebuttal):
    make_draft(rebuttal, text="The dam holds.")
    make_draft(rebuttal, text="السد صامد.", language="ar")
    texts = [("en", "", "The dam holds firm.", 1), ("ar", "", "السد صامد وسليم.", 1), ("ckb", "x", "بەنداوەکە", 0)]
    answer = client.post(address(rebuttal), sent(*texts, save="1"), follow=True)
    assert answer.status_code == 200
    assert written()[("en", "", 2)] == "The dam holds firm."
    assert written()[("ar", "", 2)] == "السد صامد وسليم."
    assert written()[("ckb", "x", 1)] == "بەنداوەکە"
    assert "English · every channel: Version 2 is saved." in text_of(answer)


def test_a_text_that_nobody_touched_keeps_its_version_and_its_approval(client, rebuttal):
    make_draft(rebuttal, text="One.\nTwo.")
    approval = make_approval(make_draft(rebuttal, text="واحد.\nاثنان.", language="ar"))
    texts = [("en", "", "One.\r\nTwo.\r\nThree.", 1), ("ar", "", "واحد.\r\nاثنان.", 1)]
    client.post(address(rebuttal), sent(*texts, submit="1", **{"en_-rating": "false", "en_-claim_words": "The dam."}))
    approval.refresh_from_db()
    assert approval.ended_at is None
    assert Draft.objects.get(language="en", version=2).submitted_at is not None
    assert Draft.objects.filter(language="ar").count() == 1


def test_a_rating_offered_from_another_text_does_not_end_an_approval(client, rebuttal):
    """The page fills an unrated text's rating in; who saves the page has not written it."""
    rated = {"rating": "false", "claim_words": "The dam has burst."}
    make_draft(rebuttal, text="One.", **rated)
    approval = make_approval(make_draft(rebuttal, text="واحد.", language="ar"))
    page = text_of(client.get(address(rebuttal)))
    assert re.search(r'name="ar_-rating" value="false"[^>]*checked', page)
    filled = {f"{prefix}-{name}": value for prefix in ("en_", "ar_") for name, value in rated.items()}
    filled["ar_-claim_words"] = ""
    client.post(address(rebuttal), {**sent(("en", "", "Two.", 1), ("ar", "", "واحد.", 1), save="1"), **filled})
    approval.refresh_from_db()
    assert approval.ended_at is None


def test_a_bad_text_stays_on_the_page_and_the_good_one_is_saved(client, rebuttal):
    make_draft(rebuttal, text="The dam holds.")
    make_draft(rebuttal, text="السد صامد.", language="ar", channel_kind="bluesky")
    texts = [("en", "", "The dam holds firm.", 1), ("ar", "bluesky", "طويل " * 100, 1)]
    answer = client.post(address(rebuttal), sent(*texts, save="1"))
    page = text_of(answer)
    assert answer.status_code == 400
    assert "at most 300 fit" in page
    assert "طويل طويل" in page
    assert written()[("en", "", 2)] == "The dam holds firm."
    assert 'name="en_-base_version" value="2"' in page
    assert not Draft.objects.filter(language="ar", version=2).exists()


def test_a_conflict_in_one_text_shows_both_and_the_others_are_saved(client, rebuttal):
    make_draft(rebuttal, text="The dam holds.")
    make_draft(rebuttal, text="The dam stands.", author=make_person("Zaid Karim", roles=["officer"]))
    make_draft(rebuttal, text="السد صامد.", language="ar")
    texts = [("en", "", "The dam is sound.", 1), ("ar", "", "السد سليم.", 1)]
    answer = client.post(address(rebuttal), sent(*texts, save="1"))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Zaid Karim</bdi> saved version 2 while you were writing" in page
    assert "The dam is sound." in page
    assert 'name="en_-base_version" value="2"' in page
    assert written()[("ar", "", 2)] == "السد سليم."


def test_somebody_elses_newer_version_is_no_conflict_for_who_did_not_touch_that_text(client, rebuttal):
    make_draft(rebuttal, text="The dam holds.")
    make_draft(rebuttal, text="The dam stands.")
    make_draft(rebuttal, text="السد صامد.", language="ar")
    texts = [("en", "", "The dam holds.", 1), ("ar", "", "السد سليم.", 1)]
    assert client.post(address(rebuttal), sent(*texts, save="1")).status_code == 302
    assert set(written()) == {("en", "", 1), ("en", "", 2), ("ar", "", 1), ("ar", "", 2)}


# adding, looking ------------------------------------------------------------------------------------------------------
def test_a_text_begins_with_a_copy_of_what_is_typed_in_another_and_nothing_is_lost_or_saved(client, rebuttal):
    make_draft(rebuttal, text="The dam holds.")
    added = {"add": "1", "add-language": "ar", "add-channel_kind": "x", "add-copied": "en_"}
    answer = client.post(address(rebuttal), {**sent(("en", "", "The dam holds, typed.", 1)), **added})
    page = text_of(answer)
    assert answer.status_code == 200
    assert page.count("The dam holds, typed.</textarea>") == 2
    assert 'name="texts" value="ar_x"' in page
    assert Draft.objects.count() == 1


def test_a_text_that_stands_there_already_is_not_added_twice(client, rebuttal):
    make_draft(rebuttal, text="The dam holds.")
    added = {"add": "1", "add-language": "EN", "add-channel_kind": "", "add-copied": ""}
    answer = client.post(address(rebuttal), {**sent(("en", "", "The dam holds.", 1)), **added})
    assert answer.status_code == 400
    assert "There is such a text already" in text_of(answer)


def test_a_look_without_javascript_shows_the_typed_words_and_keeps_nothing(client, rebuttal):
    make_draft(rebuttal, text="The dam holds.", channel_kind="mastodon")
    typed = sent(
        ("en", "mastodon", "See https://www.example.org/dam/level-1-of-the-upper-lake.", 1), look="en_mastodon"
    )
    page = text_of(client.post(address(rebuttal), typed))
    assert (
        'title="https://www.example.org/dam/level-1-of-the-upper-lake">example.org/dam/level-1-of-the…</span>.' in page
    )
    assert Draft.objects.count() == 1


def test_the_fragment_counts_and_shows_one_text(client, rebuttal):
    make_channel(name="Ministry on X", kind="x", attribution="Ministry of Water")
    make_channel(name="Ours in Arabic", kind="x", languages=["ar"])
    typed = sent(("en", "x", "#dam https://example.org", 0), look="en_x")
    page = text_of(client.post(reverse("rebuttals:places"), typed))
    assert "Ministry on X" in page
    assert "Ours in Arabic" not in page
    assert "data-used>28</span> of 280" in page
    assert '<span class="mark" data-mark="tag" title="#dam">#dam</span>' in page
    assert "Ministry of Water" in page


def test_a_channels_own_limit_is_the_one_shown(client, rebuttal):
    make_channel(name="Small", kind="mastodon", limit=20, url_cost=30)
    typed = sent(("en", "mastodon", "https://a.example.org", 0), look="en_mastodon")
    page = text_of(client.post(reverse("rebuttals:places"), typed))
    assert "data-used>30</span> of 20" in page
    assert 'data-most="20" data-cost="30" data-over' in page


def test_words_for_a_server_that_takes_more_than_usual_are_kept(client, rebuttal):
    texts = [("en", "mastodon", "x " * 400, 0), ("en", "bluesky", "x " * 151, 0)]
    answer = client.post(address(rebuttal), sent(*texts, save="1"))
    assert answer.status_code == 400  # nobody's Bluesky takes 301
    assert set(written()) == {("en", "mastodon", 1)}


def test_approved_words_show_where_they_are_scheduled(client, rebuttal):
    approval = make_approval(make_draft(rebuttal, text="The dam holds."))
    post = make_post(approval, channel=make_channel(name="Newsroom"))
    page = text_of(client.get(address(rebuttal)))
    assert reverse("publishing:post", args=[post.uuid]) in page
    assert "Newsroom" in page


@pytest.mark.parametrize(("given", "kept"), [("AR-iq", "ar-IQ"), ("zh_hans", "zh-Hans"), ("sr-latn-rs", "sr-Latn-RS")])
def test_a_language_is_kept_as_its_tag_is_written(client, rebuttal, given, kept):
    words = {"language": given, "channel_kind": "", "text": "Words.", "base_version": 0, "save": "1"}
    assert client.post(address(rebuttal), words).status_code == 302
    assert Draft.objects.get().language == kept


def test_the_approver_sees_on_which_channel_the_words_do_not_fit(client, rebuttal, approver):
    make_channel(name="Ministry on X", kind="x")
    draft = make_draft(rebuttal, text="city " * 60)
    client.force_login(approver)
    for address in (
        reverse("rebuttals:review", args=[draft.uuid]),
        reverse("rebuttals:look", args=[rebuttal.uuid]),
    ):
        page = text_of(client.get(address))
        assert "data-used>299</span> of 280" in page
        assert 'data-kind="x" data-most="280" data-cost="23" data-over' in page
