"""The week as a heat map: what is expected in each hour, and who is there then. Days are rows; on a phone, columns.

Heat is told by a figure in every cell as well as by colour; staffing by the shape of a bar: whole, broken or none.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from planner.desk.core.night_line import Drawing
from planner.desk.core.svg import Pen, shorten

WIDTHS = {"wide": 860.0, "narrow": 326.0}
DESK, ON_CALL = 2, 1
FONT = {"wide": 11.0, "narrow": 10.0}
ALARMING = 2  # heat from which on an hour with nobody is framed
KEY_HEIGHT = 20.0


class Square(NamedTuple):
    """One hour: its figure, heat 0 to 4, watch (2 at the desk, 1 on call, 0 nobody), and all of it in words."""

    hour: int
    figure: str
    heat: int
    watch: int
    words: str


class Line(NamedTuple):
    """One day: its name, its weekday and number for narrow columns, a note (a holiday), and its hours."""

    name: str
    weekday: str
    number: str
    note: str
    squares: tuple[Square, ...]


@dataclass(frozen=True)
class HeatMap:
    """`key`: the words for the desk, on call, nobody; `title` and `desc` are read out."""

    lines: tuple[Line, ...]
    title: str
    desc: str
    key: tuple[str, str, str]


class _Grid(NamedTuple):
    """Where the cell of a line and an hour lies."""

    left: float
    top: float
    width: float
    height: float
    is_upright: bool

    def at(self, line: int, hour: int) -> tuple[float, float]:
        column, row = (line, hour) if self.is_upright else (hour, line)
        return self.left + column * self.width, self.top + row * self.height


def draw_heat(heat: HeatMap, *, size: str = "wide", rtl: bool = False, prefix: str = "hm") -> Drawing:
    """Draw it "wide" (860 units, a row a day) or "narrow" (326 units, a column a day)."""
    pen = Pen(WIDTHS[size], rtl, prefix)
    if size == "narrow":
        grid = _Grid(30.0, 34.0, (pen.width - 32) / 7, 18.0, True)
        bottom = grid.top + 24 * grid.height
    else:
        grid = _Grid(124.0, 22.0, (pen.width - 126) / 24, 34.0, False)
        bottom = grid.top + len(heat.lines) * grid.height
    _draw_names(pen, heat, grid, FONT[size])
    for number, line in enumerate(heat.lines):
        for square in line.squares:
            _draw_square(pen, square, *grid.at(number, square.hour), grid, FONT[size])
    bottom = _draw_key(pen, heat.key, bottom + 16, FONT[size] + 1)
    svg = pen.document(bottom, f"nl hm at-{size}", heat.title, heat.desc, is_image=True)
    return Drawing(svg, pen.width, bottom, pen.labels)


def _draw_names(pen: Pen, heat: HeatMap, grid: _Grid, font: float) -> None:
    for hour in range(24):
        x, y = grid.at(0, hour)
        if grid.is_upright:
            pen.text(grid.left - 4, y + grid.height - 5, f"{hour:02}", "nl-faint", font, anchor="end")
        else:
            pen.text(x + grid.width / 2, grid.top - 7, f"{hour:02}", "nl-faint", font, anchor="middle")
    for place, line in enumerate(heat.lines):
        x, y = grid.at(place, 0)
        if grid.is_upright:
            room = grid.width - 2
            middle, number = x + grid.width / 2, f"{line.number} ●" if line.note else line.number
            name = shorten(line.weekday, room, font, True)
            pen.text(middle, grid.top - 19, name, "nl-name", font, anchor="middle", bold=True)
            pen.text(middle, grid.top - 6, number, "hm-note" if line.note else "nl-name", font, anchor="middle")
        else:
            room = grid.left - 8
            middle = y + grid.height / 2 + (0 if line.note else 4)
            pen.text(0, middle, shorten(line.name, room, font + 1, True), "nl-name", font + 1, bold=True)
            pen.text(0, middle + 13, shorten(line.note, room, font), "hm-note", font)


def _draw_square(pen: Pen, square: Square, x: float, y: float, grid: _Grid, font: float) -> None:
    width, height = grid.width - 2, grid.height - 2
    alarming = square.watch < ON_CALL and square.heat >= ALARMING
    with pen.group(f"hm-cell hm-{square.heat}", square.words):
        pen.rect(x, y, width, height, "hm-ground", rx=2)
        if alarming:
            pen.rect(x + 1, y + 1, width - 2, height - 2, "hm-alarm", rx=2)
        for bar in _bars(square.watch, x, y, width, height, grid.is_upright):
            pen.rect(*bar, "hm-bar")
        shift = 1.5 if grid.is_upright else 0
        pen.text(
            x + width / 2 + shift,
            y + height / 2 + font * 0.36 - (0 if grid.is_upright else 2),
            square.figure,
            "hm-figure",
            font,
            anchor="middle",
        )


def _bars(
    watch: int, x: float, y: float, width: float, height: float, is_upright: bool
) -> Iterator[tuple[float, float, float, float]]:
    """Whole at the desk, two pieces on call, none for nobody; beneath the figure, or beside it on a phone."""
    if watch == DESK:
        yield (x, y, 4.0, height) if is_upright else (x, y + height - 5, width, 5.0)
    elif watch == ON_CALL:
        for part in (0.05, 0.6):
            if is_upright:
                yield x, y + height * part, 3.0, height * 0.35
            else:
                yield x + width * part, y + height - 4, width * 0.35, 3.0


def _draw_key(pen: Pen, key: tuple[str, str, str], top: float, font: float) -> float:
    """What the bars mean; one below the other where they do not fit side by side."""
    x, y, step = 2.0, top, pen.width / 3
    beside = pen.width > 400
    for watch, words in zip((DESK, ON_CALL, 0), key, strict=True):
        pen.rect(x, y - 10, 26, 13, "hm-key", rx=2)
        if watch == 0:
            pen.rect(x + 1, y - 9, 24, 11, "hm-alarm", rx=2)
        for bar in _bars(watch, x, y - 10, 26, 13, False):
            pen.rect(*bar, "hm-bar")
        pen.text(x + 32, y, shorten(words, (step if beside else pen.width) - 40, font), "nl-name", font)
        x, y = (x + step, y) if beside else (x, y + KEY_HEIGHT)
    return y + 8
