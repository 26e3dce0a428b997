"""Working hours: the shortest arc against every arc there is, and how sure it is."""

from datetime import timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from planner.tempo.core.arcs import HALF_HOURS, MOST, shortest_arcs, working_hours
from tests.tempo.posting import BAGHDAD, DAY, START, posts


def every_arc(row: list[int]) -> tuple[int, int]:
    """Start and length of the shortest arc that holds three quarters: all of them are tried."""
    size, total = len(row), sum(row)
    for length in range(1, size):
        held = [sum(row[(start + step) % size] for step in range(length)) for start in range(size)]
        if max(held) >= MOST * total:
            return held.index(max(held)), length
    return 0, size


@given(st.lists(st.lists(st.integers(0, 30), min_size=8, max_size=8), min_size=1, max_size=5))
def test_no_arc_is_shorter(rows):
    starts, lengths = shortest_arcs(np.array(rows))
    wanted = [every_arc(row) if sum(row) else (0, 1) for row in rows]
    assert list(zip(starts.tolist(), lengths.tolist(), strict=True)) == wanted


def test_an_arc_may_run_over_midnight():
    nights = posts(np.random.default_rng(1), 28, 40, opens=21, hours=8)
    found = working_hours(nights, BAGHDAD)
    assert 20.5 <= found.start <= 22.5
    assert 3 <= found.end <= 6
    assert found.share >= MOST
    assert not found.is_round_the_clock


def test_a_day_without_rest_is_said_to_be_one():
    even = START.timestamp() + np.sort(np.random.default_rng(2).random(3000)) * 28 * DAY
    assert working_hours(even, BAGHDAD).is_round_the_clock


def test_thin_evidence_has_no_working_hours():
    many = posts(np.random.default_rng(3), 28, 30)
    assert working_hours(many[:39], BAGHDAD) is None
    one_day = START.timestamp() + np.linspace(0, DAY - 1, 500)
    assert working_hours(one_day, BAGHDAD) is None


def test_the_interval_holds_the_true_start_and_is_the_same_twice():
    """The shortest arc of the long run is the truth."""
    long_run = working_hours(posts(np.random.default_rng(4), 2000, 30), BAGHDAD)
    held = 0
    for number in range(60):
        found = working_hours(posts(np.random.default_rng(100 + number), 42, 30), BAGHDAD)
        held += found.start_low - 0.5 <= long_run.start <= found.start_high + 0.5
    assert held >= 54
    assert working_hours(posts(np.random.default_rng(4), 28, 30), BAGHDAD) == working_hours(
        posts(np.random.default_rng(4), 28, 30), BAGHDAD
    )


def test_later_days_turn_the_arc_with_them():
    early = posts(np.random.default_rng(5), 28, 30)
    late = early + timedelta(hours=5).total_seconds()
    first, second = working_hours(early, BAGHDAD), working_hours(late, BAGHDAD)
    assert (second.start - first.start) % 24 == 5
    assert HALF_HOURS == 48
