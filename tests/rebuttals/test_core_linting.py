"""Suggestions about a text: each fires on what it names, and stays silent on a text that does it right."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.rebuttals.core.linting import Advice, Words, lint, lix, says_the_claim

CLAIM = "The governor has fled Mosul and the northern bridge has fallen"
GOOD = """The governor is at work in the city
The governor chaired the security council in the hall at 21:00 tonight, and the north bridge is open to traffic.
Accounts linked to the attackers spread a false report. It misleads because its picture was taken abroad in 2011.
That a governor fled from Mosul or that any bridge there has fallen never happened.
The provincial government shows him live at https://example.org/live tonight. The governor is at work in the city.
Next update at 23:30."""
GOOD_ARABIC = """المحافظ يباشر عمله في المدينة
ترأس المحافظ مجلس الأمن في مبنى المحافظة عند التاسعة مساء، والجسر الشمالي مفتوح أمام السيارات.
نشرت حسابات تابعة للمهاجمين خبرا كاذبا. الصورة مضللة لأنها التقطت عام 2011 في بلد آخر.
تبث حكومة المحافظة اجتماعه مباشرة على https://example.org/live الليلة. المحافظ يباشر عمله في المدينة.
التحديث التالي عند 23:30."""
SPEAKER = "Provincial government"


def advice(text: str, *, claim: str = CLAIM, language: str = "en", tags: tuple[str, ...] = (), who: str = SPEAKER):
    words = Words(text, language, claim, frozenset(tags), (who,) if who else ())
    return {hint.advice: hint.quote for hint in lint(words)}


def test_a_text_that_does_it_right_gets_no_suggestion():
    assert advice(GOOD) == {}


def test_an_arabic_text_that_does_it_right_gets_no_suggestion():
    said = advice(GOOD_ARABIC, claim="فر المحافظ من الموصل وسقط الجسر الشمالي", language="ar-IQ", who="حكومة المحافظة")
    assert said == {}


def test_leading_with_the_claim_is_named_also_when_it_is_denied():
    said = advice("The governor has not fled Mosul and the northern bridge has not fallen. He is at work.")
    assert said[Advice.FACT_FIRST].startswith("The governor has not fled")


def test_their_headline_and_their_tag_are_not_repeated():
    said = advice(f"He is at work. It is false that {CLAIM}. #MosulFallen", tags=("mosulfallen",))
    assert said[Advice.HEADLINE] == "the governor has fled mosul and the northern bridge has fallen"
    assert said[Advice.TAG] == "#MosulFallen"


def test_the_warning_comes_before_the_claim_not_after_it():
    claim = "The governor fled Mosul, the northern bridge has fallen"
    assert Advice.WARNING in advice(f"He is at work. They say: {claim}. That is false.")
    assert Advice.WARNING not in advice(f"He is at work. A false report says: {claim}.")


def test_a_text_that_never_states_the_claim_needs_no_warning():
    assert Advice.WARNING not in advice("The governor chaired a meeting tonight. The bridge is open.")


def test_a_long_text_gives_the_reason_returns_to_the_fact_and_promises_the_next_word():
    filler = "Traffic in the old town is slow tonight and police officers guide the drivers there. " * 5
    text = f"The council met at nine. A rumour says {CLAIM}. {filler}Weather remains dry."
    assert {Advice.REASON, Advice.FACT_AGAIN, Advice.NEXT_UPDATE} <= advice(text).keys()


def test_a_post_of_one_sentence_has_no_room_for_all_of_it():
    said = advice("Provincial government: the council met at nine https://example.org/live")
    assert said == {}


def test_a_missing_source_and_speaker_are_missed():
    assert advice("The council met at nine.").keys() == {Advice.LINK, Advice.SPEAKER}


def test_a_title_of_20_words_passes_and_one_of_21_does_not():
    body = f"\n{SPEAKER}: the council met at nine https://example.org/a"
    assert Advice.TITLE not in advice("word " * 20 + body)
    assert Advice.TITLE in advice("word " * 21 + body)


def test_200_words_pass_and_201_do_not():
    assert Advice.LENGTH not in advice("One two three four five. " * 40)
    assert Advice.LENGTH in advice("One two three four five. " * 40 + "six.")


def test_the_longest_sentence_is_named_when_it_is_too_long():
    long = "we " * 31 + "end."
    assert advice(f"Short one. {long}")[Advice.READABLE] == long


def test_a_language_that_is_not_read_gets_what_needs_no_reading():
    said = advice(f"Там ложь. {CLAIM} вот так.", language="ru")
    assert Advice.WARNING not in said
    assert Advice.HEADLINE in said


def test_lix_is_words_per_sentence_plus_the_share_of_long_words():
    assert lix("The cat sat on it. Constitutional amendments are here.") == pytest.approx(9 / 2 + 100 * 2 / 9)
    assert lix("!!!") == 0


def test_a_claim_of_short_words_says_nothing_about_a_sentence():
    assert not says_the_claim("He is in", "He is in")


@given(st.text(max_size=300), st.text(max_size=80), st.sampled_from(["en", "ar", "xx", ""]))
def test_any_text_gets_suggestions_in_order_each_once_and_every_quote_is_about_it(text, claim, language):
    found = [hint.advice for hint in lint(Words(text, language, claim, frozenset({"a"}), ("Us",)))]
    assert found == sorted(set(found), key=list(Advice).index)


@given(st.lists(st.sampled_from(GOOD.split()), max_size=60))
def test_words_of_the_claim_in_the_first_sentence_can_only_add_to_what_is_said_about_it(words):
    text = " ".join(words)
    assert Advice.FACT_FIRST in advice(f"{CLAIM}. {text}")


def test_the_first_part_of_a_thread_is_no_title():
    long = f"{SPEAKER}: " + "the council met at nine and it is at work " * 3 + "https://example.org/live"
    assert Advice.TITLE not in advice(f"{long}\n---\nThe council met at nine.")
    assert Advice.TITLE in advice(f"{long}\nIt met.\n---\nThe council met at nine.")


def test_our_wording_of_the_claim_is_theirs_only_from_a_headline_on():
    theirs = "The great dam has burst tonight, run for your lives"
    said = lint(Words("The dam holds.", "en", claim_words="The great dam has burst tonight", headlines=("x", theirs)))
    assert [hint.quote for hint in said if hint.advice is Advice.CLAIM_WORDS] == ["the great dam has burst tonight"]
    own = lint(Words("The dam holds.", "en", claim_words="That the dam gave way", headlines=(theirs,)))
    assert Advice.CLAIM_WORDS not in [hint.advice for hint in own]
