"""Raw SQL against cleared lines and their releases: nothing leaves outside the scope that was signed."""

from datetime import timedelta

import pytest
from django.db import IntegrityError

from planner.claims.models import Claim
from planner.narratives.models import Narrative
from planner.people.models import User
from planner.rebuttals.models import ClearedLine, Release
from tests.factories import NIGHT, make_approval, make_draft, make_line, make_person, make_rebuttal
from tests.rebuttals.attacks import END_APPROVAL, INSERT_RELEASE, refuses, sql

pytestmark = pytest.mark.django_db
LATER = NIGHT + timedelta(minutes=5)


@pytest.fixture
def line() -> ClearedLine:
    return make_line()


@pytest.fixture
def duty() -> User:
    return make_person("Hala Amin", roles=["duty"])


def claim_of(narrative: Narrative | None) -> Claim:
    times = {"broke_earliest": NIGHT, "broke_latest": NIGHT, "created_at": NIGHT}
    return Claim.objects.create(text="The road is closed.", narrative=narrative, **times)


def test_a_line_goes_out_once_for_each_claim_of_its_narrative_until_it_is_used_up(duty):
    line = make_line(maximum_uses=2)
    first, second, third = (claim_of(line.narrative) for _ in range(3))
    assert sql(INSERT_RELEASE, line.pk, first.pk, duty.pk, LATER) == 1
    refuses("line_once_per_claim", INSERT_RELEASE, line.pk, first.pk, duty.pk, LATER)
    assert sql(INSERT_RELEASE, line.pk, second.pk, duty.pk, LATER) == 1
    refuses("used as often as it was signed for", INSERT_RELEASE, line.pk, third.pk, duty.pk, LATER)


@pytest.mark.parametrize("minutes", [-1, 12 * 60])
def test_a_line_stays_in_the_house_outside_its_window(line, duty, minutes):
    at = NIGHT + timedelta(minutes=minutes)
    refuses("may not be released at this moment", INSERT_RELEASE, line.pk, claim_of(line.narrative).pk, duty.pk, at)


def test_a_line_stays_in_the_house_for_a_claim_of_another_narrative_or_of_none(line, duty):
    for narrative in (Narrative.objects.create(name="Another storyline"), None):
        refuses("another narrative", INSERT_RELEASE, line.pk, claim_of(narrative).pk, duty.pk, LATER)


def test_a_line_whose_approval_was_withdrawn_has_ended(line, duty):
    sql(END_APPROVAL, LATER, line.approval.approver_id, line.approval_id)
    line.refresh_from_db()
    assert line.ended_at == LATER
    refuses("approval of this line has ended", INSERT_RELEASE, line.pk, claim_of(line.narrative).pk, duty.pk, LATER)


def test_a_line_that_was_ended_stays_in_the_house_and_stays_ended(line, duty):
    sql("UPDATE rebuttals_clearedline SET ended_at = %s WHERE id = %s", LATER, line.pk)
    refuses("this line has ended", INSERT_RELEASE, line.pk, claim_of(line.narrative).pk, duty.pk, LATER)
    refuses("ends, once and for good", "UPDATE rebuttals_clearedline SET ended_at = NULL WHERE id = %s", line.pk)


@pytest.mark.parametrize("person", [{"roles": ["analyst", "auditor"]}, {"roles": ["duty"], "is_active": False}])
def test_who_is_not_on_the_desk_cannot_release(line, person):
    who = make_person("Noor Salim", **person)
    refuses("released by an active duty officer", INSERT_RELEASE, line.pk, claim_of(line.narrative).pk, who.pk, LATER)


@pytest.mark.parametrize(
    "change",
    [
        "maximum_uses = 99",
        "during = tstzrange(lower(during), upper(during) + interval '1 year')",
        "channel_kinds = ARRAY['webhook']",
        "signed_at = now()",
    ],
)
def test_the_scope_that_was_signed_cannot_be_widened(line, change):
    refuses("keeps the scope that was signed", f"UPDATE rebuttals_clearedline SET {change} WHERE id = %s", line.pk)


def test_lines_and_releases_stay(line, duty):
    release = Release.objects.create(line=line, claim=claim_of(line.narrative), released_by=duty, released_at=LATER)
    refuses("never changes", "UPDATE rebuttals_release SET released_at = now() WHERE id = %s", release.pk)
    refuses("never changes", "DELETE FROM rebuttals_release")
    refuses("never changes", "TRUNCATE rebuttals_release CASCADE")
    refuses("never changes", "DELETE FROM rebuttals_clearedline")
    refuses("never changes", "TRUNCATE rebuttals_clearedline CASCADE")


def cleared_for(narrative, **fields):
    return make_approval(make_draft(make_rebuttal(narrative=narrative), **fields))


@pytest.fixture
def narrative() -> Narrative:
    return Narrative.objects.create(name="The dam breaks")


@pytest.mark.parametrize("who", ["author", "duty"])
def test_only_an_approver_who_did_not_write_the_words_signs_them(narrative, duty, who):
    author = make_person("Amira Saleh", roles=["officer", "approver"])
    signer = {"author": author, "duty": duty}[who]
    with pytest.raises(IntegrityError, match="an active approver who did not write it"):
        make_line(cleared_for(narrative, author=author), signed_by=signer)


def test_words_are_signed_only_for_the_narrative_they_were_cleared_for(narrative):
    with pytest.raises(IntegrityError, match="not cleared for this narrative"):
        make_line(cleared_for(narrative), narrative=Narrative.objects.create(name="Another storyline"))


def test_words_for_one_kind_of_channel_are_signed_for_that_kind_only(narrative):
    with pytest.raises(IntegrityError, match="cleared for channels of kind webhook only"):
        make_line(cleared_for(narrative, channel_kind="webhook"), channel_kinds=[])


def test_words_whose_approval_ended_are_not_signed(narrative):
    approval = cleared_for(narrative)
    sql(END_APPROVAL, LATER, approval.approver_id, approval.pk)
    with pytest.raises(IntegrityError, match="only while the approval of its words stands"):
        make_line(approval)


@pytest.mark.parametrize("during", [(NIGHT, None), (None, NIGHT), (NIGHT, NIGHT)])
def test_every_line_expires(narrative, during):
    with pytest.raises(IntegrityError, match="cleared_line_expires"):
        make_line(cleared_for(narrative), during=during)
