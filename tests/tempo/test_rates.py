"""Expected claims per hour: never nonsense, near the truth, wide where little is known."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.tempo.core.notes import Note, Remark
from planner.tempo.core.observed import Basis, Evidence, Observed
from planner.tempo.core.rates import forecast, interval, rhythm
from planner.tempo.core.scores import score
from planner.tempo.core.week import HOURS

BAGHDAD = ZoneInfo("Asia/Baghdad")
LONDON = ZoneInfo("Europe/London")
START = datetime(2014, 5, 5, tzinfo=BAGHDAD)  # a Monday


def _observed(instants, weeks, weights=None):
    seconds = np.array(sorted(instants), dtype=float)
    return Observed(
        seconds, np.ones(len(seconds)) if weights is None else weights, START, START + timedelta(weeks=weeks)
    )


def _nights(weeks, per_hour=4.0, seed=1):
    """Events at 22:00-04:00 Baghdad time only, Poisson."""
    chance = np.random.default_rng(seed)
    instants = []
    for hour in range(weeks * HOURS):
        at = START + timedelta(hours=hour)
        if at.hour >= 22 or at.hour < 4:
            instants += [at.timestamp() + second for second in chance.uniform(0, 3600, chance.poisson(per_hour))]
    return instants


def _week_after(of, weeks):
    end = START + timedelta(weeks=weeks)
    return forecast(of, end, end + timedelta(weeks=1))


def test_the_night_that_was_heard_is_the_night_that_is_foretold():
    hours = _week_after(rhythm(_observed(_nights(6), 6), BAGHDAD, basis=Basis.CLAIMS), 6)
    assert len(hours) == HOURS
    night = [h.expected for h in hours if h.start.astimezone(BAGHDAD).hour in (23, 0, 1, 2)]
    day = [h.expected for h in hours if 6 <= h.start.astimezone(BAGHDAD).hour < 20]
    assert np.mean(night) == pytest.approx(4.0, rel=0.15)
    assert max(day) < 0.2


def test_a_handful_of_claims_takes_its_shape_from_many_messages():
    claims = _observed([(START + timedelta(days=3 * n, hours=12)).timestamp() for n in range(4)], 2)
    messages = _observed(_nights(2, per_hour=30), 2)
    hours = _week_after(rhythm(claims, BAGHDAD, basis=Basis.CLAIMS, shape=messages), 2)
    night = sum(h.expected for h in hours if h.start.astimezone(BAGHDAD).hour in (22, 23, 0, 1, 2, 3))
    total = sum(h.expected for h in hours)
    assert total == pytest.approx(2, rel=0.4), "the level is that of the claims: two a week"
    assert night / total > 0.6, "the shape is that of the messages"


def test_many_claims_outweigh_the_messages_shape():
    noons = [START + timedelta(days=day, hours=12, minutes=minute) for day in range(28) for minute in range(0, 60, 10)]
    claims = _observed([noon.timestamp() for noon in noons], 4)
    hours = _week_after(rhythm(claims, BAGHDAD, basis=Basis.CLAIMS, shape=_observed(_nights(4, 30), 4)), 4)
    by_hour = {h.start.astimezone(BAGHDAD).hour: h.expected for h in hours[:24]}
    assert max(by_hour, key=by_hour.get) == 12


def test_without_evidence_there_is_a_wide_prior_and_a_note():
    nothing = Observed(np.zeros(0), np.zeros(0), START, START)
    of = rhythm(nothing, BAGHDAD, basis=Basis.NOTHING)
    hours = _week_after(of, 0)
    assert sum(h.expected for h in hours[:24]) == pytest.approx(1.0)
    assert hours[0].low == 0
    assert np.sqrt(of.variance[0]) > of.rate[0], "we do not claim to know"
    assert of.notes == (Note(Remark.NOTHING_YET),)


@given(
    st.lists(st.floats(0, 21 * 86_400 - 1), max_size=60),
    st.sampled_from([1, 7, 21]),
    st.sampled_from(["Asia/Baghdad", "Europe/London", "Australia/Lord_Howe"]),
    st.booleans(),
)
@settings(max_examples=30, deadline=None)
def test_no_input_makes_a_forecast_nan_or_turns_its_interval_round(offsets, days, zone, heavy):
    offsets = [offset for offset in offsets if offset < days * 86_400]
    seconds = np.array(sorted(START.timestamp() + offset for offset in offsets), dtype=float)
    weights = np.full(len(seconds), 4.0 if heavy else 0.5)
    seen = Observed(seconds, weights, START, START + timedelta(days=days))
    for hour in forecast(
        rhythm(seen, ZoneInfo(zone), basis=Basis.CLAIMS, shape=seen), START, START + timedelta(days=7)
    ):
        assert np.isfinite([hour.expected, hour.low, hour.high]).all()
        assert hour.expected > 0
        assert 0 <= hour.low <= hour.high
        assert 0 <= hour.rate_low <= hour.rate_high


def test_the_total_foretold_is_the_total_heard_per_week():
    seen = _observed(_nights(8, per_hour=1.5), 8)
    foretold = sum(h.expected for h in _week_after(rhythm(seen, BAGHDAD, basis=Basis.CLAIMS), 8))
    assert foretold == pytest.approx(len(seen.instants) / 8, rel=0.05)


def test_weights_scale_what_is_expected():
    instants = _nights(4)
    light = rhythm(_observed(instants, 4, np.full(len(instants), 0.5)), BAGHDAD, basis=Basis.CLAIMS)
    heavy = rhythm(_observed(instants, 4, np.full(len(instants), 4.0)), BAGHDAD, basis=Basis.CLAIMS)
    assert heavy.rate.sum() / light.rate.sum() == pytest.approx(8, rel=0.02)
    assert (light.unit, heavy.unit) == (0.5, 4.0)


def test_the_interval_holds_at_least_four_fifths_of_what_comes_and_not_nearly_everything():
    of = rhythm(_observed(_nights(12), 12), BAGHDAD, basis=Basis.CLAIMS)
    end = START + timedelta(weeks=12)
    hours = forecast(of, end, end + timedelta(weeks=4))
    night = [h for h in hours if h.start.astimezone(BAGHDAD).hour in (22, 23, 0, 1, 2, 3)]
    drawn = np.random.default_rng(7).poisson(4.0, len(night))
    inside = np.mean([h.low <= n <= h.high for h, n in zip(night, drawn, strict=True)])
    assert 0.8 <= inside <= 0.95, "whole counts: the narrowest honest interval, 2 to 7, holds 86 %"


def test_a_longer_watch_knows_the_rhythm_better():
    def width(weeks):
        known = _week_after(rhythm(_observed(_nights(weeks), weeks), BAGHDAD, basis=Basis.CLAIMS), weeks)
        assert all(hour.rate_low <= hour.rate_high for hour in known)
        return sum(hour.rate_high - hour.rate_low for hour in known)

    assert width(12) < width(3)


def test_bursts_widen_the_interval():
    steady = _nights(6, per_hour=2)
    bursts = [second for second in _nights(6, per_hour=0.2) for _ in range(10)]
    of, bursty = (rhythm(_observed(events, 6), BAGHDAD, basis=Basis.CLAIMS) for events in (steady, bursts))
    assert of.dispersion < 2
    assert bursty.dispersion > 5
    at_night = 23
    assert _week_after(replace(of, dispersion=8), 6)[at_night].high > _week_after(of, 6)[at_night].high


def test_the_interval_has_the_quantiles_of_the_count_it_promises():
    chance = np.random.default_rng(3)
    mean, burst = 6.0, 4.0
    size = mean / (burst - 1)
    drawn = chance.negative_binomial(size, size / (size + mean), 200_000)
    low, high = interval(np.array([mean]), np.zeros(1), burst, 1.0)
    assert drawn.var() / drawn.mean() == pytest.approx(burst, rel=0.05)
    assert (low[0], high[0]) == tuple(np.quantile(drawn, (0.1, 0.9)))


def test_a_forecast_over_a_changeover_has_23_or_25_hours():
    of = rhythm(_observed(_nights(4), 4), LONDON, basis=Basis.CLAIMS)
    for day, count in ((datetime(2026, 3, 29, tzinfo=LONDON), 23), (datetime(2026, 10, 25, tzinfo=LONDON), 25)):
        hours = forecast(of, day, day + timedelta(days=1))  # wall-clock arithmetic: to the next midnight
        assert len(hours) == count
        assert {hour.start.tzinfo for hour in hours} == {UTC}


def test_a_held_out_week_scores_better_than_guessing():
    scores = score(Evidence(_observed(_nights(6), 6), None, Basis.CLAIMS), BAGHDAD)
    assert scores.model > scores.uniform + 1, "six hours in 24: log 4 = 1.39 nats to be had"
    assert scores.model > scores.histogram
    assert 0.8 <= scores.inside <= 1
    assert scores.events > 100


def test_one_week_cannot_be_scored():
    assert score(Evidence(_observed(_nights(1), 1), None, Basis.CLAIMS), BAGHDAD) is None
