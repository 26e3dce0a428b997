"""Raw SQL against pictures: their bytes, their alt texts, their place beside approved words."""

import json
from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.rebuttals.core.words import Shown, is_blank, text_sha256
from planner.rebuttals.models import Picture
from tests.factories import NIGHT, make_approval, make_draft, make_person, make_picture
from tests.rebuttals.attacks import INSERT_APPROVAL, refuses, sql

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)
INSERT_DRAFT = """
INSERT INTO rebuttals_draft
    (uuid, rebuttal_id, language, channel_kind, version, author_id, text, pictures, text_sha256, created_at)
SELECT gen_random_uuid(), rebuttal_id, language, channel_kind, version + 1, author_id, text, %s::jsonb, %s, created_at
FROM rebuttals_draft WHERE id = %s
"""
INSERT_PICTURE = """
INSERT INTO rebuttals_picture (sha256, media_type, width, height, content, added_at, added_by_id)
SELECT encode(sha256(%s), 'hex'), %s, 1, 1, %s, now(), added_by_id FROM rebuttals_picture LIMIT 1
"""
UNSEEN = ["", " ", "\n", "\u00a0", "\u200b\u200f", "\ufeff \u3000", "\u2066\u2069", "\u00ad"]


@pytest.fixture
def shown() -> list[Shown]:
    return [Shown(make_picture("teal").sha256, "The dam, whole."), Shown(make_picture("red").sha256, "السد سليم")]


# the bytes ------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "change",
    [
        "content = content || '\\x00'::bytea",
        "sha256 = repeat('0', 64)",
        "media_type = 'image/jpeg'",
        "width = 7",
        "added_by_id = added_by_id",
    ],
)
def test_nothing_about_a_picture_can_be_changed(change):
    picture = make_picture()
    refuses("a picture never changes", f"UPDATE rebuttals_picture SET {change} WHERE sha256 = %s", picture.sha256)


@pytest.mark.parametrize("statement", ["DELETE FROM rebuttals_picture", "TRUNCATE rebuttals_picture CASCADE"])
def test_pictures_cannot_be_removed(statement):
    make_picture()
    refuses("never changes and never goes", statement)


def test_a_picture_is_called_by_its_own_hash_only():
    content = bytes(make_picture().content) + b"more"
    row = ("0" * 64, content)
    lie = "INSERT INTO rebuttals_picture (sha256, media_type, width, height, content, added_at, added_by_id)"
    lie += " SELECT %s, media_type, 1, 1, %s, now(), added_by_id FROM rebuttals_picture LIMIT 1"
    refuses("picture_is_what_its_hash_says", lie, *row)


@pytest.mark.parametrize(
    ("constraint", "media_type", "content"),
    [
        ("picture_is_of_its_media_type", "image/png", b"<svg onload='alert(1)'/>"),
        ("picture_is_of_its_media_type", "image/jpeg", b"\x89PNG\r\n\x1a\n1234"),
        ("picture_is_of_its_media_type", "image/svg+xml", b"<svg/>"),
        ("picture_fits_the_house", "image/jpeg", b"\xff\xd8\xff" + bytes(4_000_000)),
    ],
)
def test_what_is_not_a_small_jpeg_or_png_cannot_be_stored_as_one(constraint, media_type, content):
    make_picture()
    refuses(constraint, INSERT_PICTURE, content, media_type, content)


# beside the words -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("submitted", [None, NIGHT])
def test_no_picture_is_added_changed_or_taken_away_under_a_draft(shown, submitted):
    draft, other = make_draft(pictures=shown[:1], submitted_at=submitted), shown[1]
    first = {"sha256": shown[0].sha256, "alt": shown[0].alt}
    lists = [
        [],
        [first, {"sha256": other.sha256, "alt": other.alt}],
        [{**first, "alt": "The dam has burst."}],
        [{**first, "sha256": other.sha256}],
    ]
    for pictures in lists:
        listed = json.dumps(pictures)
        change = "UPDATE rebuttals_draft SET pictures = %s::jsonb WHERE id = %s"
        refuses("a draft never changes", change, listed, draft.pk)
        hashed = (
            "UPDATE rebuttals_draft SET pictures = %s::jsonb, text_sha256 = rebuttals_exact_sha256(text, %s::jsonb),"
        )
        refuses("a draft never changes", f"{hashed} submitted_at = now() WHERE id = %s", listed, listed, draft.pk)


def test_no_picture_is_added_changed_or_taken_away_under_an_approval(shown):
    draft = make_approval(make_draft(pictures=shown)).draft
    refuses("a draft never changes", "UPDATE rebuttals_draft SET pictures = '[]' WHERE id = %s", draft.pk)
    refuses("a picture never changes", "UPDATE rebuttals_picture SET content = content")


@pytest.mark.parametrize("swap", ["order", "alt", "without"])
def test_an_approval_of_the_same_words_with_other_pictures_cannot_exist(shown, swap):
    draft, approver = make_draft(pictures=shown), make_person("Omar Aziz", roles=["approver"])
    read = {"order": shown[::-1], "alt": [Shown(shown[0].sha256, "Another."), shown[1]], "without": []}[swap]
    row = (draft.pk, draft.author_id, text_sha256(draft.text, read), approver.pk, LATER)
    refuses("approval_is_of_these_words", INSERT_APPROVAL, *row)
    assert sql(INSERT_APPROVAL, *row[:2], draft.text_sha256, *row[3:]) == 1


def test_a_version_with_other_pictures_ends_the_approval_of_the_one_before(shown):
    approval = make_approval(make_draft(pictures=shown))
    make_draft(approval.draft.rebuttal, pictures=shown[::-1], author=approval.author, at=LATER)
    approval.refresh_from_db()
    assert approval.end_reason == "edited: version 2"


def test_the_hash_of_a_draft_must_cover_its_pictures(shown):
    draft = make_draft()
    listed = json.dumps([{"sha256": one.sha256, "alt": one.alt} for one in shown])
    for wrong in (draft.text_sha256, text_sha256(draft.text, shown[::-1])):
        refuses("is not that of its text and its pictures", INSERT_DRAFT, listed, wrong, draft.pk)
    assert sql(INSERT_DRAFT, listed, text_sha256(draft.text, shown), draft.pk) == 1


def test_a_draft_without_pictures_has_the_hash_it_always_had():
    draft = make_draft()
    assert (draft.pictures, draft.text_sha256) == ([], text_sha256(draft.text))


@pytest.mark.parametrize(
    ("sentence", "pictures"),
    [
        ("draft_lists_its_pictures", {}),
        ("draft_lists_its_pictures", "none"),
        ("draft_lists_its_pictures", [1]),
        ("draft_lists_its_pictures", [{"sha256": "{teal}"}]),
        ("draft_lists_its_pictures", [{"sha256": "{teal}", "alt": 7}]),
        ("draft_lists_its_pictures", [{"sha256": "{teal}", "alt": "The dam.", "url": "https://x.example"}]),
        ("there is no picture with the SHA-256 0000", [{"sha256": "0" * 64, "alt": "The dam."}]),
        ("the same picture twice", [{"sha256": "{teal}", "alt": "The dam."}, {"sha256": "{teal}", "alt": "Again."}]),
        *(("draft_pictures_have_alt_text", [{"sha256": "{teal}", "alt": alt}]) for alt in UNSEEN),
        ("draft_pictures_have_alt_text", [{"sha256": "{teal}", "alt": "x" * 1501}]),
        (
            "draft_has_few_pictures",
            [{"sha256": f"{{{one}}}", "alt": one} for one in ["teal", "red", "tan", "blue", "gold"]],
        ),
    ],
)
def test_what_is_no_list_of_described_pictures_cannot_be_stored(sentence, pictures):
    draft, listed = make_draft(), json.dumps(pictures)
    for colour in ["teal", "red", "tan", "blue", "gold"]:
        listed = listed.replace(f"{{{colour}}}", make_picture(colour).sha256)
    insert = INSERT_DRAFT.replace("%s, created_at\nFROM", "rebuttals_exact_sha256(text, %s::jsonb), created_at\nFROM")
    if sentence == "draft_lists_its_pictures":
        insert = INSERT_DRAFT
    refuses(sentence, insert, listed, draft.text_sha256 if insert is INSERT_DRAFT else listed, draft.pk)


SETTINGS = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=30)


@SETTINGS
@given(text=TEXTS, alts=st.lists(TEXTS, max_size=4))
def test_the_database_and_the_planner_agree_on_the_hash_of_any_words_and_alt_texts(db, text, alts):
    shown = [Shown(f"{number:064x}", alt) for number, alt in enumerate(alts)]
    listed = json.dumps([{"sha256": one.sha256, "alt": one.alt} for one in shown])
    assert _asked("SELECT rebuttals_exact_sha256(%s, %s::jsonb)", text, listed) == text_sha256(text, shown)


@SETTINGS
@given(alt=st.one_of(TEXTS, st.sampled_from(UNSEEN), st.text("\u200b\u200e \u00a0\u2028a")))
def test_the_database_and_the_planner_agree_on_what_a_reader_sees_nothing_of(db, alt):
    said = _asked("SELECT rebuttals_say_what_they_show(%s::jsonb)", json.dumps([{"alt": alt}]))
    assert said is not is_blank(alt)


def test_pictures_are_kept_once(shown):
    with pytest.raises(IntegrityError), transaction.atomic():
        Picture.objects.create(**Picture.objects.filter(sha256=shown[0].sha256).values()[0])


def _asked(question: str, *parameters: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(question, parameters)
        return cursor.fetchone()[0]
