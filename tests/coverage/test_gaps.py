"""Gaps: required minus staffed for the whole chain, held against a grid of minutes."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.coverage.core.gaps import Requirement, find
from planner.coverage.core.links import Link
from planner.coverage.core.staffing import RELEASERS, Supply, SupplyKind, Watch, speaks
from planner.rosters.core.duty import Duty
from planner.rosters.core.kinds import DutyKind
from planner.spans import Span, SpanSet
from planner.wallclock import WeeklyRule, occurrences
from tests.coverage import grid

NOON = datetime(2014, 6, 10, 9, tzinfo=UTC)  # in Baghdad
END = NOON + timedelta(hours=6)
ALWAYS = WeeklyRule(frozenset(range(7)), 0, 1440, "Asia/Baghdad")
WORDS = frozenset({Link.DRAFTED, Link.CLEARED})


def at(minute):
    return NOON + timedelta(minutes=minute)


def duty(person, roles, start=0, end=360, languages=("ar",), kind=DutyKind.DESK):
    return Duty(person, f"p{person}", frozenset(roles), frozenset(languages), kind, Span(at(start), at(end)))


def channel(start=0, end=360, languages=()):
    return Supply(
        SupplyKind.CHANNEL, frozenset({Link.PUBLISHED}), frozenset(languages), Span(at(start), at(end)), "site"
    )


def line(start=0, end=360, languages=()):
    return Supply(SupplyKind.CLEARED_LINE, WORDS, frozenset(languages), Span(at(start), at(end)), "line")


def every_link(language=None, people=1):
    return [Requirement(link, language, ALWAYS, people) for link in Link]


def gaps(requirements, duties, supplies=()):
    return find(requirements, Watch(duties, supplies), NOON, END).gaps


def full_desk(start=0, end=360):
    return [duty(1, ["analyst"], start, end), duty(2, ["officer"], start, end), duty(3, ["approver"], start, end)]


def test_a_full_desk_with_a_channel_leaves_no_gap():
    found = find(every_link(), Watch(full_desk(), [channel()]), NOON, END)
    assert found.gaps == []
    assert found.covered == found.required == SpanSet([(NOON, END)])


def test_nobody_at_all_is_one_gap_of_four_links():
    (gap,) = gaps(every_link(), [])
    assert (gap.start, gap.end, gap.missing) == (NOON, END, frozenset(Link))


def test_a_gap_ends_where_other_links_go_missing():
    desk = [duty(1, ["analyst"]), duty(2, ["officer"]), duty(3, ["approver"], 0, 120)]
    found = gaps(every_link(), desk, [channel(0, 240)])
    assert [(gap.start, gap.end, set(gap.missing)) for gap in found] == [
        (at(120), at(240), {Link.CLEARED}),
        (at(240), END, {Link.CLEARED, Link.PUBLISHED}),
    ]


def test_touching_shifts_leave_no_hole():
    desk = [duty(1, ["analyst", "duty"], 0, 120), duty(2, ["duty"], 120, 360)]
    assert gaps([Requirement(Link.SEEN, None, ALWAYS)], desk) == []


def test_one_person_with_every_role_cannot_clear_their_own_words():
    alone = [duty(1, ["analyst", "officer", "approver"])]
    (gap,) = gaps(every_link(), alone, [channel()])
    assert gap.missing == {Link.CLEARED}
    assert gaps(every_link(), [*alone, duty(2, ["officer"])], [channel()]) == []
    assert gaps(every_link(), [*alone, duty(2, ["approver"])], [channel()]) == []


def test_a_cleared_line_helps_only_while_somebody_may_release_it():
    (gap,) = gaps(every_link(), [duty(1, ["analyst"])], [channel(), line()])
    assert gap.missing == WORDS, "an analyst may not release"
    assert gaps(every_link(), [duty(1, ["duty"], kind=DutyKind.ON_CALL)], [channel(), line()]) == []


def test_a_line_helps_only_while_somebody_whom_it_names_is_on_duty():
    for_one = replace(line(), releasers=frozenset(), people=frozenset({2}))
    night = [duty(1, ["duty"]), duty(2, ["duty"], 0, 120), duty(2, ["analyst"], 120, 360)]
    (gap,) = gaps([Requirement(Link.CLEARED, None, ALWAYS)], night, [for_one])
    assert (gap.start, gap.end) == (at(120), END), "an analyst's duty does not let them release"
    by_role = replace(line(), releasers=frozenset({"approver"}))
    assert gaps([Requirement(Link.CLEARED, None, ALWAYS)], night, [by_role])


def test_a_line_for_one_kind_of_channel_helps_only_while_such_a_channel_works():
    bound = replace(line(languages=["en"]), channel_kinds=frozenset({"mastodon"}))
    post = replace(channel(0, 120), channel_kind="mastodon")
    (gap,) = gaps([Requirement(Link.CLEARED, None, ALWAYS)], [duty(1, ["duty"])], [bound, post, channel()])
    assert (gap.start, gap.end) == (at(120), END)
    mute = replace(post, languages=frozenset({"ar"}))
    assert gaps([Requirement(Link.CLEARED, None, ALWAYS)], [duty(1, ["duty"])], [bound, mute])[0].start == NOON


@given(st.lists(st.sampled_from(Link), min_size=1), st.data())
@settings(max_examples=60, deadline=None)
def test_a_settled_watch_covers_the_same_and_binds_nobody(links, data):
    watch = Watch(data.draw(duties), data.draw(supplies))
    settled = watch.settled()
    for link in links:
        assert settled.staffed(link) == watch.staffed(link)
    assert all(one.releasers == RELEASERS and not one.people and not one.channel_kinds for one in settled.supplies)


def test_a_line_in_another_language_is_out_of_scope():
    night = [duty(1, ["duty"])]
    (gap,) = gaps([Requirement(Link.DRAFTED, "ar", ALWAYS)], night, [line(languages=["en"])])
    assert gap.languages == {"ar"}
    assert gaps([Requirement(Link.DRAFTED, "ar", ALWAYS)], night, [line(languages=["ar"])]) == []


def test_a_person_covers_only_the_languages_they_answer_in():
    desk = [duty(1, ["officer"], languages=["en"])]
    assert gaps([Requirement(Link.DRAFTED, "ar", ALWAYS)], desk)
    assert not gaps([Requirement(Link.DRAFTED, None, ALWAYS)], desk)


@pytest.mark.parametrize(
    ("known", "asked", "answer"),
    [(["ar-IQ"], "ar", True), (["ar"], "ar-IQ", False), (["AR"], "ar", True), (["arc"], "ar", False), ([], None, True)],
)
def test_a_dialect_answers_for_its_language_and_not_the_other_way_round(known, asked, answer):
    assert speaks(known, asked) is answer


def test_two_people_are_two_persons_not_two_shifts_of_one():
    twice = [duty(1, ["officer"]), duty(1, ["officer"], 60, 120)]
    assert gaps([Requirement(Link.DRAFTED, None, ALWAYS, people=2)], twice)
    assert not gaps([Requirement(Link.DRAFTED, None, ALWAYS, people=2)], [*twice, duty(2, ["officer"])])


def test_a_night_in_which_clocks_change_is_required_as_long_as_it_lasts():
    night = Requirement(Link.SEEN, None, WeeklyRule(frozenset({5}), 22 * 60, 4 * 60, "Europe/London"))
    (gap,) = find([night], Watch([], []), datetime(2026, 3, 27, tzinfo=UTC), datetime(2026, 3, 31, tzinfo=UTC)).gaps
    assert gap.end - gap.start == timedelta(hours=5)


def test_the_chain_is_whole_only_where_every_link_is():
    watch = Watch([duty(1, ["analyst"], 0, 300), *full_desk(60, 360)[1:]], [channel(0, 200), channel(250, 360)])
    assert watch.whole() == SpanSet([(at(60), at(200)), (at(250), at(300))])
    assert watch.whole([(Link.DRAFTED, "ku")]) == SpanSet.empty()


spans = st.tuples(st.integers(0, 350), st.integers(1, 200)).map(lambda pair: (pair[0], min(pair[0] + pair[1], 360)))
roles = st.sets(st.sampled_from(["analyst", "officer", "approver", "duty", "manager"]), min_size=1)
tongues = st.sets(st.sampled_from(["ar", "en", "ku"]))
duties = st.lists(
    st.builds(lambda who, what, when, tongue: duty(who, what, *when, tongue), st.integers(1, 3), roles, spans, tongues),
    max_size=6,
)
kinds = st.sampled_from(["", "mastodon"])
bounds = st.sampled_from(  # of a line: who may release it, and where it may go out
    [
        {},
        {"releasers": frozenset({"duty"})},
        {"releasers": frozenset(), "people": frozenset({1, 2})},
        {"channel_kinds": frozenset({"mastodon"})},
        {"releasers": frozenset({"approver"}), "people": frozenset({3}), "channel_kinds": frozenset({"mastodon", "x"})},
    ]
)
supplies = st.lists(
    st.builds(lambda when, tongue, kind: replace(channel(*when, tongue), channel_kind=kind), spans, tongues, kinds)
    | st.builds(lambda when, tongue, bound: replace(line(*when, tongue), **bound), spans, tongues, bounds),
    max_size=4,
)
rules = st.builds(
    WeeklyRule,
    st.sets(st.integers(0, 6), min_size=1).map(frozenset),
    st.integers(0, 1439),
    st.integers(0, 1440),
    st.sampled_from(["Asia/Baghdad", "America/New_York"]),
)
needs = st.lists(
    st.builds(
        Requirement,
        st.sampled_from(Link),
        st.sampled_from([None, "ar", "en"]),
        st.just(ALWAYS) | rules,
        st.integers(1, 2),
        st.sampled_from([None, None, "analyst", "duty", "officer", "approver"]),
    ),
    min_size=1,
    max_size=4,
)


@given(needs, duties, supplies)
@settings(max_examples=150, deadline=None)
def test_every_minute_is_judged_as_the_grid_judges_it(requirements, on_duty, supplied):
    found = find(requirements, Watch(on_duty, supplied), NOON, END)
    occurring = [occurrences(need.rule, NOON, END) for need in requirements]
    for minute in grid.minutes(NOON, END):
        truth = grid.missing(minute, requirements, occurring, on_duty, supplied)
        said = [gap.missing for gap in found.gaps if gap.start <= minute < gap.end]
        assert said == ([truth] if truth else [])
        required = any(when.contains(minute) for when in occurring)
        assert found.required.contains(minute) == required
        assert found.covered.contains(minute) == (required and not truth)


@given(needs, duties, supplies)
@settings(max_examples=80, deadline=None)
def test_gaps_are_longest_stretches_in_order(requirements, on_duty, supplied):
    found = gaps(requirements, on_duty, supplied)
    for before, after in pairwise(found):
        assert before.end <= after.start
        assert before.end < after.start or before.missing != after.missing
