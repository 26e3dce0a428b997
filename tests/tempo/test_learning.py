"""What the model learns, against processes whose truth is known and sums done another way."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from planner.tempo.core.bursts import bursts
from planner.tempo.core.observed import Basis, Days, Evidence
from planner.tempo.core.rates import forecast, learn, rhythm
from planner.tempo.core.shapes import HALF_LIVES, PRIORS, WIDTHS, kernel, outlines, shapes
from planner.tempo.core.validation import BELIEF, stacking
from planner.tempo.core.week import HOURS, exposure, hours_of_week, instant
from tests.tempo.events import BAGHDAD, START, excited, learned, night_rate, observed, poisson_events


def _histogram(seen, zone=BAGHDAD):
    counts, lived = seen.by_hour_of_week(zone)
    return counts / lived


def _error(found, truth):
    return np.sqrt(np.mean((found - truth) ** 2))


@pytest.mark.parametrize("weeks", [2, 8])
def test_the_rates_of_a_simulated_week_come_back_nearer_than_counting_gives_them(weeks):
    hour = np.arange(HOURS)
    truth = 3 + 2 * np.sin(2 * np.pi * hour / 24) + 1.0 * (hour // 24 >= 5)
    seen = observed(poisson_events(truth, weeks, seed=5), weeks)
    found = learned(seen)
    assert _error(found.rate, truth) < 0.85 * _error(_histogram(seen), truth)
    assert found.rate.mean() == pytest.approx(truth.mean(), rel=0.07)
    inside = np.abs(found.rate - truth) < 3 * np.sqrt(found.variance)
    assert inside.mean() > 0.97, "it knows how well it knows"


def test_a_change_of_level_is_followed_and_a_steady_one_is_not_chased():
    def last(levels):
        instants = [
            event
            for week, level in enumerate(levels)
            for event in poisson_events(np.full(HOURS, level), 1, week, start=START + timedelta(weeks=week))
        ]
        return learned(observed(instants, len(levels))).rate.mean()

    assert last([4.0] * 8 + [12.0] * 4) == pytest.approx(12, rel=0.15)
    assert last([4.0] * 12) == pytest.approx(4, rel=0.06)


@pytest.mark.parametrize("weeks", [2, 6])
def test_one_burst_does_not_become_a_habit(weeks):
    flat = poisson_events(np.full(HOURS, 1.0), weeks, seed=3)
    at = (START + timedelta(days=1, hours=13)).timestamp()
    burst = excited(np.full(20, at), 0.9, 600, seed=4)
    burst = burst[burst < at + 3600]
    assert len(burst) > 100
    seen = observed(np.concatenate([flat, burst]), weeks)
    hour = 24 + 13
    found = learned(seen).rate
    # The rest of the week is the measure, since whatever the burst adds to the level is spread over all of it.
    habit = found[hour] / np.delete(found, hour).mean()
    counted = _histogram(seen)
    assert habit < 0.1 * counted[hour] / np.delete(counted, hour).mean()
    assert habit < 5


def test_a_programme_that_returns_every_week_is_a_habit():
    programme = [
        (START + timedelta(weeks=week, days=1, hours=13)).timestamp() + second
        for week in range(8)
        for second in np.random.default_rng(week).uniform(0, 3600, 60)
    ]
    found = learned(observed(np.concatenate([poisson_events(np.full(HOURS, 0.2), 8, 1), programme]), 8)).rate
    assert found[24 + 13] > 40, "sixty an hour, every Tuesday at one"
    assert found[24 + 15] < 3


@pytest.mark.parametrize("branching", [0.0, 0.5, 0.8])
def test_the_branching_ratio_of_a_hawkes_process_comes_back(branching):
    parents = poisson_events(1 + 0.8 * np.sin(np.arange(HOURS) * 2 * np.pi / 24), 8, seed=2)
    seen = observed(excited(parents, branching, 1800, seed=8), 8).before(START + timedelta(weeks=8))
    found = bursts(seen, BAGHDAD)
    assert found.branching == pytest.approx(branching, abs=0.12)
    assert found.background.sum() == pytest.approx(len(parents), rel=0.2)
    assert ((found.background > 0) & (found.background <= 1)).all()


def test_a_posterior_is_what_a_grid_of_rates_gives():
    """Gamma prior × Poisson likelihood on a grid, hour by hour, no conjugacy used."""
    seen = observed(poisson_events(night_rate(3.0, 0.5), 3, seed=9), 3)
    days = seen.by_day(BAGHDAD)
    counts, hours = days.counts.sum(axis=0), days.hours.sum(axis=0)
    drawn_to = outlines(counts, hours)[0]
    strength = PRIORS[1]
    grid = np.geomspace(1e-12, 40, 4_000)  # a step's width grows with the rate
    posterior = stats.gamma.logpdf(grid, strength * drawn_to[:, None], scale=1 / strength)
    posterior = posterior + stats.poisson.logpmf(counts[:, None], grid * hours[:, None])
    weights = np.exp(posterior - posterior.max(axis=1, keepdims=True)) * grid
    by_grid = (weights * grid).sum(axis=1) / weights.sum(axis=1)
    forever, raw = len(HALF_LIVES) - 1, 0
    found = shapes(days, 0)[(forever * len(WIDTHS) + raw) * len(PRIORS) + 1]
    assert found == pytest.approx(by_grid / by_grid.mean(), rel=0.01)


def test_the_kernel_is_a_ring():
    ring = kernel(2.0)
    assert ring.sum(axis=0) == pytest.approx(np.ones(HOURS))
    assert ring[0, HOURS - 1] == ring[0, 1] == ring[5, 6]


def test_stacking_finds_the_best_mixture():
    """A brute-force grid over the one weight of two candidates, with the same prior."""
    chance = np.random.default_rng(1)
    densities = chance.dirichlet(np.ones(30), 2)
    counts = chance.poisson(300 * (0.3 * densities[0] + 0.7 * densities[1])).astype(float)
    weights = np.linspace(0.001, 0.999, 999)
    mixed = np.log(weights[:, None] * densities[0] + (1 - weights[:, None]) * densities[1]) @ counts
    best = weights[(mixed + BELIEF / 2 * np.log(weights * (1 - weights))).argmax()]
    assert stacking(densities, counts, np.array([0.5, 0.5])) == pytest.approx([best, 1 - best], abs=0.01)


def test_without_held_out_events_weights_stay_where_they_were():
    start = np.array([0.2, 0.8])
    assert stacking(np.ones((2, 5)), np.zeros(5), start) == pytest.approx(start)


zones = st.sampled_from(["Asia/Baghdad", "Europe/London", "Australia/Lord_Howe", "Asia/Kathmandu"])


hours = st.integers(394_464, 569_784)  # since 1970, of the years 2015 to 2034


@given(hours, st.integers(1, 60 * 96), zones)
@settings(max_examples=40, deadline=None)
def test_days_hold_the_same_time_and_events_as_the_week_does(start, quarters, zone):
    zone = ZoneInfo(zone)
    start = instant(start * 3600.0)
    seconds = start.timestamp() + np.arange(0, quarters * 900, 5000.0)
    seen = observed(seconds, 0, start=start)
    seen = type(seen)(seen.instants, seen.weights, start, start + timedelta(minutes=15 * quarters))
    days = seen.by_day(zone)
    assert days.hours.sum(axis=0) == pytest.approx(exposure(seen.start, seen.end, zone))
    assert days.counts.sum(axis=0) == pytest.approx(np.bincount(hours_of_week(seconds, zone), minlength=HOURS))
    assert days.hours[:-1].sum(axis=1) == pytest.approx(np.full(len(days) - 1, 24.0)), "ages are of 24 hours, always"
    assert (days.counts[days.hours == 0] == 0).all(), "nothing happened in an hour that was not"


def test_a_changeover_costs_no_hour_its_rate():
    london = ZoneInfo("Europe/London")
    start = datetime(2026, 3, 9, tzinfo=london)
    seen = observed(poisson_events(np.full(HOURS, 30.0), 4, 1, zone=london, start=start), 4, start=start)
    found = learned(seen, london).rate
    skipped = 6 * 24 + 1
    assert found[skipped] == pytest.approx(30, rel=0.12), "three Sundays had it, not four"


@given(st.integers(1, 40), st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_a_shift_by_whole_weeks_changes_nothing(weeks, seed):
    instants = poisson_events(night_rate(2.0, 0.3), 3, seed)
    later = START + timedelta(weeks=weeks)
    here, there = learned(observed(instants, 3)), learned(observed(instants + weeks * 604_800, 3, start=later))
    assert there.rate == pytest.approx(here.rate)
    assert (there.dispersion, there.spread) == pytest.approx((here.dispersion, here.spread))


@given(st.integers(1, 6), st.integers(0, 1000))
@settings(max_examples=8, deadline=None)
def test_a_turned_week_turns_its_rates(days, seed):
    instants = poisson_events(night_rate(2.0, 0.3), 3, seed)
    turned = observed(instants + days * 86_400, 3, start=START + timedelta(days=days))
    assert learned(turned).rate == pytest.approx(np.roll(learned(observed(instants, 3)).rate, 24 * days))


def test_a_thin_part_is_drawn_to_its_whole_and_a_thick_one_is_not():
    night, noon = (
        poisson_events(night_rate(6.0, 0.2), 6, seed=1),
        poisson_events(np.roll(night_rate(3, 0), 13), 6, seed=2),
    )
    whole = Evidence(observed(np.concatenate([night, noon]), 6), None, Basis.MESSAGES)

    def part(instants):
        return learn(Evidence(observed(instants, 6), None, Basis.MESSAGES, whole), BAGHDAD).rate

    whole_rate = learn(whole, BAGHDAD).rate
    thin = part(noon[:3])
    assert np.corrcoef(thin, whole_rate)[0, 1] > 0.9
    assert thin.mean() == pytest.approx(3 / 6 / HOURS, rel=0.6)
    thick = part(noon)
    assert np.corrcoef(thick, np.roll(night_rate(3, 0), 13))[0, 1] > 0.9
    assert part(np.zeros(0)).min() > 0


@pytest.mark.parametrize("clustered", [False, True])
def test_intervals_hold_what_they_promise_over_many_simulated_weeks(clustered):
    inside = []
    for seed in range(6):
        instants = poisson_events(night_rate(3.0, 0.6), 7, seed)
        if clustered:
            instants = excited(instants, 0.5, 900, seed)
        cut = START + timedelta(weeks=6)
        known, held = observed(instants, 7).before(cut), observed(instants, 7).since(cut)
        hours = forecast(rhythm(known, BAGHDAD, basis=Basis.MESSAGES), cut, cut + timedelta(weeks=1))
        came = np.bincount(((held.instants - cut.timestamp()) // 3600).astype(int), minlength=HOURS)[:HOURS]
        inside += [hour.low <= count <= hour.high for hour, count in zip(hours, came, strict=True)]
    assert 0.8 <= np.mean(inside) <= 0.97


@pytest.mark.parametrize("known", [1, 6])
def test_intervals_hold_where_the_level_drifts_even_after_one_week(known):
    inside = []
    for seed in range(10):
        levels = np.exp(np.random.default_rng(seed).normal(0, 0.5, known + 1))
        weeks = [START + timedelta(weeks=number) for number in range(known + 1)]
        events = [
            poisson_events(night_rate(12.0, 6.0) * level, 1, seed * 100 + number, start=week)
            for number, (level, week) in enumerate(zip(levels, weeks, strict=True))
        ]
        seen, cut = observed(np.concatenate(events), known + 1), weeks[-1]
        hours = forecast(learned(seen.before(cut)), cut, cut + timedelta(weeks=1))
        came = np.bincount(((seen.since(cut).instants - cut.timestamp()) // 3600).astype(int), minlength=HOURS)
        inside += [hour.low <= count <= hour.high for hour, count in zip(hours, came, strict=True)]
    assert 0.8 <= np.mean(inside) <= 0.98


def test_a_day_is_told_from_the_end_of_the_watch():
    seen = observed([START.timestamp(), START.timestamp() + 86_400], 1)
    days = seen.by_day(BAGHDAD)
    assert isinstance(days, Days)
    assert np.flatnonzero(days.counts.sum(axis=1)).tolist() == [5, 6]
