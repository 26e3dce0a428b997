"""Why a link is missing: one cause after another, from values alone."""

from dataclasses import replace
from datetime import timedelta

from hypothesis import given, settings

from planner.coverage.core.gaps import Requirement, find
from planner.coverage.core.links import Link
from planner.coverage.core.reasons import Cause, reasons
from planner.coverage.core.staffing import Watch
from planner.spans import Span
from tests.coverage.test_gaps import ALWAYS, END, NOON, at, channel, duties, duty, full_desk, line, needs, supplies


def causes(requirement, on_duty, supplied=(), absent=(), past=()):
    watch = Watch(on_duty, supplied)
    return [
        (reason.cause, reason.names)
        for gap in find([requirement], watch, NOON, END).gaps
        for reason in reasons(gap, watch, absent, past)
    ]


def ask(link, language=None, people=1, role=None):
    return Requirement(link, language, ALWAYS, people, role)


def held(start, end, how):
    return channel(start, end).__class__(
        channel().kind, channel().links, frozenset(), Span(at(start), at(end)), "site", "webhook", how
    )


def test_nobody_is_rostered():
    assert causes(ask(Link.SEEN), []) == [(Cause.NOBODY, ())]


def test_people_are_there_and_none_has_the_role():
    (reason,) = _reasons(ask(Link.CLEARED), [duty(1, ["analyst"]), duty(2, ["officer"])])
    assert (reason.cause, reason.names, reason.roles) == (Cause.LACKS_ROLE, ("p1", "p2"), ("approver",))


def test_a_role_that_the_requirement_names_is_the_one_that_is_missed():
    (reason,) = _reasons(ask(Link.SEEN, role="duty"), [duty(1, ["analyst"])])
    assert (reason.cause, reason.roles) == (Cause.LACKS_ROLE, ("duty",))


def test_who_is_on_leave_is_named():
    absent = [duty(3, ["approver"])]
    assert causes(ask(Link.CLEARED), [duty(1, ["analyst"])], absent=absent) == [
        (Cause.LACKS_ROLE, ("p1",)),
        (Cause.ON_LEAVE, ("p3",)),
    ]
    assert causes(ask(Link.SEEN), [], absent=absent) == [(Cause.NOBODY, ())], "an approver away watches no feed anyway"


def test_the_only_drafter_may_not_clear_their_own_words():
    assert causes(ask(Link.CLEARED), [duty(1, ["officer", "approver"])]) == [(Cause.OWN_WORDS, ("p1",))]


def test_only_speakers_of_other_languages():
    (reason,) = _reasons(ask(Link.DRAFTED, "ar"), [duty(1, ["officer"], languages=["en"])])
    assert (reason.cause, reason.names, reason.language) == (Cause.OTHER_LANGUAGES, ("p1",), "ar")


def test_too_few_says_how_many_there_are():
    (reason,) = _reasons(ask(Link.DRAFTED, people=2), [duty(1, ["officer"])])
    assert (reason.cause, reason.there, reason.asked) == (Cause.TOO_FEW, 1, 2)


def test_a_line_that_has_run_out_says_when():
    found = _reasons(ask(Link.DRAFTED), [duty(1, ["duty"])], [line(0, 120)])
    expired = next(reason for reason in found if reason.cause is Cause.LINE_EXPIRED)
    assert (expired.names, expired.at, expired.lasts) == (("line",), at(120), timedelta(hours=4))


def test_a_line_that_nobody_may_release_says_so():
    assert (Cause.NO_RELEASER, ("line",)) in causes(ask(Link.DRAFTED), [duty(1, ["analyst"])], [line()])


def test_a_line_whose_channel_is_held_says_that():
    bound = replace(line(), channel_kinds=frozenset({"mastodon"}))
    assert (Cause.NO_CARRIER, ("line",)) in causes(ask(Link.DRAFTED), [duty(1, ["duty"])], [bound])
    assert (Cause.NO_RELEASER, ("line",)) in causes(ask(Link.DRAFTED), [duty(1, ["analyst"])], [bound])


def test_a_held_channel_is_named_with_the_moment_and_what_happened():
    (reason,) = _reasons(ask(Link.PUBLISHED), full_desk(), [held(0, 60, "held")])
    assert (reason.cause, reason.names, reason.at, reason.how) == (Cause.CHANNEL_CLOSED, ("site",), at(60), "held")
    (before,) = _reasons(ask(Link.PUBLISHED), full_desk(), past=[held(-60, -30, "retired")])
    assert (before.cause, before.how) == (Cause.CHANNEL_CLOSED, "retired")


def test_no_channel_at_all_and_one_in_another_language():
    assert causes(ask(Link.PUBLISHED), full_desk()) == [(Cause.NO_CHANNEL, ())]
    assert causes(ask(Link.PUBLISHED, "ar"), full_desk(), [channel(languages=["en"])]) == [
        (Cause.OTHER_LANGUAGES, ("site",))
    ]


def test_the_cause_that_holds_longest_comes_first():
    found = _reasons(ask(Link.CLEARED), [duty(1, ["analyst"], 0, 60)])
    assert [(reason.cause, reason.lasts) for reason in found] == [
        (Cause.NOBODY, timedelta(hours=5)),
        (Cause.LACKS_ROLE, timedelta(hours=1)),
    ]


@given(needs, duties, supplies)
@settings(max_examples=100, deadline=None)
def test_every_missing_link_of_every_gap_has_a_reason_and_no_other_link_has(requirements, on_duty, supplied):
    watch = Watch(on_duty, supplied)
    for gap in find(requirements, watch, NOON, END).gaps:
        found = reasons(gap, watch)
        assert {reason.link for reason in found} == gap.missing
        assert all(timedelta(0) < reason.lasts <= gap.end - gap.start for reason in found)


def _reasons(requirement, on_duty, supplied=(), absent=(), past=()):
    watch = Watch(on_duty, supplied)
    return [
        reason for gap in find([requirement], watch, NOON, END).gaps for reason in reasons(gap, watch, absent, past)
    ]
