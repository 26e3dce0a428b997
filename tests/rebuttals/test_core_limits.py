"""Texts counted as the platforms count them. Oracles: other ways to count, and examples of the platforms' own."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rebuttals.core import limits
from planner.rebuttals.core.limits import Count, Unit, as_on_mastodon, counts, fits, graphemes, utf16, weighted

FAMILY = "👨‍👩‍👧‍👦"
KINDS = ["", "webhook", "feed", "mastodon", "bluesky", "telegram", "x", "mail", "carrier pigeon"]


@pytest.mark.parametrize(
    ("text", "weight"),
    [
        ("", 0),
        ("The city stands.", 16),
        ("المدينة صامدة", 13),  # Arabic weighs like Latin
        ("城市", 4),
        ("가나", 4),
        ("“quoted” – it’s", 15),  # the light punctuation around U+2010
        ("€", 2),
        (FAMILY, 2),
        ("👍🏽", 2),
        ("🇮🇶🇸🇾", 4),
        ("1️⃣ ❤️ ©", 7),
        ("e\u0301", 1),  # composed first
        ("https://example.org", 23),
        ("https://example.org/a/long/way?to=it&and=back. See", 23 + 5),
        ("(https://example.org/a)", 25),
        ("see https://ar.example.org/مدينة", 4 + 23 + 5),  # X ends a link where Arabic begins
        ("me@example.org", 14),
        ("see example.org.", 4 + 23 + 1),  # a link without a scheme
        ("The end.Nextday", 15),  # no such domain
        ("👍" + "\u0301" * 10, 12),  # no hiding of marks behind an emoji
    ],
)
def test_the_weights_of_x(text, weight):
    assert weighted(text) == weight


@pytest.mark.parametrize(
    ("text", "length"),
    [
        (FAMILY, 1),
        ("e\u0301", 1),
        ("https://example.org/a/very/long/path/indeed/that/does/not/count", 23),
        ("http://a.org", 23),
        ("a link: https://example.org/x, then text", 8 + 23 + 11),
        ("https://ar.example.org/مدينة_(عراق)", 23),
        ("@press@mastodon.example.org hello", 6 + 6),
        ("@press hello", 12),
        ("mail me@example.org", 19),
        ("example.org", 11),  # without a scheme it is no link
    ],
)
def test_the_characters_of_mastodon(text, length):
    assert as_on_mastodon(text) == length


def test_a_server_says_itself_what_a_link_costs():
    assert as_on_mastodon("https://example.org", url_cost=25) == 25
    assert counts("mastodon", "x" * 4000, most=5000)[0].fits
    assert not counts("mastodon", "x" * 501)[0].fits


def test_bluesky_has_two_limits_and_telegram_counts_code_units():
    assert counts("bluesky", FAMILY * 120) == (Count(Unit.GRAPHEMES, 120, 300), Count(Unit.BYTES, 3000, 3000))
    assert not fits("bluesky", FAMILY * 121)
    assert not fits("bluesky", "x" * 301)
    assert fits("telegram", "😀" * 2048)
    assert not fits("telegram", "😀" * 2048 + "x")


def test_mail_has_no_limit_and_a_house_limit_holds_where_the_platform_has_none():
    assert counts("mail", "x" * 100_000)[0].left is None
    assert not fits("webhook", "x" * (limits.HOUSE_MOST + 1))
    assert limits.most_of("x") == 280


@given(st.text())
def test_no_count_is_negative_and_none_raises(text):
    for kind in KINDS:
        for count in counts(kind, text):
            assert count.used >= 0
            assert count.fits == (count.left is None or count.left >= 0)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs"])))
def test_code_units_are_counted_as_by_code_points(text):
    assert utf16(text) == sum(1 + (ord(letter) > 0xFFFF) for letter in text)


@given(st.text(alphabet="abc Aé م漢\n", max_size=60))
def test_text_without_links_or_emoji_weighs_its_letters(text):
    text = unicodedata.normalize("NFC", text)
    assert weighted(text) == len(text) + text.count("漢")


@given(st.text(max_size=80), st.text(max_size=80))
def test_what_is_written_more_never_counts_less_than_half_apart(before, after):
    """Joining two texts never makes more clusters than the two have apart, nor fewer than the longer one less one."""
    joined = graphemes(before + after)
    assert joined <= graphemes(before) + graphemes(after)
    assert joined >= max(graphemes(before), 1 if before else 0) - 1


words = st.sampled_from(
    ["The", "city", "المدينة", "👍🏽", FAMILY, "https://example.org/a?b=1", "@press@example.org", "漢"]
)


@given(st.lists(words, max_size=30))
def test_words_apart_add_up_on_every_platform(parts):
    """Between spaces each word keeps its own length: nothing leaks from a link into its neighbours."""
    for kind in KINDS:
        alone = [sum(count.used for count in counts(kind, part)[:1]) for part in parts]
        assert counts(kind, " ".join(parts))[0].used == sum(alone) + max(len(parts) - 1, 0)
