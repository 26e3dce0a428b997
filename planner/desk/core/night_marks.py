"""The marks of the night line: claims tied to their answers, posts with their expiry, the rulers, and now."""

from datetime import datetime, timedelta
from typing import NamedTuple

from planner.desk.core.axis import Lanes, changes, local_hours
from planner.desk.core.night import Claim, Post, hour_in, latency_words
from planner.desk.core.night_sheet import Sheet
from planner.desk.core.svg import Pen, isolate, shorten, text_width

DENSE = 7
RADII = {"low": 3.5, "medium": 4.2, "high": 5, "critical": 6}
SENT, TROUBLED, AWAY = {"published"}, {"failed", "uncertain", "expired"}, {"stopped"}


def draw_claims(sheet: Sheet, top: float) -> float:
    """Claims as dots, each tied by a line to its first official word; gives the y beneath.

    Open claims run on to now and end in a ring. They are placed first, so that they keep their words when a busy night
    has no room for all; the rest then lies in thin rows without words (the table has them all).
    """
    night, size = sheet.night, sheet.size
    claims = [c for c in night.claims if c.broke_at <= night.end and (c.settled_at() or night.until()) >= night.start]
    claims.sort(key=lambda claim: (claim.settled_at() is not None, claim.broke_at))
    pitch = size.font + 9
    sheet.name(top + pitch / 2 + size.font * 0.35, sheet.tongue.text("claims"))
    worded, dense = Lanes(), Lanes(gap=5)
    unworded: list[tuple[Claim, int]] = []
    with sheet.pen.group("nl-claims", sheet.tongue.text("claims_title")):
        for claim in claims:
            x1, x2 = _reach(sheet, claim)
            words = _beside(sheet, x1 - 7, x2 + 9, *_claim_words(sheet, claim))
            lane = worded.place(min(words.left, x1 - 7), max(words.right, x2 + 7), limit=size.claim_lanes)
            if lane is None:
                row = dense.place(x1 - 5, x2 + 5, limit=6)
                unworded.append((claim, 5 if row is None else row))
            else:
                _claim(sheet, claim, top + lane * pitch + pitch / 2, words)
        foot = top + len(worded.rows) * pitch + 6
        for claim, row in unworded:
            _claim(sheet, claim, foot + row * DENSE, None)
    return max(foot + len(dense.rows) * DENSE, top + pitch) + 4


class Words(NamedTuple):
    """A mark's words, and the room they take in left-to-right coordinates."""

    text: str
    left: float
    right: float
    bold: bool
    is_before: bool = False

    def write(self, pen: Pen, y: float, class_: str, size: float) -> None:
        """Write them close to their mark."""
        anchor, x = ("end", self.right) if self.is_before else ("start", self.left)
        pen.text(x, y + size * 0.36, self.text, class_, size, anchor, self.bold)


def _beside(sheet: Sheet, before: float, after: float, text: str, bold: bool = False) -> Words:
    """Words after a mark when there is room, else before it; cut short when neither side has enough."""
    size, axis = sheet.size, sheet.axis
    room = text_width(text, size.small, bold)
    if after + room <= axis.x1:
        return Words(text, after, after + room, bold)
    if before - room >= axis.x0:
        return Words(text, before - room, before, bold, True)
    if axis.x1 - after >= before - axis.x0:
        text = shorten(text, axis.x1 - after, size.small, bold)
        return Words(text, after, after + text_width(text, size.small, bold), bold)
    text = shorten(text, before - axis.x0, size.small, bold)
    return Words(text, before - text_width(text, size.small, bold), before, bold, True)


def _reach(sheet: Sheet, claim: Claim) -> tuple[float, float]:
    return sheet.axis.at(claim.broke_at), sheet.axis.at(claim.settled_at() or sheet.night.until())


def _claim_words(sheet: Sheet, claim: Claim) -> tuple[str, bool]:
    """How long it took, and, where there is room, what it says; bold while it is open."""
    text = latency_words(claim, sheet.night, sheet.tongue, brief=sheet.size.name == "narrow")
    if sheet.size.claim_label and claim.label:
        text = f"{text} · {isolate(shorten(claim.label, sheet.size.claim_label, sheet.size.small))}"
    return text, claim.settled_at() is None


def _claim(sheet: Sheet, claim: Claim, y: float, words: Words | None) -> None:
    pen, (x1, x2) = sheet.pen, _reach(sheet, claim)
    title = f"{claim.label}: {latency_words(claim, sheet.night, sheet.tongue)}".removeprefix(": ")
    with pen.link(claim.url, title, f"nl-claim nl-{claim.state()}"):
        if words:
            left, right = min(words.left, x1 - 6), max(words.right, x2 + 6)
            pen.rect(left - 2, y - sheet.size.font * 0.75, right - left + 4, sheet.size.font * 1.5, "nl-touch", 4)
        pen.line(x1, y, x2, y, "nl-wait")
        _claim_ends(sheet, claim, y, 1 if words else 0.6)
        if words:
            words.write(pen, y, "nl-latency", sheet.size.small)


def _claim_ends(sheet: Sheet, claim: Claim, y: float, scale: float) -> None:
    pen, (x1, x2), settled = sheet.pen, _reach(sheet, claim), claim.settled_at()
    reach = 6 * scale
    if sheet.axis.has(claim.broke_at):
        pen.circle(x1, y, RADII.get(claim.severity, RADII["medium"]) * scale, "nl-dot")
    else:
        pen.shape([(x1 + 6, y - 4), (x1, y), (x1 + 6, y + 4)], "nl-edge", closed=False)
    if settled is None:
        pen.circle(x2, y, 5.5 * scale, "nl-ring")
    elif settled > sheet.night.end:
        pen.shape([(x2 - 6, y - 4), (x2, y), (x2 - 6, y + 4)], "nl-edge", closed=False)
    elif claim.state() == "declined":
        pen.shape([(x2 - 3.5, y - 3.5), (x2 + 3.5, y + 3.5)], "nl-end", closed=False)
        pen.shape([(x2 - 3.5, y + 3.5), (x2 + 3.5, y - 3.5)], "nl-end", closed=False)
    else:
        pen.line(x2, y - reach, x2, y + reach, "nl-end")


def draw_posts(sheet: Sheet, top: float) -> float:
    """Posts as squares at their due time (full when published), with their expiry as a tail; gives the y beneath."""
    night, size = sheet.night, sheet.size
    posts = sorted((p for p in night.posts if night.start <= p.due_at <= night.end), key=lambda p: p.due_at)
    pitch = size.font + 9
    sheet.name(top + pitch / 2 + size.font * 0.35, sheet.tongue.text("posts"))
    lanes = Lanes()
    with sheet.pen.group("nl-posts", sheet.tongue.text("posts_title")):
        for post in posts:
            text = sheet.tongue.text("post", channel=isolate(post.channel), time=hour_in(post.due_at, night.zone))
            x = sheet.axis.at(post.due_at)
            tail = max(sheet.axis.at(post.expires_at or post.due_at), x + 5)
            words = _beside(sheet, x - 9, tail + 7, text, post.state in TROUBLED)
            free = lanes.place(min(words.left, x - 7), max(words.right, tail + 2), limit=size.post_lanes)
            lane = size.post_lanes if free is None else free
            _post(sheet, post, top + lane * pitch + pitch / 2, None if free is None else words)
    overfull = len(posts) > 0 and len(lanes.rows) == size.post_lanes
    return top + (max(len(lanes.rows), 1) + overfull) * pitch + 4


def _post_kind(post: Post) -> str:
    if post.state in SENT:
        return "sent"
    if post.state in TROUBLED:
        return "trouble"
    return "away" if post.state in AWAY else "due"


def _post(sheet: Sheet, post: Post, y: float, words: Words | None) -> None:
    pen, x, kind = sheet.pen, sheet.axis.at(post.due_at), _post_kind(post)
    title = f"{post.channel} {hour_in(post.due_at, sheet.night.zone)}: {post.label or post.state}"
    with pen.link(post.url, title, f"nl-post nl-post-{kind}"):
        if post.expires_at and post.expires_at > post.due_at:
            tail = sheet.axis.at(post.expires_at)
            pen.line(x + 5, y, max(tail, x + 5), y, "nl-tail")
            if sheet.axis.has(post.expires_at):
                pen.line(tail, y - 3, tail, y + 3, "nl-tail-end")
        pen.rect(x - 4.5, y - 4.5, 9, 9, "nl-square", 1.5)
        if kind in {"trouble", "away"}:
            pen.line(x - 6, y + 6, x + 6, y - 6, "nl-strike")
        if words:
            words.write(pen, y, "nl-post-text", sheet.size.small)


def draw_rulers(sheet: Sheet, top: float, chart_top: float) -> float:
    """The theatre's hours and, where they differ, the reader's; clock changes named; gives the y beneath."""
    night, size = sheet.night, sheet.size
    narrow = size.name == "narrow"
    step = _step(sheet, "00" if narrow else "00:00")
    hours = local_hours(night.start, night.end, night.zone, step)
    zones = [night.zone]
    if any(hour_in(at, night.zone) != hour_in(at, night.viewer_zone) for at in (night.start, night.end)):
        zones.append(night.viewer_zone)
    with sheet.under.group("nl-grid"):
        for at in hours:
            midnight = hour_in(at, night.zone) == "00:00"
            x = sheet.axis.at(at)
            sheet.under.line(x, chart_top, x, top + 4, "nl-tick nl-midnight" if midnight else "nl-tick")
    y = top + size.font + 6
    for index, zone in enumerate(zones):
        hours = _ruler(sheet, hours, zone, y, "nl-hour" if index == 0 else "nl-hour nl-theirs", narrow)
        y += size.font + 6
    return _draw_changes(sheet, y, chart_top) - size.font + 4


def _ruler(sheet: Sheet, hours: list[datetime], zone: str, y: float, class_: str, narrow: bool) -> list[datetime]:
    """One zone's hours; gives those that had room, so that the ruler beneath reads in step."""
    size = sheet.size
    first = class_ == "nl-hour"
    font = size.font if first else size.small
    sheet.name(y, sheet.tongue.place(zone), "nl-zone" if first else "nl-zone nl-theirs", font)
    free, written = 0.0, []
    for at in hours:
        time = hour_in(at, zone)
        text = time[:2] if narrow and time.endswith(":00") else time
        half = text_width(text, font) / 2
        x = sheet.axis.at(at)
        x = min(x, size.width - half - 1)
        if x - half >= free + 3 and x - half > sheet.margin + 3:
            sheet.pen.text(x, y, text, class_ + (" nl-midnight" if time == "00:00" else ""), font, "middle")
            free = x + half
            written.append(at)
    return written


def _step(sheet: Sheet, sample: str) -> int:
    room = text_width(sample, sheet.size.font) * 1.5
    return next((step for step in (1, 2, 3, 4, 6) if step * sheet.axis.per_hour() >= room), 12)


def _draw_changes(sheet: Sheet, y: float, chart_top: float) -> float:
    """A dotted line where the theatre's clocks change, and what they do, in words."""
    size = sheet.size
    for change in changes(sheet.night.start, sheet.night.end, sheet.night.zone):
        key = "forward" if change.by > timedelta(0) else "back"
        text = sheet.tongue.text(key, duration=sheet.tongue.say(abs(change.by)))
        x, half = sheet.axis.at(change.at), text_width(text, size.small) / 2
        sheet.under.line(x, chart_top, x, y - size.font + 2, "nl-change")
        sheet.pen.text(min(max(x, half + 2), size.width - half - 2), y, text, "nl-change-text", size.small, "middle")
        y += size.small + 6
    return y


def draw_now(sheet: Sheet, chart_top: float, bottom: float) -> None:
    """A line through everything at this moment, with the time in a pill; nothing on a night that is not tonight."""
    night, size = sheet.night, sheet.size
    if not sheet.axis.has(night.now):
        return
    time = hour_in(night.now, night.zone)
    room = text_width(time, size.font, bold=True)
    x = sheet.axis.at(night.now)
    middle = min(max(x, room / 2 + 9), size.width - room / 2 - 9)
    title = sheet.tongue.text("now", time=time, zone=sheet.tongue.place(night.zone))
    sheet.under.rect(sheet.axis.x0, chart_top, x - sheet.axis.x0, bottom - chart_top, "nl-past")
    sheet.line.line(x, 18, x, bottom, "nl-now-line")
    with sheet.pen.group("nl-now", title):
        sheet.pen.rect(middle - room / 2 - 8, 0, room + 16, 20, "nl-pill", 10)
        sheet.pen.text(middle, 10 + size.font * 0.36, time, "nl-pill-text", size.font, "middle", bold=True)
