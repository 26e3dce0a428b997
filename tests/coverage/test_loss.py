"""What a gap costs, held against a sum over seconds."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.core.gaps import Gap
from planner.coverage.core.links import Link
from planner.coverage.core.loss import (
    Assumptions,
    Standing,
    cost,
    covered_share,
    expected_claims,
    weighted_covered_share,
)
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour

START = datetime(2014, 6, 10, 19, tzinfo=UTC)
AT_ONCE = Assumptions(desk=timedelta(0), on_call=timedelta(0))


def at(minutes):
    return START + timedelta(minutes=minutes)


def hours(*expected):
    return [Hour(at(60 * n), rate, 0, rate + 1) for n, rate in enumerate(expected)]


def gap(start, end):
    return Gap(at(start), at(end), frozenset(Link))


def whole_from(minute):
    whole = SpanSet([(at(minute), at(minute + 6000))])
    return Standing(whole, whole)


def test_a_claim_answered_after_one_half_life_has_lost_half_its_audience():
    instant = gap(0, 1)  # one claim, nearly at the instant 80 minutes before the answer
    found = cost(instant, hours(60), whole_from(80), AT_ONCE)
    assert found.expected == pytest.approx(1)
    assert found.loss == pytest.approx(0.5, abs=0.005)


def test_a_night_of_silence_loses_nearly_everything():
    found = cost(gap(0, 480), hours(*[0.5] * 8), whole_from(480), AT_ONCE)
    assert found.expected == pytest.approx(4)
    assert 3 < found.loss < 3.2, "those of the last hour still meet part of their audience"
    assert found.half_lost == pytest.approx(0.5 * (480 - 80) / 60)


def test_a_chain_that_never_stands_again_loses_all():
    found = cost(gap(0, 60), hours(2.0), Standing(SpanSet.empty(), SpanSet.empty()), Assumptions())
    assert (found.loss, found.half_lost, found.whole_again) == (pytest.approx(2), pytest.approx(2), None)


def test_the_gap_may_end_long_before_the_chain_is_whole():
    soon = cost(gap(0, 60), hours(1.0), whole_from(60), Assumptions())
    late = cost(gap(0, 60), hours(1.0), whole_from(400), Assumptions())
    assert late.whole_again == at(400)
    assert late.loss > soon.loss


def test_hours_without_a_forecast_add_nothing():
    assert expected_claims([Span(at(-300), at(600))], hours(1.0, 2.0)) == pytest.approx(3)


rates = st.lists(st.floats(0, 20), min_size=6, max_size=6)


@given(rates, st.integers(0, 300), st.integers(1, 60), st.integers(0, 300), st.integers(5, 300), st.integers(0, 90))
@settings(max_examples=60, deadline=None)
def test_the_closed_form_is_the_sum_over_small_steps(expected, start, length, delay, half_life, reaction):
    forecast = hours(*expected)
    one, again = gap(start, start + length), start + length + delay
    assumed = Assumptions(timedelta(minutes=half_life), timedelta(minutes=reaction))
    found = cost(one, forecast, whole_from(again), assumed)
    step, loss, half = 1 / 20, 0.0, 0.0
    for n in range(length * 20):
        broke = start + (n + 0.5) * step
        claims = expected[int(broke // 60)] * step / 60
        waited = again + reaction - broke
        loss += claims * (1 - 2 ** (-waited / half_life))
        half += claims * (waited >= half_life)
    assert found.loss == pytest.approx(loss, rel=1e-4, abs=1e-6)
    assert found.half_lost == pytest.approx(half, rel=0.02, abs=20 * step / 60 + 1e-6)
    assert found.loss <= found.expected + 1e-9


def test_shares_by_the_clock_and_by_the_audience():
    required, covered = SpanSet([(at(0), at(240))]), SpanSet([(at(0), at(180))])
    forecast = hours(0.1, 0.1, 0.1, 2.7)
    assert covered_share(required, covered) == 0.75
    assert weighted_covered_share(required, covered, forecast) == pytest.approx(0.1)


def test_where_nothing_is_required_nothing_is_missing():
    assert covered_share(SpanSet.empty(), SpanSet.empty()) == 1
    assert weighted_covered_share(SpanSet.empty(), SpanSet.empty(), hours(1.0)) == 1
