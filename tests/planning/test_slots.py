"""Where a post would avoid most, against a grid of minutes, and a choice by trying everything."""

import os
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.planning.core.slots import ROOM, Audience, Silence, avoided, merged, offers, reached
from planner.spans import Span, SpanSet
from planner.tempo.core.rates import Hour

HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
NIGHT = datetime(2014, 6, 9, 19, tzinfo=UTC)  # 22:00 in Baghdad
BAGHDAD = ZoneInfo("Asia/Baghdad")
AWAKE = Audience(BAGHDAD, (0.5, 0.3, 0.2, 0.2, 0.2, 0.3, 0.5, 0.8, *[1.0] * 15, 0.8))
ALL_UP = Audience(BAGHDAD, (1.0,) * 24)

rates = st.lists(st.floats(0, 3), min_size=7, max_size=7)
lives = st.integers(30, 240).map(lambda minutes: minutes * MINUTE)
SILENCE = Silence(Span(NIGHT, NIGHT + 6 * HOUR), 2.0, NIGHT + 7 * HOUR, 80 * MINUTE)


def forecast(per_hour) -> list[Hour]:
    return [Hour(NIGHT + n * HOUR, rate, rate, rate) for n, rate in enumerate(per_hour)]


def by_minutes(at, silence, hours, audience, half_life) -> float:
    """The two cases of the docstring, one sum over minutes of claims; the share who is up, over minutes of the post."""
    total, moment = 0.0, silence.span.start + MINUTE / 2
    while moment < silence.span.end:
        rate = next(hour.expected for hour in hours if hour.start <= moment < hour.start + HOUR)
        wait = silence.answered - moment if silence.answered else timedelta(days=900)
        lost = 1 - 2 ** -(wait / silence.half_life)
        if moment <= at:
            lost_with = 1 - 2 ** -((at - moment) / silence.half_life)
        else:
            lost_with = lost * (1 - 2 ** -((moment - at) / half_life))
        total += rate / 60 * (lost - lost_with)
        moment += MINUTE
    left = [2 ** -(n * MINUTE / half_life) for n in range(16 * half_life // MINUTE)]
    up = sum((now - then) * audience.at(at + n * MINUTE) for n, (now, then) in enumerate(pairwise(left)))
    return total * up


@settings(max_examples=40, deadline=None)
@given(rates, lives, lives, st.integers(0, 71), st.booleans())
def test_what_a_post_avoids_is_what_a_sum_over_minutes_says(per_hour, life, claims_life, step, in_sight):
    silence = replace(SILENCE, half_life=claims_life, answered=SILENCE.answered if in_sight else None)
    at, hours = NIGHT + step * 5 * MINUTE, forecast(per_hour)
    exact = by_minutes(at, silence, hours, AWAKE, life)
    assert avoided(at, silence, hours, AWAKE, life) == pytest.approx(exact, rel=2e-3, abs=2e-4)


@given(rates, lives, st.integers(0, 71))
def test_a_post_never_avoids_more_than_its_silence_loses(per_hour, life, step):
    silence, hours = replace(SILENCE, answered=None), forecast(per_hour)
    everything = sum(per_hour[:6])
    assert -1e-9 <= avoided(NIGHT + step * 5 * MINUTE, silence, hours, ALL_UP, life) <= everything + 1e-9


spans = st.tuples(st.integers(0, 330), st.integers(1, 120))


@settings(max_examples=60, deadline=None)
@given(rates, lives, st.lists(spans, max_size=4), st.integers(0, 400), st.integers(1, 4), st.integers(0, 200))
def test_the_offers_are_what_trying_every_moment_finds(per_hour, life, shut, begins, most, apart):
    hours, gap = forecast(per_hour), timedelta(minutes=apart)
    early, late = (replace(SILENCE, span=Span(NIGHT + a * HOUR, NIGHT + b * HOUR)) for a, b in ((0, 2), (3, 6)))
    closed = SpanSet(Span(NIGHT + a * MINUTE, NIGHT + (a + b) * MINUTE) for a, b in shut)
    start = NIGHT + begins * MINUTE
    found = offers([late, early], hours, AWAKE, life, start=start, closed=closed, apart=gap, most=most)

    worth = {}
    for minute in range(0, 6 * 60, 5):
        at = NIGHT + minute * MINUTE
        inside = [one for one in (early, late) if one.span.start <= at <= one.span.end - ROOM]
        is_shut = any(a <= minute < a + b for a, b in shut)
        if inside and at >= start and not is_shut:
            worth[at] = avoided(at, inside[0], hours, AWAKE, life)
    expected = []
    while worth and len(expected) < most:
        best = max(worth, key=lambda at: (worth[at], -at.timestamp()))
        expected.append(best)
        worth = {at: value for at, value in worth.items() if at != best and abs(at - best) >= gap}
    assert [offer.at for offer in found] == expected


def test_where_everybody_is_up_a_post_reaches_all_and_by_night_it_reaches_those_who_are():
    assert reached(NIGHT, ALL_UP, 80 * MINUTE) == pytest.approx(1, abs=1e-4)
    asleep, morning = (reached(NIGHT + n * HOUR, AWAKE, 80 * MINUTE) for n in (4, 8))
    assert 0.2 < asleep < 0.4 < morning


def test_gaps_that_touch_are_one_silence_only_when_one_answer_ends_them():
    first = replace(SILENCE, span=Span(NIGHT, NIGHT + HOUR), loss=1.0)
    second = replace(SILENCE, span=Span(NIGHT + HOUR, NIGHT + 2 * HOUR), loss=0.5)
    [one] = merged([second, first])
    assert (one.span, one.loss) == (Span(NIGHT, NIGHT + 2 * HOUR), 1.5)
    assert len(merged([first, replace(second, answered=NIGHT + 9 * HOUR)])) == 2


@pytest.mark.parametrize("given", ["1,1", ",".join(["2"] * 24)])
def test_hours_of_an_audience_that_make_no_sense_stop_the_start_and_say_why(given):
    environment = {**os.environ, "PLANNER_AUDIENCE_HOURS": given}
    command = [sys.executable, "-c", "import planner.config.settings"]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    assert "24 shares from 0 to 1 are expected" in found.stderr
