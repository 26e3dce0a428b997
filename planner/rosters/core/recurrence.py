"""Shifts that recur in somebody's wall time become stretches of time late: only as far ahead as anybody looks."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from planner.spans import Span
from planner.wallclock import rrule_spans, to_instant, zone

HORIZON = timedelta(days=60)


@dataclass(frozen=True, slots=True)
class Recurrence:
    """An RRULE on the wall of `zone`, from the naive `local_start` on; each shift lasts `minutes` on that wall."""

    rrule: str
    local_start: datetime
    minutes: int
    zone: str

    def first_instant(self) -> datetime:
        """The instant before which no shift of this rule lies, in UTC."""
        return to_instant(self.local_start, zone(self.zone))


def next_shifts(rule: Recurrence, *, rolled_until: datetime | None, until: datetime) -> list[Span]:
    """The shifts that start in [rolled_until, until), whole and in order; from the rule's beginning when never rolled.

    Raises ValueError when the rule cannot be read.
    """
    since = rolled_until or rule.first_instant()
    if since >= until:
        return []
    spans = rrule_spans(rule.rrule, rule.local_start, rule.minutes, zone(rule.zone), since, until)
    return [span for span in spans if since <= span.start < until]
