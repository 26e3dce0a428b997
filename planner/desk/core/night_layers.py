"""The ground of the night line: when they speak, who could answer, and the gaps between."""

import math
from itertools import pairwise

from planner.desk.core.axis import Lanes, smooth
from planner.desk.core.night import LINKS, Gap, Hour, Watch, gap_loss, gap_words, hour_in, merged_gaps
from planner.desk.core.night_sheet import Sheet
from planner.desk.core.svg import Point, hatch, shorten, text_width, wrap


def draw_tempo(sheet: Sheet, top: float) -> float:
    """The expected claims per hour as a soft area with its interval; gives the y beneath it.

    Under the curve, what falls into a gap is drawn in the colour of the unanswered: that area *is* what a gap expects.
    """
    size, axis, pen = sheet.size, sheet.axis, sheet.ground
    bottom = top + size.tempo
    hours = sheet.night.hours()
    highest = _top_rate(hours)
    rule = _round_rate(highest)
    middles = [axis.at(hour.start) + axis.per_hour() / 2 for hour in hours]

    def line_of(values: list[float]) -> list[Point]:
        curve = smooth(middles, values)
        steps = max(int((axis.x1 - axis.x0) / 5), 2)
        xs = [axis.x0 + (axis.x1 - axis.x0) * i / steps for i in range(steps + 1)]
        return [(x, bottom - min(max(curve(x), 0) / highest, 1) * (size.tempo - 2)) for x in xs]

    expected = line_of([hour.expected for hour in hours])
    with pen.group("nl-tempo", sheet.tongue.text("tempo_title")):
        pen.shape(line_of([h.high for h in hours]) + line_of([h.low for h in hours])[::-1], "nl-interval")
        pen.shape([(axis.x0, bottom), *expected, (axis.x1, bottom)], "nl-area")
        for gap in merged_gaps(sheet.night):
            _lost_area(sheet, gap, expected, bottom)
        pen.shape(expected, "nl-curve", closed=False)
        y = bottom - rule / highest * (size.tempo - 2)
        pen.line(axis.x0, y, axis.x1, y, "nl-rule")
        rate = sheet.tongue.text("rate", rate=f"{rule:g}")
        pen.text(axis.x1, y - 4, rate, "nl-faint", size.small, anchor="end")
    sheet.name(bottom - 18, sheet.tongue.text("tempo"), "nl-name nl-speak")
    sheet.name(bottom - 4, sheet.tongue.text("tempo_unit"), "nl-faint", size.small)
    return bottom


def draw_peak(sheet: Sheet, baseline: float) -> None:
    """When they are expected to speak most, written above the curve."""
    hours = sheet.night.hours()
    if not hours:
        return
    peak = max(hours, key=lambda hour: hour.expected)
    if peak.expected <= 0:
        return
    time = hour_in(peak.start, sheet.night.zone)
    text = sheet.tongue.text("peak", time=time, rate=sheet.tongue.number(peak.expected))
    half = text_width(text, sheet.size.small) / 2
    x = min(max(sheet.axis.at(peak.start) + sheet.axis.per_hour() / 2, sheet.axis.x0 + half), sheet.axis.x1 - half)
    sheet.pen.text(x, baseline, text, "nl-speak", sheet.size.small, anchor="middle")


def _lost_area(sheet: Sheet, gap: Gap, expected: list[Point], bottom: float) -> None:
    left, right = sheet.axis.at(gap.start), sheet.axis.at(gap.end)
    inside = [point for point in expected if left < point[0] < right]
    if not inside or right - left < 1:
        return
    edge = [(left, _between(expected, left)), *inside, (right, _between(expected, right))]
    class_ = "nl-chosen" if gap.accepted else "nl-lost"
    sheet.ground.shape([(left, bottom), *edge, (right, bottom)], class_)


def _between(points: list[Point], x: float) -> float:
    for (x1, y1), (x2, y2) in pairwise(points):
        if x1 <= x <= x2:
            return y1 + (y2 - y1) * (x - x1) / (x2 - x1)
    return points[-1][1]


def _top_rate(hours: list[Hour]) -> float:
    """The rate at the top of the picture: a wide interval may leave it, lest it flatten what is expected."""
    expected = max((hour.expected for hour in hours), default=0)
    widest = max((hour.high for hour in hours), default=0)
    return max(min(widest, 2 * expected), expected) or widest or 1


def _round_rate(highest: float) -> float:
    """The largest of 1, 2, 5 times a power of ten that is not above the highest rate."""
    power = 10 ** math.floor(math.log10(highest))
    return max(step * power for step in (1, 2, 5) if step * power <= highest * 1.0001)


def draw_gaps(sheet: Sheet, top: float, tempo_bottom: float) -> float:
    """The words of the gaps above the chain, and their hatching across it; gives the y at which the chain begins.

    Where the words fit they stand above the gap; where they do not, each gap carries a number, explained at the foot.
    """
    gaps = merged_gaps(sheet.night)
    if not gaps:
        return top + 10
    spoken = _spoken(sheet, gaps)
    row = sheet.size.font * 2 + 10 if spoken else sheet.size.font + 10
    with sheet.pen.group("nl-gap-words", sheet.tongue.text("gaps_title")):
        rows = _write(sheet, spoken, top, row) if spoken else _number(sheet, gaps, top, row)
    chain = top + rows * row + 8
    bottom = chain + len(LINKS) * sheet.size.pitch
    with sheet.under.group("nl-gaps"):
        fill = hatch(sheet.under, "gap", "nl-hatch")
        chosen = hatch(sheet.under, "chosen", "nl-hatch-chosen")
        for gap in gaps:
            left, right = sheet.axis.at(gap.start), sheet.axis.at(gap.end)
            class_ = "nl-gap nl-gap-chosen" if gap.accepted else "nl-gap"
            with sheet.under.group(
                class_, f"{gap_words(gap, sheet.night, sheet.tongue)}. {gap_loss(gap, sheet.tongue)}"
            ):
                sheet.under.rect(left, tempo_bottom, right - left, chain - 4 - tempo_bottom, "nl-shaft")
                sheet.under.rect(
                    left, chain - 4, right - left, bottom - chain + 4, "nl-block", 2, chosen if gap.accepted else fill
                )
    return chain


Placed = tuple[Gap, str, str, float, int]


def _spoken(sheet: Sheet, gaps: list[Gap]) -> list[Placed]:
    """Each gap's two lines of words and where they go, in at most two rows; nothing when they do not fit.

    The costliest gap keeps its full words longest.
    """
    if sheet.size.name == "narrow":
        return []
    costliest = max(gaps, key=lambda gap: gap.loss)
    for rows in (1, 2):
        for full in (gaps, [costliest], []):
            placed = [place for gap in gaps if (place := _place(sheet, gap, gap in full))]
            lanes = Lanes(gap=16)
            fitted = [
                (gap, first, second, left + room / 2, lanes.place(left, left + room, limit=rows))
                for gap, first, second, left, room in placed
            ]
            if len(placed) == len(gaps) and all(lane is not None for *_, lane in fitted):
                return [(gap, first, second, x, lane or 0) for gap, first, second, x, lane in fitted]
    return []


def _place(sheet: Sheet, gap: Gap, full: bool) -> tuple[Gap, str, str, float, float] | None:
    """The gap's lines, where they begin and their room; None when the sheet is too small for them."""
    axis, size = sheet.axis, sheet.size
    first, second = gap_words(gap, sheet.night, sheet.tongue), gap_loss(gap, sheet.tongue, brief=not full)
    room = max(text_width(first, size.font, bold=True), text_width(second, size.small))
    left = min(max((axis.at(gap.start) + axis.at(gap.end) - room) / 2, axis.x0), axis.x1 - room)
    return None if left < axis.x0 else (gap, first, second, left, room)


def _write(sheet: Sheet, placed: list[Placed], top: float, row: float) -> int:
    for gap, first, second, x, lane in placed:
        y = top + lane * row + sheet.size.font + 4
        class_ = "nl-quiet" if gap.accepted else "nl-alarm"
        sheet.pen.text(x, y, first, class_, sheet.size.font, anchor="middle", bold=True)
        sheet.pen.text(x, y + sheet.size.font + 3, second, class_, sheet.size.small, anchor="middle")
    return max(lane for *_, lane in placed) + 1


def _number(sheet: Sheet, gaps: list[Gap], top: float, row: float) -> int:
    lanes, radius = Lanes(gap=3), sheet.size.font * 0.72
    rows = 1
    for index, gap in enumerate(gaps, 1):
        middle = (sheet.axis.at(gap.start) + sheet.axis.at(gap.end)) / 2
        x = min(max(middle, sheet.axis.x0 + radius), sheet.axis.x1 - radius)
        lane = lanes.place(x - radius, x + radius) or 0
        rows = max(rows, lane + 1)
        _disc(sheet, x, top + lane * row + radius + 5, radius, index, gap.accepted)
    return rows


def _disc(sheet: Sheet, x: float, y: float, radius: float, index: int, accepted: bool) -> None:
    sheet.pen.circle(x, y, radius, "nl-disc nl-disc-chosen" if accepted else "nl-disc")
    sheet.pen.text(x, y + sheet.size.small * 0.36, str(index), "nl-disc-text", sheet.size.small, "middle", bold=True)


def draw_gap_notes(sheet: Sheet, top: float) -> float:
    """At the foot, the words of the numbered gaps; nothing where they stand above the gaps. Gives the y beneath."""
    gaps = merged_gaps(sheet.night)
    if not gaps or _spoken(sheet, gaps):
        return top
    radius, y = sheet.size.font * 0.72, top + 6
    start = 2 * radius + 8
    for index, gap in enumerate(gaps, 1):
        _disc(sheet, radius + 1, y + radius, radius, index, gap.accepted)
        room = sheet.size.width - start - 4
        said = wrap(gap_words(gap, sheet.night, sheet.tongue), room, sheet.size.font * 1.1, 2)
        class_ = "nl-quiet" if gap.accepted else "nl-alarm"
        for line in said:
            sheet.pen.text(start, y + sheet.size.font, line, class_, sheet.size.font, bold=True)
            y += sheet.size.font + 4
        for line in wrap(gap_loss(gap, sheet.tongue), room, sheet.size.small, 2):
            sheet.pen.text(start, y + sheet.size.small, line, class_, sheet.size.small)
            y += sheet.size.small + 4
        y += 6
    return y


def draw_chain(sheet: Sheet, top: float) -> float:
    """Four bands, one a link: desk solid, on call thin, cleared line dashed, channel two rails; gives the y beneath."""
    size, axis = sheet.size, sheet.axis
    with sheet.ground.group("nl-chain", sheet.tongue.text("chain_title")):
        for index, link in enumerate(LINKS):
            y = top + index * size.pitch
            middle = y + size.bar / 2
            sheet.name(middle + size.font * 0.35, sheet.tongue.text(link))
            sheet.ground.line(axis.x0, middle, axis.x1, middle, "nl-bare")
            row = Lanes(gap=4)
            for watch in sorted(sheet.night.chain.get(link, ()), key=lambda w: (w.kind == "desk", w.start, w.end)):
                if watch.start < sheet.night.end and watch.end > sheet.night.start:
                    _bar(sheet, watch, link, y, row)
    return top + len(LINKS) * size.pitch


def _bar(sheet: Sheet, watch: Watch, link: str, y: float, row: Lanes) -> None:
    size, pen = sheet.size, sheet.ground
    left, right = sheet.axis.at(watch.start), sheet.axis.at(watch.end)
    night, tongue = sheet.night, sheet.tongue
    times = f"{hour_in(watch.start, night.zone)}–{hour_in(watch.end, night.zone)}"
    title = ", ".join(filter(None, [tongue.text(link), tongue.text(watch.kind), watch.label, times]))
    width, middle = max(right - left, 1), y + size.bar / 2
    with pen.group(f"nl-watch nl-{watch.kind.replace('_', '-')}", title):
        if watch.kind == "desk":
            pen.rect(left, y, width, size.bar, "nl-solid", 2)
        elif watch.kind == "on_call":
            pen.rect(left, middle - size.bar * 0.2, width, size.bar * 0.4, "nl-thin", 1)
        elif watch.kind == "channel":
            pen.line(left, y + 2, right, y + 2, "nl-rail")
            pen.line(left, y + size.bar - 2, right, y + size.bar - 2, "nl-rail")
        else:
            pen.rect(left, y + 1, width, size.bar - 2, "nl-line", 2)
            words = shorten(watch.label, width - 12, size.bar - 3)
            if len(words) > 4 and row.place(left, right, limit=1) is not None:
                pen.text(
                    (left + right) / 2, middle + (size.bar - 3) * 0.34, words, "nl-line-text", size.bar - 3, "middle"
                )
