"""Pure intervals: half-open stretches of UTC time and sets of them."""

from planner.spans.core.spanset import Span, SpanSet, columns, count_at_least, microseconds, moment_of

__all__ = ["Span", "SpanSet", "columns", "count_at_least", "microseconds", "moment_of"]
