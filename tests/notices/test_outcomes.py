"""What follows from a try to deliver."""

from datetime import UTC, datetime, timedelta

import pytest

from planner.notices.core.outcomes import Attempt, Outcome, after
from planner.notices.core.states import NoticeState

NOW = datetime(2014, 6, 9, 23, 0, tzinfo=UTC)


def then(outcome, tries=1, age=timedelta(0)):
    return after(Attempt(outcome), tries=tries, created_at=NOW - age, now=NOW)


@pytest.mark.parametrize(
    ("outcome", "state"), [(Outcome.SENT, NoticeState.SENT), (Outcome.REFUSED, NoticeState.FAILED)]
)
def test_an_answer_is_final(outcome, state):
    step = then(outcome)

    assert (step.state, step.try_at) == (state, None)


def test_what_was_certainly_not_sent_is_tried_again_ever_later():
    waits = [(then(Outcome.NOT_SENT, tries).try_at - NOW).total_seconds() for tries in range(1, 8)]

    assert waits == [15, 30, 60, 120, 240, 300, 300]


def test_a_page_is_given_up_when_it_would_wake_somebody_for_nothing():
    assert then(Outcome.NOT_SENT, age=timedelta(hours=5)).state is NoticeState.PENDING
    assert then(Outcome.NOT_SENT, age=timedelta(hours=6)).state is NoticeState.FAILED


def test_an_unknown_end_is_tried_again_twice_and_then_uncertain():
    assert [then(Outcome.UNKNOWN, tries).state for tries in (1, 2, 3)] == ["pending", "pending", "uncertain"]
