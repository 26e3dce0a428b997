"""The clock shows that it is alive, and is woken when something falls due earlier."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection, transaction

from planner.leases import selectors, services
from planner.leases.models import Heartbeat

NOW = datetime(2014, 6, 9, 22, tzinfo=UTC)
PERIOD = timedelta(seconds=10)


def beat(*, now: datetime, name: str = "publish", error: str | None = None) -> None:
    services.beat(name=name, period=PERIOD, now=now, error=error)


def late(now: datetime) -> list[str]:
    return [heartbeat.name for heartbeat in selectors.late(now=now)]


@pytest.mark.django_db
def test_a_beat_is_late_after_three_periods_and_well_again_after_one_beat() -> None:
    beat(now=NOW)
    beat(now=NOW + 3 * PERIOD, name="attend")
    assert late(NOW + 3 * PERIOD) == []
    assert late(NOW + 3 * PERIOD + timedelta(microseconds=1)) == ["publish"]
    beat(now=NOW + 4 * PERIOD)
    assert late(NOW + 4 * PERIOD) == []
    assert [heartbeat.name for heartbeat in selectors.heartbeats()] == ["attend", "publish"]


@pytest.mark.django_db
def test_a_beat_that_always_fails_grows_late_and_keeps_its_error() -> None:
    beat(now=NOW)
    for number in range(1, 5):
        beat(now=NOW + number * PERIOD, error="connection refused")
    assert late(NOW + 4 * PERIOD) == ["publish"]
    heartbeat = Heartbeat.objects.get()
    assert (heartbeat.beat_at, heartbeat.error_at) == (NOW, NOW + 4 * PERIOD)
    assert heartbeat.last_error == "connection refused"


@pytest.mark.django_db
def test_a_beat_that_failed_from_the_first_time_grows_late_too() -> None:
    beat(now=NOW, error="boom")
    assert late(NOW) == []
    beat(now=NOW + 4 * PERIOD, error="boom")
    assert late(NOW + 4 * PERIOD) == ["publish"]


@pytest.mark.django_db
def test_a_good_run_keeps_the_last_error_for_the_record() -> None:
    beat(now=NOW, error="boom")
    beat(now=NOW + PERIOD)
    heartbeat = Heartbeat.objects.get()
    assert (heartbeat.last_error, heartbeat.error_at, heartbeat.beat_at) == ("boom", NOW, NOW + PERIOD)


@pytest.fixture
def listener(transactional_db: None) -> Iterator[psycopg.Connection]:
    """A connection of its own that listens where the clock listens."""
    with psycopg.connect(**connection.get_connection_params() | {"autocommit": True, "cursor_factory": None}) as other:
        other.execute(f"LISTEN {services.DUE_CHANNEL}")
        yield other


def heard(listener: psycopg.Connection, timeout: float) -> list[str]:
    return [notice.channel for notice in listener.notifies(timeout=timeout, stop_after=1)]


def test_the_clock_is_woken_when_the_transaction_commits_and_not_before(listener: psycopg.Connection) -> None:
    with transaction.atomic():
        services.notify_due()
        assert heard(listener, 0.3) == []
    assert heard(listener, 5) == ["planner_due"]


def test_the_clock_is_not_woken_by_what_was_rolled_back(listener: psycopg.Connection) -> None:
    with transaction.atomic():
        services.notify_due()
        transaction.set_rollback(True)
    assert heard(listener, 0.3) == []
