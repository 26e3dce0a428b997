"""What else would help: cleared lines for the hours of a storyline, posts in the silences that stay."""

from dataclasses import replace
from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest

from planner.coverage.core.links import Link
from planner.coverage.core.staffing import Supply, SupplyKind, Watch
from planner.planning.core.extras import line_uses, post_slots
from planner.planning.core.slots import ROOM, Audience, Silence, avoided, merged
from planner.planning.core.verifier import costs, loss, losses
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span
from tests.planning.samples import DAY, HOUR, MONDAY, channel, team

HALF_LIFE = timedelta(minutes=80)
UP = Audience(ZoneInfo("Asia/Baghdad"), (0.2,) * 6 + (1.0,) * 18)


def night(roles):
    """A day with a whole desk 08:00-16:00, and one person at night from 22:00 to 04:00 who holds these roles."""
    problem = team(0, 1, seed=1)
    everything = frozenset({"analyst", "officer", "approver", "duty"})
    desk = [
        Duty(pk, f"Person {pk}", everything, frozenset(), DutyKind.DESK, Span(start, start + 8 * HOUR))
        for start in (MONDAY + 8 * HOUR, MONDAY + DAY + 8 * HOUR)
        for pk in (1, 2)
    ]
    awake = Span(MONDAY, MONDAY + 4 * HOUR)
    watcher = Duty(3, "Person 3", frozenset(roles), frozenset(), DutyKind.DESK, awake)
    return replace(problem, watch=Watch([*desk, watcher], [channel(MONDAY, MONDAY + 8 * DAY)])), awake


def test_a_line_is_proposed_for_the_hours_in_which_somebody_may_release_it_and_avoids_what_registering_it_would():
    problem, awake = night({"duty"})
    [use] = line_uses(problem, ())
    assert use.span == awake
    line = Supply(
        SupplyKind.CLEARED_LINE, frozenset({Link.DRAFTED, Link.CLEARED}), frozenset(), Span(MONDAY, MONDAY + 9 * DAY)
    )
    with_line = replace(problem, watch=Watch(problem.watch.duties, [*problem.watch.supplies, line]))
    assert use.avoids == pytest.approx(loss(problem, ()) - loss(with_line, ()))


def test_a_line_that_nobody_may_release_is_not_proposed():
    problem, _awake = night(())
    assert line_uses(problem, ()) == []


def test_a_post_is_proposed_where_it_avoids_most_in_the_silences_that_stay():
    problem, _awake = night({"duty"})
    [slot] = post_slots(problem, (), UP, HALF_LIFE, most=1)
    left = [Silence(span, one.loss, one.answered, one.half_life) for span, one in costs(problem, ())]
    tried = {
        start: avoided(start, one, problem.hours, UP, HALF_LIFE)
        for one in merged(left)
        for step in range(48)
        if one.span.start <= (start := MONDAY + step * HOUR / 2) <= one.span.end - ROOM
    }
    assert slot.avoids == pytest.approx(max(tried.values()))
    assert tried[slot.at] == slot.avoids


def test_posts_are_proposed_half_a_day_apart_and_cost_what_their_silence_does():
    problem, _awake = night({"duty"})
    found = post_slots(problem, (), UP, HALF_LIFE)
    assert all(abs(one.at - other.at) >= 12 * HOUR for one in found for other in found if one != other)
    assert sum(lost for _span, lost in losses(problem, ())) >= max(slot.silence.loss for slot in found)
