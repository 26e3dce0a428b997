"""What each kind of channel takes, and how two lists of pictures differ."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rebuttals.core.limits import counts
from planner.rebuttals.core.pictures import MOST_BYTES, Facts, Flaw, Misfit, compare_pictures, misfits, taken_by
from planner.rebuttals.core.words import Change, Shown, text_sha256
from planner.rebuttals.words import KIND_WORDS


def facts(**changes) -> Facts:
    return Facts(**{"size": 1000, "width": 160, "height": 90, "alt": "The dam, whole.", **changes})


@pytest.mark.parametrize(
    ("kind", "pictures", "found"),
    [
        ("x", [facts(alt="x" * 1000)], []),
        ("x", [facts(), facts(alt="x" * 1001)], [Misfit(Flaw.ALT, 2, 1001, 1000)]),
        ("x", [facts(alt="🎈" * 501)], [Misfit(Flaw.ALT, 1, 1002, 1000)]),
        ("mastodon", [facts(alt="x" * 1501)], [Misfit(Flaw.ALT, 1, 1501, 1500)]),
        ("bluesky", [facts(size=1_000_001)], [Misfit(Flaw.BYTES, 1, 1_000_001, 1_000_000)]),
        ("bluesky", [facts()] * 5, [Misfit(Flaw.COUNT, 0, 5, 4)]),
        ("telegram", [facts(width=21, height=1)], [Misfit(Flaw.RATIO, 1, 21, 20)]),
        ("telegram", [facts(width=201, height=10)], [Misfit(Flaw.RATIO, 1, 21, 20)]),
        ("telegram", [facts(width=20, height=1)] * 5, []),
        ("mail", [facts(size=10**9, alt="x" * 9999)] * 9, []),
        ("webhook", [], []),
    ],
)
def test_every_limit_of_a_platform_is_told_with_what_is_used(kind, pictures, found):
    assert misfits(kind, pictures) == found


def test_a_channel_that_takes_no_pictures_says_so_only_where_there_are_some():
    assert misfits("webhook", [facts()], are_taken=False) == [Misfit(Flaw.NOT_TAKEN)]
    assert misfits("webhook", [], are_taken=False) == []


def test_a_picture_of_ours_fits_every_platform():
    assert all(misfits(kind, [facts(size=MOST_BYTES)] * 4) == [] for kind in KIND_WORDS)
    assert [kind for kind in KIND_WORDS if not taken_by(kind).shows_alt] == ["telegram"]


def test_beside_pictures_telegram_takes_a_caption_only():
    text = "x" * 1025
    assert [count.fits for count in counts("telegram", text)] == [True]
    assert [count.most for count in counts("telegram", text, with_pictures=True)] == [1024]
    assert [count.most for count in counts("telegram", text, most=200, with_pictures=True)] == [200]
    assert counts("mastodon", text, with_pictures=True) == counts("mastodon", text)


SHOWN = st.lists(
    st.builds(Shown, st.sampled_from("abcdef"), st.text("xy ", min_size=1)), max_size=4, unique_by=lambda s: s.sha256
)


@given(SHOWN, SHOWN)
def test_a_comparison_hides_nothing(before, after):
    found = compare_pictures(before, after)
    now = [
        (one.sha256, "".join(s.text for s in one.alt if s.change is not Change.REMOVED)) for one in found if one.place
    ]
    assert now == [(one.sha256, one.alt) for one in after]
    was = {one.sha256: "".join(s.text for s in one.alt if s.change is not Change.ADDED) for one in found}
    assert {name: alt for name, alt in was.items() if name in {b.sha256 for b in before}} == {
        one.sha256: one.alt for one in before
    }
    assert all(one.is_same for one in found) == (before == after)


@given(SHOWN, SHOWN, st.text(max_size=5))
def test_two_lists_have_one_hash_only_when_they_are_the_same(one, other, text):
    assert (text_sha256(text, one) == text_sha256(text, other)) == (one == other)


def test_no_text_can_be_written_whose_hash_is_that_of_a_text_with_pictures():
    shown = [Shown("a" * 64, "The dam.")]
    as_list = "\n".join([text_sha256("x"), f"{'a' * 64} {text_sha256('The dam.')}"])
    assert text_sha256(as_list) != text_sha256("x", shown) == text_sha256("\0" + as_list)
