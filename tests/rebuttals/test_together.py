"""One look, several texts: each approved as it was read, all of them or none; and the page on which that is done."""

from datetime import timedelta

import pytest
from django.urls import reverse

from planner.journal.models import Entry
from planner.rebuttals import services
from planner.rebuttals.core.words import Shown
from planner.rebuttals.models import Approval, Refusal
from planner.tasking.models import Rung, Task
from planner.tasking.services import token
from tests.factories import NIGHT, make_draft, make_person, make_picture, make_rebuttal, make_shift
from tests.rebuttals.attacks import INSERT_DRAFT, Waiting, rival
from tests.rebuttals.browsing import text_of

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)


class Texts:
    """Three texts of one answer that wait."""

    def __init__(self, claim=None, at=NIGHT):
        rebuttal = self.rebuttal = make_rebuttal(claim=claim, at=at)
        self.english = make_draft(rebuttal, text="The dam holds.", at=at)
        same = {"author": self.english.author, "at": at}
        self.arabic = make_draft(rebuttal, text="السد صامد.", language="ar", **same)
        self.site = make_draft(rebuttal, text="The dam holds. See.", channel_kind="webhook", **same)
        self.all = [self.english, self.arabic, self.site]

    def read(self):
        return [(draft, draft.text_sha256) for draft in self.all]


@pytest.fixture
def texts(claim, now):
    return Texts(claim, now)


def together(texts, approver, read=None):
    return services.approve_together(read or texts.read(), approver=approver, now=LATER)


# the act --------------------------------------------------------------------------------------------------------------
def test_each_text_gets_an_approval_of_its_own_bound_to_its_own_words(texts, approver):
    approvals = together(texts, approver)
    assert [one.text_sha256 for one in approvals] == [draft.text_sha256 for draft in texts.all]
    assert len({one.text_sha256 for one in approvals}) == 3
    assert {one.approver for one in approvals} == {approver}
    stamped = Entry.objects.filter(milestone="approved").order_by("seq")
    assert [one.subject for one in stamped] == [f"approval:{one.uuid}" for one in approvals]


def _edited(texts, _approver):
    make_draft(texts.rebuttal, text="السد صامد، والماء عادي.", language="ar")


def _refused(texts, approver):
    services.refuse(texts.arabic, by=make_person("Sara", roles=["approver"]), comment="No.", now=LATER)


def _approved(texts, approver):
    services.approve(texts.arabic, approver=approver, now=LATER, text_sha256=texts.arabic.text_sha256)


def _recalled(texts, _approver):
    services.recall(texts.arabic, by=texts.arabic.author, now=LATER)


@pytest.mark.parametrize("change", [_edited, _refused, _approved, _recalled])
def test_when_one_changed_meanwhile_nothing_is_approved_and_it_is_said_which(texts, approver, change):
    change(texts, approver)
    before = Approval.objects.count()
    with pytest.raises(services.SomeChanged, match="Nothing was approved") as refused:
        together(texts, approver)
    assert [draft for draft, _reasons in refused.value.texts] == [texts.arabic]
    assert Approval.objects.count() == before


def test_another_hash_than_that_of_one_text_approves_none(texts, approver):
    swapped = [(texts.english, texts.arabic.text_sha256), (texts.arabic, texts.arabic.text_sha256)]
    with pytest.raises(services.SomeChanged):
        together(texts, approver, swapped)
    assert not Approval.objects.exists()


def test_who_wrote_one_of_them_approves_none_of_them_in_one_go(texts):
    both = make_person("Amira", roles=["officer", "approver"])
    own = make_draft(texts.rebuttal, text="Le barrage tient.", language="fr", author=both)
    with pytest.raises(services.SomeChanged) as refused:
        together(texts, both, [*texts.read(), (own, own.text_sha256)])
    assert refused.value.texts[0][1] == ["You wrote this text: somebody else has to clear it."]
    assert not Approval.objects.exists()


def test_texts_of_two_answers_are_not_one_look(texts, approver):
    other = make_draft()
    for read in ([], [*texts.read(), (other, other.text_sha256)]):
        with pytest.raises(services.RebuttalRefused, match="all of one answer"):
            services.approve_together(read, approver=approver, now=LATER)


@pytest.mark.django_db(transaction=True)
def test_an_edit_at_the_same_moment_lets_none_of_them_through(approver):
    texts = Texts()
    words = "The dam holds, says the ministry."
    row = (texts.rebuttal.pk, 2, texts.english.author_id, words, words, LATER)
    with rival() as editor:
        editor.execute(INSERT_DRAFT, row)
        with rival() as other:
            waiting = Waiting(other, lambda: other.execute("SELECT FROM rebuttals_rebuttal FOR UPDATE"))
            assert waiting.is_blocked()
            editor.commit()
            assert waiting.result() is None
    with pytest.raises(services.SomeChanged):
        together(texts, approver)
    assert not Approval.objects.exists()


# the page -------------------------------------------------------------------------------------------------------------
def look(client, texts, **words):
    address = reverse("rebuttals:look", args=[texts.rebuttal.uuid])
    return client.post(address, words, follow=True) if words else client.get(address)


def boxes(texts):
    return [f"{draft.uuid}:{draft.text_sha256}" for draft in texts.all]


def test_all_texts_stand_on_one_page_and_one_press_approves_them(client, approver, texts):
    client.force_login(approver)
    page = text_of(look(client, texts))
    for draft, box in zip(texts.all, boxes(texts), strict=True):
        assert draft.text in page
        assert f'value="{box}" checked' in page
    page = text_of(look(client, texts, act="approve", read=boxes(texts)))
    assert "Approved: 3 texts, exactly these words." in page
    assert Approval.objects.count() == 3


def test_only_what_is_ticked_is_approved(client, approver, texts):
    client.force_login(approver)
    look(client, texts, act="approve", read=boxes(texts)[:2])
    assert set(Approval.objects.values_list("draft__language", "draft__channel_kind")) == {("en", ""), ("ar", "")}


def test_what_changed_meanwhile_is_shown_word_by_word_and_nothing_was_approved(client, approver, texts):
    client.force_login(approver)
    read = boxes(texts)
    make_draft(texts.rebuttal, text="The dam held.", author=texts.english.author)
    answer = look(client, texts, act="approve", read=read)
    page = text_of(answer)
    assert answer.status_code == 409
    assert "Nothing was approved" in page
    assert "Not as you read it" in page
    assert "<del>holds</del><ins>held</ins>." in page
    assert not Approval.objects.exists()


def test_a_picture_that_came_meanwhile_is_shown_and_nothing_was_approved(client, approver, texts):
    client.force_login(approver)
    read = boxes(texts)
    shown = Shown(make_picture().sha256, "The dam, whole.")
    make_draft(texts.rebuttal, text="The dam holds.", author=texts.english.author, pictures=[shown])
    page = text_of(look(client, texts, act="approve", read=read))
    assert "Nothing was approved" in page
    assert "Picture 1 is new." in page
    assert not Approval.objects.exists()


def test_a_refusal_needs_a_comment_and_keeps_what_was_typed(client, approver, texts):
    client.force_login(approver)
    answer = look(client, texts, act="refuse", draft=str(texts.arabic.uuid), comment="  ")
    assert (answer.status_code, Refusal.objects.count()) == (409, 0)
    assert "Say what is wrong" in text_of(answer)
    look(client, texts, act="refuse", draft=str(texts.arabic.uuid), comment="Last week's figure.")
    assert Refusal.objects.get().draft == texts.arabic


@pytest.mark.parametrize("read", [["x"], ["00000000-0000-4000-8000-000000000000:00"], []])
def test_a_forged_form_approves_nothing(client, approver, texts, read):
    client.force_login(approver)
    answer = look(client, texts, act="approve", read=read)
    assert (answer.status_code, Approval.objects.count()) == (409, 0)


def test_an_unknown_button_and_an_unknown_text_do_nothing(client, approver, texts):
    client.force_login(approver)
    assert look(client, texts, act="publish").status_code == 400
    assert look(client, texts, act="refuse", draft="x", comment="x").status_code == 404


def test_an_author_reads_their_own_texts_and_has_no_button(client, texts):
    author = texts.english.author
    author.roles = ["officer", "approver"]
    author.save()
    client.force_login(author)
    page = text_of(look(client, texts))
    assert "You wrote this text" in page
    assert "Approve" not in page
    assert look(client, texts, act="approve", read=boxes(texts)).status_code == 409


# the link in a message ------------------------------------------------------------------------------------------------
@pytest.fixture
def asked(texts, approver, now):
    """A text handed in now, with the approver paged for it; the path of their link."""
    make_shift(approver, now - timedelta(hours=1), kind="on_call")
    draft = make_draft(texts.rebuttal, text="Le barrage tient.", language="fr", submitted_at=None)
    services.submit(draft, by=draft.author, now=now)
    return reverse("rebuttals:answer", args=[token(Rung.objects.get())])


def test_the_link_shows_the_words_and_asks_for_a_sign_in_to_approve(client, asked):
    answer = client.get(asked)
    page = text_of(answer)
    for words in ("Le barrage tient.", "left, until", "Sign in to approve or refuse", "?next=/rebuttals/look/"):
        assert words in page
    assert "Approve exactly" not in page
    assert (answer.headers["Referrer-Policy"], "no-store" in answer.headers["Cache-Control"]) == ("same-origin", True)
    assert Task.objects.get().state == "open"


def test_one_press_says_i_read_it(client, asked, approver):
    page = text_of(client.post(asked, follow=True))
    assert "Nobody else is paged before the deadline" in page
    assert (Task.objects.get().state, Task.objects.get().assignee) == ("acknowledged", approver)


def test_who_is_signed_in_on_the_phone_is_taken_straight_to_the_buttons(client, asked, approver, texts):
    client.force_login(approver)
    answer = client.get(asked)
    assert answer.headers["Location"] == reverse("rebuttals:look", args=[texts.rebuttal.uuid])
    assert "Approve the ticked texts" in text_of(client.get(answer.headers["Location"]))


def test_somebody_else_who_holds_the_link_approves_nothing(client, asked, texts):
    author = texts.english.author
    client.force_login(author)
    page = text_of(client.get(asked))
    assert "This link is for" in page
    assert client.post(asked, {"act": "approve", "read": boxes(texts)}).status_code == 302
    assert not Approval.objects.exists()


def test_an_altered_link_says_so_and_the_link_of_another_errand_leads_to_its_own_page(client, asked):
    assert client.get(asked[:-3] + "x/").status_code == 410
    other = asked.replace("/rebuttals/", "/tasks/")
    assert client.get(other).headers["Location"] == asked
