"""The tags of every page: times carry their zone, states a word and a shape, texts of others stay text."""

from datetime import UTC, datetime, timedelta

import pytest
from django.template import engines
from django.test import RequestFactory
from django.utils import translation

from planner.desk.core.night import Claim, Gap, Night
from planner.desk.templatetags.desk_look import STATES, state
from planner.desk.templatetags.drawings import tongue

AT = datetime(2014, 6, 13, 19, 40, tzinfo=UTC)


def render(source: str, **context: object) -> str:
    loads = "{% load desk_look desk_time drawings %}"
    return engines["django"].from_string(loads + source).render(context, RequestFactory().get("/somewhere/"))


def test_a_time_carries_its_zone_and_its_instant():
    html = render("{{ at|local:'Asia/Baghdad' }}", at=AT)
    assert "Fri 13 Jun 22:40" in html
    assert "Baghdad" in html
    assert 'datetime="2014-06-13T22:40:00+03:00"' in html


def test_an_hour_that_happens_twice_carries_its_offset():
    first = datetime(2014, 10, 26, 0, 30, tzinfo=UTC)
    html = render("{{ a|clock:'Europe/Berlin' }} {{ b|clock:'Europe/Berlin' }}", a=first, b=first + timedelta(hours=1))
    assert "UTC+2" in html
    assert "UTC+1" in html


def test_no_time_and_no_duration_is_nothing_rather_than_none():
    assert render("{{ at|local:'UTC' }}{{ length|spoken }}", at=None, length=None) == ""


def test_a_duration_is_spoken():
    assert render("{{ length|spoken }}", length=timedelta(minutes=138)) == "2 h 18 min"


@pytest.mark.parametrize("status", sorted(STATES))
def test_every_status_has_a_word_a_shape_and_a_colour(status):
    html = str(state(status.upper()))
    assert "<svg" in html
    assert str(STATES[status][1]) in html
    assert f'data-state="{STATES[status][0]}"' in html


def test_the_three_states_differ_in_shape():
    shapes = {
        str(state(kind)).partition("<svg")[2].partition("</svg>")[0] for kind in ("answered", "waiting", "unanswered")
    }
    assert len(shapes) == 3


def test_a_status_nobody_knows_is_shown_as_it_is_and_escaped():
    assert "&lt;b&gt;odd one" in str(state("<b>odd_one"))


def test_a_link_to_a_page_that_is_not_there_is_no_link():
    assert render("{% nav_link 'nowhere:page' 'Words' %}").strip() == ""
    assert render("{% nav_url 'nowhere:page' %}") == ""


def test_an_icon_is_decoration_unless_it_is_given_words():
    assert 'aria-hidden="true"' in render("{% icon 'plus' %}")
    assert 'aria-label="paged"' in render("{% icon 'bell' 'paged' %}")


def a_night() -> Night:
    claim = Claim(AT, None, None, "high", "<script>alert(1)</script>", "/claims/1/")
    gap = Gap(AT, AT + timedelta(hours=2), ("cleared",), 3.1, 2.4, False, "nobody to clear")
    start = AT - timedelta(hours=10)
    return Night(
        start, start + timedelta(hours=24), AT + timedelta(hours=1), "Asia/Baghdad", "UTC", (), {}, (gap,), (), (claim,)
    )


def test_the_night_line_comes_with_its_cost_in_words_and_the_same_facts_as_a_table():
    html = render("{% night_line night title='Tonight' %}", night=a_night())
    assert "1 gap · 3.1 claims expected in it · 2.4 would reach half their audience unanswered" in html
    assert html.count("<svg xmlns") == 3
    assert "<table" in html
    assert "<script" not in html
    assert "style=" not in html


def test_two_nights_on_one_page_share_no_id():
    one = a_night()
    html = render(
        "{% night_line a scale='row' %}{% night_line b scale='row' %}{% night_line a %}", a=one, b=earlier(one)
    )
    ids = [part.partition('"')[0] for part in html.split(' id="')[1:]]
    assert len(ids) == len(set(ids))


def earlier(night: Night) -> Night:
    day = timedelta(days=1)
    return Night(night.start - day, night.end - day, night.now, night.zone, night.viewer_zone)


def test_in_arabic_the_drawing_reads_from_right_to_left():
    with translation.override("ar"):
        assert 'direction="rtl"' in render("{% night_line night %}", night=a_night())


def test_a_figure_in_a_drawing_is_rounded_as_the_words_beside_it_are():
    assert [tongue().number(value) for value in (1.499, 0.5926, 0.96)] == ["1.5", "0.6", "1.0"]
