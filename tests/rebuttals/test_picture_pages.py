"""Pictures on pages: brought without JavaScript, described, ordered, read by the approver, shown to readers only."""

import io

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from PIL import Image

from planner.rebuttals import services
from planner.rebuttals.core.words import Shown
from planner.rebuttals.models import Approval, Draft, Picture
from tests.factories import make_channel, make_person, make_picture
from tests.rebuttals.browsing import decide, text_of, write

pytestmark = pytest.mark.django_db


def a_file(colour="teal", name="dam.jpg", kind="JPEG", size=(320, 200)) -> SimpleUploadedFile:
    written = io.BytesIO()
    Image.new("RGB", size, colour).save(written, kind)
    return SimpleUploadedFile(name, written.getvalue(), content_type="application/x-whatever")


def rows(*given: dict, **button) -> dict:
    """What a browser sends for these rows."""
    data = {"pictures-TOTAL_FORMS": len(given), "pictures-INITIAL_FORMS": 0, **button}
    for number, row in enumerate(given):
        data |= {f"pictures-{number}-{name}": value for name, value in row.items()}
    return data


@pytest.fixture
def draft(claim, officer, now) -> Draft:
    rebuttal = services.start(claim=claim, now=now)
    return services.save_draft(rebuttal, language="en", text="The dam stands.", author=officer, now=now)


@pytest.fixture
def writer(client, officer):
    client.force_login(officer)
    return client


def page_of(draft: Draft) -> str:
    return reverse("rebuttals:pictures", args=[draft.uuid])


def newest() -> Draft:
    return Draft.objects.order_by("-version")[0]


def test_a_picture_is_added_described_and_seen_by_the_approver(writer, draft, approver):
    answer = writer.post(page_of(draft), rows({"file": a_file(), "alt": "The dam, whole."}, back="1"), follow=True)
    saved = newest()
    assert (saved.version, saved.text, [one.alt for one in saved.shown]) == (2, "The dam stands.", ["The dam, whole."])
    assert "Version 2 is saved, with one picture." in text_of(answer)
    services.submit(saved, by=saved.author, now=saved.created_at)
    kept = Picture.objects.get(pk=saved.shown[0].sha256)
    assert (kept.media_type, kept.width, kept.height) == ("image/jpeg", 320, 200)
    writer.force_login(approver)
    page = text_of(writer.get(reverse("rebuttals:review", args=[saved.uuid])))
    assert f'src="{reverse("rebuttals:picture", args=[kept.sha256])}" alt="The dam, whole."' in page
    assert "Picture 1 is new." in page
    assert "Approve exactly these words and pictures" in page
    assert "Telegram channel has no place for an alt text" in page
    decide(writer, saved, "approve", text_sha256=saved.text_sha256)
    assert Approval.objects.get().text_sha256 == saved.text_sha256


def test_pictures_change_places_get_other_alt_texts_and_go(writer, draft):
    first, second = make_picture("teal"), make_picture("red")
    standing = [{"sha256": first.sha256, "alt": "One"}, {"sha256": second.sha256, "alt": "Two"}]
    writer.post(page_of(draft), rows(*({**one, "ORDER": place} for place, one in enumerate(standing, 1))))
    assert [one.alt for one in newest().shown] == ["One", "Two"]
    moved = [{**standing[0], "ORDER": 2}, {**standing[1], "ORDER": 1, "alt": "Two, mended"}]
    writer.post(page_of(newest()), rows(*moved))
    assert newest().shown == (Shown(second.sha256, "Two, mended"), Shown(first.sha256, "One"))
    page = text_of(writer.get(reverse("rebuttals:review", args=[newest().uuid])))
    assert "Picture 1 stood at another place." in page
    writer.post(page_of(newest()), rows({**moved[0], "DELETE": "on", "alt": ""}, moved[1]))
    assert newest().shown == (Shown(second.sha256, "Two, mended"),)
    assert "This picture was taken away." in text_of(writer.get(reverse("rebuttals:review", args=[newest().uuid])))
    assert newest().version == 4


def test_a_new_file_goes_behind_what_stands_there(writer, draft):
    standing = {"sha256": make_picture("teal").sha256, "alt": "One", "ORDER": 1}
    writer.post(page_of(draft), rows(standing, {"file": a_file("red"), "alt": "Two"}, {"alt": ""}))
    assert [one.alt for one in newest().shown] == ["One", "Two"]


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ({"file": a_file(), "alt": " \u200b "}, "without an alt text it cannot be saved"),
        ({"alt": "The dam."}, "Choose the picture that this alt text describes."),
        ({"file": SimpleUploadedFile("dam.jpg", b"no picture"), "alt": "The dam."}, "save it as JPEG, PNG or WebP"),
        ({"file": SimpleUploadedFile("dam.jpg", b""), "alt": "The dam."}, "empty"),
        ({"file": a_file(), "alt": "x" * 1501}, "at most 1500 characters"),
        ({"sha256": "../../etc/passwd", "alt": "x"}, "Choose the picture that"),
        ({"sha256": "0" * 64, "alt": "x"}, "There is no picture with the SHA-256"),
    ],
)
def test_what_is_wrong_is_said_at_its_row_and_nothing_is_saved(writer, draft, row, said):
    answer = writer.post(page_of(draft), rows(row))
    assert answer.status_code in {400, 409}
    assert said in text_of(answer)
    assert newest() == draft


def test_a_good_picture_beside_a_wrong_row_is_kept_and_need_not_be_chosen_again(writer, draft):
    sent = rows({"file": a_file("red"), "alt": ""}, {"file": SimpleUploadedFile("x.png", b"no"), "alt": "Two"})
    page = text_of(writer.post(page_of(draft), sent))
    [kept] = Picture.objects.all()
    assert f'name="pictures-0-sha256" value="{kept.sha256}"' in page
    writer.post(page_of(draft), rows({"sha256": kept.sha256, "alt": "A red flag."}))
    assert newest().shown == (Shown(kept.sha256, "A red flag."),)


def test_more_than_four_are_not_taken(writer, draft):
    many = [{"sha256": make_picture(colour).sha256, "alt": colour} for colour in ["teal", "red", "tan", "gold", "blue"]]
    assert writer.post(page_of(draft), rows(*many)).status_code in {400, 409}
    assert newest() == draft


def test_words_saved_meanwhile_are_shown_and_the_pictures_are_kept(writer, draft, claim):
    write(writer, claim, "The dam holds.", base_version=1)
    answer = writer.post(page_of(draft), rows({"file": a_file(), "alt": "The dam."}))
    page = text_of(answer)
    assert answer.status_code == 409
    assert "while you were writing" in page
    assert "The dam holds." in page
    assert f'action="{page_of(newest())}"' in page
    kept = Picture.objects.get()
    writer.post(page_of(newest()), rows({"sha256": kept.sha256, "alt": "The dam."}))
    assert (newest().text, newest().version) == ("The dam holds.", 3)


def test_the_editor_saves_the_words_and_goes_on_to_the_pictures(writer, claim):
    answer = write(writer, claim, "The dam stands.", pictures="1")
    assert answer.redirect_chain[-1][0] == page_of(newest())
    assert "The dam stands." in text_of(answer)


def test_editing_the_words_keeps_the_pictures_and_shows_them(writer, draft, claim):
    writer.post(page_of(draft), rows({"file": a_file(), "alt": "The dam, whole."}))
    page = text_of(write(writer, claim, "The dam holds.", base_version=2))
    assert newest().shown[0].alt == "The dam, whole."
    assert 'alt="The dam, whole."' in page


def test_what_channels_make_of_the_pictures_is_said_to_writer_and_approver(writer, draft, claim):
    make_channel(name="The old website")
    make_channel(name="The new website", options={"takes_pictures": True})
    writer.post(page_of(draft), rows({"file": a_file(), "alt": "x" * 1001}))
    places = [
        page_of(newest()),
        reverse("rebuttals:review", args=[newest().uuid]),
        reverse("rebuttals:edit", args=[claim.uuid]),
    ]
    for place in places:
        page = text_of(writer.get(place))
        assert "The old website takes no pictures: its entry on the register says so." in page
        assert "The new website takes no pictures" not in page
        assert "The alt text of picture 1 has 1001 characters, X takes 1000: shorten it." in page
        assert "Telegram channel has no place for an alt text" in page


# the picture itself ---------------------------------------------------------------------------------------------------
def test_a_picture_is_served_as_nothing_but_a_picture(writer, client):
    picture = make_picture()
    answer = writer.get(reverse("rebuttals:picture", args=[picture.sha256]))
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/png")
    assert answer.content == bytes(picture.content)
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"
    assert answer["Cache-Control"] == "private, no-cache"
    again = writer.get(reverse("rebuttals:picture", args=[picture.sha256]), headers={"If-None-Match": answer["ETag"]})
    assert again.status_code == 304
    assert writer.get(reverse("rebuttals:picture", args=["0" * 64])).status_code == 404


def test_only_those_who_may_read_see_a_picture(client):
    address = reverse("rebuttals:picture", args=[make_picture().sha256])
    known = {"If-None-Match": f'"{make_picture().sha256}"'}
    assert client.get(address).url.startswith(reverse("desk:sign_in"))
    for person, status in ((make_person(roles=[]), 403), (make_person(roles=["auditor"]), 200)):
        client.force_login(person)
        assert client.get(address).status_code == status
    client.force_login(make_person(roles=[]))
    assert client.get(address, headers=known).status_code == 403
    assert client.post(address).status_code == 405


def test_only_writers_change_pictures_and_an_auditor_looks(client, draft):
    for role, reading, writing in (("analyst", 403, 403), ("auditor", 200, 403)):
        client.force_login(make_person(roles=[role]))
        assert client.get(page_of(draft)).status_code == reading
        assert client.post(page_of(draft), rows()).status_code == writing
