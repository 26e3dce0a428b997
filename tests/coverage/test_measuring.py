"""Reactions from the journal and the roster: measured where there is evidence, shown, and counted with."""

from datetime import timedelta

import pytest
from django.test import Client

from planner.claims.models import Claim
from planner.coverage import selectors, services
from planner.coverage.core.loss import Stand
from planner.coverage.measuring import measured_reactions
from planner.journal.core.milestones import Milestone
from planner.journal.services import stamp
from tests.coverage import rows
from tests.factories import make_person

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LATER = rows.MORNING + timedelta(days=2)


def _claims(count, waited):
    rows.desk()
    rows.channel()
    for number in range(count):
        broke = rows.MORNING + 30 * number * MINUTE
        claim = Claim.objects.create(text="x", broke_earliest=broke, broke_latest=broke, created_at=broke)
        stamp(milestone=Milestone.PAGED, at=broke, claim=claim.uuid)
        stamp(milestone=Milestone.ACKNOWLEDGED, at=broke + 4 * MINUTE, claim=claim.uuid)
        stamp(milestone=Milestone.PUBLISHED, at=broke + waited * MINUTE, claim=claim.uuid)
    return claim


def test_what_the_journal_tells_is_measured_and_counts_from_then_on():
    _claims(12, 17)
    found = measured_reactions(LATER)
    assert (found[Stand.DESK].median, found[Stand.DESK].claims, found[Stand.DESK].acknowledged) == (17, 12, 4)
    assert found[Stand.ON_CALL].claims == 0
    assert selectors.current_assumptions().desk == 30 * MINUTE, "not before it was written down"
    services.measure_reactions(now=LATER)
    assert selectors.current_assumptions().desk == 17 * MINUTE
    assert selectors.current_assumptions().on_call == 60 * MINUTE
    client = Client()
    client.force_login(make_person("Mona", roles=["manager"]))
    assert "measured on 12 claims" in client.get("/coverage/").content.decode()


def test_a_corrected_time_corrects_the_measurement():
    claim = _claims(10, 17)
    before = measured_reactions(LATER)[Stand.DESK]
    moment = (claim.broke_earliest + 900 * MINUTE).isoformat()
    stamp(milestone=Milestone.CORRECTED, at=LATER, claim=claim.uuid, field="answered_at", after=moment)
    after = measured_reactions(LATER)[Stand.DESK]
    assert (before.answered, after.answered) == (10, 9), "the desk had gone home by then"


def test_the_daily_ledger_measures_too():
    _claims(12, 17)
    services.record_ledger(now=LATER)
    services.record_ledger(now=LATER)
    assert selectors.current_assumptions().desk == 17 * MINUTE
