"""How long answering takes: measured with the unanswered counted, and only where there is evidence."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lifelines import KaplanMeierFitter

from planner.coverage.core.loss import Stand, Standing
from planner.coverage.core.reaction import FEWEST, Episode, Sample, measure, median
from planner.spans import SpanSet

START = datetime(2014, 6, 9, 5, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = SpanSet([(START, START + 10 * HOUR)])
CHAIN = Standing(whole=SpanSet([(START, START + 24 * HOUR)]), at_desk=DAY)
NOW = START + 48 * HOUR


def broke(hours, waited=None, **words):
    at = START + hours * HOUR
    return Episode(at, at + timedelta(minutes=waited) if waited is not None else None, **words)


samples = st.lists(st.builds(Sample, st.integers(0, 200).map(float), st.booleans()), min_size=1, max_size=40)


@given(samples)
def test_the_median_is_that_of_lifelines(found):
    fitted = KaplanMeierFitter().fit([s.minutes for s in found], [not s.censored for s in found])
    left = fitted.survival_function_.iloc[:, 0]
    reached = left.index[left <= 0.5 + 1e-9]  # exactly half is half, whatever its last bit
    assert median(found) == (pytest.approx(reached[0]) if len(reached) else None)


def test_desk_and_on_call_are_told_apart_by_when_a_claim_broke():
    episodes = [broke(n / 4, 20) for n in range(20)] + [broke(11 + n / 4, 50) for n in range(20)] + [broke(30, 5)]
    found = measure(episodes, CHAIN, NOW)
    assert (found[Stand.DESK].median, found[Stand.DESK].claims) == (pytest.approx(20), 20)
    assert (found[Stand.ON_CALL].median, found[Stand.ON_CALL].claims) == (pytest.approx(50), 20)


def test_with_too_little_evidence_nothing_is_measured():
    found = measure([broke(1, 20)] * (FEWEST - 1), CHAIN, NOW)
    assert (found[Stand.DESK].median, found[Stand.DESK].answered) == (None, FEWEST - 1)
    assert measure([broke(1, 20)] * FEWEST, CHAIN, NOW)[Stand.DESK].median == pytest.approx(20)
    assert measure([], CHAIN, NOW)[Stand.ON_CALL].claims == 0


def test_claims_that_nobody_answered_make_the_median_longer():
    answered = [broke(1, 10 + n) for n in range(12)]
    open_still = [broke(2) for _ in range(9)]
    alone = measure(answered, CHAIN, NOW)[Stand.DESK].median
    found = measure(answered + open_still, CHAIN, NOW)[Stand.DESK]
    assert found.median > alone
    assert (found.claims, found.answered) == (21, 12)


def test_what_the_desk_left_for_the_morning_is_cut_where_the_desk_ended():
    """Broke ten minutes before the desk ended, answered a day later: that is not how fast a desk is."""
    late = broke(10 - 1 / 6, 24 * 60)
    found = measure([broke(1, 20)] * 11 + [late] * 4, CHAIN, NOW)[Stand.DESK]
    assert (found.median, found.answered) == (pytest.approx(20), 11)


def test_a_declined_claim_leaves_at_its_decision():
    declined = broke(1, None, declined=START + 1 * HOUR + timedelta(minutes=5))
    found = measure([broke(1, 20)] * 10 + [declined] * 5, CHAIN, NOW)[Stand.DESK]
    assert (found.claims, found.answered, found.median) == (15, 10, pytest.approx(20))


def test_the_page_is_a_part_of_it():
    paged = [
        broke(11 + n, 50, paged=START + (11 + n) * HOUR, acknowledged=START + (11 + n) * HOUR + timedelta(minutes=7))
        for n in range(10)
    ]
    assert measure(paged, CHAIN, NOW)[Stand.ON_CALL].acknowledged == pytest.approx(7)
