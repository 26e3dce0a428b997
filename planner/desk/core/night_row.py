"""One night as a single thin strip: for the week's stack, past nights and the line beside a claim."""

from planner.desk.core.axis import Axis, local_hours, smooth
from planner.desk.core.night import Night, gap_loss, gap_words, held, hour_in, latency_words, merged_gaps, toll
from planner.desk.core.night_line import Drawing, describe
from planner.desk.core.svg import Pen, Point, hatch, shorten, text_width
from planner.desk.core.tongue import Tongue

WIDTHS = {"wide": 860.0, "narrow": 326.0}
COLUMNS = {"wide": 110.0, "narrow": 86.0}
HEIGHT, RULER = 40.0, 18.0
BAR_TOP, BAR = 26.0, 7.0


def draw_row(
    night: Night,
    *,
    name: str = "",
    ruler: bool = False,
    size: str = "wide",
    rtl: bool = False,
    tongue: Tongue | None = None,
    prefix: str = "nr",
) -> Drawing:
    """The night in one strip: tempo, a bar where every link is held, gaps hatched, claims; "wide" or "narrow".

    `name` stands before it ("Fri 13 Jun"), the expected claims of its gaps after it; `ruler` writes the hours beneath.
    """
    tongue, width = tongue or Tongue(), WIDTHS[size]
    pen = Pen(width, rtl, prefix)
    column = COLUMNS[size] if name else 0.0
    axis = Axis(night.start, night.end, column + 4, width - 38)
    pen.text(column - 6, 24, shorten(name, column - 8, 12), "nl-name", 12, anchor="end")
    _draw_hours(pen, axis, night, ruler)
    _draw_tempo(pen, axis, night)
    _draw_cover(pen, axis, night, tongue)
    _draw_claims(pen, axis, night, tongue)
    if (cost := toll(night)).gaps:
        pen.text(width - 2, 24, tongue.number(cost.expected), "nl-alarm", 12, "end", bold=True)
    if axis.has(night.now):
        pen.line(axis.at(night.now), 2, axis.at(night.now), HEIGHT - 2, "nl-now-line")
    height = HEIGHT + (RULER if ruler else 0)
    svg = pen.document(height, f"nl at-{size}", tongue.text("title"), describe(night, tongue), is_image=True)
    return Drawing(svg, width, height, pen.labels)


def _draw_hours(pen: Pen, axis: Axis, night: Night, ruler: bool) -> None:
    free = 0.0
    for at in local_hours(night.start, night.end, night.zone, 6):
        x, text = axis.at(at), hour_in(at, night.zone)
        pen.line(x, 2, x, HEIGHT - 2, "nl-tick nl-midnight" if text == "00:00" else "nl-tick")
        half = text_width(text, 11) / 2
        x = max(x, half + 1)
        if ruler and x - half > free + 3 and x + half < pen.width:
            pen.text(x, HEIGHT + 11, text, "nl-hour", 11, anchor="middle")
            free = x + half


def _draw_tempo(pen: Pen, axis: Axis, night: Night) -> None:
    hours = night.hours()
    highest = max((hour.expected for hour in hours), default=0) or 1
    curve = smooth([axis.at(h.start) + axis.per_hour() / 2 for h in hours], [h.expected for h in hours])
    steps = 96
    xs = [axis.x0 + (axis.x1 - axis.x0) * i / steps for i in range(steps + 1)]
    points: list[Point] = [(x, BAR_TOP - 2 - max(curve(x), 0) / highest * (BAR_TOP - 6)) for x in xs]
    if hours:
        pen.shape([(axis.x0, BAR_TOP - 2), *points, (axis.x1, BAR_TOP - 2)], "nl-area")


def _draw_cover(pen: Pen, axis: Axis, night: Night, tongue: Tongue) -> None:
    middle = BAR_TOP + BAR / 2
    pen.line(axis.x0, middle, axis.x1, middle, "nl-bare")
    for span in held(night):
        if span.start < night.end and span.end > night.start:
            left, right = axis.at(span.start), axis.at(span.end)
            pen.rect(left, BAR_TOP, right - left, BAR, "nl-whole", 1)
    fill, chosen = hatch(pen, "gap", "nl-hatch"), hatch(pen, "chosen", "nl-hatch-chosen")
    for gap in merged_gaps(night):
        left, width = axis.at(gap.start), max(axis.at(gap.end) - axis.at(gap.start), 1)
        title = f"{gap_words(gap, night, tongue)}. {gap_loss(gap, tongue)}"
        with pen.group("nl-gap nl-gap-chosen" if gap.accepted else "nl-gap", title):
            pen.rect(left, BAR_TOP - 2, width, BAR + 4, "nl-clear")
            pen.rect(left, BAR_TOP - 2, width, BAR + 4, "nl-block", 1, chosen if gap.accepted else fill)


def _draw_claims(pen: Pen, axis: Axis, night: Night, tongue: Tongue) -> None:
    y = 13.0
    for claim in sorted(night.claims, key=lambda c: (c.settled_at() is None, c.broke_at)):
        if claim.broke_at > night.end or (claim.settled_at() or night.until()) < night.start:
            continue
        x1, x2 = axis.at(claim.broke_at), axis.at(claim.settled_at() or night.until())
        title = f"{claim.label}: {latency_words(claim, night, tongue)}".removeprefix(": ")
        with pen.group(f"nl-claim nl-{claim.state()}", title):
            pen.line(x1, y, x2, y, "nl-wait")
            pen.circle(x1, y, 3.2, "nl-dot")
            if claim.settled_at() is None:
                pen.circle(x2, y, 4, "nl-ring")
            else:
                pen.line(x2, y - 4, x2, y + 4, "nl-end")
