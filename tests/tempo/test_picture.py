"""The forecast by date and hour: every hour once, its worst quarter, both odd days of the year."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from planner.tempo.core.offhours import QUARTERS, Watch
from planner.tempo.core.picture import week
from planner.tempo.core.rates import Hour
from planner.tempo.words import figure

LONDON = ZoneInfo("Europe/London")


def hours(monday: date, count: int, expected: float = 1.0) -> list[Hour]:
    start = datetime.combine(monday, time(), LONDON).astimezone(UTC)
    return [Hour(start + timedelta(hours=number), expected, 0, 2) for number in range(count)]


def test_an_hour_is_as_well_staffed_as_its_worst_quarter():
    quarters = np.full(QUARTERS, Watch.DESK)
    quarters[4 * 9 + 3] = Watch.ON_CALL  # Monday 09:45
    quarters[4 * 10] = Watch.NOBODY
    drawn = week(hours(date(2026, 6, 8), 168), quarters, LONDON)
    assert [cell.watch for cell in drawn.rows[0].cells[8:12]] == [2, 1, 0, 2]
    assert (drawn.expected, drawn.off_desk) == (168, 2)
    assert all(len(row.cells) == 24 for row in drawn.rows)


@pytest.mark.parametrize(
    ("monday", "length", "cells", "second"),
    [(date(2026, 3, 23), 167, 23, 1.0), (date(2026, 10, 19), 169, 24, 2.0)],
)
def test_the_skipped_hour_has_no_cell_and_the_repeated_one_both_claims(monday, length, cells, second):
    sunday = week(hours(monday, length), np.zeros(QUARTERS), LONDON).rows[-1]
    assert len(sunday.cells) == cells
    assert sunday.cells[1].expected == second
    assert sum(cell.expected for cell in sunday.cells) == length - 144


def test_heat_has_five_steps_up_to_the_busiest_hour():
    some = [Hour(hour.start, value, 0, 0) for hour, value in zip(hours(date(2026, 6, 8), 6), range(6), strict=True)]
    assert [cell.heat for cell in week(some, np.zeros(QUARTERS), LONDON).rows[0].cells] == [0, 1, 2, 3, 4, 4]
    assert week([], np.zeros(QUARTERS), LONDON).rows == ()


def test_where_every_hour_is_alike_none_is_hot():
    drawn = week(hours(date(2026, 6, 8), 168), np.zeros(QUARTERS), LONDON)
    assert {cell.heat for row in drawn.rows for cell in row.cells} == {1}


@pytest.mark.parametrize(
    ("value", "said"), [(0.004, "·"), (0.0417, "0.04"), (0.996, "1.0"), (1.96, "2.0"), (9.96, "10"), (99.6, "100")]
)
def test_figures_are_rounded_and_never_cut_off(value, said):
    assert figure(value) == said
