"""Pure: what is hashed, how long it is, how two versions differ."""

import hashlib

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


texts = st.text(alphabet="ab \nم", max_size=40)


@given(texts, texts)
def test_a_comparison_hides_nothing(before, after):
    segments = compare(before, after)
    assert "".join(s.text for s in segments if s.change is not Change.ADDED) == before
    assert "".join(s.text for s in segments if s.change is not Change.REMOVED) == after
