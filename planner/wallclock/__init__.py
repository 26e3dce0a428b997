"""Wall time and instants: local rules, both odd nights of the year, in every zone."""

from planner.wallclock.core.rules import (
    WeeklyRule,
    hour_of_week,
    night_of,
    occurrences,
    parse_days,
    parse_time,
    rrule_occurrences,
    rrule_spans,
)
from planner.wallclock.core.zones import (
    hours_since,
    is_ambiguous,
    is_at_hours,
    is_nonexistent,
    next_clock,
    to_instant,
    zone,
)

__all__ = [
    "WeeklyRule",
    "hour_of_week",
    "hours_since",
    "is_ambiguous",
    "is_at_hours",
    "is_nonexistent",
    "next_clock",
    "night_of",
    "occurrences",
    "parse_days",
    "parse_time",
    "rrule_occurrences",
    "rrule_spans",
    "to_instant",
    "zone",
]
