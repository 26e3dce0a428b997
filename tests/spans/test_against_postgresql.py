"""PostgreSQL's multiranges as the oracle: another implementation, by other people."""

from datetime import datetime

import pytest
from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from planner.spans import Span, SpanSet, count_at_least
from tests.spans.strategies import span_lists, span_sets

pytestmark = pytest.mark.django_db
reading_only = settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None, max_examples=150)


def multirange(spans: SpanSet | list[Span]) -> str:
    """The spans as PostgreSQL's literal."""
    return "{" + ",".join(f"[{span.start.isoformat()},{span.end.isoformat()})" for span in spans) + "}"


def asked(expression: str, *parameters: str) -> tuple[tuple[datetime, datetime], ...]:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT lower(r), upper(r) FROM unnest({expression}) AS r ORDER BY 1", parameters)
        return tuple(cursor.fetchall())


def plain(spans: SpanSet) -> tuple[tuple[datetime, datetime], ...]:
    return tuple((span.start, span.end) for span in spans)


@pytest.mark.parametrize(("sign", "act"), [("+", "__or__"), ("*", "__and__"), ("-", "__sub__")])
@reading_only
@given(one=span_sets, other=span_sets)
def test_algebra_agrees_with_multirange_operators(sign: str, act: str, one: SpanSet, other: SpanSet) -> None:
    answer = asked(f"%s::tstzmultirange {sign} %s::tstzmultirange", multirange(one), multirange(other))
    assert plain(getattr(one, act)(other)) == answer


@reading_only
@given(spans=span_lists)
def test_normalising_agrees_with_a_multirange(spans: list[Span]) -> None:
    assert plain(SpanSet(spans)) == asked("%s::tstzmultirange", multirange(spans))


@reading_only
@given(sets=st.lists(span_sets, min_size=1, max_size=5))
def test_the_union_of_many_agrees_with_range_agg(sets: list[SpanSet]) -> None:
    every = [span for one in sets for span in one]
    answer = asked("(SELECT coalesce(range_agg(r), '{}') FROM unnest(%s::tstzmultirange) r)", multirange(every))
    assert plain(count_at_least(sets, 1)) == answer


@reading_only
@given(sets=st.lists(span_sets, min_size=2, max_size=2))
def test_what_two_share_agrees_with_range_intersect_agg(sets: list[SpanSet]) -> None:
    answer = asked(
        "(SELECT range_intersect_agg(m) FROM (VALUES (%s::tstzmultirange), (%s::tstzmultirange)) v(m))",
        *(multirange(one) for one in sets),
    )
    assert plain(count_at_least(sets, 2)) == answer
