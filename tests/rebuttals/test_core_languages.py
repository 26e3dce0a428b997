"""Tags as RFC 5646 writes them, directions, and who takes which text."""

import re

import pytest
from django.conf.locale import LANG_INFO
from django.db import IntegrityError, connection
from hypothesis import given
from hypothesis import strategies as st

from planner.rebuttals import languages as listed
from planner.rebuttals.core.languages import WRITTEN, canonical, direction, speaks
from tests.factories import make_draft


@pytest.mark.parametrize(
    ("given", "tag"),
    [
        ("EN", "en"),
        (" ar-iq ", "ar-IQ"),
        ("zh_hant", "zh-Hant"),
        ("SR-latn-rs", "sr-Latn-RS"),
        ("es-419", "es-419"),
        ("de-CH-1996", "de-CH-1996"),
        ("ca-VALENCIA", "ca-valencia"),
    ],
)
def test_a_tag_is_written_as_the_standard_says(given, tag):
    assert canonical(given) == tag
    assert canonical(tag) == tag


@pytest.mark.parametrize("given", ["", "e", "English", "en-", "en--US", "x-private", "عربي", "en US", "a" * 20, "en\n"])
def test_what_is_no_tag_is_refused(given):
    if given == "en\n":
        assert canonical(given) == "en"
        return
    with pytest.raises(ValueError, match="not a language tag"):
        canonical(given)


def test_directions_agree_with_djangos():
    for tag, info in LANG_INFO.items():
        if "bidi" in info and tag != "az":  # Django has it right to left, though its name is Latin
            assert direction(canonical(tag)) == ("rtl" if info["bidi"] else "ltr"), tag


@pytest.mark.parametrize(
    ("tag", "way"), [("ar-IQ", "rtl"), ("az-Arab", "rtl"), ("ku", "ltr"), ("ckb-Latn", "ltr"), ("", "auto")]
)
def test_a_script_says_more_than_a_language(tag, way):
    assert direction(tag) == way


def test_a_channel_of_a_language_takes_its_regions_and_not_the_other_way():
    assert speaks(["ar"], "ar-IQ")
    assert speaks(["ar-iq"], "ar-IQ")
    assert not speaks(["ar-IQ"], "ar")
    assert not speaks(["ar"], "arc")
    assert speaks([], "ckb")


@given(st.text(max_size=16))
def test_whatever_is_typed_is_a_tag_or_refused(text):
    try:
        tag = canonical(text)
    except ValueError:
        return
    assert canonical(tag) == tag
    assert re.fullmatch(WRITTEN, tag)


def test_every_language_of_the_list_has_its_own_name_and_a_tag_as_written():
    assert len(listed.NAMES) > 100
    for tag, name in listed.NAMES.items():
        assert canonical(tag) == tag
        assert name.strip()
    assert listed.name_of("ar-LY") == "العربيّة (LY)"
    assert listed.name_of("xx") == "xx"
    near, others = (dict(choices) for _group, choices in listed.choices(["ckb", "en"]))
    assert list(near) == ["en", "ar", "ckb"]
    assert not set(near) & set(others)


@pytest.mark.django_db
@pytest.mark.parametrize("tag", ["", "EN", "ar-iq", "zh-hans", "english", "x-ours", "en\n", "en;ar"])
def test_the_database_keeps_only_tags_as_they_are_written(tag):
    draft = make_draft(language="sr-Latn-RS")
    with pytest.raises(IntegrityError, match="draft_language_is_a_tag"), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO rebuttals_draft (uuid, rebuttal_id, language, channel_kind, version, author_id, text,"
            " text_sha256, created_at, rating, claim_words, pictures) SELECT gen_random_uuid(), rebuttal_id, %s,"
            " channel_kind, 1, author_id, text, text_sha256, created_at, rating, claim_words, pictures"
            " FROM rebuttals_draft WHERE id = %s",
            [tag, draft.pk],
        )
