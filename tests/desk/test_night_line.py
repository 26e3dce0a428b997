"""The night line holds for any night: nothing off the sheet, no word on another, mirrored exactly, all text escaped."""

from datetime import UTC, datetime, timedelta
from itertools import combinations
from xml.etree import ElementTree
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.desk.core.night import Claim, Gap, Hour, Night, Post, Watch, facts, latency_words, toll
from planner.desk.core.night_line import draw
from planner.desk.core.night_row import draw_row
from planner.desk.core.svg import Box
from planner.desk.core.tongue import Tongue
from tests.desk.nights import bounds, nights

SIZES = st.sampled_from(("wide", "medium", "narrow"))
EXAMPLES = 40
SLOW = settings(
    max_examples=EXAMPLES, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large]
)
SLACK = 1.0  # coordinates are written with one decimal
BAGHDAD = ZoneInfo("Asia/Baghdad")


def at(hour: int, minute: int = 0, day: int = 13) -> datetime:
    return datetime(2014, 6, day, hour, minute, tzinfo=BAGHDAD).astimezone(UTC)


def night(**changed: object) -> Night:
    values = {"start": at(12), "end": at(12, day=14), "now": at(2, day=14), "zone": "Asia/Baghdad"}
    return Night(**{**values, "viewer_zone": "Europe/London", **changed})


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("}text")]


@SLOW
@given(nights(), SIZES, st.booleans())
def test_nothing_is_drawn_off_the_sheet(night, size, rtl):
    (width, height), shapes = bounds(draw(night, size=size, rtl=rtl).svg)
    for tag, left, top, right, bottom in shapes:
        assert -SLACK <= left <= right <= width + SLACK, tag
        assert -SLACK <= top <= bottom <= height + SLACK, tag


@SLOW
@given(nights(), SIZES, st.booleans())
def test_no_word_lies_on_another(night, size, rtl):
    for one, other in combinations(draw(night, size=size, rtl=rtl).labels, 2):
        assert not one.overlaps(other), (one, other)


@SLOW
@given(nights(), SIZES)
def test_right_to_left_is_the_exact_mirror(night, size):
    (width, _), shapes = bounds(draw(night, size=size).svg)
    _, mirrored = bounds(draw(night, size=size, rtl=True).svg)
    assert len(shapes) == len(mirrored)
    for (tag, left, top, right, bottom), other in zip(shapes, mirrored, strict=True):
        assert other == (
            tag,
            pytest.approx(width - right, abs=0.31),
            top,
            pytest.approx(width - left, abs=0.31),
            bottom,
        )


@SLOW
@given(nights(), st.sampled_from(("wide", "narrow")), st.booleans())
def test_a_row_stays_on_its_sheet_and_its_words_apart(night, size, rtl):
    drawn = draw_row(night, name="Fri 13 Jun", ruler=True, size=size, rtl=rtl)
    (width, height), shapes = bounds(drawn.svg)
    for tag, left, top, right, bottom in shapes:
        assert -SLACK <= left <= right <= width + SLACK, tag
        assert -SLACK <= top <= bottom <= height + SLACK, tag
    assert not any(one.overlaps(other) for one, other in combinations(drawn.labels, 2))


@pytest.mark.parametrize("attack", ["<script>alert(1)</script>", '"><script>x</script>', "</svg><script>"])
def test_a_text_from_outside_never_becomes_markup(attack):
    claim = Claim(at(20), None, None, "high", attack, "/claims/1/")
    gap = Gap(at(22), at(23), ("cleared",), 1, 1, False, attack)
    chain = {"seen": [Watch(at(13), at(20), "cleared_line", attack)]}
    drawn = draw(night(claims=[claim], gaps=[gap], posts=[Post(attack, at(21), None, "failed", attack)], chain=chain))
    tags = {node.tag.rpartition("}")[2] for node in ElementTree.fromstring(drawn.svg).iter()}
    assert "script" not in tags
    assert "<script" not in drawn.svg


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "//evil.example/", " javascript:x"])
def test_a_mark_never_leads_to_a_script_or_another_house(url):
    assert "href" not in draw(night(claims=[Claim(at(20), None, None, "high", "x", url)])).svg


def test_a_picture_with_links_is_a_group_and_one_without_is_an_image():
    claim = Claim(at(20), None, None, "high", "x", "/claims/1/")
    assert 'role="group"' in draw(night(claims=[claim])).svg
    assert 'role="img"' in draw(night(claims=[claim._replace(url="")])).svg


def test_the_length_of_a_claims_line_is_its_latency():
    svg = draw(night(claims=[Claim(at(13), at(16), None, "low"), Claim(at(18), at(19), None, "low")])).svg
    waits = [node for node in ElementTree.fromstring(svg).iter() if node.attrib.get("class") == "nl-wait"]
    three, one = (float(node.attrib["x2"]) - float(node.attrib["x1"]) for node in waits)
    assert three == pytest.approx(3 * one, abs=0.4)


def test_an_open_claim_runs_on_to_now_and_ends_in_a_ring():
    svg = draw(night(claims=[Claim(at(1, 6, day=14), None, None, "high", "Prison open")])).svg
    nodes = list(ElementTree.fromstring(svg).iter())
    ring = next(node for node in nodes if node.attrib.get("class") == "nl-ring")
    now = next(node for node in nodes if node.attrib.get("class") == "nl-now-line")
    assert ring.attrib["cx"] == now.attrib["x1"]
    assert any("54 min so far" in text for text in texts(svg))


def test_a_night_that_is_past_has_no_now_and_its_open_claims_run_to_its_end():
    past = night(now=at(12, day=20), claims=[Claim(at(10, day=14), None, None, "high")])
    svg = draw(past).svg
    assert "nl-now-line" not in svg
    assert "2 h so far" in texts(svg)


def test_a_night_of_25_hours_keeps_its_hours_even_and_says_that_the_clocks_go_back():
    berlin = ZoneInfo("Europe/Berlin")
    start, end = (datetime(2014, 10, day, 12, tzinfo=berlin).astimezone(UTC) for day in (25, 26))
    assert end - start == timedelta(hours=25)
    svg = draw(Night(start, end, start, "Europe/Berlin", "Europe/Berlin")).svg
    words = {
        node.text: float(node.attrib["x"]) for node in ElementTree.fromstring(svg).iter() if node.tag.endswith("text")
    }
    assert "clocks go back 1 h" in words
    hour = (words["22:00"] - words["20:00"]) / 2
    assert words["00:00"] - words["22:00"] == pytest.approx(2 * hour, abs=0.2)
    assert words["04:00"] - words["00:00"] == pytest.approx(5 * hour, abs=0.2)


def test_a_night_of_23_hours_leaves_the_missing_hour_out():
    berlin = ZoneInfo("Europe/Berlin")
    start, end = (datetime(2015, 3, day, 12, tzinfo=berlin).astimezone(UTC) for day in (28, 29))
    svg = draw(Night(start, end, start, "Europe/Berlin", "Europe/Berlin")).svg
    assert "clocks go forward 1 h" in texts(svg)
    assert "02:00" not in texts(svg)


def test_the_second_ruler_is_drawn_only_for_a_reader_in_other_hours():
    assert "London" in texts(draw(night()).svg)
    assert "Riyadh" not in texts(draw(night(viewer_zone="Asia/Riyadh")).svg)


def test_the_facts_leave_nothing_out_that_the_drawing_had_no_room_for():
    claims = [Claim(at(22, i), None, None, "low", f"claim {i}") for i in range(40)]
    rows = facts(night(claims=claims, tempo=[Hour(at(12), 1, 0.5, 2)], gaps=[Gap(at(22), at(23), ("seen",), 1, 0.5)]))
    assert sum(row.layer == "claim" for row in rows) == 40
    assert {row.layer for row in rows} == {"claim", "tempo", "gap"}


def test_gaps_that_touch_are_drawn_and_counted_as_one():
    gaps = [Gap(at(0, day=14), at(0, 30, day=14), ("drafted",), 0.4, 0.3, False, "nobody to draft")]
    gaps.append(
        Gap(
            at(0, 30, day=14),
            at(3, day=14),
            ("drafted", "cleared"),
            1.6,
            1.2,
            False,
            "nobody to draft, nobody to clear",
        )
    )
    drawn = draw(night(gaps=gaps))
    assert "00:00–03:00 nobody to draft, nobody to clear" in texts(drawn.svg)
    assert toll(night(gaps=gaps)) == (1, pytest.approx(2), pytest.approx(1.5))
    chosen = [gaps[0], gaps[1]._replace(accepted=True)]
    assert toll(night(gaps=chosen)).gaps == 1


def test_a_row_is_whole_only_where_every_link_is_held():
    chain = {link: [Watch(at(12), at(20), "desk")] for link in ("seen", "drafted", "cleared")}
    assert "nl-whole" not in draw_row(night(chain=chain)).svg
    chain["published"] = [Watch(at(14), at(18), "channel")]
    assert draw_row(night(chain=chain)).svg.count("nl-whole") == 1


def test_a_wide_interval_does_not_flatten_what_is_expected():
    calm, wild = [[Hour(at(12 + i), i % 3, 0, high) for i in range(9)] for high in (4, 400)]
    assert texts(draw(night(tempo=calm)).svg) == texts(draw(night(tempo=wild)).svg)


def test_the_direction_of_a_claims_words_stays_its_own():
    svg = draw(night(claims=[Claim(at(13), at(14), None, "low", "\u202eevil\u2069 left")])).svg
    assert any(text == "1 h · \u2068evil left\u2069" for text in texts(svg))


def test_an_accepted_gap_is_shown_but_not_counted():
    gaps = [Gap(at(22), at(23), ("seen",), 1, 0.5, True, "quiet"), Gap(at(1, day=14), at(2, day=14), ("seen",), 2, 1.5)]
    assert toll(night(gaps=gaps)) == (1, 2, 1.5)
    assert any("accepted: quiet" in text for text in texts(draw(night(gaps=gaps)).svg))


def test_a_claim_declined_says_so_rather_than_answered():
    claim = Claim(at(17), None, at(17, 38), "low")
    assert latency_words(claim, night(), Tongue()) == "no public answer after 38 min"


def test_hours_outside_the_night_or_told_twice_do_not_bend_the_curve():
    inside = [Hour(at(12), 1, 0.5, 2), Hour(at(13), 2, 1, 3)]
    outside = [Hour(at(11), 9, 9, 9), Hour(at(12, day=14), 9, 9, 9), Hour(at(13, day=14), 9, 9, 9)]
    assert draw(night(tempo=[*outside, *inside, *inside])).svg == draw(night(tempo=inside)).svg


def test_cleared_lines_over_the_same_hours_do_not_write_over_each_other():
    lines = [Watch(at(13), at(20), "cleared_line", "Mosul bridges"), Watch(at(14), at(20), "cleared_line", "Airport")]
    drawn = draw(night(chain={"cleared": lines}))
    assert not any(one.overlaps(other) for one, other in combinations(drawn.labels, 2))
    assert "Mosul bridges" in texts(drawn.svg)


def test_a_night_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="ends after it starts"):
        night(end=at(11))


def test_boxes_that_only_touch_do_not_overlap():
    assert not Box(0, 0, 1, 1, "a").overlaps(Box(1, 0, 2, 1, "b"))
    assert Box(0, 0, 1.1, 1, "a").overlaps(Box(1, 0, 2, 1, "b"))
