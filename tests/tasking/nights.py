"""One night's people and what they were told, for the tests of tasks."""

from datetime import UTC, datetime, timedelta

from planner.journal.models import Entry
from planner.notices.models import Notice
from tests.factories import make_person, make_shift

NIGHT = datetime(2014, 6, 9, 22, 40, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def on_call(name, *roles, languages=("en",), kind="on_call"):
    person = make_person(name, roles=list(roles), languages=list(languages))
    make_shift(person, NIGHT - timedelta(hours=2), 10, kind=kind)
    return person


def story(claim):
    """The milestones of a claim from its task on, and whom they name."""
    entries = Entry.objects.filter(claim=claim.uuid, subject__startswith="task:").order_by("seq")
    return [(entry.milestone, entry.detail.get("person", entry.actor)) for entry in entries]


def paged():
    return [notice.person.first_name for notice in Notice.objects.select_related("person").order_by("pk")]
