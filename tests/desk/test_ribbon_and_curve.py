"""A claim's ribbon and the share answered: on the sheet, words apart, mirrored, escaped."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.desk.core.curve import Curve, Series, Step, Target, draw_curve
from planner.desk.core.ribbon import Milestone, Ribbon, draw_ribbon
from tests.desk.nights import WORDS, bounds

BROKE = datetime(2014, 6, 13, 19, tzinfo=UTC)
SIZES = st.sampled_from(("wide", "narrow"))
QUICK = settings(max_examples=40, deadline=None)
MINUTES = st.integers(-100, 3000).map(lambda minutes: BROKE + timedelta(minutes=minutes))
STATES = st.sampled_from(("answered", "waiting", "unanswered", "neutral"))

ribbons = st.builds(
    Ribbon,
    broke_at=st.just(BROKE),
    milestones=st.lists(st.builds(Milestone, MINUTES, WORDS, STATES), max_size=9).map(tuple),
    settled_at=st.none() | MINUTES,
    now=MINUTES,
    zone=st.just("Asia/Baghdad"),
    earliest=st.none() | MINUTES,
)
shares = st.floats(0, 1)
steps = st.lists(st.builds(Step, st.floats(0, 20000), shares, shares, shares), max_size=12)
curves = st.builds(
    Curve,
    series=st.lists(st.builds(Series, WORDS, steps.map(lambda s: tuple(sorted(s)))), max_size=4).map(tuple),
    horizon=st.floats(1, 20000),
    targets=st.lists(st.builds(Target, st.floats(0, 20000), WORDS), max_size=3).map(tuple),
    title=WORDS,
)


def check_sheet(drawn) -> None:
    (width, height), shapes = bounds(drawn.svg)
    for tag, left, top, right, bottom in shapes:
        assert -1 <= left <= right <= width + 1, tag
        assert -1 <= top <= bottom <= height + 1, tag
    for one, other in combinations(drawn.labels, 2):
        assert not one.overlaps(other), (one, other)


@QUICK
@given(ribbons, SIZES, st.booleans())
def test_a_ribbon_stays_on_its_sheet_and_its_words_apart(ribbon, size, rtl):
    check_sheet(draw_ribbon(ribbon, size=size, rtl=rtl))


@QUICK
@given(curves, SIZES, st.booleans())
def test_a_curve_stays_on_its_sheet_and_its_words_apart(curve, size, rtl):
    check_sheet(draw_curve(curve, size=size, rtl=rtl))


@QUICK
@given(curves, SIZES)
def test_a_curve_is_mirrored_exactly(curve, size):
    (width, _), shapes = bounds(draw_curve(curve, size=size).svg)
    _, mirrored = bounds(draw_curve(curve, size=size, rtl=True).svg)
    for (tag, left, top, right, bottom), other in zip(shapes, mirrored, strict=True):
        assert other == (
            tag,
            pytest.approx(width - right, abs=0.31),
            top,
            pytest.approx(width - left, abs=0.31),
            bottom,
        )


def test_an_open_claims_ribbon_ends_in_a_ring_and_says_so_far():
    now = BROKE + timedelta(minutes=54)
    opened = draw_ribbon(Ribbon(BROKE, (), None, now, "Asia/Baghdad")).svg
    answered = draw_ribbon(Ribbon(BROKE, (), now, now, "Asia/Baghdad")).svg
    assert ("nl-ring" in opened, "54 min so far" in opened) == (True, True)
    assert ("nl-ring" in answered, "so far" in answered) == (False, False)


def test_the_latency_of_a_claim_of_unsure_hour_counts_from_the_earliest():
    ribbon = Ribbon(BROKE, (), BROKE + timedelta(minutes=30), BROKE, "Asia/Baghdad", BROKE - timedelta(minutes=30))
    assert ">1 h<" in draw_ribbon(ribbon).svg


def test_a_curve_that_never_reaches_a_half_is_drawn_level_to_the_horizon():
    curve = Curve((Series("nights", (Step(10, 0.2, 0.1, 0.4),)),), 1440)
    (line,) = [node for node in ElementTree.fromstring(draw_curve(curve).svg).iter() if node.tag.endswith("polyline")]
    last, before = (tuple(map(float, pair.split(","))) for pair in line.attrib["points"].split()[:-3:-1])
    assert last[1] == before[1]
    assert last[0] > before[0]
