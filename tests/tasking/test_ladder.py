"""Whom to wake, in which order: compared with a slow and obvious sum."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span
from planner.tasking.core.ladder import Climb, Step, Why, climb, is_attended, is_read, ladder

NIGHT = datetime(2014, 6, 9, 23, 0, tzinfo=UTC)


def duty(person, *roles, kind="on_call", languages=("en",)):
    span = Span(NIGHT, NIGHT + timedelta(hours=8))
    return Duty(person, f"P{person}", frozenset(roles), frozenset(languages), DutyKind(kind), span)


def order(*duties, **words):
    return [step.person_id for step in ladder(duties, **words)]


def test_duty_officers_on_call_come_first_then_press_officers_then_approvers_then_the_desk_then_managers():
    found = ladder(
        [duty(4, "approver", kind="desk"), duty(3, "approver"), duty(2, "officer"), duty(1, "duty")], managers=[9, 8]
    )

    assert found == [
        Step(1, Why.DUTY_ON_CALL),
        Step(2, Why.OFFICER_ON_CALL),
        Step(3, Why.APPROVER_ON_CALL),
        Step(4, Why.AT_DESK),
        Step(9, Why.LAST_RESORT),
        Step(8, Why.LAST_RESORT),
    ]


def test_whoever_speaks_the_claims_language_comes_first_among_their_equals():
    arabic = duty(2, "duty", languages=["ar"])

    assert order(duty(1, "duty"), arabic, duty(3, "officer", languages=["ar"]), language="ar") == [2, 1, 3]
    assert order(duty(1, "duty"), arabic, language="") == [1, 2]


def test_by_day_nobody_is_called_at_home_while_a_colleague_sits_at_the_desk():
    assert order(duty(1, "duty"), duty(2, "officer", kind="desk"), off_hours=False) == [2, 1]


def test_who_took_it_and_fell_silent_follows_the_others_but_comes_before_the_last_resort():
    found = order(duty(1, "duty"), duty(2, "approver"), deferred=[1], managers=[3])

    assert found == [2, 1, 3]


def test_an_analyst_on_call_is_not_woken():
    assert order(duty(1, "analyst")) == []


people = st.integers(1, 5)
duties = st.lists(
    st.builds(
        lambda person, roles, kind, languages: duty(person, *roles, kind=kind, languages=languages),
        people,
        st.sets(st.sampled_from(["duty", "officer", "approver", "analyst", "manager"])),
        st.sampled_from(["desk", "on_call"]),
        st.sets(st.sampled_from(["ar", "en"])),
    ),
    max_size=8,
)


def obvious(duties, language, managers, without, deferred):
    """The ladder by passes: for each class of people, the speakers, then the others, each who was not named yet."""
    found = []
    for late in (False, True):
        for role in ("duty", "officer", "approver", None):
            for speaks in (True, False):
                for d in sorted(duties, key=lambda d: (d.name, d.person_id)):
                    is_of_class = d.kind == "desk" if role is None else d.kind == "on_call" and role in d.roles
                    is_speaker = not language or language in d.languages
                    right = is_of_class and is_speaker == speaks and (d.person_id in deferred) == late
                    if right and d.person_id not in found and d.person_id not in without:
                        found.append(d.person_id)
    return found + [p for p in dict.fromkeys(managers) if p not in found and p not in without]


@given(duties, st.sampled_from(["", "ar"]), st.lists(st.integers(1, 8)), st.sets(people), st.sets(people))
def test_the_ladder_agrees_with_a_slow_and_obvious_one(duties, language, managers, without, deferred):
    found = order(*duties, language=language, managers=managers, without=without, deferred=deferred)

    assert found == obvious(duties, language, managers, without, deferred)
    assert len(set(found)) == len(found), "nobody stands on two rungs"


@given(duties, st.lists(st.integers(6, 8)))
def test_climbing_pages_everybody_once_and_the_last_resort_together(duties, managers):
    steps, paged, moves = ladder(duties, managers=managers), [], 0
    while not (move := climb(steps, paged=paged)).exhausted:
        assert len(move.page) == 1
        paged += [step.person_id for step in move.page]
        moves += 1

    assert [*paged, *(step.person_id for step in move.page)] == [step.person_id for step in steps]
    assert moves == sum(step.why is not Why.LAST_RESORT for step in steps)


def test_nobody_on_watch_means_that_everybody_of_last_resort_is_told_at_once():
    steps = ladder([], managers=[1, 2])

    assert climb(steps, paged=[]) == Climb((Step(1, Why.LAST_RESORT), Step(2, Why.LAST_RESORT)), exhausted=True)
    assert climb([], paged=[]) == Climb((), exhausted=True)


def test_who_sees_and_who_reads():
    analyst, officer = duty(1, "analyst", kind="desk"), duty(2, "officer", kind="desk")

    assert (is_attended([analyst]), is_read([analyst])) == (True, True)
    assert (is_attended([officer]), is_read([officer])) == (True, False)
    assert not is_attended([duty(1, "officer", "analyst"), duty(2, "approver", kind="desk")])
