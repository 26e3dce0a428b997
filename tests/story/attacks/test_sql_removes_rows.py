"""With a post on its way, no row of the chain from the claim to the post can be taken away, nor a whole table."""

import pytest
from django.db import DatabaseError, connection, transaction

from planner.publishing import services as publishing
from planner.rebuttals.models import Refusal, Release
from tests.factories import make_draft, make_line, make_person
from tests.publishing.attacks import sending
from tests.story.attacks.stage import DUE, NIGHT, Night, queued

pytestmark = pytest.mark.django_db
BY_KEY = "violates foreign key"
CHAIN = {
    "claims_claim": BY_KEY,
    "rebuttals_rebuttal": "a rebuttal never",
    "rebuttals_draft": "a draft never",
    "rebuttals_reviewrequest": "a request for review never",
    "rebuttals_refusal": "a refusal never",
    "rebuttals_approval": "an approval never",
    "rebuttals_clearedline": "a cleared line never",
    "rebuttals_release": "a release never",
    "publishing_channel": BY_KEY,
    "publishing_post": "posts and attempts are history",
    "publishing_attempt": "posts and attempts are history",
    "people_user": BY_KEY,
    "journal_entry": "the journal",
}


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


@pytest.mark.parametrize(("table", "sentence"), CHAIN.items())
@pytest.mark.parametrize("statement", ["DELETE FROM {}", "TRUNCATE {} CASCADE"])
def test_nothing_in_the_chain_can_be_removed(chain, webhook_server, table, sentence, statement):
    """Each table refuses by itself, and says so; where only keys hold a row, emptying it would empty what refuses."""
    whole = sentence == BY_KEY and statement.startswith("TRUNCATE")
    with pytest.raises(DatabaseError, match="refused" if whole else sentence), transaction.atomic():
        at_once(statement.format(table))
    assert publishing.publish(chain.pk, now=DUE) == "published"
    assert len(webhook_server.received) == 1


def at_once(statement):
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}; SET CONSTRAINTS ALL IMMEDIATE")
