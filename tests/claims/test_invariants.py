"""What the database itself refuses about claims and sightings, attacked through SQL."""

from datetime import UTC, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from planner.claims.core.observed import Observed
from planner.claims.models import Claim, Flood, Sighting, Source
from planner.claims.services import ingest, make_claim, record_pickup

pytestmark = pytest.mark.django_db
BROKE = datetime(2014, 6, 9, 19, 30, tzinfo=UTC)
NOW = BROKE + timedelta(hours=2)


def attack(sql: str, *values: object) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


@pytest.fixture
def claim() -> Claim:
    moments = [BROKE + timedelta(minutes=n) for n in range(5)]
    ingest([Observed(f"a{n}", f"{n}", at, "It fell", f"a{n}") for n, at in enumerate(moments)], now=NOW)
    return make_claim(text="It fell", broke_earliest=BROKE, broke_latest=BROKE, now=NOW, flood=Flood.objects.get())


@pytest.mark.parametrize(
    ("change", "constraint"),
    [
        ("state = 'ignored'", "claim_state_known"),
        ("severity = 'huge'", "claim_severity_known"),
        ("broke_latest = broke_earliest - interval '1 second'", "claim_broke_in_order"),
        ("state = 'declined'", "claim_declined_says_why"),
        ("state = 'declined', decided_at = now()", "claim_declined_says_why"),
        ("state = 'declined', decision_reason = 'small'", "claim_declined_says_why"),
        ("retracted_at = now()", "claim_retracted_says_how"),
        ("retraction = 'deleted'", "claim_retracted_says_how"),
        ("state = 'merged'", "claim_merged_into_another"),
        ("merged_into_id = id", "claim_merged_into_another"),
        ("text = NULL", "text"),
        ("broke_earliest = NULL", "broke_earliest"),
    ],
)
def test_a_claim_cannot_be_put_into_a_state_that_is_none(claim, change, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        attack(f"UPDATE claims_claim SET {change}")


def test_an_external_id_names_one_claim():
    make_claim(text="a", broke_earliest=BROKE, broke_latest=BROKE, now=NOW, external_id="x")
    with pytest.raises(IntegrityError, match="external_id"):
        make_claim(text="b", broke_earliest=BROKE, broke_latest=BROKE, now=NOW, external_id="x")


@pytest.mark.parametrize(
    ("sql", "constraint"),
    [
        ("UPDATE claims_source SET kind = 'friend'", "source_kind_known"),
        (
            "UPDATE claims_sighting SET external_id = '0', source_id = (SELECT min(id) FROM claims_source)",
            "sighting_once",
        ),
        ("UPDATE claims_sighting SET posted_at = NULL", "posted_at"),
        ("UPDATE claims_flood SET ended_at = started_at - interval '1 second'", "flood_in_order"),
        (
            "INSERT INTO claims_flood (uuid, fingerprint, started_at, ended_at, posts, accounts, text) "
            "SELECT gen_random_uuid(), fingerprint, started_at, ended_at, posts, accounts, text FROM claims_flood",
            "flood_once",
        ),
        ("DELETE FROM claims_claim; SET CONSTRAINTS ALL IMMEDIATE", "foreign key"),
        ("DELETE FROM claims_source; SET CONSTRAINTS ALL IMMEDIATE", "foreign key"),
    ],
)
def test_sightings_sources_and_floods_stay_in_order(claim, sql, constraint):
    with pytest.raises(IntegrityError, match=constraint):
        attack(sql)


def test_a_pickup_is_one_outlet_and_one_minute_once(claim):
    record_pickup(claim, source=Source.objects.first(), at=NOW, now=NOW, carried=False)
    with pytest.raises(IntegrityError, match="pickup_once"):
        attack(
            "INSERT INTO claims_pickup (uuid, claim_id, source_id, at, url, carried) "
            "SELECT gen_random_uuid(), claim_id, source_id, at, url, carried FROM claims_pickup"
        )
    assert Sighting.objects.count() == 5
