"""Change points: found where they are, seldom where there is none; the gain against its definition."""

from datetime import date, timedelta

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from planner.tempo.core.changes import What, changes, hour_gains, level_gains
from tests.tempo.posting import BAGHDAD, DAY, START, posts

BURSTY = {"burst": 0.3, "spread": 0.4}


def found(instants: np.ndarray, days: int):
    return changes(instants, (START, START + timedelta(days=days)), BAGHDAD)


def after(days: int, instants: np.ndarray) -> np.ndarray:
    return instants + days * DAY


@given(st.lists(st.lists(st.integers(0, 9), min_size=3, max_size=3), min_size=2, max_size=8))
def test_the_gain_is_the_likelihood_ratio_of_multinomials(rows):
    table = np.array(rows, dtype=float)
    gains = hour_gains(table)
    for place in range(1, len(rows)):
        both = np.array([table[:place].sum(axis=0), table[place:].sum(axis=0)])
        both = both[:, both.sum(axis=0) > 0]
        wanted = 0.0
        if both.size and (both.sum(axis=1) > 0).all() and both.shape[1] > 1:
            wanted = stats.chi2_contingency(both, correction=False, lambda_="log-likelihood").statistic / 2
        assert gains[place] == pytest.approx(wanted, abs=1e-6)


@given(st.lists(st.floats(0, 8), min_size=4, max_size=12))
def test_the_level_gain_is_the_likelihood_ratio_of_two_means(values):
    row = np.array(values)
    gains = level_gains(row[:, None])
    whole = ((row - row.mean()) ** 2).sum()
    for place in range(1, len(row)):
        within = sum(((part - part.mean()) ** 2).sum() for part in (row[:place], row[place:]))
        if whole > 1e-6 and within > 1e-6:
            assert gains[place] == pytest.approx(len(row) / 2 * np.log(whole / within), rel=1e-4, abs=1e-4)


@pytest.mark.parametrize(("days", "shift"), [(28, 3), (28, 4), (60, 2)])
def test_moved_hours_are_found_within_two_days_and_told_by_how_much(days: int, shift: int):
    hits, told = 0, []
    half = days // 7 // 2 * 7
    for seed in range(20):
        draw = np.random.default_rng(seed)
        before = posts(draw, half, 30, **BURSTY)
        later = after(half, posts(draw, days - half, 30, opens=9 + shift, **BURSTY))
        moved = [one for one in found(np.concatenate([before, later]), days) if one.what is What.HOURS]
        true_day = date(2026, 1, 5) + timedelta(days=half)
        hits += any(abs((one.day - true_day).days) <= 2 and one.first <= one.day <= one.last for one in moved)
        told += [one.later for one in moved if one.later is not None]
    assert hits >= 16
    assert sum(abs(later - shift) <= 1 for later in told) >= 0.9 * len(told) >= 9


def test_what_is_too_thin_to_pay_for_a_second_day_is_no_change():
    """Three posts a day that come three hours later: days in random order look less different, Schwarz says no."""
    for seed in range(5):
        draw = np.random.default_rng(seed)
        assert found(np.concatenate([posts(draw, 30, 3), after(30, posts(draw, 30, 3, opens=12))]), 60) == []


def test_three_times_as_many_posts_are_a_change_of_level():
    hits = 0
    for seed in range(20):
        draw = np.random.default_rng(seed)
        both = np.concatenate([posts(draw, 28, 20, **BURSTY), after(28, posts(draw, 28, 60, **BURSTY))])
        level = [one for one in found(both, 56) if one.what is What.LEVEL]
        hits += any(
            abs((one.day - date(2026, 2, 2)).days) <= 3 and one.rate_after > 2 * one.rate_before for one in level
        )
    assert hits >= 17


@pytest.mark.parametrize("days", [28, 60, 180])
@pytest.mark.parametrize("habit", [{}, {"burst": 0.5, "spread": 0.5}], ids=["steady", "bursty"])
def test_false_alarms_are_rare(days: int, habit: dict):
    alarms = sum(bool(found(posts(np.random.default_rng(seed), days, 30, **habit), days)) for seed in range(60))
    assert alarms <= 4


def test_a_single_flood_is_no_change():
    quiet = posts(np.random.default_rng(3), 42, 30)
    flood = START.timestamp() + 30 * DAY + 22 * 3600 + np.arange(2000.0)
    assert found(np.sort(np.concatenate([quiet, flood])), 42) == []


@settings(max_examples=25)
@given(st.lists(st.integers(0, 20 * DAY), max_size=60))
def test_any_posts_at_all_give_an_answer(seconds):
    for one in found(START.timestamp() + np.sort(np.array(seconds, dtype=float)), 20):
        assert one.first <= one.last
        assert one.days_before >= 5


def test_days_of_flood_do_not_hide_a_move():
    """Three floods at one hour hold more posts than all the rest."""
    draw = np.random.default_rng(5)
    before, later = posts(draw, 28, 30), after(28, posts(draw, 28, 30, opens=12))
    floods = [START.timestamp() + day * DAY + 22 * 3600 + np.arange(3000) / 2 for day in (3, 19, 45)]
    days = [one.day for one in found(np.sort(np.concatenate([before, later, *floods])), 56) if one.what is What.HOURS]
    assert date(2026, 2, 2) in days
