"""How far ahead a failing row is pushed."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.leases.core.backoff import next_try, wait_after

NOW = datetime(2014, 6, 9, 22, tzinfo=UTC)
SECOND = timedelta(seconds=1)


def test_the_wait_doubles_until_the_cap() -> None:
    waits = [wait_after(n, base=30 * SECOND, cap=300 * SECOND) // SECOND for n in range(1, 7)]
    assert waits == [30, 60, 120, 240, 300, 300]


@given(st.integers(0, 10**6), st.timedeltas(timedelta(microseconds=1), timedelta(days=1)))
def test_the_wait_never_shrinks_nor_passes_the_cap_nor_overflows(attempts: int, base: timedelta) -> None:
    cap = timedelta(days=7)
    one, next_one = (wait_after(n, base=base, cap=cap) for n in (attempts, attempts + 1))
    assert base <= one <= next_one <= cap


def test_a_cap_shorter_than_the_base_is_refused() -> None:
    with pytest.raises(ValueError, match="base must be positive and cap no shorter than base"):
        wait_after(1, base=10 * SECOND, cap=SECOND)
    with pytest.raises(ValueError, match="base must be positive"):
        wait_after(1, base=timedelta(0))


def test_the_next_try_is_ahead_of_now() -> None:
    assert next_try(NOW, 1, base=30 * SECOND) == NOW + 30 * SECOND
