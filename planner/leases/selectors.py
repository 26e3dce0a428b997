"""What the clock's heartbeats say."""

from datetime import datetime, timedelta

from planner.leases.models import Heartbeat

PERIODS_UNTIL_LATE = 3


def late(*, now: datetime) -> list[Heartbeat]:
    """Heartbeats whose last good run lies more than three of their own periods before `now`, by name."""
    return [
        heartbeat
        for heartbeat in Heartbeat.objects.all()
        if now - heartbeat.beat_at > PERIODS_UNTIL_LATE * timedelta(seconds=heartbeat.period_seconds)
    ]


def heartbeats() -> list[Heartbeat]:
    """Every heartbeat, by name."""
    return list(Heartbeat.objects.all())
