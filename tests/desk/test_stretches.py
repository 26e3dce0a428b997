"""Who holds a role from when to when: every minute of a night is in one stretch, with the right people."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.desk.core.stretches import stretches
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span

FIVE = datetime(2026, 11, 26, 14, 0, tzinfo=UTC)  # 17:00 in Baghdad
HOUR = timedelta(hours=1)

minutes = st.integers(-60, 660)
duties = st.lists(
    st.builds(
        lambda who, roles, first, length, kind: Duty(
            who,
            f"P{who}",
            frozenset(roles),
            frozenset(),
            DutyKind(kind),
            Span(FIVE + timedelta(minutes=first), FIVE + timedelta(minutes=first + length)),
        ),
        st.integers(1, 3),
        st.sets(st.sampled_from(["approver", "duty"])),
        minutes,
        st.integers(1, 300),
        st.sampled_from(["desk", "on_call"]),
    ),
    max_size=6,
)


@given(duties)
@settings(max_examples=60, deadline=None)
def test_every_minute_of_the_night_is_in_one_stretch_with_the_right_people(there):
    end = FIVE + 10 * HOUR
    found = stretches(there, "approver", FIVE, end)
    assert (found[0].start, found[-1].end) == (FIVE, end)
    for before, after in pairwise(found):
        assert before.end == after.start
        assert before.people != after.people
    for minute in range(0, 600, 7):
        at = FIVE + timedelta(minutes=minute)
        (piece,) = [one for one in found if one.start <= at < one.end]
        assert set(piece.people) == {one.name for one in there if "approver" in one.roles and one.span.contains(at)}
