"""ClaimReview as values: sound by Google's required fields, and no words can leave the element that holds it."""

import json
from datetime import UTC, datetime, timedelta
from html.parser import HTMLParser

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from planner.claims.core.outlets import Appearance
from planner.publishing.core.claimreview import FactCheck, claim_review, graph, in_html
from planner.publishing.core.feed import xml_safe
from planner.publishing.templatetags.jsonld import json_ld
from planner.rebuttals.core.verdict import RATINGS, Verdict
from tests.factories import NIGHT
from tests.publishing.schemas import SCHEMA, faults

BROKE = datetime(2014, 6, 9, 19, 0, tzinfo=UTC)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
words = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=60)
HOSTILE = "</script><script>alert(1)</script><!-- <script> ]]> \u2028 & “quoted” \x00"


def check(**fields):
    known = {
        "url": "https://www.example.org/posts/answers/1/#s-1",
        "language": "en",
        "verdict": Verdict("false", "That the city fell."),
        "said_at": NIGHT,
        "broke_at": BROKE,
        "speaker": "Ministry of Examples",
        "home": "https://www.example.org",
    }
    return FactCheck(**{**known, **fields})


appearances = st.builds(Appearance, words, st.just("https://outlet.example/a"), moments, st.just(""))


@given(
    st.sampled_from(RATINGS),
    words,
    words,
    st.sampled_from(["en", "ar", "ar-IQ", "ku", ""]),
    moments,
    moments,
    st.lists(appearances, max_size=4),
)
def test_every_fact_check_holds_what_google_requires(rating, claimed, speaker, language, said, broke, carried):
    facts = {"language": language, "said_at": said, "broke_at": broke, "appearances": tuple(carried)}
    document = claim_review(check(verdict=Verdict(rating, claimed), speaker=speaker, **facts))
    assert faults(document) == []
    assert document["claimReviewed"] == claimed
    shown = document["itemReviewed"]
    assert len(carried) == len([*([shown["firstAppearance"]] if carried else []), *shown.get("appearance", [])])


@pytest.mark.parametrize("verdict", [Verdict(), Verdict("false", ""), Verdict("bogus", "That it fell.")])
def test_nothing_is_made_of_a_text_without_a_rating(verdict):
    with pytest.raises(ValueError, match=r"fact check|bogus|Rating"):
        claim_review(check(verdict=verdict))


def test_the_schema_of_these_tests_misses_what_is_missing():
    Draft202012Validator.check_schema(SCHEMA)
    whole = claim_review(check(appearances=(Appearance("The Outlet", "https://outlet.example/a", BROKE),)))
    assert faults(whole) == []
    for name in ("claimReviewed", "reviewRating", "url", "datePublished", "itemReviewed", "author"):
        assert faults({key: value for key, value in whole.items() if key != name})
    assert faults({**whole, "reviewRating": {**whole["reviewRating"], "ratingValue": 7}})
    assert faults({**whole, "author": {"@type": "Person", "name": "Somebody"}})


def test_moments_are_utc_and_the_first_appearance_stands_apart():
    summer = datetime.fromisoformat("2014-06-10T00:30:00+03:00")
    carried = tuple(Appearance("The Outlet", f"https://outlet.example/{n}", BROKE + timedelta(n)) for n in range(3))
    document = claim_review(check(said_at=summer, appearances=carried, claimant=("The Outlet", "")))
    assert document["datePublished"] == "2014-06-09T21:30:00Z"
    assert document["itemReviewed"]["datePublished"] == "2014-06-09T19:00:00Z"
    assert document["itemReviewed"]["firstAppearance"]["url"] == "https://outlet.example/0"
    assert [one["url"][-1] for one in document["itemReviewed"]["appearance"]] == ["1", "2"]
    assert document["itemReviewed"]["author"] == {"@type": "Organization", "name": "The Outlet"}


class _Scripts(HTMLParser):
    """What a browser would find: the elements, and the content of each script."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.inside: list[str] = []

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.inside.append(data)


@given(words, words)
@example(HOSTILE, "<!--<script>")
@example("]]></script>", "&lt;/script&gt;")
def test_no_words_can_end_the_element_or_change_on_their_way(claimed, speaker):
    document = claim_review(check(verdict=Verdict("false", claimed), speaker=speaker))
    page = _Scripts()
    page.feed(f"<p>{json_ld(document)}</p>")
    page.close()
    assert page.tags == ["p", "script"]
    assert json.loads("".join(page.inside)) == document
    assert not set("<>&\u2028\u2029") & set(in_html(document))


def test_a_page_without_a_fact_check_holds_no_element():
    assert json_ld(None) == ""


def test_several_reviews_are_one_document_with_one_context():
    one = claim_review(check())
    document = graph([one, claim_review(check(language="ar"))])
    assert document["@context"] == "https://schema.org"
    assert [review["reviewRating"]["alternateName"] for review in document["@graph"]] == ["False", "غير صحيح"]
    assert all(faults({"@context": document["@context"], **review}) == [] for review in document["@graph"])


@given(st.text())
def test_what_goes_into_xml_is_legal_there(text):
    kept = xml_safe(text)
    assert all(c in "\t\n\r" or " " <= c <= "\ud7ff" or "\ue000" <= c <= "\ufffd" or c >= "\U00010000" for c in kept)
    assert xml_safe("The city stands.\n\t“All” of it 🏙") == "The city stands.\n\t“All” of it 🏙"
