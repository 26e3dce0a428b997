"""Cleared lines and the rules of every page, through the pages."""

import re
from datetime import UTC, datetime, time, timedelta

import pytest
from django.urls import reverse

from planner.narratives.models import Narrative
from planner.rebuttals.models import ClearedLine, Draft, Release
from tests.factories import make_approval, make_channel, make_claim, make_draft, make_line, make_person, make_rebuttal
from tests.rebuttals.browsing import VERDICT, decide, text_of

pytestmark = pytest.mark.django_db


def sign(client, draft, button="sign", **words):
    """Press a button of the page on which a line is signed."""
    usual = {"maximum_uses": 1, "release_roles": ["duty", "officer"]}
    address = reverse("rebuttals:sign", args=[draft.uuid])
    return client.post(address, {**usual, **words, button: "1"}, follow=True)


def test_a_line_is_prepared_cleared_by_another_and_signed_in_the_wall_time_of_the_theatre(
    client, officer, approver, narrative, settings
):
    settings.PLANNER_ZONE = "Asia/Baghdad"
    client.force_login(officer)
    words = {"narrative": narrative.uuid, "language": "en", "channel_kind": "", "text": "The dam is inspected daily."}
    unrated = client.post(reverse("rebuttals:lines"), words)
    assert "Say how we rate the claim" in text_of(unrated)  # at night nobody has to think about it
    client.post(reverse("rebuttals:lines"), words | VERDICT)
    draft = Draft.objects.get()
    assert draft.rating == "false"
    client.force_login(approver)
    decide(client, draft, "approve", text_sha256=draft.text_sha256)
    window = {"starts": "2099-06-09T22:00", "ends": "2099-06-10T04:00", "maximum_uses": 2}
    sign(client, draft, **window)
    line = ClearedLine.objects.get()
    assert line.during.lower.isoformat() == "2099-06-09T19:00:00+00:00"
    assert (line.maximum_uses, line.signed_by, line.narrative) == (2, approver, narrative)


def test_a_new_line_is_counted_on_every_channel_before_anything_is_typed(client, officer, narrative):
    make_channel(name="The website"), make_channel(name="The night wire")
    client.force_login(officer)
    prepare = client.get(reverse("rebuttals:lines")).content.decode().split("Prepare a line")[1]
    assert re.findall(r"<bdi data-name>(.*?)</bdi>", prepare) == ["The night wire", "The website"]


def test_a_window_that_ends_before_it_begins_is_refused_in_words(client, approver, narrative):
    approval = make_approval(make_draft(make_rebuttal(narrative=narrative)))
    client.force_login(approver)
    window = {"starts": "2099-06-10T04:00", "ends": "2099-06-09T22:00", "maximum_uses": 1}
    answer = sign(client, approval.draft, **window)
    assert "The window must end after it begins." in text_of(answer)
    assert not ClearedLine.objects.exists()


def test_before_the_signature_the_page_says_what_the_line_would_have_covered(
    client, officer, approver, narrative, now, settings
):
    settings.PLANNER_ZONE = "Asia/Baghdad"
    approval = make_approval(make_draft(make_rebuttal(narrative=narrative)))
    bread = Narrative.objects.create(name="The bread")
    night = datetime.combine(now.date(), time(20, 30), tzinfo=UTC)  # 23:30 in Baghdad
    for days in (2, 3):
        make_claim("At night.", at=night - timedelta(days=days), narrative=narrative)
        make_claim("By day.", at=night - timedelta(days=days, hours=12), narrative=narrative)
        make_claim("Of bread.", at=night - timedelta(days=days), narrative=bread, language="ar")
    make_claim("Long ago.", at=night - timedelta(days=40), narrative=narrative)
    client.force_login(officer)
    window = {"starts": "2099-06-09T22:00", "ends": "2099-06-10T04:00"}

    def figures(**words):
        page = text_of(sign(client, approval.draft, button="preview", **window, **words))
        return [int(number) for number in re.findall(r'<div class="value">(\d+)</div>', page)]

    assert figures() == [4, 2]
    assert figures(also=[bread.uuid]) == [6, 4]
    assert figures(also=[bread.uuid], languages=["en"]) == [4 + 0, 2], (
        "the claims without a language fit, Arabic ones not"
    )
    assert not ClearedLine.objects.exists()


def test_who_may_release_is_signed_with_the_line_and_shown(client, approver, duty, narrative):
    approval = make_approval(make_draft(make_rebuttal(narrative=narrative)))
    client.force_login(approver)
    window = {"starts": "2099-06-09T22:00", "ends": "2099-06-10T04:00"}
    nobody = sign(client, approval.draft, **window, release_roles=[])
    assert "Say who may release the line" in text_of(nobody)
    wrong = sign(client, approval.draft, **window, languages=["ar"])
    assert "Select a valid choice" in text_of(wrong) or "choose this language, too" in text_of(wrong)
    shown = sign(client, approval.draft, **window, release_roles=["approver"], release_people=[duty.uuid])
    line = ClearedLine.objects.get()
    assert (line.release_roles, line.release_people) == (["approver"], [duty.pk])
    page = text_of(shown)
    assert "waits for its window" in page
    assert re.search(r"released by approver,\s+<bdi>Hala Amin</bdi>", page)


def test_a_line_is_revoked_with_one_press(client, duty, now):
    line = make_line(at=now - timedelta(hours=1))
    client.force_login(duty)
    page = text_of(client.get(reverse("rebuttals:lines")))
    assert 'value="Overtaken by events."' in page
    client.post(reverse("rebuttals:end_line", args=[line.uuid]), {"reason": "Overtaken by events."})
    line.refresh_from_db()
    assert line.ended_at is not None
    assert "revoked" in text_of(client.get(reverse("rebuttals:lines")))


@pytest.mark.parametrize(
    ("hours", "uses", "words"),
    [
        ((2, 12), 1, "waits for its window"),
        ((-1, 48), 1, "ready"),
        ((-1, 1), 1, "expires tonight"),
        ((-1, 48), 0, "used up"),
    ],
)
def test_each_line_says_in_words_how_it_stands(client, duty, claim, now, hours, uses, words):
    approval = make_approval(make_draft(make_rebuttal(narrative=claim.narrative)))
    line = make_line(approval, at=now + timedelta(hours=hours[0]), hours=hours[1] - hours[0])
    if not uses:
        Release.objects.create(line=line, claim=claim, released_by=duty, released_at=now)
    client.force_login(duty)
    page = text_of(client.get(reverse("rebuttals:lines")))
    assert re.search(rf'<span class="state" data-state="\w+"><svg.*?</svg>[^<]*{words}</span>', page, re.DOTALL)


def test_the_duty_officer_releases_a_line_and_goes_on_to_schedule_it(client, duty, claim, now):
    approval = make_approval(make_draft(make_rebuttal(narrative=claim.narrative), at=now), at=now)
    line = make_line(approval, at=now - timedelta(hours=1))
    client.force_login(duty)
    page = text_of(client.get(reverse("rebuttals:lines"), {"claim": claim.uuid}))
    assert "Choose channel and moment" in page
    answer = client.post(reverse("rebuttals:release", args=[line.uuid]), {"claim": claim.uuid})
    release = Release.objects.get()
    schedule = reverse("publishing:schedule", args=[approval.uuid])
    assert answer.url == f"{schedule}?release={release.uuid}&claim={claim.uuid}"


def test_outside_its_scope_the_page_says_why_and_whom_to_wake(client, duty, claim, now):
    make_line(make_approval(make_draft(make_rebuttal(narrative=claim.narrative))), at=now + timedelta(hours=2))
    client.force_login(duty)
    page = text_of(client.get(reverse("rebuttals:lines"), {"claim": claim.uuid}))
    assert "Its window has not begun." in page
    assert "No approver is on watch now." in page
    assert "Release it now" not in page
    assert '<input type="hidden" name="why" value="Its window has not begun.">' in page


def test_a_release_that_came_too_late_says_so(client, duty, claim, now):
    line = make_line(make_approval(make_draft(make_rebuttal(narrative=claim.narrative))), at=now - timedelta(days=2))
    client.force_login(duty)
    answer = client.post(reverse("rebuttals:release", args=[line.uuid]), {"claim": claim.uuid}, follow=True)
    assert "Not released. It has expired." in text_of(answer)
    assert not Release.objects.exists()


# doors ----------------------------------------------------------------------------------------------------------------
def addresses(claim, draft):
    line = make_line()
    return [
        reverse("rebuttals:list"),
        reverse("rebuttals:edit", args=[claim.uuid]),
        reverse("rebuttals:edit_line", args=[line.approval.draft.rebuttal.uuid]),
        reverse("rebuttals:review", args=[draft.uuid]),
        reverse("rebuttals:lines"),
    ]


def test_an_auditor_reads_every_page_and_changes_nothing(client, claim):
    draft = make_draft()
    client.force_login(make_person("Ines Roth", roles=["auditor"]))
    for address in addresses(claim, draft):
        assert client.get(address).status_code == 200, address
    assert client.post(reverse("rebuttals:review", args=[draft.uuid]), {"act": "approve"}).status_code == 403
    assert client.post(reverse("rebuttals:edit", args=[claim.uuid]), {"text": "x"}).status_code == 403


def test_who_has_no_role_is_told_which_one_is_needed(client, claim):
    client.force_login(make_person("Noor Salim"))
    for address in addresses(claim, make_draft()):
        assert client.get(address).status_code == 403, address


def test_pages_carry_no_inline_script_or_style(client, approver, claim):
    client.force_login(approver)
    make_approval(make_draft(make_rebuttal(claim=claim)))
    for address in addresses(claim, make_draft()):
        page = text_of(client.get(address))
        assert "<script>" not in page
        assert 'style="' not in page
