"""What a gap costs, held against a sum over seconds."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.core.gaps import Chosen, Gap, Requirement, find
from planner.coverage.core.links import Link
from planner.coverage.core.loss import (
    Assumptions,
    Stand,
    Standing,
    cost,
    covered_share,
    expected_claims,
    expected_loss,
    standing,
    weighted_covered_share,
)
from planner.coverage.core.staffing import Watch
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour
from tests.coverage import grid
from tests.coverage.test_gaps import ALWAYS, END, NOON, channel, duty, needs, roles, spans

START = datetime(2014, 6, 10, 19, tzinfo=UTC)
HALF = timedelta(minutes=30)
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


kinds = st.sampled_from(["mastodon", "webhook", "email"])
people = st.lists(
    st.builds(
        lambda who, what, when, kind: duty(who, what, *when, kind=kind),
        st.integers(1, 3),
        roles,
        spans,
        st.sampled_from(DutyKind),
    ),
    max_size=6,
)
channels = st.lists(
    st.builds(lambda when, kind: replace(channel(*when), channel_kind=kind), spans, kinds), min_size=1, max_size=3
)
assumptions = st.builds(
    lambda half, desk, call, own: Assumptions(
        *(timedelta(minutes=one) for one in (half, desk, call)), {kind: timedelta(minutes=m) for kind, m in own.items()}
    ),
    st.integers(20, 300),
    st.integers(0, 60),
    st.integers(0, 120),
    st.dictionaries(kinds, st.integers(10, 600), max_size=3),
)


@given(needs, people, channels, assumptions, st.lists(st.floats(0, 5), min_size=6, max_size=6))
@settings(max_examples=60, deadline=None)
def test_the_loss_of_every_gap_is_what_the_grid_adds_up_to(requirements, on_duty, supplied, assumed, expected):
    """Roles, languages, desk and on call, half-lives by kind of channel: minute by minute, decided case by case."""
    forecast = [Hour(NOON + timedelta(hours=n), rate, 0, 9) for n, rate in enumerate(expected)]
    watch = Watch(on_duty, supplied)
    chain = standing(watch, requirements)
    total = 0.0

    def per_minute(at):
        return expected[(at - NOON) // timedelta(hours=1)] / 60

    for one in find(requirements, watch, NOON, END).gaps:
        slow = grid.lost(
            one,
            requirements,
            on_duty,
            supplied,
            lambda at: expected[(at - NOON) // timedelta(hours=1)] / 60,
            assumed,
            END,
        )
        found = cost(one, forecast, chain, assumed)
        assert found.loss == pytest.approx(slow, rel=2e-3, abs=2e-3)
        total += found.loss
    assert expected_loss(watch, requirements, forecast, assumed, NOON, END) == pytest.approx(total)


def test_what_was_chosen_costs_nothing_and_half_a_choice_is_none():
    need, forecast = [Requirement(Link.SEEN, None, ALWAYS)], [Hour(NOON, 3.0, 0, 9)]
    words = (Watch([], []), need, forecast, Assumptions(), NOON, END)
    assert expected_loss(*words) == pytest.approx(3)
    assert expected_loss(*words, [Chosen(Span(NOON, END), frozenset({Link.SEEN}))]) == 0
    assert expected_loss(*words, [Chosen(Span(NOON, END), frozenset({Link.DRAFTED}))]) == pytest.approx(3)
    assert expected_loss(*words, [Chosen(Span(NOON, END - HALF), frozenset(Link))]) == pytest.approx(3)


def test_the_earlier_answer_counts_so_that_waking_somebody_never_costs_more():
    at_desk = SpanSet([(at(70), at(600))])
    waking = Standing(SpanSet([(at(60), at(600))]), at_desk)
    found = cost(gap(0, 60), hours(1.0), waking, Assumptions())
    assert (found.stand, found.whole_again, found.reaction) == (Stand.DESK, at(70), timedelta(minutes=30))
    earlier = Standing(SpanSet([(at(60), at(600))]), SpanSet([(at(300), at(600))]))
    found = cost(gap(0, 60), hours(1.0), earlier, Assumptions())
    assert (found.stand, found.whole_again, found.reaction) == (Stand.ON_CALL, at(60), timedelta(minutes=60))


@given(people, people, channels)
@settings(max_examples=60, deadline=None)
def test_more_people_never_leave_fewer_minutes_covered(some, more, supplied):
    need = [Requirement(link, None, ALWAYS) for link in (Link.SEEN, Link.DRAFTED)]
    before = find(need, Watch(some, supplied), NOON, END).covered
    assert not before - find(need, Watch(some + more, supplied), NOON, END).covered


def test_the_channel_whose_audience_lasts_longest_sets_the_half_life():
    own = {"mastodon": timedelta(minutes=20), "email": timedelta(minutes=400)}
    assumed = Assumptions(half_lives=own)
    assert assumed.half_life_of(["mastodon", "email"]) == timedelta(minutes=400)
    assert assumed.half_life_of(["mastodon", "webhook"]) == timedelta(minutes=80)
    assert assumed.half_life_of([]) == timedelta(minutes=80)
