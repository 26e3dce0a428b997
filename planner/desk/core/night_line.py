"""The night line: one night in one picture, as SVG. Values in, text out; nothing here knows a page or a database."""

from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.desk.core.night import Night, hour_in
from planner.desk.core.night_layers import draw_chain, draw_gap_notes, draw_gaps, draw_peak, draw_tempo
from planner.desk.core.night_marks import draw_claims, draw_now, draw_posts, draw_rulers
from planner.desk.core.night_sheet import MEDIUM, NARROW, WIDE, Size, sheet
from planner.desk.core.svg import Box
from planner.desk.core.tongue import Tongue

SIZES: dict[str, Size] = {size.name: size for size in (WIDE, MEDIUM, NARROW)}


class Drawing(NamedTuple):
    """An SVG document and the room its labels take (in its own user units)."""

    svg: str
    width: float
    height: float
    labels: list[Box]


def draw(
    night: Night, *, size: str = "wide", rtl: bool = False, tongue: Tongue | None = None, prefix: str = "nl"
) -> Drawing:
    """Draw a night at one of three sizes: wide (1120 user units), medium (700) or narrow (326).

    `rtl` mirrors it; `tongue` holds the words; `prefix` keeps ids apart when a page holds several. KeyError for
    another size.
    """
    tongue = tongue or Tongue()
    page = sheet(night, SIZES[size], tongue, rtl, prefix)
    y = 24.0
    if night.hours():
        draw_peak(page, y + page.size.small)
        y += page.size.small + 8
    chart_top = y
    tempo_bottom = draw_tempo(page, y)
    y = draw_gaps(page, tempo_bottom + 2, tempo_bottom)
    y = draw_chain(page, y) + 4
    y = draw_claims(page, y) + 2
    y = draw_posts(page, y)
    page.under.line(page.axis.x0, y, page.axis.x1, y, "nl-floor")
    draw_now(page, chart_top, y)
    y = draw_rulers(page, y, chart_top)
    height = draw_gap_notes(page, y) + 2

    layers = [page.under, page.ground, page.line, page.pen]
    page.pen.parts = [part for layer in layers for part in layer.parts]
    labels = [label for layer in layers for label in layer.labels]
    is_image = not any([claim.url for claim in night.claims] + [post.url for post in night.posts])
    svg = page.pen.document(height, f"nl nl-{size}", tongue.text("title"), describe(night, tongue), is_image)
    return Drawing(svg, page.size.width, height, labels)


def describe(night: Night, tongue: Tongue) -> str:
    """What the picture is, and from when to when, for those who hear it."""
    return tongue.text("desc", start=_moment(night, tongue, night.start), end=_moment(night, tongue, night.end))


def _moment(night: Night, tongue: Tongue, instant: datetime) -> str:
    day = tongue.day(instant.astimezone(ZoneInfo(night.zone)))
    return f"{day} {hour_in(instant, night.zone)} {tongue.place(night.zone)}"
