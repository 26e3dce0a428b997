"""A manager, people, and hours of one night for the tests of this folder."""

from datetime import UTC, datetime, timedelta

from planner.rosters import selectors
from tests.factories import make_person

NIGHT = datetime(2014, 6, 9, 19, 0, tzinfo=UTC)  # Monday 22:00 in Baghdad
NOW = NIGHT - timedelta(days=2)
HOUR = timedelta(hours=1)


def at(hours):
    """So many hours after 22:00."""
    return NIGHT + hours * HOUR


def people(*names, roles=("officer", "duty"), **fields):
    """Press officers on duty, one for each name."""
    return [make_person(name, roles=list(roles), **fields) for name in names]


def manager():
    return make_person("Mona Chief", roles=["manager"])


def there(hours):
    """Who is on watch so many hours after 22:00: "Layla shift"."""
    return sorted(f"{duty.name.split()[0]} {duty.via}" for duty in selectors.on_watch(at(hours)))
