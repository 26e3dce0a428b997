"""The week of requirements as a grid: read, written, copied, and what lies over what."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from planner.coverage.core.weekgrid import DAY, Ask, Row, clashes, copied, grid, hours_text, parse_hours

ASK = Ask("seen", "", "", 1, "Asia/Baghdad")
EMPTY = [[] for _day in range(7)]
hours = st.tuples(st.integers(0, DAY - 1), st.integers(0, DAY)).filter(lambda pair: pair[0] != pair[1])
cells = st.lists(st.lists(hours, max_size=2, unique=True).map(sorted), min_size=7, max_size=7)


def week(day, *stretches):
    return [list(stretches) if number == day else [] for number in range(7)]


@given(st.lists(hours, max_size=4).map(sorted))
def test_what_is_written_is_read_again(cell):
    assert parse_hours(hours_text(cell)) == cell


@given(cells)
def test_a_row_stored_as_rules_comes_back_as_it_was(week_of_cells):
    row = Row(ASK, week_of_cells)
    stored = [(ASK, stretch, days) for stretch, days in row.rules().items()]
    assert [again.cells for again in grid(stored)] == ([week_of_cells] if any(week_of_cells) else [])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("08:00", "is not a stretch of hours"),
        ("late-04:00", "is not a time of day"),
        ("24:00-04:00", "a day starts at 00:00"),
        ("08:00-08:00", "00:00-24:00"),
    ],
)
def test_hours_that_cannot_be_read_say_what_was_expected(text, said):
    with pytest.raises(ValueError, match=said):
        parse_hours(text)


def test_dashes_commas_and_spaces_are_taken_as_people_type_them():
    assert parse_hours(" 8:00 – 18:00 , 22:00-04:00;") == [(480, 1080), (1320, 240)]


@given(cells, cells)
def test_two_rows_clash_where_a_grid_of_minutes_has_both(one, other):
    def minutes(row):
        taken = []
        for day, cell in enumerate(row):
            for start, end in cell:
                length = end - start if end > start else end + DAY - start
                taken.append({(day * DAY + start + n) % (7 * DAY) for n in range(0, length)})
        return taken

    sets = [(index, taken) for index, row in enumerate((one, other)) for taken in minutes(row)]
    shared = any(left & right for place, (_, left) in enumerate(sets) for _, right in sets[place + 1 :])
    assert bool(list(clashes([Row(ASK, one), Row(ASK, other)]))) == shared


def test_a_night_lies_over_the_morning_after_it_and_sunday_s_over_monday_s():
    late, early = (22 * 60, 240), (180, 300)
    (clash,) = clashes([Row(ASK, week(6, late)), Row(ASK, week(0, early))])
    assert (clash.first, clash.second, clash.one, clash.other) == (0, 1, late, early)
    assert not list(clashes([Row(ASK, week(0, late)), Row(ASK, week(0, early))]))


def test_other_roles_languages_and_zones_do_not_clash():
    row = Row(ASK, week(0, (0, DAY)))
    for other in (
        ASK.__class__("seen", "duty", "", 1, ASK.zone),
        ASK.__class__("seen", "", "ar", 1, ASK.zone),
        ASK.__class__("seen", "", "", 1, "UTC"),
    ):
        assert not list(clashes([row, Row(other, row.cells)]))
    assert list(clashes([row, Row(Ask("seen", "", "", 2, ASK.zone), row.cells)])), "the number does not part them"


def test_a_day_s_hours_are_copied_to_the_days_asked_for():
    assert copied(["a", "b", "c", "d", "e", "f", "g"], 0, range(5)) == ["a", "a", "a", "a", "a", "f", "g"]
