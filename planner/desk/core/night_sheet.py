"""The sheet a night is drawn on: its sizes, its axis, and what every layer needs at hand."""

from dataclasses import dataclass

from planner.desk.core.axis import Axis
from planner.desk.core.night import LINKS, Night
from planner.desk.core.svg import Pen, text_width
from planner.desk.core.tongue import Tongue


@dataclass(frozen=True)
class Size:
    """Measures in user units; text sizes too, so a drawing is shown at about its own width to stay legible."""

    name: str
    width: float
    font: float
    small: float
    bar: float
    pitch: float
    tempo: float
    claim_label: float
    claim_lanes: int
    post_lanes: int


WIDE = Size("wide", 1120, 13, 12, 14, 23, 80, 250, 8, 5)
MEDIUM = Size("medium", 700, 13, 12, 12, 20, 64, 130, 8, 6)
NARROW = Size("narrow", 326, 12, 11, 10, 18, 50, 0, 8, 6)


@dataclass(frozen=True)
class Sheet:
    """One drawing under way, in four layers: `under` (grid, hatching), `ground` (tempo, chain), `line` (now), `pen`.

    Words and marks are drawn last, with `pen`, so that no line ever crosses out a word.
    """

    night: Night
    size: Size
    tongue: Tongue
    axis: Axis
    under: Pen
    ground: Pen
    line: Pen
    pen: Pen

    @property
    def margin(self) -> float:
        """Where the names of the rows end."""
        return self.axis.x0 - (12 if self.size.name == "narrow" else 24)

    def name(self, y: float, text: str, class_: str = "nl-name", size: float | None = None) -> None:
        """The name of a row, in the column before the axis."""
        self.pen.text(self.margin, y, text, class_, size or self.size.font, anchor="end")


def sheet(night: Night, size: Size, tongue: Tongue, rtl: bool, prefix: str) -> Sheet:
    """An empty sheet whose first column is as wide as its longest name."""
    names = [tongue.text(key) for key in (*LINKS, "tempo", "tempo_unit", "claims", "posts")]
    names += [tongue.place(night.zone), tongue.place(night.viewer_zone)]
    column = min(max(text_width(name, size.font) for name in names) + (13 if size is NARROW else 25), size.width * 0.3)
    axis = Axis(night.start, night.end, column, size.width - (10 if size is NARROW else 20))
    under, ground, line, pen = (Pen(size.width, rtl, prefix) for _ in range(4))
    return Sheet(night, size, tongue, axis, under, ground, line, pen)
