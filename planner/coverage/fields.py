"""PostgreSQL multiranges of instants: Django 5.2 has ranges only."""

from django.db import models
from psycopg.types.multirange import TimestamptzMultirange
from psycopg.types.range import TimestamptzRange

from planner.spans import Span, SpanSet


class DateTimeMultiRangeField(models.Field):
    """A `tstzmultirange` column whose Python value is a `SpanSet` (UTC, half-open)."""

    def db_type(self, connection: object) -> str:
        return "tstzmultirange"

    def from_db_value(
        self, value: TimestamptzMultirange | None, expression: object, connection: object
    ) -> SpanSet | None:
        if value is None:
            return None
        return SpanSet(Span(part.lower, part.upper) for part in value if part.lower and part.upper)

    def get_prep_value(self, value: SpanSet | None) -> TimestamptzMultirange | None:
        if value is None:
            return None
        return TimestamptzMultirange([TimestamptzRange(part.start, part.end, "[)") for part in value])
