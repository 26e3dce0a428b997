"""A claim is made, corrected, decided, answered, merged; and the journal has each of it."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.claims.core.observed import Observed
from planner.claims.models import Claim, Flood, Sighting, Source
from planner.claims.services import (
    ClaimRefused,
    correct,
    decide,
    ingest,
    make_claim,
    mark_answered,
    merge,
    record_pickup,
)
from planner.journal.models import Entry
from planner.narratives.models import Narrative
from tests.factories import make_person

pytestmark = pytest.mark.django_db
BROKE = datetime(2014, 6, 9, 19, 30, tzinfo=UTC)
NOW = BROKE + timedelta(hours=2)


def made(text: str = "The city has fallen", **words) -> Claim:
    return make_claim(**{"text": text, "broke_earliest": BROKE, "broke_latest": BROKE, "now": NOW} | words)


def story(claim: Claim) -> list[tuple[str, datetime, dict]]:
    entries = Entry.objects.filter(claim=claim.uuid).order_by("seq")
    return [(entry.milestone, entry.at, entry.detail) for entry in entries]


def flood() -> Flood:
    moments = [BROKE + timedelta(minutes=n) for n in range(6)]
    ingest([Observed(f"a{n}", f"{n}", at, "It fell", f"a{n}", language="ar") for n, at in enumerate(moments)], now=NOW)
    return Flood.objects.get()


# making ---------------------------------------------------------------------------------------------------------------
def test_a_claim_by_hand_is_unread_and_stamped_with_what_latency_needs():
    analyst = make_person(roles=["analyst"])
    claim = made(
        broke_latest=BROKE + timedelta(minutes=5), severity="high", language="ar", evidence="first post", by=analyst
    )
    assert (claim.state, claim.created_at) == ("unread", NOW)
    [(milestone, at, detail)] = story(claim)
    assert (milestone, at) == ("claimed", NOW)
    assert detail == {
        "broke_earliest": "2014-06-09T19:30:00+00:00", "broke_latest": "2014-06-09T19:35:00+00:00",
        "severity": "high", "language": "ar", "narrative": "", "evidence": "first post",
    }  # fmt: skip
    assert Entry.objects.get(claim=claim.uuid).actor == analyst.username


def test_a_claim_of_a_flood_takes_its_sightings_source_and_language():
    claim = made(flood=flood())
    assert (claim.source.name, claim.language, claim.sightings.count()) == ("a0", "ar", 6)
    assert [entry[:2] for entry in story(claim)] == [("sighted", BROKE), ("claimed", NOW)]
    assert story(claim)[0][2] == {"sightings": 6, "source": "a0"}


def test_a_claim_of_chosen_sightings_leaves_the_others():
    flood()
    first, second = Sighting.objects.order_by("posted_at")[:2]
    claim = made(sighting_ids=[second.pk])
    assert [s.pk for s in claim.sightings.all()] == [second.pk]
    assert Sighting.objects.get(pk=first.pk).claim is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ({"text": "  "}, "needs its words"),
        ({"severity": "huge"}, "low, medium, high, critical, not “huge”"),
        ({"broke_latest": BROKE - timedelta(minutes=1)}, "swap the two times"),
        ({"broke_earliest": NOW + timedelta(hours=1), "broke_latest": NOW + timedelta(hours=1)}, "in the future"),
    ],
)
def test_a_claim_that_cannot_be_is_refused_with_a_reason_and_leaves_nothing(words, told):
    with pytest.raises(ClaimRefused, match=told):
        made(**words)
    assert not Claim.objects.exists()
    assert not Entry.objects.exists()


def test_a_flood_or_sighting_makes_one_claim_only():
    wave = flood()
    made(flood=wave)
    with pytest.raises(ClaimRefused, match="flood belongs to a claim already"):
        made(flood=wave)
    with pytest.raises(ClaimRefused, match="belongs to a claim already"):
        made(sighting_ids=[Sighting.objects.first().pk])
    assert Claim.objects.count() == 1


# deciding -------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("decision", "state", "milestone"),
    [("answer", "taken_up", "triaged"), ("watch", "watched", "triaged"), ("decline", "declined", "declined")],
)
def test_a_decision_has_a_name_a_time_and_a_reason(decision, state, milestone):
    analyst, claim = make_person(roles=["analyst"]), made()
    row = decide(claim, decision=decision, by=analyst, now=NOW, reason="too small")
    assert (row.state, row.decided_by, row.decided_at, row.decision_reason) == (state, analyst, NOW, "too small")
    assert story(claim)[-1] == (milestone, NOW, {"decision": decision, "reason": "too small"})
    decide(claim, decision=decision, by=analyst, now=NOW + timedelta(hours=1), reason="again")
    assert len(story(claim)) == 2


def test_a_declined_claim_says_why_and_may_still_be_taken_up():
    claim = made()
    with pytest.raises(ClaimRefused, match="Say why"):
        decide(claim, decision="decline", by=None, now=NOW, reason="  ")
    decide(claim, decision="decline", by=None, now=NOW, reason="too small")
    assert decide(claim, decision="answer", by=None, now=NOW).state == "taken_up"


def test_an_answered_or_merged_claim_is_not_decided_again():
    answered, other, target = made(), made(), made()
    mark_answered(answered, at=NOW, now=NOW)
    merge(other, into=target, by=None, now=NOW)
    with pytest.raises(ClaimRefused, match="answered already"):
        decide(answered, decision="watch", by=None, now=NOW)
    with pytest.raises(ClaimRefused, match="merged into another"):
        decide(other, decision="watch", by=None, now=NOW)


def test_a_claim_is_answered_once_at_the_first_official_word():
    claim = made()
    assert mark_answered(claim, at=NOW, now=NOW) is True
    assert mark_answered(claim, at=NOW + timedelta(hours=1), now=NOW + timedelta(hours=1)) is False
    assert [entry[:2] for entry in story(claim)][1:] == [("answered", NOW)]
    assert Claim.objects.get().state == "answered"


# correcting -----------------------------------------------------------------------------------------------------------
def test_a_correction_is_stamped_field_by_field_with_before_and_after():
    claim, narrative = made(), Narrative.objects.create(name="Advance")
    earlier = BROKE - timedelta(minutes=20)
    row = correct(
        claim, by=None, now=NOW, broke_earliest=earlier, severity="high", narrative=narrative, evidence="seen"
    )
    assert (row.broke_earliest, row.broke_latest, row.severity, row.narrative) == (earlier, BROKE, "high", narrative)
    details = {entry[2]["field"]: (entry[2]["before"], entry[2]["after"]) for entry in story(claim)[1:]}
    assert details == {
        "broke_earliest": ("2014-06-09T19:30:00+00:00", "2014-06-09T19:10:00+00:00"),
        "evidence": ("", "seen"),
        "severity": ("medium", "high"),
        "narrative": (None, "Advance"),
    }
    correct(claim, by=None, now=NOW, severity="high")
    assert len(story(claim)) == 5


def test_a_later_beginning_moves_the_end_along_and_a_wrong_order_is_refused():
    claim, later = made(), BROKE + timedelta(minutes=20)
    assert correct(claim, by=None, now=NOW, broke_earliest=later).broke_latest == later
    with pytest.raises(ClaimRefused, match="swap the two times"):
        correct(claim, by=None, now=NOW, broke_latest=BROKE)
    assert Claim.objects.get().broke_latest == later


# merging --------------------------------------------------------------------------------------------------------------
def test_merging_moves_what_belongs_to_the_claim_and_keeps_the_earliest_moment():
    wave = flood()
    early, late = made(flood=wave), made(broke_earliest=NOW, broke_latest=NOW)
    outlet = Source.objects.create(name="Daily", kind="media")
    record_pickup(early, source=outlet, at=NOW, now=NOW, carried=False)
    record_pickup(late, source=outlet, at=NOW, now=NOW, carried=False)
    kept = merge(early, into=late, by=None, now=NOW)
    assert (kept.broke_earliest, kept.sightings.count(), kept.floods.get()) == (BROKE, 6, wave)
    assert kept.pickups.count() == 1
    early.refresh_from_db()
    assert (early.state, early.merged_into) == ("merged", late)
    assert story(early)[-1][0] == "merged"
    assert [entry[0] for entry in story(late)].count("corrected") == 2


def test_a_chain_of_merges_ends_at_one_claim_and_an_answer_reaches_it():
    first, second, third = made(), made(), made()
    merge(first, into=second, by=None, now=NOW)
    merge(second, into=third, by=None, now=NOW)
    first.refresh_from_db()
    assert first.merged_into == third
    assert mark_answered(first, at=NOW, now=NOW)
    assert Claim.objects.get(pk=third.pk).state == "answered"


def test_a_merge_that_would_lose_an_answer_or_go_in_a_circle_is_refused():
    one, two, three = made(), made(), made()
    with pytest.raises(ClaimRefused, match="into itself"):
        merge(one, into=one, by=None, now=NOW)
    mark_answered(one, at=NOW, now=NOW)
    with pytest.raises(ClaimRefused, match="merge the other one into it"):
        merge(one, into=two, by=None, now=NOW)
    merge(two, into=three, by=None, now=NOW)
    with pytest.raises(ClaimRefused, match="already"):
        merge(three, into=two, by=None, now=NOW)


# pick-ups -------------------------------------------------------------------------------------------------------------
def test_a_pickup_is_noted_once_and_whether_our_answer_was_carried_can_follow():
    claim, outlet = made(), Source.objects.create(name="Daily", kind="media")
    at = NOW - timedelta(minutes=5)
    first = record_pickup(claim, source=outlet, at=at, now=NOW, carried=False, url="https://example.org/a")
    again = record_pickup(claim, source=outlet, at=at, now=NOW, carried=True)
    record_pickup(claim, source=outlet, at=at, now=NOW, carried=True)
    assert (first.pk, again.carried) == (again.pk, True)
    assert [entry[:2] for entry in story(claim)[1:]] == [("picked_up", at), ("carried", at)]
    with pytest.raises(ClaimRefused, match="not come yet"):
        record_pickup(claim, source=outlet, at=NOW + timedelta(hours=1), now=NOW, carried=False)
