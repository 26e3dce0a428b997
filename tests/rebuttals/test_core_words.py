"""Pure: what is hashed, how long it is, how two versions differ."""

import hashlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rebuttals.core.words import Change, Segment, compare, text_sha256, tidy


def test_the_hash_is_that_of_the_utf8_bytes():
    assert text_sha256("سقطت؟ لا") == hashlib.sha256("سقطت؟ لا".encode()).hexdigest()


def test_line_ends_of_a_browser_and_space_at_the_ends_do_not_make_another_text():
    assert tidy("  One\r\ntwo\rthree \n") == "One\ntwo\nthree"
    assert tidy(tidy("  a \r\n b ")) == tidy("  a \r\n b ")


def test_a_comparison_names_the_words_that_went_and_came():
    assert compare("The city has fallen.", "The city has not fallen.") == [
        Segment(Change.SAME, "The city has "),
        Segment(Change.ADDED, "not "),
        Segment(Change.SAME, "fallen."),
    ]


def test_one_changed_figure_in_a_long_text_is_the_only_difference():
    before = "word " * 400 + "1,200 people " + "word " * 400
    changed = [s for s in compare(before, before.replace("1,200", "12,000")) if s.change is not Change.SAME]
    assert changed == [Segment(Change.REMOVED, "1,200"), Segment(Change.ADDED, "12,000")]


@pytest.mark.parametrize(
    ("before", "after", "changes"),
    [
        ("The dam holds.", "The dam holds!", [".", "!"]),  # the word before the sign stays
        ("a b c d", "a x y d", ["b c", "x y"]),  # one stretch, not word by word in turns
        ("See https://a.org/1.", "See https://a.org/2.", ["https://a.org/1", "https://a.org/2"]),
        ("السد سليم.", "السد متين.", ["سليم", "متين"]),
        ("فحصه المهندسون، ولم يجدوا ضررًا", "فحصه المهندسون ولم يجدوا ضررا", ["،", "ضررًا", "ضررا"]),
        ("٤٬٢٠٠ سيارة", "٤٬٣٠٠ سيارة", ["٤٬٢٠٠", "٤٬٣٠٠"]),
        ("👩🏽‍🚒 came", "👩🏿‍🚒 came", ["👩🏽‍🚒", "👩🏿‍🚒"]),
        ("می‌خواهم", "می‌خواهیم", ["می‌خواهم", "می‌خواهیم"]),
    ],
)
def test_what_changed_is_whole_words_figures_links_and_signs(before, after, changes):
    assert [s.text for s in compare(before, after) if s.change is not Change.SAME] == changes


def test_a_long_letter_with_many_changes_is_compared_in_few_steps():
    """difflib alone takes minutes for these."""
    words = [f"word{number * 7919 % 400}" for number in range(3500)]
    edited = ["changed" if place % 37 == 0 else word for place, word in enumerate(words)]
    assert len(compare(" ".join(words), " ".join(edited))) < 400
    assert compare("a " * 9000 + "b", "a " * 9000 + "c")[1:] == [
        Segment(Change.REMOVED, "b"),
        Segment(Change.ADDED, "c"),
    ]


def test_what_nobody_would_see_is_named():
    changed = [s.shown for s in compare("One. Two", "One.\nTwo\u202e") if s.change is not Change.SAME]
    assert changed == [" ", "↵\n", "⟨right-to-left override⟩"]


texts = st.text(alphabet="ab,.  \nم\u200dé👍🏽\u202e", max_size=40)


@given(texts, texts)
def test_a_comparison_hides_nothing(before, after):
    segments = compare(before, after)
    assert "".join(s.text for s in segments if s.change is not Change.ADDED) == before
    assert "".join(s.text for s in segments if s.change is not Change.REMOVED) == after
