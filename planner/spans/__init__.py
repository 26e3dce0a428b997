"""Pure intervals: half-open stretches of UTC time and sets of them."""

from planner.spans.core.spanset import Span, SpanSet, count_at_least, microseconds

__all__ = ["Span", "SpanSet", "count_at_least", "microseconds"]
