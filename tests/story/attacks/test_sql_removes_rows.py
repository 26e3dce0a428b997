"""With a post on its way, no row of the chain from the claim to the post can be taken away, nor a whole table."""

import pytest
from django.db import DatabaseError, connection, transaction

from planner.publishing import services as publishing
from planner.rebuttals.models import ClearedLine, Refusal, Release
from tests.factories import make_draft, make_line, make_person
from tests.publishing.attacks import sending
from tests.story.attacks.stage import DUE, NIGHT, Night, queued

pytestmark = pytest.mark.django_db
CHAIN = [
    "claims_claim",
    "rebuttals_rebuttal",
    "rebuttals_draft",
    "rebuttals_reviewrequest",
    "rebuttals_refusal",
    "rebuttals_approval",
    "rebuttals_clearedline",
    "rebuttals_release",
    "publishing_channel",
    "publishing_post",
    "publishing_attempt",
    "people_user",
    "journal_entry",
]


@pytest.fixture
def chain(webhook_server):
    """A post that is handed over; and, beside it, a row of everything else."""
    night = Night(webhook_server.url)
    post = queued(night.schedule())
    line = make_line()
    claim = night.claim
    claim.narrative = line.narrative
    claim.save()
    Release.objects.create(line=line, claim=claim, released_by=make_person("Hala", roles=["duty"]), released_at=NIGHT)
    Refusal.objects.create(draft=make_draft(), refused_by=night.approver, refused_at=NIGHT, comment="No.")
    sending()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    return post


@pytest.mark.parametrize("table", CHAIN)
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nothing_in_the_chain_can_be_removed(chain, webhook_server, table, statement):
    with pytest.raises(DatabaseError), transaction.atomic():
        at_once(statement.format(table))
    assert ClearedLine.objects.exists()
    assert publishing.publish(chain.pk, now=DUE) == "published"
    assert len(webhook_server.received) == 1


def at_once(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")
