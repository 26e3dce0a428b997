"""The heat map and the week's curve: on the sheet, words apart, mirrored, escaped, told by more than colour."""

from itertools import combinations
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from planner.desk.core.heat import HeatMap, Line, Square, draw_heat
from planner.desk.core.week_curve import Day, Mark, WeekCurve, draw_week
from tests.desk.nights import WORDS, bounds

SIZES = st.sampled_from(("wide", "narrow"))
QUICK = settings(max_examples=20, deadline=None)
FIGURES = st.sampled_from(("·", "0.12", "9.9", "120"))
watches, heats = st.integers(0, 2), st.integers(0, 4)
squares = st.lists(
    st.builds(Square, st.integers(0, 23), FIGURES, heats, watches, WORDS), max_size=24, unique_by=lambda s: s.hour
)
lines = st.builds(Line, st.just("Thu 26 Nov"), st.just("Thu"), st.just("26"), st.just("") | WORDS, squares.map(tuple))
heat_maps = st.builds(
    HeatMap, lines.map(lambda line: (line,) * 7), WORDS, WORDS, st.just(("desk", "on call", "nobody"))
)
rates = st.floats(0, 500)
marks = st.tuples(rates, rates, rates, watches).map(lambda m: Mark(*sorted(m[:3])[1:2], *sorted(m[:3])[::2], m[3]))
curves = st.builds(
    WeekCurve,
    st.lists(marks, min_size=3, max_size=3).map(lambda some: tuple(some * 56)),
    st.just(tuple(Day(24 * day, f"Thu {day}", "") for day in range(7))),
    *[WORDS] * 4,
)


def sound(drawn) -> None:
    (width, height), shapes = bounds(drawn.svg)
    beyond = [shape for shape in shapes if min(shape[1:3]) < -1 or shape[3] > width + 1 or shape[4] > height + 1]
    assert beyond == []
    clashing = [(a.text, b.text) for a, b in combinations(drawn.labels, 2) if a.overlaps(b)]
    assert clashing == []


@QUICK
@given(heat_maps, SIZES, st.booleans())
def test_the_heat_map_keeps_its_words_apart(heat, size, rtl):
    sound(draw_heat(heat, size=size, rtl=rtl))


@QUICK
@given(curves, SIZES, st.booleans())
def test_the_week_keeps_its_words_apart(curve, size, rtl):
    sound(draw_week(curve, size=size, rtl=rtl))


def cell(watch: int, heat: int = 4) -> str:
    line = Line("Thu 26 Nov", "Thu", "26", "", (Square(3, "0.12", heat, watch, "words"),))
    svg = draw_heat(HeatMap((line,), "t", "d", ("a", "b", "c"))).svg
    return svg.split('class="hm-cell')[1].split("</g>")[0]


def test_who_is_there_is_a_shape_and_how_hot_it_is_a_figure():
    assert [cell(watch).count("hm-bar") for watch in (2, 1, 0)] == [1, 2, 0]
    assert ["hm-alarm" in cell(watch) for watch in (2, 1, 0)] == [False, False, True]
    assert "hm-alarm" not in cell(0, heat=1)
    assert "0.12" in cell(2)


@pytest.mark.parametrize("size", ["wide", "narrow"])
def test_other_people_s_words_are_escaped(size):
    bad = "</text><script>alert(1)</script>"
    line = Line("Thu 26 Nov", bad, "26", bad, (Square(3, "1", 1, 1, bad),))
    week = WeekCurve((Mark(1, 1, 1, 0),) * 24, (Day(0, bad, bad),), bad, bad, bad, bad)
    for drawn in (draw_heat(HeatMap((line,), bad, bad, (bad, bad, bad)), size=size), draw_week(week, size=size)):
        ElementTree.fromstring(drawn.svg)
        assert "<script" not in drawn.svg
