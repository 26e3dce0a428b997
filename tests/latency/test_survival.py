"""Kaplan-Meier with the unanswered counted, against lifelines."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from planner.latency.core.survival import WITHIN, Sample, summary

samples = st.lists(
    st.builds(Sample, st.integers(0, 400).map(float), st.booleans()),
    min_size=1,
    max_size=40,
)


def _oracle(of):
    return KaplanMeierFitter().fit([sample.minutes for sample in of], [not sample.censored for sample in of])


@given(samples)
@settings(max_examples=200, deadline=None)
def test_the_quantiles_and_shares_are_those_of_lifelines(of):
    found, oracle = summary(of), _oracle(of)
    left = oracle.survival_function_["KM_estimate"]
    for quantile, share in ((found.median, 0.5), (found.p90, 0.9)):
        reached = left.index[left <= 1 - share + 1e-9]
        assert quantile == (reached[0] if len(reached) else None)
    for minutes in WITHIN:
        if found.within[minutes] is not None:
            share = 1 - oracle.survival_function_at_times(minutes).iloc[0]
            assert found.within[minutes] == pytest.approx(share)


@given(samples)
@settings(max_examples=100, deadline=None)
def test_the_band_is_that_of_lifelines_wherever_the_formula_holds(of):
    oracle = _oracle(of)
    band = oracle.confidence_interval_survival_function_
    for point in summary(of).curve:
        if point.minutes in band.index and 0 < point.share < 1 - 1e-9:
            low, high = sorted(1 - band.loc[point.minutes].to_numpy())
            assert (point.low, point.high) == (pytest.approx(low, abs=1e-6), pytest.approx(high, abs=1e-6))


@given(samples)
@settings(max_examples=100, deadline=None)
def test_the_curve_only_climbs_and_stays_inside_its_band(of):
    curve = summary(of).curve
    shares = [point.share for point in curve]
    assert shares == sorted(shares)
    assert all(0 <= p.low <= p.share + 1e-9 <= p.high + 2e-9 <= 1 + 1e-8 for p in curve)


def test_claims_nobody_answered_slow_the_median_down():
    answered = [Sample(minutes, False) for minutes in (10, 20, 30, 40)]
    unanswered = [Sample(600, True)] * 4
    assert summary(answered).median == 20
    assert summary(answered + unanswered).median == 40
    assert summary(answered + [Sample(600, True)] * 5).median is None, "more than half were never answered"


def test_a_share_is_unknown_where_nobody_was_watched_that_long():
    found = summary([Sample(10, False), Sample(45, True)])
    assert found.within == {15: 0.5, 30: 0.5, 60: None, 120: None, 240: None}


def test_once_all_are_answered_later_shares_are_known():
    assert summary([Sample(10, False)]).within[240] == 1


def test_no_claims_at_all_is_an_answer_too():
    found = summary([])
    assert (found.count, found.median, found.within[60]) == (0, None, None)


def test_only_open_claims_give_a_flat_curve():
    found = summary([Sample(100, True), Sample(30, True)])
    assert (found.events, found.median, found.within[60]) == (0, None, 0)
    assert len(found.curve) == 1
