"""Two connections at once: whichever commits first, the other sees it, waits for it, or fails. Never both."""

from datetime import timedelta

import psycopg
import pytest
from psycopg.errors import IntegrityConstraintViolation, SerializationFailure

from planner.claims.models import Claim
from planner.rebuttals.models import Approval, Release
from tests.factories import NIGHT, make_approval, make_draft, make_line, make_person
from tests.rebuttals.attacks import END_APPROVAL, INSERT_APPROVAL, INSERT_DRAFT, INSERT_RELEASE, Waiting, rival

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NIGHT + timedelta(minutes=5)


def approve(draft, approver):
    return INSERT_APPROVAL, (draft.pk, draft.author_id, draft.text_sha256, approver.pk, LATER)


def edit(draft):
    words = "The city stands, says the mayor."
    return INSERT_DRAFT, (draft.rebuttal_id, draft.version + 1, draft.author_id, words, words, LATER)


def end(approval):
    return END_APPROVAL, (LATER, approval.approver_id, approval.pk)


def let_out(line, who):
    times = {"broke_earliest": NIGHT, "broke_latest": NIGHT, "created_at": NIGHT}
    claim = Claim.objects.create(text="The road is closed.", narrative=line.narrative, **times)
    return INSERT_RELEASE, (line.pk, claim.pk, who.pk, LATER)


def race(first, second, isolation="read committed"):
    """`first` acts and holds its transaction, `second` must wait for it; both commit; the error that `second` met."""
    with rival(isolation) as a, rival(isolation) as b:
        if isolation != "read committed":
            b.execute("SELECT count(*) FROM rebuttals_draft")  # its snapshot is older than what `first` does
        a.execute(*first)

        def act():
            b.execute(*second)
            b.commit()

        waiting = Waiting(b, act)
        assert waiting.is_blocked(), "the rival was not made to wait"
        a.commit()
        return waiting.result()


@pytest.fixture
def approver():
    return make_person("Omar Aziz", roles=["approver"])


@pytest.fixture
def duty():
    return make_person("Hala Amin", roles=["duty"])


def test_an_edit_beats_an_approval_that_comes_a_moment_later(approver):
    draft = make_draft()
    error = race(edit(draft), approve(draft, approver))
    assert isinstance(error, IntegrityConstraintViolation)
    assert "is not the newest" in str(error)
    assert not Approval.objects.filter(ended_at=None).exists()


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read"])
def test_an_approval_that_beats_an_edit_by_a_moment_is_voided_by_it_or_the_edit_fails(approver, isolation):
    draft = make_draft()
    error = race(approve(draft, approver), edit(draft), isolation)
    approval = Approval.objects.get()
    if isolation == "read committed":
        assert error is None
        assert (approval.ended_at, approval.end_reason) == (LATER, "edited: version 2")
    else:
        assert isinstance(error, SerializationFailure)
        assert (approval.ended_at, approval.draft.rebuttal.drafts.count()) == (None, 1)


def test_of_two_approvers_at_once_one_approves(approver):
    draft, other = make_draft(), make_person("Sara Nouri", roles=["approver"])
    error = race(approve(draft, approver), approve(draft, other))
    assert isinstance(error, psycopg.errors.UniqueViolation)
    assert Approval.objects.get().approver == approver


def test_a_role_taken_away_a_moment_before_counts(approver):
    draft = make_draft()
    taken = ("UPDATE people_user SET roles = '{}' WHERE id = %s", (approver.pk,))
    error = race(taken, approve(draft, approver))
    assert "only an active person with the role approver" in str(error)
    assert not Approval.objects.exists()


def test_the_last_use_of_a_line_goes_to_one_of_two(duty):
    line = make_line(maximum_uses=1)
    error = race(let_out(line, duty), let_out(line, duty))
    assert "used as often as it was signed for" in str(error)
    assert Release.objects.count() == 1


def test_the_last_use_goes_to_one_of_two_who_both_looked_before(duty):
    line = make_line(maximum_uses=1)
    error = race(let_out(line, duty), let_out(line, duty), "repeatable read")
    assert isinstance(error, SerializationFailure)
    assert Release.objects.count() == 1


def test_of_two_people_who_release_one_line_for_one_claim_at_once_one_does(duty):
    line, other = make_line(maximum_uses=5), make_person("Tom Baker", roles=["officer"])
    first = let_out(line, duty)
    error = race(first, (INSERT_RELEASE, (line.pk, first[1][1], other.pk, LATER)))
    assert isinstance(error, psycopg.errors.UniqueViolation)
    assert Release.objects.get().released_by == duty


def test_a_releaser_whose_role_was_taken_a_moment_before_releases_nothing(duty):
    line = make_line(release_roles=["duty"])
    taken = ("UPDATE people_user SET roles = ARRAY['officer'] WHERE id = %s", (duty.pk,))
    assert "signed for other people" in str(race(taken, let_out(line, duty)))
    assert not Release.objects.exists()


@pytest.mark.parametrize("isolation", ["read committed", "repeatable read"])
def test_a_line_is_not_released_on_an_approval_withdrawn_a_moment_before(duty, isolation):
    line = make_line()
    error = race(end(line.approval), let_out(line, duty), isolation)
    assert isinstance(error, IntegrityConstraintViolation | SerializationFailure)
    assert not Release.objects.exists()


def test_a_withdrawal_waits_for_a_release_under_way_and_then_holds(duty):
    line = make_line(maximum_uses=2)
    assert race(let_out(line, duty), end(line.approval)) is None
    line.refresh_from_db()
    assert (Release.objects.count(), line.ended_at) == (1, LATER)


def test_of_two_withdrawals_the_first_is_on_record():
    approval = make_approval()
    error = race(end(approval), end(approval))
    assert "it ends, once and for good" in str(error)


def test_a_withdrawal_and_an_edit_at_once_end_the_approval_once():
    approval = make_approval()
    assert race(end(approval), edit(approval.draft)) is None
    approval.refresh_from_db()
    assert approval.end_reason == "wrong figure"
