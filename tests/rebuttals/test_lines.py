"""Signing lines for the night and letting them out."""

from datetime import timedelta

import pytest

from planner.claims.models import Claim
from planner.coverage.models import Supply
from planner.journal.models import Entry
from planner.narratives.models import Narrative
from planner.rebuttals import lines as shelf
from planner.rebuttals import services
from planner.rebuttals.models import Release
from tests.factories import NIGHT, make_approval, make_draft, make_line, make_person, make_rebuttal

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)
WINDOW = (NIGHT, NIGHT + timedelta(hours=12))


@pytest.fixture
def narrative():
    return Narrative.objects.create(name="The dam breaks")


@pytest.fixture
def approval(narrative):
    return make_approval(make_draft(make_rebuttal(narrative=narrative)))


@pytest.fixture
def duty():
    return make_person("Hala Amin", roles=["duty"])


def sign(approval, **words):
    usual = {"narrative": approval.draft.rebuttal.narrative, "during": WINDOW, "maximum_uses": 2, "channel_kinds": []}
    return services.sign_line(approval, **{**usual, "by": approval.approver, "now": NIGHT, **words})


def claim_of(narrative):
    times = {"broke_earliest": NIGHT, "broke_latest": NIGHT, "created_at": NIGHT}
    return Claim.objects.create(text="The road is closed.", narrative=narrative, **times)


def test_a_signed_line_covers_drafted_and_cleared_for_its_window(approval):
    line = sign(approval)
    supply = Supply.objects.get()
    assert (supply.key, supply.links, supply.languages) == (f"line:{line.uuid}", ["drafted", "cleared"], ["en"])
    assert (supply.during.lower, supply.during.upper) == WINDOW
    entry = Entry.objects.get(milestone="approved")
    assert (entry.subject, entry.detail["maximum_uses"]) == (f"line:{line.uuid}", 2)


def test_the_same_words_can_be_signed_for_another_night(approval):
    sign(approval)
    tomorrow = tuple(moment + timedelta(days=1) for moment in WINDOW)
    assert sign(approval, during=tomorrow).during.lower == tomorrow[0]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        ({"during": (NIGHT, NIGHT)}, "must end after it begins"),
        ({"during": (NIGHT - timedelta(hours=2), NIGHT - timedelta(hours=1))}, "lies in the past"),
        ({"maximum_uses": 0}, "at least once"),
    ],
)
def test_a_line_without_a_scope_is_not_signed(approval, words, sentence):
    with pytest.raises(services.RebuttalRefused, match=sentence):
        sign(approval, **words)
    assert not Supply.objects.exists()


def test_only_another_approver_signs_and_only_for_the_narrative_of_the_words(approval, duty):
    with pytest.raises(services.RebuttalRefused, match="Only an approver"):
        sign(approval, by=duty)
    with pytest.raises(services.RebuttalRefused, match="not cleared for this narrative"):
        sign(approval, narrative=Narrative.objects.create(name="Another"))


def test_words_for_one_kind_of_channel_stay_on_it(narrative):
    approval = make_approval(make_draft(make_rebuttal(narrative=narrative), channel_kind="webhook"))
    assert sign(approval).channel_kinds == ["webhook"]


def test_a_duty_officer_lets_a_line_out_for_a_claim(narrative, approval, duty):
    line, claim = sign(approval), claim_of(narrative)
    released = services.release(line, claim=claim, by=duty, now=LATER)
    assert (released.released_by, released.released_at) == (duty, LATER)
    entry = Entry.objects.get(milestone="released")
    assert (entry.claim, entry.actor, entry.detail["line"]) == (claim.uuid, duty.username, str(line.uuid))
    assert Supply.objects.get().during.upper == WINDOW[1]


def test_the_last_use_ends_what_the_line_covered(narrative, approval, duty):
    line = sign(approval, maximum_uses=1)
    services.release(line, claim=claim_of(narrative), by=duty, now=LATER)
    assert Supply.objects.get().during.upper == LATER
    with pytest.raises(services.RebuttalRefused, match="as often as it was signed for"):
        services.release(line, claim=claim_of(narrative), by=duty, now=LATER)


def test_outside_its_scope_a_line_stays_in_the_house_and_every_reason_is_given(approval, duty):
    line = sign(approval)
    with pytest.raises(services.RebuttalRefused) as refused:
        services.release(line, claim=claim_of(None), by=duty, now=WINDOW[1])
    assert "It has expired." in str(refused.value)
    assert "another narrative" in str(refused.value)
    assert not Release.objects.exists()


def test_an_analyst_releases_nothing(narrative, approval):
    with pytest.raises(services.RebuttalRefused, match="Only a duty officer"):
        services.release(
            sign(approval), claim=claim_of(narrative), by=make_person("Noor", roles=["analyst"]), now=LATER
        )


def test_a_withdrawn_approval_takes_its_lines_off_the_shelf(narrative, approval, duty):
    line = sign(approval)
    services.withdraw(approval, by=duty, reason="wrong figure", now=LATER)
    assert Supply.objects.get().during.upper == LATER
    with pytest.raises(services.RebuttalRefused, match="approval was withdrawn"):
        services.release(line, claim=claim_of(narrative), by=duty, now=LATER)
    assert shelf.open_lines(now=LATER) == []


def test_a_line_is_ended_before_its_time_with_a_reason(narrative, approval, duty):
    line = sign(approval)
    with pytest.raises(services.RebuttalRefused, match="Say why"):
        services.end_line(line, by=duty, now=LATER, reason="")
    services.end_line(line, by=duty, now=LATER, reason="overtaken by events")
    assert Supply.objects.get().during.upper == LATER
    with pytest.raises(services.RebuttalRefused, match="It was ended"):
        services.release(line, claim=claim_of(narrative), by=duty, now=LATER)
    approval.refresh_from_db()
    assert approval.ended_at is None


def test_the_lines_for_a_claim_are_those_of_its_narrative_with_what_stands_against_them(narrative, approval):
    line, _other = sign(approval), make_line()
    early = make_approval(make_draft(make_rebuttal(narrative=narrative), text="Later words."))
    sign(early, during=(LATER + timedelta(hours=1), WINDOW[1]))
    shown = shelf.open_lines(now=LATER, claim=claim_of(narrative))
    assert [(item.line.pk == line.pk, [str(why) for why in item.outside]) for item in shown] == [
        (True, []),
        (False, ["early"]),
    ]
