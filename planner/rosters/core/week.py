"""A week of duty as bars on one axis, from Monday to Monday in the theatre's time zone."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from planner.rosters.core.duty import Duty
from planner.spans import Span, SpanSet
from planner.wallclock import to_instant

AXIS = 1000.0  # the drawing is this wide, whatever the week's length in hours


@dataclass(frozen=True, slots=True)
class Bar:
    """A stretch on the axis: `x` and `width` in 0…1000. `kind`: desk, on_call, leave, cancelled, gap."""

    x: float
    width: float
    kind: str


@dataclass(frozen=True, slots=True)
class Coverage:
    """One role over the week: where it is at the desk, where only on call, where nobody; `open_time` has nobody."""

    role: str
    bars: tuple[Bar, ...]
    open_time: timedelta


def monday(day: date) -> date:
    """The Monday of the week around a date."""
    return day - timedelta(days=day.weekday())


def week_of(day: date, tz: ZoneInfo) -> Span:
    """From Monday 00:00 to the next Monday 00:00 on the wall of `tz`: 168 hours, 167 or 169 when the clocks change."""
    first = datetime.combine(monday(day), time())
    return Span(to_instant(first, tz), to_instant(first + timedelta(days=7), tz))


def midnights(week: Span, tz: ZoneInfo) -> list[datetime]:
    """The instants within the week at which a day begins on the wall of `tz`, the week's own start included."""
    day = week.start.astimezone(tz).date()
    starts = (to_instant(datetime.combine(day + timedelta(days=n), time()), tz) for n in range(9))
    return [start for start in starts if week.contains(start)]


def place(instant: datetime, week: Span) -> float:
    """Where an instant lies on the axis; an instant outside of the week lies at its edge."""
    share = (instant - week.start) / week.duration
    return round(min(max(share, 0.0), 1.0) * AXIS, 2)


def bar(span: Span, kind: str, week: Span) -> Bar | None:
    """The part of a span inside the week; None when there is none."""
    if not span.overlaps(week):
        return None
    x = place(span.start, week)
    return Bar(x, round(place(span.end, week) - x, 2), kind)


def coverage(role: str, duties: Sequence[Duty], week: Span) -> Coverage:
    """Where somebody acts in the role: at the desk, only on call, or not at all."""
    acting = [duty for duty in duties if role in duty.roles]
    desk = SpanSet(duty.span for duty in acting if duty.is_desk).clip(week.start, week.end)
    any_kind = SpanSet(duty.span for duty in acting).clip(week.start, week.end)
    nobody = any_kind.gaps_within(week.start, week.end)
    bars = [
        *_bars(desk, "desk", week),
        *_bars(any_kind - desk, "on_call", week),
        *_bars(nobody, "gap", week),
    ]
    return Coverage(role, tuple(sorted(bars, key=lambda found: found.x)), nobody.total())


def _bars(spans: Iterable[Span], kind: str, week: Span) -> list[Bar]:
    return [found for span in spans if (found := bar(span, kind, week))]
