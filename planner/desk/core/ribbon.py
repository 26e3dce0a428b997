"""A claim's own ribbon: from the moment it broke, through its milestones, to the first official word or to now."""

from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from planner.desk.core.axis import Axis, Lanes
from planner.desk.core.night import hour_in
from planner.desk.core.night_line import Drawing
from planner.desk.core.svg import Pen, shorten, text_width
from planner.desk.core.tongue import Tongue

WIDTHS = {"wide": 860.0, "narrow": 326.0}
FONT, TRACK, PITCH = 12.0, 26.0, 18.0


class Milestone(NamedTuple):
    """Something that happened to the claim; state is answered, waiting, unanswered or neutral."""

    at: datetime
    label: str
    state: str = "neutral"


@dataclass(frozen=True)
class Ribbon:
    """`settled_at` is the first official word, or the decision to give none; None while the claim is open.

    `earliest` is set when nobody knows exactly when it broke: the claim broke between `earliest` and `broke_at`.
    Instants are aware; milestones before the start or after the end are drawn at that end.
    """

    broke_at: datetime
    milestones: tuple[Milestone, ...]
    settled_at: datetime | None
    now: datetime
    zone: str
    earliest: datetime | None = None

    def start(self) -> datetime:
        """Where the ribbon begins: latency counts from the earliest moment it may have broken."""
        return min(self.earliest or self.broke_at, self.broke_at)

    def end(self) -> datetime:
        """Where it ends; never before it begins."""
        last = max((m.at for m in self.milestones), default=self.start())
        return max(self.settled_at or self.now, last if self.settled_at else self.start(), self.start())


def draw_ribbon(
    ribbon: Ribbon, *, size: str = "wide", rtl: bool = False, tongue: Tongue | None = None, prefix: str = "rb"
) -> Drawing:
    """Draw it "wide" (860 user units) or "narrow" (326); above it how long it took, below what happened when."""
    tongue, width = tongue or Tongue(), WIDTHS[size]
    pen = Pen(width, rtl, prefix)
    start, end = ribbon.start(), ribbon.end()
    axis = Axis(start, end if end > start else start.replace(year=start.year + 1), 10, width - 12)
    until = axis.at(ribbon.settled_at or ribbon.now)
    state = "answered" if ribbon.settled_at else "unanswered"
    total = tongue.say((ribbon.settled_at or max(ribbon.now, start)) - start)
    words = total if ribbon.settled_at else tongue.text("so_far", duration=total)
    height = _draw_milestones(pen, axis, ribbon, tongue)
    with pen.group(f"nl-claim nl-{state}", words):
        pen.line(axis.x0, TRACK, until, TRACK, "nl-wait rb-track")
        if ribbon.broke_at > start:
            pen.rect(axis.x0, TRACK - 4, axis.at(ribbon.broke_at) - axis.x0, 8, "rb-unsure", 2)
        pen.circle(axis.x0, TRACK, 5, "nl-dot")
        if ribbon.settled_at:
            pen.line(until, TRACK - 8, until, TRACK + 8, "nl-end")
        else:
            pen.circle(until, TRACK, 6, "nl-ring")
    for milestone in ribbon.milestones:
        pen.circle(axis.at(milestone.at), TRACK, 3.2, "rb-stop")
    room = text_width(words, FONT + 1, bold=True)
    x = min(max(until, room + 2), width - 2)
    with pen.group(f"nl-claim nl-{state}"):
        pen.text(x, FONT, words, "nl-latency", FONT + 1, anchor="end", bold=True)
    desc = "; ".join(f"{m.label} {hour_in(m.at, ribbon.zone)}" for m in ribbon.milestones)
    svg = pen.document(height, f"nl at-{size}", f"{words}", desc or words, is_image=True)
    return Drawing(svg, width, height, pen.labels)


def _draw_milestones(pen: Pen, axis: Axis, ribbon: Ribbon, tongue: Tongue) -> float:
    """The milestones' words under the track, each tied to its moment; gives the y beneath."""
    lanes, words = Lanes(gap=10), []
    for milestone in sorted(ribbon.milestones, key=lambda m: m.at):
        passed = tongue.say(max(milestone.at - ribbon.start(), milestone.at - milestone.at))
        text = f"{milestone.label} {hour_in(milestone.at, ribbon.zone)} · +{passed}"
        text = shorten(text, pen.width - 8, FONT)
        room, x = text_width(text, FONT), axis.at(milestone.at)
        left = min(max(x - 4, 2), pen.width - room - 2)
        y = TRACK + 22 + (lanes.place(left, left + room) or 0) * PITCH
        pen.line(x, TRACK + 4, x, y - 11, "rb-leader")
        words.append((left, room, y, text, milestone.state))
    for left, room, y, text, state in words:
        at_end = left + room >= pen.width - 3
        pen.text(left + room if at_end else left, y, text, f"rb-word rb-{state}", FONT, "end" if at_end else "start")
    return TRACK + 12 + max(len(lanes.rows), 1) * PITCH
