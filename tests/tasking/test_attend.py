"""A night nobody watches: the clock makes claims of floods, opens tasks and wakes somebody; by day it keeps out."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection

from planner.claims.core.words import Decision
from planner.claims.models import Claim, Flood, Sighting, Source
from planner.claims.services import decide
from planner.journal.models import Entry
from planner.notices.models import Notice
from planner.tasking.models import Task
from planner.tasking.services import attend, attending
from tests.factories import make_claim, make_person, make_shift

pytestmark = pytest.mark.django_db
NIGHT = datetime(2014, 6, 9, 22, 40, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)


@pytest.fixture
def layla():
    """A duty officer on call."""
    person = make_person("Layla", roles=["duty"])
    make_shift(person, NIGHT - 2 * HOUR, 10, kind="on_call")
    return person


def at_desk(*roles):
    person = make_person("Dana", roles=list(roles))
    make_shift(person, NIGHT - 2 * HOUR, 10)
    return person


def make_flood(*, accounts=7, started=NIGHT - 20 * MINUTE, kind="adversary", number=1):
    source, _new = Source.objects.get_or_create(name=f"Amaq {kind}", defaults={"kind": kind})
    words = {"fingerprint": number, "text": f"The city has fallen {number}."}
    flood = Flood.objects.create(
        started_at=started, ended_at=started + 9 * MINUTE, posts=12, accounts=accounts, **words
    )
    for place in range(2):
        at = started + place * MINUTE
        moments = {"posted_at": at, "fetched_at": at, "stored_at": at}
        Sighting.objects.create(
            source=source, external_id=f"{number}-{place}", flood=flood, language="ar", **words, **moments
        )
    return flood


def test_a_claim_that_breaks_while_nobody_is_at_the_desk_wakes_the_person_on_call(layla):
    claim = make_claim(at=NIGHT)

    assert attend(now=NIGHT + MINUTE) == 1

    task = Task.objects.get()
    assert (task.claim, task.off_hours, task.opened_by) == (claim, True, None)
    assert Notice.objects.get().person == layla
    assert attend(now=NIGHT + 2 * MINUTE) == 0


@pytest.mark.parametrize("role", ["analyst", "officer"])
def test_somebody_at_the_desk_is_left_to_do_their_work(layla, role):
    at_desk(role)
    make_claim(at=NIGHT)

    assert attend(now=NIGHT + MINUTE) == 0


def test_an_approver_alone_at_the_desk_cannot_begin_an_answer(layla):
    at_desk("approver")
    make_claim(at=NIGHT)

    assert attend(now=NIGHT + MINUTE) == 1


@pytest.mark.parametrize(
    "fields",
    [
        {"severity": "low"},
        {"state": "watched"},
        {"broke_earliest": NIGHT - 13 * HOUR, "broke_latest": NIGHT - 12 * HOUR},
        {"broke_earliest": NIGHT - 700 * HOUR, "broke_latest": NIGHT - 700 * HOUR},
    ],
)
def test_nobody_is_woken_for_what_can_wait_or_is_long_past(layla, fields):
    make_claim(at=NIGHT, **fields)

    assert attend(now=NIGHT) == 0
    assert not Notice.objects.exists()


@pytest.mark.parametrize("severity", ["medium", "high", "critical"])
def test_everything_of_weight_is_attended_to(layla, severity):
    make_claim(at=NIGHT, severity=severity)

    assert attend(now=NIGHT) == 1


def test_a_fresh_flood_that_nobody_reads_becomes_one_claim_and_one_page(layla):
    flood = make_flood()

    assert attend(now=NIGHT) == 2
    assert attend(now=NIGHT + MINUTE) == 0

    claim = Claim.objects.get()
    flood.refresh_from_db()
    assert (flood.claim, claim.broke_earliest, claim.language) == (claim, flood.started_at, "ar")
    assert "12 nearly identical posts from 7 accounts between 22:20 and 22:29 UTC, the first by Amaq" in claim.evidence
    assert Entry.objects.get(milestone="claimed").detail["evidence"] == claim.evidence
    assert Notice.objects.count() == 1


@pytest.mark.parametrize(
    "facts",
    [
        {"accounts": 4},
        {"started": NIGHT - 2 * HOUR},
        {"kind": "media"},
        {"kind": "amplifier"},
        {"started": NIGHT + HOUR},
    ],
)
def test_a_small_old_or_friendly_flood_is_left_to_the_morning(layla, facts):
    make_flood(**facts)

    assert attend(now=NIGHT) == 0


def test_an_analyst_at_the_desk_reads_floods_and_an_officer_does_not(layla):
    make_flood()
    at_desk("officer")

    assert attend(now=NIGHT) == 1, "a claim, for the inbox"
    assert (Claim.objects.count(), Task.objects.count()) == (1, 0)

    make_flood(number=2)
    at_desk("analyst")
    assert attend(now=NIGHT) == 0


def test_a_task_whose_claim_was_declined_is_closed_and_pages_nobody_further(layla):
    claim = make_claim(at=NIGHT)
    attend(now=NIGHT)
    decide(claim, decision=Decision.DECLINE, by=layla, reason="a rumour of ten people", now=NIGHT + MINUTE)

    assert attend(now=NIGHT + 2 * MINUTE) == 1

    task = Task.objects.get()
    assert (task.state, task.closed_reason) == ("closed", "declined")
    assert attend(now=NIGHT + 3 * MINUTE) == 0


def test_one_claim_that_fails_keeps_no_other_waiting_and_the_beat_still_says_so(layla):
    poison, plain = make_claim("Poison", at=NIGHT - MINUTE), make_claim("Plain", at=NIGHT)
    with connection.cursor() as cursor:
        cursor.execute(f"ALTER TABLE tasking_task ADD CONSTRAINT poison CHECK (claim_id <> {poison.pk}) NOT VALID")

    with pytest.raises(IntegrityError, match="poison"):
        attend(now=NIGHT)

    assert [task.claim for task in Task.objects.all()] == [plain]


def test_a_claim_that_was_declined_since_we_looked_wakes_nobody_and_is_no_error(layla):
    seen = make_claim(at=NIGHT)
    decide(Claim.objects.get(pk=seen.pk), decision=Decision.DECLINE, by=layla, reason="a rumour", now=NIGHT)
    assert attending._open(seen, now=NIGHT) is False
    assert not Task.objects.exists()


def test_a_hundred_claims_at_once_are_looked_after_in_turns(layla):
    for number in range(25):
        make_claim(f"Claim {number}", at=NIGHT + number * MINUTE / 60)

    assert [attend(now=NIGHT + minutes * MINUTE) for minutes in (1, 2, 3)] == [20, 5, 0]
    assert Task.objects.count() == 25
