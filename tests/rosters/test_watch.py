"""Who is on watch: shifts less leave, compared with a count minute by minute."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.watch import on_watch, watch
from planner.spans import Span, SpanSet

MIDNIGHT = datetime(2014, 6, 10, tzinfo=UTC)
MINUTES = 40


def at(minute):
    return MIDNIGHT + timedelta(minutes=minute)


def duty(person, start, end, kind=DutyKind.DESK):
    return Duty(person, f"P{person}", frozenset({"officer"}), frozenset({"en"}), kind, Span(at(start), at(end)))


stretches = st.tuples(st.integers(0, MINUTES - 1), st.integers(1, 12)).map(lambda pair: (pair[0], sum(pair)))
people = st.integers(1, 3)


@given(
    st.lists(st.tuples(people, stretches), max_size=8),
    st.lists(st.tuples(people, stretches), max_size=4),
    stretches,
)
def test_watch_agrees_with_a_count_minute_by_minute(shifts, leaves, window):
    duties = [duty(person, *stretch) for person, stretch in shifts]
    away = {p: SpanSet([(at(a), at(b)) for q, (a, b) in leaves if p == q]) for p, _stretch in leaves}

    found = watch(duties, away, at(window[0]), at(window[1]))

    for minute in range(-1, MINUTES + 15):
        gone = {person for person, (start, end) in leaves if start <= minute < end}
        there = sorted(person for person, (start, end) in shifts if start <= minute < end and person not in gone)
        inside = window[0] <= minute < window[1]
        assert sorted(d.person_id for d in found if d.span.contains(at(minute))) == (there if inside else [])
        assert sorted(d.person_id for d in on_watch(duties, away, at(minute))) == there


def test_leave_in_the_middle_of_a_shift_leaves_two_duties():
    away = {1: SpanSet([(at(10), at(20))])}

    found = watch([duty(1, 0, 30)], away, at(0), at(30))

    assert [d.span for d in found] == [Span(at(0), at(10)), Span(at(20), at(30))]


def test_a_shift_that_ends_is_over_at_its_end():
    first, second = duty(1, 0, 10), duty(2, 10, 20)

    assert on_watch([first, second], {}, at(10)) == [second]


def test_leave_of_one_person_takes_nobody_else_off():
    away = {1: SpanSet([(at(0), at(30))])}

    assert [d.person_id for d in on_watch([duty(1, 0, 30), duty(2, 0, 30)], away, at(5))] == [2]
