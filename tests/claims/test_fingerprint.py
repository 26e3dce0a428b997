"""The same words have the same fingerprint, whatever was put around them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.claims.core.fingerprint import fingerprint, hashtags, normalise

SAME = [
    ("The bridge is closed!", "the BRIDGE is closed"),
    ("The bridge is closed https://t.co/abc123", "The bridge is closed t.co/zzz www.example.org/x"),
    ("RT @someone: The bridge is closed", "The bridge is closed"),
    ("RT @a: RT @b_c: @d The bridge is closed", "@x .@y The bridge is closed"),
    ("Smith &amp; Sons are gone", "Smith & Sons are gone"),
    ("The bridge is closed \ufffd\ufffd", "The bridge is closed \U0001f600"),
    ("The   bridge\nis\tclosed", "The bridge is closed"),
    ("The bridge is closed https:…", "The bridge is closed htt…"),
    ("says @one that", "says @two that"),
    ("سَقَطَتِ المَدِينَة", "سقطت المدينة"),
    ("المـــدينة", "المدينة"),
    ("ＦＵＬＬ width", "full width"),
    ("soft\u200dly \u202bjoined", "softly joined"),
]


@pytest.mark.parametrize(("one", "other"), SAME)
def test_what_is_put_around_the_words_does_not_count(one, other):
    assert normalise(one) == normalise(other)
    assert fingerprint(one) == fingerprint(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("The bridge is closed", "The bridge is open"),
        ("#brussels", "brussels"),
        ("https://t.co/one", "https://t.co/two"),
        ("@one", "@two"),
        ("\U0001f600", "\U0001f601"),
    ],
)
def test_other_words_have_another_fingerprint_and_a_bare_link_is_only_like_itself(one, other):
    assert fingerprint(one) != fingerprint(other)


def test_the_words_as_they_are_compared():
    assert normalise("RT @x: It's #Brussels, @friend_of! http://t.co/1") == "it s #brussels @"
    assert normalise("https://t.co/1 @someone") == ""


@given(st.text())
def test_every_text_has_a_fingerprint_that_fits_a_signed_bigint(text):
    assert -(2**63) <= fingerprint(text) < 2**63


@given(
    st.text(alphabet="abc ABC.,!\u0640\u064e", min_size=1), st.sampled_from(["https://t.co/x", "@handle", "…", "🔥"])
)
def test_a_tail_of_link_or_emoji_never_changes_the_words(text, tail):
    words = normalise(text)
    if words and tail != "@handle":
        assert fingerprint(f"{text} {tail}") == fingerprint(text)


def test_hashtags_are_found_once_in_their_order():
    assert hashtags("#Mosul falls #WorldCup #Mosul #ÇA") == ["Mosul", "WorldCup", "ÇA"]
    assert hashtags("nothing") == []
