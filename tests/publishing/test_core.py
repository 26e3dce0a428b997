"""The decisions of publishing, over plain values."""

from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.publishing.core.fit import Misfit, Place, Words, misfits
from planner.publishing.core.last_moment import (
    EXPIRED_HELD,
    EXPIRED_LATE,
    EXPIRED_REFUSING,
    EXPIRED_UNATTENDED,
    Go,
    Standing,
    Stop,
    Wait,
    may_leave,
)
from planner.publishing.core.manners import is_quiet, nearest, too_close, unwelcome
from planner.publishing.core.retry import BASE, CAP, asked_to_wait, next_try
from planner.publishing.core.states import ENDED, MOVES, PostState, StopWhy

NOW = datetime(2014, 6, 9, 19, 30, tzinfo=UTC)
HOUR = timedelta(hours=1)
FINE = Standing(
    approval_ended=None,
    approver_may=True,
    channel_retired=False,
    channel_held=False,
    late_at=NOW + timedelta(minutes=10),
    expires_at=NOW + HOUR,
    moment=NOW,
)


# the last questions ---------------------------------------------------------------------------------------------------
def test_a_post_with_everything_in_order_may_leave():
    assert may_leave(FINE, now=NOW) == Go()


@pytest.mark.parametrize(
    ("change", "why"),
    [
        ({"approval_ended": "wrong number"}, StopWhy.WITHDRAWN),
        ({"approver_may": False}, StopWhy.ROLE_LOST),
        ({"channel_retired": True}, StopWhy.RETIRED),
        ({"expires_at": NOW}, StopWhy.EXPIRED),
    ],
)
def test_each_thing_that_is_not_in_order_stops_a_post(change, why):
    verdict = may_leave(replace(FINE, **change), now=NOW)
    assert isinstance(verdict, Stop)
    assert verdict.why is why


def test_the_reason_of_a_withdrawal_reaches_the_post():
    verdict = may_leave(replace(FINE, approval_ended="wrong number"), now=NOW)
    assert verdict.reason.endswith("wrong number")


def test_a_held_channel_makes_a_post_wait_until_its_last_moment():
    held = replace(FINE, channel_held=True)
    assert may_leave(held, now=NOW) == Wait()
    assert may_leave(held, now=FINE.expires_at) == Stop(StopWhy.EXPIRED, EXPIRED_HELD)


def test_a_post_under_embargo_waits_whatever_its_moment():
    embargo = replace(FINE, not_before=NOW)
    assert may_leave(embargo, now=NOW - timedelta(microseconds=1)) == Wait()
    assert may_leave(embargo, now=NOW) == Go()


def test_what_stops_a_post_by_itself_stops_it_only_when_chosen():
    gone = replace(FINE, claim_gone="the account deleted it")
    assert may_leave(gone, now=NOW) == Go()
    stop = may_leave(replace(gone, withdraw_if=["claim"]), now=NOW)
    assert (stop.why, stop.reason.endswith("the account deleted it")) == (StopWhy.UNWANTED, True)
    held = replace(FINE, channel_held=True, held_reason="hijacked?", withdraw_if=["channel"])
    assert may_leave(held, now=NOW - timedelta(microseconds=1)) == Wait(), "its moment has not come"
    assert may_leave(held, now=NOW).why is StopWhy.HELD


def test_a_late_post_waits_for_a_person_and_expires_like_any_other():
    assert may_leave(FINE, now=FINE.late_at - timedelta(microseconds=1)) == Go()
    assert may_leave(FINE, now=FINE.late_at) == Wait()
    assert may_leave(FINE, now=FINE.expires_at, asked=True) == Stop(StopWhy.EXPIRED, EXPIRED_LATE)


def test_an_expired_post_says_whose_fault_it_was():
    assert may_leave(FINE, now=NOW + HOUR, tried=True).reason == EXPIRED_REFUSING
    assert may_leave(FINE, now=NOW + HOUR).reason == EXPIRED_UNATTENDED


# the life -------------------------------------------------------------------------------------------------------------
def test_an_ended_post_has_no_way_on_and_every_other_has():
    assert {state.value for state, ways in MOVES.items() if not ways} == set(ENDED)
    assert set(MOVES) == set(PostState)


# trying again ---------------------------------------------------------------------------------------------------------
@given(st.integers(min_value=-5, max_value=10_000), st.none() | st.timedeltas(timedelta(0), timedelta(days=2)))
def test_the_next_try_is_never_sooner_than_asked_and_never_past_the_last_moment(tries, retry_after):
    again = next_try(NOW, tries, expires_at=NOW + HOUR, retry_after=retry_after)
    assert NOW + BASE <= again <= NOW + HOUR
    if retry_after is not None:
        assert again == NOW + HOUR or again >= NOW + retry_after


def test_waits_double_up_to_a_cap():
    far = NOW + timedelta(days=9)
    waits = [(next_try(NOW, tries, expires_at=far) - NOW).total_seconds() for tries in range(1, 12)]
    assert waits[:4] == [2, 4, 8, 16]
    assert waits[-1] == CAP.total_seconds()


@given(st.text(max_size=60))
def test_no_header_whatever_can_break_the_hand(header):
    wait = asked_to_wait(header, now=NOW)
    assert wait is None or timedelta(0) <= wait <= timedelta(days=1)


# fitting --------------------------------------------------------------------------------------------------------------
PLACE = Place(kind="webhook", languages=["en", "ar"], limit=10)


@pytest.mark.parametrize(
    ("words", "found"),
    [
        (Words("0123456789", "en"), []),
        (Words("0123456789", "en", ["webhook"]), []),
        (Words("0123456789", "fr"), [Misfit.LANGUAGE]),
        (Words("01234567890", "ar"), [Misfit.LENGTH]),
        (Words("مرحبا", "ar", ["mastodon"]), [Misfit.KIND]),
        (Words("01234567890", "fr", ["mastodon"]), [Misfit.LANGUAGE, Misfit.LENGTH, Misfit.KIND]),
    ],
)
def test_everything_that_does_not_fit_is_named(words, found):
    assert misfits(words, PLACE) == found


def test_a_channel_without_languages_speaks_all_of_them():
    assert misfits(Words("x", "ckb"), Place(kind="webhook", languages=[], limit=10)) == []


# manners --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("hours", "clock", "quiet"),
    [
        (("23:00", "06:00"), "23:00", True),
        (("23:00", "06:00"), "05:59", True),
        (("23:00", "06:00"), "06:00", False),
        (("13:00", "15:00"), "14:59", True),
        (("13:00", "15:00"), "12:59", False),
        ((None, None), "02:10", False),
    ],
)
def test_quiet_hours_are_those_of_the_wall_clock_and_run_past_midnight(hours, clock, quiet):
    start, end = (time.fromisoformat(hour) if hour else None for hour in hours)
    at = datetime.combine(NOW.date(), time.fromisoformat(clock), tzinfo=ZoneInfo("Asia/Baghdad"))
    assert is_quiet(at.astimezone(UTC), ZoneInfo("Asia/Baghdad"), start, end) is quiet


@given(st.lists(st.timedeltas(-HOUR, HOUR)), st.timedeltas(timedelta(0), HOUR))
def test_the_nearest_post_within_the_spacing_is_named(apart, spacing):
    found = too_close(NOW, [NOW + one for one in apart], spacing)
    nearest = min((abs(one) for one in apart), default=None)
    assert (found is not None) == (nearest is not None and nearest < spacing)
    assert found is None or abs(found - NOW) == nearest


minutes = st.integers(0, 1439)
moments = st.integers(0, 400).map(lambda minute: NOW + timedelta(minutes=minute))


@given(st.none() | st.tuples(minutes, minutes), st.lists(moments, max_size=5), st.integers(0, 90), moments)
def test_a_moment_is_unwelcome_when_it_is_quiet_or_too_close_and_only_then(quiet, booked, spacing, at):
    start, end = (time(one // 60, one % 60) for one in quiet) if quiet else (None, None)
    zone, apart = ZoneInfo("Europe/London"), timedelta(minutes=spacing)
    shut = unwelcome(NOW, NOW + 6 * HOUR, zone, start, end, booked=booked, spacing=apart)
    expected = is_quiet(at, zone, start, end) or too_close(at, booked, apart) is not None
    assert shut.contains(at) == (expected and at < NOW + 6 * HOUR)


@pytest.mark.parametrize("minutes", [-30, -29, -1, 0, 29, 30])
def test_at_exactly_the_spacing_a_moment_is_welcome_again(minutes):
    at, apart = NOW + HOUR + timedelta(minutes=minutes), timedelta(minutes=30)
    shut = unwelcome(NOW, NOW + 6 * HOUR, ZoneInfo("UTC"), None, None, booked=[NOW + HOUR], spacing=apart)
    assert shut.contains(at) == (abs(minutes) < 30)
    assert shut.contains(at) == (too_close(at, [NOW + HOUR], apart) is not None)


def test_how_far_the_nearest_post_is_is_told_up_to_a_limit():
    assert nearest(NOW, [NOW - HOUR, NOW + 2 * HOUR], 3 * HOUR) == HOUR
    assert nearest(NOW, [NOW - 4 * HOUR], 3 * HOUR) == nearest(NOW, [], 3 * HOUR) == 3 * HOUR
