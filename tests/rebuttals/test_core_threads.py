"""Threads: where a text is divided, what goes out where, and a proposal that keeps every word, link and character."""

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.rebuttals.core import limits
from planner.rebuttals.core.preview import counted
from planner.rebuttals.core.threads import THREADING, as_sent, joined, numbered, pieces, propose, whole

LONG = (
    "The northern bridge is open and traffic flows. Our cameras show it live at https://www.example.org/live?camera=1. "
    "The picture that is passed around was taken in 2011, in another country! "
)
ARABIC = "الجسر الشمالي مفتوح أمام السيارات. هل رأيتم الصورة؟ التقطت في بلد آخر عام 2011… التفاصيل على موقعنا #حقائق "
STRANGE = [
    *"ab. \n\t-?!؟…#@/:é",
    "👨\u200d👩\u200d👧",
    "🇮🇶",
    "e\u0301",
    "https://example.org/a?b=1",
    "\n---\n",
    "--- ",
    "#tag",
]
hostile = st.lists(st.sampled_from(STRANGE), max_size=120).map("".join)


def fits_on(kind, most=None):
    return lambda part: limits.fits(kind, part, most=most)


def bare(text):
    return regex.sub(r"\s+", "", text)


def seen(parts):
    """What a reader sees as characters, without space."""
    return [one.strip() for part in parts for one in regex.findall(r"\X", part) if one.strip()]


# dividing -------------------------------------------------------------------------------------------------------------
def test_a_line_of_three_hyphens_divides_and_other_hyphens_do_not():
    text = "One.\n---\nTwo - and --- so on.\n ---\t\nThree.\n----"
    assert pieces(text) == ["One.", "Two - and --- so on.", "Three.\n----"]
    assert pieces("---\n\n---\nOne.\n---\n---") == ["One."]


def test_a_thread_is_numbered_and_elsewhere_the_text_is_whole():
    text = joined(["One.", "Two https://example.org/a", "Three."])
    assert numbered(text) == ["One. 1/3", "Two https://example.org/a 2/3", "Three. 3/3"]
    assert whole(text) == "One.\n\nTwo https://example.org/a\n\nThree."
    for kind in ("mastodon", "bluesky", "x", "telegram", "webhook", "mail", "feed"):
        assert as_sent(text, kind) == (numbered(text) if kind in THREADING else [whole(text)])


@given(hostile)
def test_a_text_without_a_divider_goes_out_as_it_is(text):
    text = text.replace("---", "")
    assert as_sent(text, "webhook") == [text]
    if text.strip():
        assert as_sent(text, "mastodon") == [text]


# proposing ------------------------------------------------------------------------------------------------------------
def test_it_is_cut_after_sentences_also_arabic_ones():
    parts = pieces(propose(ARABIC * 5, fits_on("x")))
    assert len(parts) > 1
    assert all(part[-1] in ".؟…" or part.endswith("#حقائق") for part in parts)


def test_a_sentence_too_long_is_cut_between_words():
    parts = pieces(propose("word " * 200, fits_on("bluesky")))
    assert all(set(part.split()) == {"word"} for part in parts)


def test_a_link_longer_than_a_part_stays_whole():
    link = "https://www.example.org/" + "a" * 400
    parts = pieces(propose(f"Look here. {link} And so on.", fits_on("bluesky")))
    assert sum(link in part for part in parts) == 1


@given(hostile, st.sampled_from(sorted(THREADING)), st.integers(40, 90))
def test_a_proposal_keeps_every_character_but_space_and_breaks_no_cluster(text, kind, most):
    before, after = pieces(text), pieces(propose(text, fits_on(kind, most)))
    assert bare("".join(after)) == bare("".join(before))
    assert seen(after) == seen(before)


@settings(deadline=None)
@given(st.integers(1, 12), st.sampled_from([LONG, ARABIC, LONG + ARABIC]), st.sampled_from(sorted(THREADING)))
def test_every_part_fits_with_its_number_and_no_link_or_tag_is_cut(times, text, kind):
    proposed = propose(text * times, fits_on(kind))
    parts = numbered(proposed)
    assert all(limits.fits(kind, part) for part in parts)
    for whole_word in ("https://www.example.org/live?camera=1", "#حقائق"):
        assert sum(part.count(whole_word) for part in parts) == (text * times).count(whole_word)


@given(hostile)
def test_what_fits_is_left_alone_and_a_proposal_is_proposed_unchanged(text):
    assert propose(text, lambda _part: True) == text
    proposed = propose(text, fits_on("bluesky", 60))
    if all(limits.fits("bluesky", part, most=60) for part in numbered(proposed)):
        assert propose(proposed, fits_on("bluesky", 60)) == proposed


def test_lines_that_the_writer_drew_stay():
    text = joined(["Short.", LONG * 4])
    assert pieces(propose(text, fits_on("bluesky")))[0] == "Short."


def test_ten_parts_leave_room_for_their_longer_numbers():
    parts = numbered(propose("word " * 600, fits_on("bluesky")))
    assert len(parts) >= 10
    assert all(limits.fits("bluesky", part) for part in parts)


@pytest.mark.parametrize("text", ["", " \n ", "---"])
def test_nothing_is_not_divided(text):
    assert pieces(text) == []
    assert propose(text, fits_on("x")) == text


def test_the_fullest_post_of_a_thread_is_what_counts():
    [used] = counted("x", joined(["One.", "Two is longer."]))
    assert (used.used, used.most) == (len("Two is longer. 2/2"), 280)
    assert counted("webhook", joined(["One.", "Two."]))[0].used == len("One.\n\nTwo.")


@pytest.mark.parametrize(
    "text", ["aaaaaaaa --- bbbbbbbb", "aaaaaaaa ---------- bbbbbbbb", "aaaaaaaa\n--- bbbbbbbb cccccccc ---"]
)
def test_hyphens_of_the_text_never_become_a_divider(text):
    proposed = propose(text, lambda part: len(part) <= 13)
    assert bare("".join(pieces(proposed))) == bare(text)
