"""One night of a week's stack: tempo, the four bands of the chain, gaps hatched across them with what each costs.

Seven of them, one beneath the other on one axis noon to noon, are the coverage page's picture; the first carries the
theatre's hours above it, the last the viewer's own beneath.
"""

from planner.desk.core.axis import Axis, local_hours, smooth
from planner.desk.core.night import LINKS, Gap, Night, gap_words, hour_in, merged_gaps
from planner.desk.core.night_line import Drawing, describe
from planner.desk.core.svg import Pen, Point, hatch, shorten, text_width
from planner.desk.core.tongue import Tongue

WIDTHS = {"wide": 860.0, "narrow": 326.0}
COLUMNS = {"wide": 128.0, "narrow": 79.0}  # as wide as the longest name of a day, Arabic Tuesday
TEMPO, PITCH, BAR, RULER = 24.0, 8.0, 5.0, 20.0
HEIGHT = TEMPO + len(LINKS) * PITCH + 8


def draw_night(
    night: Night,
    *,
    name: str,
    above: bool = False,
    beneath: bool = False,
    size: str = "wide",
    rtl: bool = False,
    tongue: Tongue | None = None,
    prefix: str = "ns",
    highest: float = 0.0,
) -> Drawing:
    """The night as one row of the stack; "wide" or "narrow". The loss of its gaps stands in and after them.

    `above`: the hours of the theatre over it; `beneath`: the viewer's own under it. `highest`: the rate at the top of
    the tempo, the same for all rows, so that nights can be compared; 0: this night's own.
    """
    tongue, width = tongue or Tongue(), WIDTHS[size]
    pen = Pen(width, rtl, prefix)
    axis = Axis(night.start, night.end, COLUMNS[size], width - 44)
    top = RULER if above else 0.0
    is_tonight = axis.has(night.now)
    pen.text(
        axis.x0 - 8, top + TEMPO + 4, shorten(name, axis.x0 - 8, 12, is_tonight), "nl-name", 12, "end", bold=is_tonight
    )
    _hours(pen, axis, night, top, above)
    _tempo(pen, axis, night, top, highest)
    _gaps(pen, axis, night, top, tongue)
    _chain(pen, axis, night, top, tongue)
    lost = sum(gap.loss for gap in night.gaps if not gap.accepted and night.start <= gap.start < night.end)
    if lost >= 0.05:
        pen.text(width - 2, top + TEMPO + 4, tongue.number(lost), "nl-alarm", 13, "end", bold=True)
    if is_tonight:
        pen.line(axis.at(night.now), top + 1, axis.at(night.now), top + HEIGHT - 1, "nl-now-line")
    bottom = top + HEIGHT
    if beneath:
        _ruler(pen, axis, night, night.viewer_zone, bottom + 13, "nl-hour nl-theirs")
        bottom += RULER
    svg = pen.document(bottom, f"nl at-{size}", f"{name}: {tongue.text('title')}", describe(night, tongue), True)
    return Drawing(svg, width, bottom, pen.labels)


def _hours(pen: Pen, axis: Axis, night: Night, top: float, above: bool) -> None:
    for at in local_hours(night.start, night.end, night.zone, 3):
        is_midnight = hour_in(at, night.zone) == "00:00"
        pen.line(axis.at(at), top, axis.at(at), top + HEIGHT, "nl-tick nl-midnight" if is_midnight else "nl-tick")
    pen.line(axis.x0, top + HEIGHT, axis.x1, top + HEIGHT, "nl-tick")
    if above:
        _ruler(pen, axis, night, night.zone, 12, "nl-hour")


def _ruler(pen: Pen, axis: Axis, night: Night, zone: str, baseline: float, class_: str) -> None:
    """Full hours of a zone, as many as there is room for."""
    step = 3 if axis.x1 - axis.x0 > 400 else 6
    free = axis.x0 - 20
    for at in local_hours(night.start, night.end, zone, step):
        text = hour_in(at, zone)
        half, x = text_width(text, 11) / 2, axis.at(at)
        if x - half >= free and x + half <= pen.width:
            pen.text(x, baseline, text, class_, 11, anchor="middle")
            free = x + half + 4


def _tempo(pen: Pen, axis: Axis, night: Night, top: float, highest: float) -> None:
    hours = night.hours()
    if not hours:
        return
    highest = highest or max(hour.expected for hour in hours) or 1.0
    curve = smooth([axis.at(h.start) + axis.per_hour() / 2 for h in hours], [h.expected for h in hours])
    bottom, steps = top + TEMPO, 96
    xs = [axis.x0 + (axis.x1 - axis.x0) * i / steps for i in range(steps + 1)]
    points: list[Point] = [(x, bottom - min(max(curve(x), 0) / highest, 1) * (TEMPO - 5)) for x in xs]
    pen.shape([(axis.x0, bottom), *points, (axis.x1, bottom)], "nl-area")


def _chain(pen: Pen, axis: Axis, night: Night, top: float, tongue: Tongue) -> None:
    for index, link in enumerate(LINKS):
        y = top + TEMPO + 4 + index * PITCH
        pen.line(axis.x0, y + BAR / 2, axis.x1, y + BAR / 2, "nl-bare")
        for watch in night.chain.get(link, ()):
            if watch.end <= night.start or watch.start >= night.end:
                continue
            left, right = axis.at(watch.start), axis.at(watch.end)
            times = f"{hour_in(watch.start, night.zone)}–{hour_in(watch.end, night.zone)}"
            title = ", ".join(filter(None, [tongue.text(link), tongue.text(watch.kind), watch.label, times]))
            with pen.group(f"nl-watch nl-{watch.kind.replace('_', '-')}", title):
                if watch.kind == "desk":
                    pen.rect(left, y, right - left, BAR, "nl-solid", 1)
                elif watch.kind == "on_call":
                    pen.rect(left, y + 1.5, right - left, BAR - 3, "nl-thin", 1)
                elif watch.kind == "channel":
                    pen.line(left, y + 1, right, y + 1, "nl-rail slim")
                    pen.line(left, y + BAR - 1, right, y + BAR - 1, "nl-rail slim")
                else:
                    pen.rect(left, y + 0.5, right - left, BAR - 1, "nl-line", 1)


def _gaps(pen: Pen, axis: Axis, night: Night, top: float, tongue: Tongue) -> None:
    fill, chosen = hatch(pen, "gap", "nl-hatch"), hatch(pen, "chosen", "nl-hatch-chosen")
    free = axis.x0
    for gap in merged_gaps(night):
        left, right = axis.at(gap.start), axis.at(gap.end)
        with pen.group("nl-gap nl-gap-chosen" if gap.accepted else "nl-gap", _told(gap, night, tongue)):
            pen.rect(left, top + 2, max(right - left, 1), TEMPO - 2, "nl-shaft")
            pen.rect(
                left,
                top + TEMPO + 1,
                max(right - left, 1),
                HEIGHT - TEMPO - 3,
                "nl-block",
                1,
                chosen if gap.accepted else fill,
            )
        begins_here = gap.start >= night.start
        words = tongue.text("gap_lost", loss=tongue.number(gap.loss)) if begins_here and gap.loss >= 0.1 else ""
        for said in (words, tongue.number(gap.loss) if words else ""):
            room = text_width(said, 11, bold=True)
            if said and room <= right - left and (left + right - room) / 2 >= free:
                class_ = "nl-quiet" if gap.accepted else "nl-alarm"
                pen.text((left + right) / 2, top + 14, said, class_, 11, "middle", bold=True)
                free = (left + right + room) / 2 + 4
                break


def _told(gap: Gap, night: Night, tongue: Tongue) -> str:
    loss = tongue.text("gap_lost", loss=tongue.number(gap.loss))
    return f"{gap_words(gap, night, tongue)}. {loss}"
