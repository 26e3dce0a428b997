"""What there is to know before words are scheduled: the rules, against plain restatements of them."""

from datetime import UTC, datetime, time, timedelta
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.publishing.core.cautions import NEAR, Around, Caution, Intent, Other, cautions, likeness

BAGHDAD = ZoneInfo("Asia/Baghdad")
DUE = datetime(2014, 6, 9, 19, 30, tzinfo=UTC)  # 22:30 in Baghdad
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
WORDS = "The city stands and engineers saw the dam this morning"
INTENT = Intent(WORDS, "en", DUE, DUE + 4 * HOUR)


def other(at: datetime = DUE + 5 * HOUR, text: str = "Something quite different.", language: str = "en") -> Other:
    return Other(uuid4(), at, text, language)


def found(others=(), intent=INTENT, **around) -> list[Caution]:
    return [one.caution for one in cautions(intent, Around(BAGHDAD, list(others), **around))]


def test_a_quiet_moment_of_its_own_warns_of_nothing():
    assert found() == []
    assert found([other()], languages=["en"]) == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (WORDS, [Caution.SAME_WORDS]),
        (f"RT @press: {WORDS.upper()}! https://example.org/1", [Caution.SAME_WORDS]),
        (WORDS.replace("this morning", "yesterday"), [Caution.NEAR_WORDS]),
        ("Schools open on Sunday.", []),
    ],
)
def test_a_repetition_is_seen_through_links_handles_and_capitals(text, said):
    assert found([other(text=text)]) == said


def test_arabic_words_are_the_same_with_and_without_vowel_signs():
    plain, marked = "المدينة صامدة اليوم", "المَدينة صامِدة اليوم"
    assert found([other(text=marked)], Intent(plain, "ar", DUE, DUE + HOUR)) == [Caution.SAME_WORDS, Caution.LANGUAGE]


def test_of_several_repetitions_the_nearest_is_named():
    near, far = other(DUE - 2 * HOUR, WORDS), other(DUE + 60 * HOUR, WORDS)
    [one] = cautions(INTENT, Around(BAGHDAD, [far, near]))
    assert one.other == near


@pytest.mark.parametrize(
    ("minutes", "said"), [(29, [Caution.SPACING]), (30, [Caution.SAME_HOUR]), (59, [Caution.SAME_HOUR]), (60, [])]
)
def test_a_post_within_the_spacing_or_the_hour_is_named_once(minutes, said):
    for moment in (DUE - minutes * MINUTE, DUE + minutes * MINUTE):
        assert found([other(moment)], spacing=30 * MINUTE) == said


@pytest.mark.parametrize(
    ("around", "said"),
    [
        ({"quiet_from": time(22), "quiet_to": time(6)}, [Caution.QUIET]),
        ({"answered": True}, [Caution.ANSWERED]),
        ({"attended": False}, [Caution.UNATTENDED]),
        ({"silent_until": INTENT.expires_at - MINUTE}, [Caution.OUTLIVES]),
        ({"silent_until": INTENT.expires_at}, []),
        ({"answered": True, "attended": False, "quiet_from": time(22), "quiet_to": time(6)}, "in order"),
    ],
)
def test_what_stands_around_the_moment_is_said_the_gravest_first(around, said):
    if said == "in order":
        said = [Caution.ANSWERED, Caution.QUIET, Caution.UNATTENDED]
    assert found(**around) == said


def test_a_channel_that_may_speak_any_language_and_spoke_another_one_is_noticed():
    arabic = other(language="ar")
    assert found([arabic]) == [Caution.LANGUAGE]
    assert found([arabic, other()]) == []
    assert found([arabic], languages=["ar", "en"]) == []


words = st.lists(st.sampled_from(["the", "city", "stands", "dam", "bridge", "open", "closed", "today"]), max_size=8)


@given(words, words)
def test_likeness_is_one_for_the_same_words_only_and_never_less_than_what_a_common_run_is_worth(mine, theirs):
    like = likeness(" ".join(mine), " ".join(theirs))
    assert 0 <= like <= 1
    assert (like == 1) == (mine == theirs)
    # An oracle from below: the longest run that both begin with is in any common subsequence.
    run = next((n for n, (a, b) in enumerate(zip(mine, theirs, strict=False)) if a != b), min(len(mine), len(theirs)))
    worth = 2 * run / (len(mine) + len(theirs) or 1)
    assert worth < NEAR or like > 0
