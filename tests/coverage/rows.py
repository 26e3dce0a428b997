"""Rows for coverage tests: a desk by day in Baghdad, a channel that works."""

from datetime import UTC, datetime, timedelta

from planner.coverage.services import register_supply
from planner.rosters.core.kinds import DutyKind
from planner.rosters.services import add_shift, ensure_team
from tests.factories import make_person

MORNING = datetime(2014, 6, 9, 5, tzinfo=UTC)  # Monday 08:00 in Baghdad
EVENING = datetime(2014, 6, 9, 19, tzinfo=UTC)  # 22:00
NOW = datetime(2014, 6, 9, 4, tzinfo=UTC)  # 07:00


def put(person, start, end, kind=DutyKind.DESK):
    """A shift of that person."""
    team = ensure_team(name="Desk", zone="Asia/Baghdad")
    return add_shift(person=person, team=team, kind=kind, start=start, end=end, now=NOW)[0]


def desk(start=MORNING, end=EVENING):
    """An analyst, a press officer and an approver at the desk."""
    people = [
        make_person(name, roles=[role])
        for name, role in (("Ali", "analyst"), ("Basma", "officer"), ("Dina", "approver"))
    ]
    for person in people:
        put(person, start, end)
    return people


def channel(key="channel:site", start=NOW - timedelta(days=30), end=None, languages=()):
    """A channel that works."""
    return register_supply(
        key=key, kind="channel", links=["published"], languages=languages, during=(start, end), label="Site"
    )
