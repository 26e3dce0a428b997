"""Pure: every reason why a cleared line stays in the house."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from planner.rebuttals.core.scope import Answered, Line, LineState, Outside, Releaser, in_scope, state

AT = datetime(2014, 6, 9, 19, 30, tzinfo=UTC)
LINE = Line(
    narratives=frozenset({1}),
    starts=AT,
    ends=AT + timedelta(hours=12),
    maximum_uses=2,
    channel_kinds=frozenset({"webhook"}),
)
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


def test_a_line_answers_claims_of_each_of_its_narratives():
    both = replace(LINE, narratives=frozenset({1, 2}))
    assert in_scope(both, Answered(key=10, narrative=2), None, AT) == []
    assert in_scope(both, Answered(key=10, narrative=3), None, AT) == [Outside.OTHER_NARRATIVE]


@pytest.mark.parametrize(
    ("languages", "spoken", "fits"),
    [
        ([], "ar", True),
        (["en"], "ar", False),
        (["en"], "", True),
        (["ar"], "ar-IQ", True),
        (["ar-IQ"], "AR", True),
        (["arc"], "ar", False),
    ],
)
def test_a_line_answers_claims_in_its_languages_dialects_aside(languages, spoken, fits):
    line = replace(LINE, languages=frozenset(languages))
    assert in_scope(line, replace(CLAIM, language=spoken), None, AT) == ([] if fits else [Outside.OTHER_LANGUAGE])


@pytest.mark.parametrize(
    ("by", "may"),
    [
        (Releaser(1, frozenset({"duty"})), True),
        (Releaser(2, frozenset({"officer"})), False),
        (Releaser(7, frozenset({"officer"})), True),
        (Releaser(7, frozenset({"analyst"})), False),
        (Releaser(1, frozenset()), False),
    ],
)
def test_a_line_is_let_out_by_a_named_role_or_by_a_named_person_who_still_has_a_role(by, may):
    line = replace(LINE, roles=frozenset({"duty"}), people=frozenset({7}))
    assert in_scope(line, CLAIM, None, AT, by=by) == ([] if may else [Outside.OTHER_PERSON])


def test_a_line_without_an_open_channel_of_its_scope_stays_in_the_house():
    assert in_scope(LINE, CLAIM, None, AT, open_kinds={"mastodon", "webhook"}) == []
    assert in_scope(LINE, CLAIM, None, AT, open_kinds={"mastodon"}) == [Outside.NO_CHANNEL]
    assert in_scope(replace(LINE, channel_kinds=frozenset()), CLAIM, None, AT, open_kinds=()) == [Outside.NO_CHANNEL]


@pytest.mark.parametrize(
    ("line", "hours", "stands"),
    [
        (LINE, -1, LineState.EARLY),
        (LINE, 0, LineState.READY),
        (replace(LINE, ends=AT + timedelta(hours=6)), 0, LineState.LAST_HOURS),
        (LINE, 12, LineState.EXPIRED),
        (replace(LINE, released_for=frozenset({1, 2})), 0, LineState.USED_UP),
        (replace(LINE, released_for=frozenset({1, 2})), 12, LineState.EXPIRED),
        (replace(LINE, is_ended=True), 12, LineState.REVOKED),
        (replace(LINE, is_approved=False), -1, LineState.REVOKED),
    ],
)
def test_how_a_line_stands_is_one_word(line, hours, stands):
    assert state(line, AT + timedelta(hours=hours), morning=AT + timedelta(hours=8)) is stands
