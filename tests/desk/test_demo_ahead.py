"""What the demonstration settles about the days ahead holds on whatever day and at whatever hour it is loaded."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.coverage.models import AcceptedGap, Requirement
from planner.desk.demo import ahead, house
from planner.planning.models import Plan
from planner.rosters.models import Leave, Override, Rotation, Swap
from planner.tempo.models import KnownDate

ZONE = ZoneInfo("Asia/Baghdad")


@pytest.mark.django_db
@pytest.mark.parametrize("day", range(7))
def test_the_days_ahead_are_settled_whenever_the_demonstration_is_loaded_and_leave_the_evening_alone(day: int) -> None:
    now = datetime(2026, 11, 23, (3 * day + 2) % 24, 30, tzinfo=UTC) + timedelta(days=day)
    house.people(now=now - timedelta(days=16), zone=ZONE)
    house.roster(now=now, zone=ZONE)
    ahead.arrange(now=now, zone=ZONE)
    assert Requirement.objects.count() == 4
    assert Rotation.objects.count() == 1
    assert KnownDate.objects.count() == 2
    assert Plan.objects.get().state == Plan.State.WAITING
    assert sorted(swap.taker is not None for swap in Swap.objects.all()) == [False, True]
    midnight = now.astimezone(ZONE).replace(hour=0, minute=0) + timedelta(days=1)
    for row in (*Override.objects.all(), *Leave.objects.all(), *Swap.objects.all(), *AcceptedGap.objects.all()):
        assert row.during.lower >= midnight, f"{row!r} touches the evening"
