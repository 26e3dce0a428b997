"""What duty asks of a person: their nights."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from planner.rosters.core.duty import Duty
from planner.spans import Span, SpanSet
from planner.wallclock import WeeklyRule, night_of, occurrences, to_instant

NIGHT = (22 * 60, 4 * 60)  # minutes after midnight, on the person's own clocks
COUNTS_FROM = timedelta(hours=1)  # a shift that ends at 22:15 costs nobody their sleep


def nights(duties: Iterable[Duty], period: Span, own: ZoneInfo) -> int:
    """The nights of the period with an hour of duty or more between 22:00 and 04:00 on the person's own clocks."""
    night = occurrences(WeeklyRule(frozenset(range(7)), *NIGHT, own.key), period.start, period.end)
    on_duty = SpanSet(duty.span for duty in duties) & night
    spent: dict[datetime, timedelta] = {}
    for span in on_duty:
        key = night_of(span.start, own).start
        spent[key] = spent.get(key, timedelta()) + span.duration
    return sum(length >= COUNTS_FROM for length in spent.values())


def quarter(day: date, tz: ZoneInfo) -> Span:
    """The calendar quarter around a date, from midnight to midnight on the wall of `tz`."""
    month = 3 * ((day.month - 1) // 3) + 1
    following = (day.year, month + 3) if month < 10 else (day.year + 1, 1)
    first, last = datetime(day.year, month, 1), datetime(*following, 1)  # noqa: DTZ001
    return Span(to_instant(first, tz), to_instant(last, tz))
