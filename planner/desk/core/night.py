"""One night as values: what the night line draws, and the same facts for the table beside it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from planner.desk.core.tongue import Tongue
from planner.spans import SpanSet, count_at_least

LINKS = ("seen", "drafted", "cleared", "published")


class Hour(NamedTuple):
    """Claims expected in the hour that begins at `start`, with the interval's ends."""

    start: datetime
    expected: float
    low: float
    high: float


class Watch(NamedTuple):
    """A stretch in which a link is held. kind: desk, on_call, cleared_line or channel; label: who or what."""

    start: datetime
    end: datetime
    kind: str
    label: str = ""


class Gap(NamedTuple):
    """A stretch in which links are missing: claims expected in it, how many reach half their audience unanswered.

    `words` says what is missing ("nobody to clear"); an accepted gap is drawn, but calmly.
    """

    start: datetime
    end: datetime
    missing: Sequence[str]
    expected: float
    loss: float
    accepted: bool = False
    words: str = ""


class Post(NamedTuple):
    """A post on its channel; state is a publishing state's name in lower case."""

    channel: str
    due_at: datetime
    expires_at: datetime | None
    state: str
    label: str = ""
    url: str = ""


class Claim(NamedTuple):
    """A claim: when it broke, and when it was answered or declined, if ever."""

    broke_at: datetime
    answered_at: datetime | None
    declined_at: datetime | None
    severity: str
    label: str = ""
    url: str = ""

    def settled_at(self) -> datetime | None:
        """When silence ended, by an answer or by a decision not to give one."""
        return self.answered_at or self.declined_at

    def state(self) -> str:
        """answered, declined or unanswered."""
        return "answered" if self.answered_at else "declined" if self.declined_at else "unanswered"


@dataclass(frozen=True)
class Night:
    """A stretch of time, usually noon to noon in `zone`. Instants are aware; `viewer_zone` is the reader's own."""

    start: datetime
    end: datetime
    now: datetime
    zone: str
    viewer_zone: str
    tempo: Sequence[Hour] = ()
    chain: Mapping[str, Sequence[Watch]] = field(default_factory=dict)
    gaps: Sequence[Gap] = ()
    posts: Sequence[Post] = ()
    claims: Sequence[Claim] = ()

    def __post_init__(self) -> None:
        if self.end <= self.start:
            raise ValueError(f"a night ends after it starts: {self.start.isoformat()} to {self.end.isoformat()}")

    def hours(self) -> list[Hour]:
        """The hours of the tempo that begin in this night, each once, in order."""
        inside = {hour.start: hour for hour in self.tempo if self.start <= hour.start < self.end}
        return [inside[start] for start in sorted(inside)]

    def until(self) -> datetime:
        """How far silence has lasted: to now, or to the end of a night that is past."""
        return max(self.start, min(self.now, self.end))


def hour_in(instant: datetime, zone: str) -> str:
    """The wall time "22:40" of an instant in a zone."""
    return f"{instant.astimezone(ZoneInfo(zone)):%H:%M}"


def latency_words(claim: Claim, night: Night, tongue: Tongue, brief: bool = False) -> str:
    """How long the claim stood, in words: "47 min", "54 min so far", "no public answer after 20 min"."""
    settled = claim.settled_at()
    length = tongue.say((settled or max(night.until(), claim.broke_at)) - claim.broke_at)
    if settled is None:
        return tongue.text("so_far", duration=length)
    if claim.state() == "declined":
        return tongue.text("declined_brief" if brief else "declined", duration=length)
    return length


def gap_words(gap: Gap, night: Night, tongue: Tongue) -> str:
    """When the gap is and what is missing: "22:30–03:00 nobody to clear"."""
    what = gap.words or ", ".join(tongue.text(link) if link in LINKS else link for link in gap.missing)
    what = f"{tongue.text('gap_accepted')}: {what}" if gap.accepted else what
    return tongue.text("gap", start=hour_in(gap.start, night.zone), end=hour_in(gap.end, night.zone), words=what)


def gap_loss(gap: Gap, tongue: Tongue, brief: bool = False) -> str:
    """What the gap is expected to cost, in words."""
    key = "gap_brief" if brief else "gap_loss"
    return tongue.text(key, expected=tongue.number(gap.expected), loss=tongue.number(gap.loss))


class Fact(NamedTuple):
    """One row of the table that says what the drawing shows."""

    layer: str
    start: datetime
    end: datetime | None
    text: str
    state: str
    url: str = ""


def facts(night: Night, tongue: Tongue | None = None) -> list[Fact]:
    """Everything the drawing shows, layer by layer and in order of time; nothing is left out for want of room."""
    tongue = tongue or Tongue()
    rows = [
        Fact(
            "gap",
            g.start,
            g.end,
            f"{gap_words(g, night, tongue)}. {gap_loss(g, tongue)}",
            "accepted" if g.accepted else "gap",
        )
        for g in sorted(night.gaps)
    ]
    for claim in sorted(night.claims, key=lambda c: c.broke_at):
        text = ": ".join(filter(None, [claim.label, latency_words(claim, night, tongue)]))
        rows.append(Fact("claim", claim.broke_at, claim.settled_at(), text, claim.state(), claim.url))
    for post in sorted(night.posts, key=lambda p: p.due_at):
        text = ": ".join(filter(None, [post.channel, post.label]))
        rows.append(Fact("post", post.due_at, post.expires_at, text, post.state, post.url))
    for link in LINKS:
        for watch in sorted(night.chain.get(link, ())):
            text = ": ".join(filter(None, [tongue.text(link), tongue.text(watch.kind), watch.label]))
            rows.append(Fact("chain", watch.start, watch.end, text, "covered"))
    for hour in night.hours():
        text = f"{tongue.number(hour.expected)} ({tongue.number(hour.low)}–{tongue.number(hour.high)})"
        rows.append(Fact("tempo", hour.start, hour.start + timedelta(hours=1), text, ""))
    return rows


def merged_gaps(night: Night) -> list[Gap]:
    """The gaps of the night with those that touch made one, as a person would say them; what they cost adds up.

    Chosen and unchosen gaps stay apart.
    """
    merged: list[Gap] = []
    for gap in sorted(gap for gap in night.gaps if gap.start < night.end and gap.end > night.start):
        last = merged[-1] if merged else None
        if last and last.end >= gap.start and last.accepted == gap.accepted:
            said = dict.fromkeys([*filter(None, last.words.split(", ")), *filter(None, gap.words.split(", "))])
            merged[-1] = last._replace(
                end=max(last.end, gap.end),
                missing=tuple(dict.fromkeys([*last.missing, *gap.missing])),
                expected=last.expected + gap.expected,
                loss=last.loss + gap.loss,
                words=", ".join(said),
            )
        else:
            merged.append(gap)
    return merged


def held(night: Night) -> SpanSet:
    """When every link of the chain is held by somebody, a cleared line or an open channel."""
    links = [SpanSet((watch.start, watch.end) for watch in night.chain.get(link, ())) for link in LINKS]
    return count_at_least(links, len(links))


class Toll(NamedTuple):
    """What the gaps nobody chose are expected to cost together."""

    gaps: int
    expected: float
    loss: float


def toll(night: Night) -> Toll:
    """The sum over the gaps that were not accepted."""
    counted = [gap for gap in merged_gaps(night) if not gap.accepted]
    return Toll(len(counted), sum(g.expected for g in counted), sum(g.loss for g in counted))
