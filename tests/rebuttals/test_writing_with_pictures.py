"""Versions with pictures: carried on, changed, refused with a sentence, approved and stamped with their hashes."""

import pytest

from planner.journal.models import Entry
from planner.rebuttals import services
from planner.rebuttals.adapters.picture_files import Prepared, prepare
from planner.rebuttals.core.words import Shown
from planner.rebuttals.models import Draft, Picture
from tests.factories import make_picture

pytestmark = pytest.mark.django_db
TEXT = "The dam stands."


@pytest.fixture
def shown() -> list[Shown]:
    return [Shown(make_picture("teal").sha256, "The dam, whole."), Shown(make_picture("red").sha256, "A red flag.")]


@pytest.fixture
def save(claim, officer, now):
    rebuttal = services.start(claim=claim, now=now)

    def saved(text=TEXT, **words) -> Draft:
        return services.save_draft(rebuttal, language="en", text=text, author=officer, now=now, **words)

    return saved


def test_a_new_version_starts_with_the_pictures_of_the_one_before(save, shown):
    save(pictures=shown)
    assert save("The dam stands whole.").shown == tuple(shown)
    assert save("The dam stands whole.", pictures=shown[:1]).shown == tuple(shown[:1])
    assert save("The dam holds.", pictures=[]).shown == ()


def test_the_same_words_with_the_same_pictures_are_no_new_version(save, shown):
    first = save(pictures=shown)
    assert [save(pictures=shown).version, save().version] == [1, 1]
    for other in (shown[::-1], [shown[0], Shown(shown[1].sha256, "Another alt text.")], shown[:1], []):
        assert save(pictures=other).version > first.version


def test_the_journal_keeps_the_hashes_and_no_bytes(save, shown, approver, officer, now):
    draft = services.submit(save(pictures=shown), by=officer, now=now)
    services.approve(draft, approver=approver, now=now, text_sha256=draft.text_sha256)
    drafted, *_rest, approved = Entry.objects.filter(milestone__in=["drafted", "approved"]).order_by("pk")
    assert drafted.detail["pictures"] == approved.detail["pictures"] == [one.sha256 for one in shown]
    assert approved.detail["sha256"] == draft.text_sha256
    assert save("Without.", pictures=[]).pictures == []
    assert "pictures" not in Entry.objects.filter(milestone="drafted").latest("pk").detail


def test_whoever_read_the_words_with_other_pictures_cannot_approve_these(save, shown, approver, officer, now):
    read = save(pictures=shown)
    now_shown = services.submit(save(pictures=shown[::-1]), by=officer, now=now)
    with pytest.raises(services.RebuttalRefused, match="not the words you read"):
        services.approve(now_shown, approver=approver, now=now, text_sha256=read.text_sha256)


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        (lambda shown: [shown[0], Shown(shown[1].sha256, " \u200b\n")], "Picture 2 has no alt text"),
        (lambda shown: [Shown(shown[0].sha256, "x" * 1501)], "alt text of picture 1 is too long: 1500"),
        (lambda shown: [shown[0], shown[0]], "stands there twice"),
        (lambda shown: [Shown(f"{number}" * 64, "x") for number in range(5)], "takes 4 pictures"),
        (lambda shown: [Shown("0" * 64, "The dam.")], "There is no picture"),
    ],
)
def test_what_the_database_would_refuse_is_said_in_a_sentence(save, shown, wrong, said):
    save()
    with pytest.raises(services.RebuttalRefused, match=said):
        save(pictures=wrong(shown))
    assert Draft.objects.count() == 1


def test_a_picture_is_kept_once_whoever_brings_it(officer, approver, now):
    prepared = prepare(bytes(make_picture("tan", size=(3000, 20)).content))
    kept = [services.keep_picture(prepared, by=person, now=now) for person in (officer, approver)]
    assert len({one.sha256 for one in kept}) == 1
    row = Picture.objects.get(sha256=kept[0].sha256)
    assert (row.added_by, row.media_type, bytes(row.content)) == (officer, "image/png", prepared.content)
    assert isinstance(prepared, Prepared)
