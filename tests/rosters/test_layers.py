"""Shifts, swaps, overrides, leave: resolved in that order, compared with layers painted minute by minute."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from planner.rosters.core.duty import Duty, Via
from planner.rosters.core.kinds import DutyKind
from planner.rosters.core.layers import Override, OverrideAct, TakenOver
from planner.rosters.core.watch import able, on_watch, watch
from planner.spans import Span, SpanSet

MIDNIGHT = datetime(2014, 6, 10, tzinfo=UTC)
MINUTES = 20
ROLES = ["analyst", "officer", "approver"]
LAYLA, OMAR, SARA, TOM = 1, 2, 3, 4


def at(minute):
    return MIDNIGHT + timedelta(minutes=minute)


def duty(person, start, end, roles=("officer",), kind="on_call", source="", via=Via.SHIFT):
    span = Span(at(start), at(end))
    return Duty(person, f"P{person}", frozenset(roles), frozenset({"en"}), DutyKind(kind), span, via, source)


def over(act, person, start, end, by=None, roles=ROLES):
    comes = {"add": person, "replace": by}.get(act)
    stand_in = duty(comes, start, end, roles, "desk", f"o{person}", Via.OVERRIDE) if comes else None
    return Override(OverrideAct(act), person, Span(at(start), at(end)), stand_in)


# The oracle: knows nothing of spans, paints one minute after the other ------------------------------------------------
@dataclass
class Night:
    shifts: list[Duty]
    swaps: list[TakenOver]
    overrides: list[Override]
    leaves: list[tuple[int, int, int]]


def inside(span, minute):
    return span.start <= at(minute) < span.end


def painted(night, minute):
    """Who is there in one minute: {(person, roles, kind)}."""
    holds = {shift.source: shift for shift in night.shifts if inside(shift.span, minute)}
    for swap in night.swaps:
        if swap.of in holds and inside(swap.duty.span, minute):
            del holds[swap.of]
            holds[swap.duty.source] = swap.duty
    there = {found.person_id: (found.roles, found.kind) for found in holds.values()}
    last_word = {}
    for number, override in enumerate(night.overrides):
        if inside(override.span, minute):
            last_word[override.person_id] = number
    for number in sorted(last_word.values()):
        override = night.overrides[number]
        did = there.pop(override.person_id, None)
        if override.act == "add":
            there[override.person_id] = (override.by.roles, override.by.kind)
        elif override.act == "replace" and did:
            there.pop(override.by.person_id, None)
            if did[0] & override.by.roles:  # who can do nothing of it has nothing that could be passed on
                there[override.by.person_id] = (did[0] & override.by.roles, did[1])
    away = {person for person, start, end in night.leaves if start <= minute < end}
    return {(person, *did) for person, did in there.items() if did[0] and person not in away}


stretches = st.tuples(st.integers(0, MINUTES - 1), st.integers(1, 12)).map(lambda pair: (pair[0], sum(pair)))
roles = st.sets(st.sampled_from(ROLES), min_size=1)
kinds = st.sampled_from(["desk", "on_call"])
people = st.integers(1, 3)


@st.composite
def nights(draw):
    shifts, taken = [], {}
    for number in range(draw(st.integers(1, 6))):
        person, (start, end) = draw(people), draw(stretches)
        if taken.get(person, SpanSet.empty()) & SpanSet([(at(start), at(end))]):
            continue  # the database keeps one person from being on two shifts
        taken[person] = taken.get(person, SpanSet.empty()) | SpanSet([(at(start), at(end))])
        shifts.append(duty(person, start, end, draw(roles), draw(kinds), f"s{number}"))
    sources, swaps = [shift.source for shift in shifts], []
    for number in range(draw(st.integers(0, 3)) if sources else 0):
        # Takers of their own, so that nobody is on two shifts here either.
        part = duty(10 + number, *draw(stretches), draw(roles), draw(kinds), f"t{number}", Via.SWAP)
        swaps.append(TakenOver(draw(st.sampled_from(sources)), part))
        sources.append(part.source)
    everybody, overrides = st.sampled_from([1, 2, 3, 10]), []
    for _number in range(draw(st.integers(0, 6))):  # few people, so that words meet words
        act, who, by = draw(st.sampled_from(list(OverrideAct))), draw(everybody), draw(everybody)
        if who != by:
            overrides.append(over(act, who, *draw(stretches), by=by, roles=draw(roles)))
    leaves = [(draw(everybody), *draw(stretches)) for _number in range(draw(st.integers(0, 3)))]
    return Night(shifts, swaps, overrides, leaves)


@settings(max_examples=300, deadline=None)
@given(nights(), stretches)
def test_all_layers_agree_with_layers_painted_minute_by_minute(night, window):
    away = {p: SpanSet([(at(a), at(b)) for q, a, b in night.leaves if p == q]) for p, _a, _b in night.leaves}
    layers = {"swaps": night.swaps, "overrides": night.overrides}

    found = watch(night.shifts, away, at(window[0]), at(window[1]), **layers)

    for minute in range(-1, MINUTES + 15):
        there = painted(night, minute)
        clipped = [(d.person_id, d.roles, d.kind) for d in found if d.span.contains(at(minute))]
        now = [(d.person_id, d.roles, d.kind) for d in on_watch(night.shifts, away, at(minute), **layers)]
        assert len(clipped) == len(set(clipped)), "nobody is on watch twice"
        assert set(clipped) == (there if window[0] <= minute < window[1] else set())
        assert set(now) == there
        assert len(now) == len(there)


def who(minute, shifts, away=None, **layers):
    return [(d.person_id, d.via.value) for d in on_watch(shifts, away or {}, at(minute), **layers)]


def test_the_later_override_about_a_person_wins_where_they_overlap():
    shifts = [duty(LAYLA, 0, 30, source="s")]
    first, second = over("replace", LAYLA, 0, 20, by=OMAR), over("replace", LAYLA, 10, 20, by=SARA)

    assert who(5, shifts, overrides=[first, second]) == [(OMAR, "override")]
    assert who(15, shifts, overrides=[first, second]) == [(SARA, "override")]
    assert who(25, shifts, overrides=[first, second]) == [(LAYLA, "shift")]
    assert who(15, shifts, overrides=[first]) == [(OMAR, "override")], "a cancelled override has no effect"


def test_whoever_stands_in_can_be_replaced_in_turn():
    shifts = [duty(LAYLA, 0, 30)]
    chain = [over("replace", LAYLA, 0, 20, by=OMAR), over("replace", OMAR, 10, 20, by=SARA)]

    assert who(5, shifts, overrides=chain) == [(OMAR, "override")]
    assert who(15, shifts, overrides=chain) == [(SARA, "override")]


def test_a_person_on_leave_is_never_on_watch_whatever_an_override_or_a_swap_says():
    away = {OMAR: SpanSet([(at(0), at(30))])}
    shifts = [duty(LAYLA, 0, 30, source="s")]
    swap = TakenOver("s", duty(OMAR, 0, 30, source="t", via=Via.SWAP))

    assert who(5, shifts, away, overrides=[over("add", OMAR, 0, 30)]) == [(LAYLA, "shift")]
    assert who(5, shifts, away, overrides=[over("replace", LAYLA, 0, 30, by=OMAR)]) == []
    assert who(5, shifts, away, swaps=[swap]) == []


def test_who_stands_in_for_somebody_on_leave_does_what_they_would_have_done():
    away = {LAYLA: SpanSet([(at(0), at(30))])}

    found = on_watch([duty(LAYLA, 0, 30)], away, at(5), overrides=[over("replace", LAYLA, 0, 30, by=OMAR)])

    assert [(d.person_id, d.kind, d.roles) for d in found] == [(OMAR, DutyKind.ON_CALL, {"officer"})]


def test_a_part_taken_over_can_be_passed_on_and_comes_back_when_the_chain_breaks():
    shifts = [duty(LAYLA, 0, 30, source="s")]
    first = TakenOver("s", duty(OMAR, 10, 20, source="t", via=Via.SWAP))
    second = TakenOver("t", duty(SARA, 15, 20, source="u", via=Via.SWAP))

    assert who(12, shifts, swaps=[first, second]) == [(OMAR, "swap")]
    assert who(17, shifts, swaps=[first, second]) == [(SARA, "swap")]
    assert who(25, shifts, swaps=[first, second]) == [(LAYLA, "shift")]
    assert who(17, shifts, swaps=[second]) == [(LAYLA, "shift")]


def test_who_can_act_in_which_role_names_the_desk_first():
    found = able([duty(TOM, 0, 9, ["officer"]), duty(SARA, 0, 9, ["officer", "analyst"], "desk")])

    assert {role: [d.person_id for d in them] for role, them in found.items()} == {
        "analyst": [SARA],
        "officer": [SARA, TOM],
    }
