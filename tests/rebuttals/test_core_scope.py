"""Pure: every reason why a cleared line stays in the house."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from planner.rebuttals.core.scope import Answered, Line, Outside, in_scope

AT = datetime(2014, 6, 9, 19, 30, tzinfo=UTC)
LINE = Line(narrative=1, starts=AT, ends=AT + timedelta(hours=12), maximum_uses=2, channel_kinds=frozenset({"webhook"}))
CLAIM = Answered(key=10, narrative=1)


def test_a_line_in_scope_has_nothing_against_it():
    assert in_scope(LINE, CLAIM, "webhook", AT) == []
    assert in_scope(replace(LINE, channel_kinds=frozenset()), CLAIM, "email", AT) == []


@pytest.mark.parametrize(
    ("line", "claim", "channel", "at", "reason"),
    [
        (replace(LINE, is_approved=False), CLAIM, "webhook", AT, Outside.UNAPPROVED),
        (replace(LINE, is_ended=True), CLAIM, "webhook", AT, Outside.ENDED),
        (LINE, CLAIM, "webhook", AT - timedelta(microseconds=1), Outside.EARLY),
        (LINE, CLAIM, "webhook", AT + timedelta(hours=12), Outside.EXPIRED),
        (replace(LINE, released_for=frozenset({1, 2})), CLAIM, "webhook", AT, Outside.USED_UP),
        (replace(LINE, released_for=frozenset({10})), CLAIM, "webhook", AT, Outside.USED_HERE),
        (LINE, Answered(key=10, narrative=2), "webhook", AT, Outside.OTHER_NARRATIVE),
        (LINE, Answered(key=10, narrative=None), "webhook", AT, Outside.OTHER_NARRATIVE),
        (LINE, CLAIM, "email", AT, Outside.OTHER_CHANNEL),
    ],
)
def test_each_edge_of_the_scope_is_a_reason(line, claim, channel, at, reason):
    assert in_scope(line, claim, channel, at) == [reason]


def test_all_reasons_are_given_at_once():
    line = replace(LINE, is_approved=False, is_ended=True, maximum_uses=1, released_for=frozenset({9}))
    reasons = in_scope(line, Answered(key=10, narrative=2), "email", AT - timedelta(hours=1))
    assert reasons == [
        Outside.UNAPPROVED,
        Outside.EARLY,
        Outside.USED_UP,
        Outside.OTHER_NARRATIVE,
        Outside.OTHER_CHANNEL,
    ]


def test_without_a_claim_or_channel_only_the_line_itself_is_asked():
    assert in_scope(LINE, None, None, AT) == []
