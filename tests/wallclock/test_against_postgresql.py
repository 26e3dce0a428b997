"""PostgreSQL's AT TIME ZONE as the oracle. It reads an odd night differently, by a rule of its own that is known."""

from datetime import UTC, datetime, timedelta
from functools import cache

import pytest
from django.db import connection
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from planner.wallclock import is_nonexistent, to_instant, zone
from tests.wallclock.transitions import ZONES, Change, changes

pytestmark = pytest.mark.django_db
reading_only = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=200)
# Later years depend on laws that one of the two time-zone databases may not have heard of yet.
SETTLED = datetime(2024, 1, 1, tzinfo=UTC)
past_changes = st.sampled_from([change for change in changes() if change.instant < SETTLED])


@cache
def known() -> frozenset[str]:
    # PostgreSQL takes "EET" for the abbreviation, a fixed offset, and not for the zone of that name.
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM pg_timezone_names EXCEPT SELECT abbrev FROM pg_timezone_abbrevs")
        return frozenset(name for (name,) in cursor.fetchall())


def instant_by_postgresql(local: datetime, name: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamp AT TIME ZONE %s", [local, name])
        return cursor.fetchone()[0]


def wall_by_postgresql(instant: datetime, name: str) -> datetime:
    with connection.cursor() as cursor:
        cursor.execute("SELECT %s::timestamptz AT TIME ZONE %s", [instant, name])
        return cursor.fetchone()[0]


@reading_only
@given(st.sampled_from(ZONES), st.datetimes(datetime(2015, 1, 1), datetime(2023, 12, 31)))  # noqa: DTZ001
def test_wall_times_become_the_instants_that_postgresql_gives(name: str, local: datetime) -> None:
    assume(name in known() and not is_nonexistent(local, zone(name)))
    assert to_instant(local, zone(name), fold=1) == instant_by_postgresql(local, name)


@reading_only
@given(past_changes, st.integers(-180, 180))
def test_around_every_change_postgresql_agrees_or_is_later_by_its_own_rule(change: Change, shift: int) -> None:
    assume(change.zone in known())
    local = change.wall_before + timedelta(minutes=shift)
    theirs = instant_by_postgresql(local, change.zone)
    if is_nonexistent(local, change.tz):  # PostgreSQL goes on counting by the old offset; we wait at the jump
        assert theirs == change.instant + (local - change.wall_before)
        assert to_instant(local, change.tz) == change.instant
    else:  # PostgreSQL takes the second showing of a repeated time
        assert theirs == to_instant(local, change.tz, fold=1)


@reading_only
@given(past_changes, st.integers(-180, 180))
def test_our_instant_shows_the_wall_time_on_postgresqls_clock(change: Change, shift: int) -> None:
    assume(change.zone in known())
    local = change.wall_before + timedelta(minutes=shift)
    shown = wall_by_postgresql(to_instant(local, change.tz), change.zone)
    assert shown == (change.wall_before + change.jump if is_nonexistent(local, change.tz) else local)
