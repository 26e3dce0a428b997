"""Stretches of time and sets of them: who is there, when, and when nobody is.

Every stretch is half-open, [start, end), in UTC: a shift that ends at 22:00 and one that begins at 22:00 leave no hole
and do not overlap. All set algebra is one sweep over edges, kept as integer microseconds (see `_at_least`).
"""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import chain
from operator import attrgetter
from typing import Self

import numpy as np

from planner.spans.core import sweep
from planner.spans.core.sweep import Column

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EXACT_SECONDS = 2**31  # up to 2038 a float of seconds since 1970 still tells microseconds apart
BEFORE_TIME, AFTER_TIME = -(2**60), 2**60  # beyond every datetime, in microseconds; never leave this module
MANY = 1000  # stretches from which numpy pays for its own overhead (measured: bench/coverage.py)


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """One stretch [start, end). Any aware datetimes are taken and turned into UTC.

    Raises ValueError when either is naive, or when the end is not after the start.
    """

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        object.__setattr__(self, "start", _utc(self.start, "start"))
        object.__setattr__(self, "end", _utc(self.end, "end"))
        if self.end <= self.start:
            raise ValueError(f"a span must end after it starts: {self.start.isoformat()} … {self.end.isoformat()}")

    @property
    def duration(self) -> timedelta:
        """Elapsed time from start to end."""
        return self.end - self.start

    def contains(self, instant: datetime) -> bool:
        """Whether the aware instant lies inside; the end itself does not."""
        return self.start <= _utc(instant, "instant") < self.end

    def overlaps(self, other: Self) -> bool:
        """Whether some instant lies inside both; touching is not overlapping."""
        return self.start < other.end and other.start < self.end


class SpanSet:
    """An immutable set of instants, made of sorted spans that neither overlap nor touch.

    Built from spans or (start, end) pairs of aware datetimes in any order; equal when they hold the same instants.
    """

    __slots__ = ("_ends", "_starts")
    _starts: tuple[int, ...]
    _ends: tuple[int, ...]

    def __init__(self, spans: Iterable[Span | tuple[datetime, datetime]] = ()) -> None:
        whole = [span if isinstance(span, Span) else Span(*span) for span in spans]
        starts = [microseconds(span.start) for span in whole]
        ends = [microseconds(span.end) for span in whole]
        self._starts, self._ends = _at_least(1, starts, ends)

    @classmethod
    def empty(cls) -> Self:
        """The set without an instant."""
        return cls()

    @classmethod
    def from_columns(cls, starts: Column, ends: Column, n: int = 1) -> "SpanSet":
        """The instants in n or more of many stretches, given as columns of microseconds since 1970 (UTC)."""
        opened, closed = sweep.at_least(n, starts, ends)
        return _of(tuple(opened.tolist()), tuple(closed.tolist()))

    @classmethod
    def union(cls, sets: "Iterable[SpanSet]") -> "SpanSet":
        """All instants of any of the sets: one sweep, however many they are."""
        return count_at_least(sets, 1)

    @property
    def spans(self) -> tuple[Span, ...]:
        """The spans in order of time."""
        return tuple(self)

    def __iter__(self) -> Iterator[Span]:
        for start, end in zip(self._starts, self._ends, strict=True):
            yield Span(moment_of(start), moment_of(end))

    def __len__(self) -> int:
        return len(self._starts)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, SpanSet):
            return NotImplemented
        return self._starts == other._starts and self._ends == other._ends

    def __hash__(self) -> int:
        return hash((self._starts, self._ends))

    def __repr__(self) -> str:
        return f"SpanSet([{', '.join(f'{span.start.isoformat()} … {span.end.isoformat()}' for span in self)}])"

    def __or__(self, other: "SpanSet") -> "SpanSet":
        return count_at_least((self, other), 1)

    def __and__(self, other: "SpanSet") -> "SpanSet":
        return count_at_least((self, other), 2)

    def __sub__(self, other: "SpanSet") -> "SpanSet":
        outside = _of((BEFORE_TIME, *other._ends), (*other._starts, AFTER_TIME))
        return count_at_least((self, outside), 2)

    def edges(self) -> Iterator[tuple[int, int]]:
        """The spans in order of time as microseconds since 1970, for sweeps that need no datetime."""
        return zip(self._starts, self._ends, strict=True)

    def total(self) -> timedelta:
        """Elapsed time covered by the whole set."""
        return timedelta(microseconds=sum(self._ends) - sum(self._starts))

    def contains(self, instant: datetime) -> bool:
        """Whether the aware instant lies in the set."""
        return self._index(microseconds(_utc(instant, "instant"))) is not None

    def covers(self, span: Span) -> bool:
        """Whether every instant of the span lies in the set."""
        at = self._index(microseconds(span.start))
        return at is not None and microseconds(span.end) <= self._ends[at]

    def clip(self, start: datetime, end: datetime) -> "SpanSet":
        """The part of the set inside [start, end)."""
        return self & SpanSet([(start, end)])

    def gaps_within(self, start: datetime, end: datetime) -> "SpanSet":
        """The part of [start, end) that the set leaves open."""
        return SpanSet([(start, end)]) - self

    def next_start(self, instant: datetime) -> datetime | None:
        """The first moment at or after the aware instant that lies in the set, in UTC; None when there is none."""
        sought = microseconds(_utc(instant, "instant"))
        after = bisect_right(self._ends, sought)
        return None if after == len(self._ends) else moment_of(max(sought, self._starts[after]))

    def end_of(self, instant: datetime) -> datetime | None:
        """Where the span around the aware instant ends, in UTC; None when the instant is not in the set."""
        at = self._index(microseconds(_utc(instant, "instant")))
        return None if at is None else moment_of(self._ends[at])

    def _index(self, microseconds: int) -> int | None:
        at = bisect_right(self._starts, microseconds) - 1
        return at if at >= 0 and microseconds < self._ends[at] else None


def count_at_least(sets: Iterable[SpanSet], n: int) -> SpanSet:
    """The instants that lie in at least n of the sets, so n = 1 is their union. Raises ValueError for n below 1."""
    if n < 1:
        raise ValueError(f"at least 1 set must be asked for, not {n}")
    every = list(sets)
    starts = list(chain.from_iterable(one._starts for one in every))
    ends = chain.from_iterable(one._ends for one in every)
    if len(starts) >= MANY:
        return SpanSet.from_columns(np.array(starts, np.int64), np.array(list(ends), np.int64), n)
    return _of(*_at_least(n, starts, ends))


def _at_least(n: int, starts: Iterable[int], ends: Iterable[int]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Sweep over all edges in order of time and keep the stretches in which n or more spans are open.

    An edge is one integer, twice its moment and odd for an end: at one moment starts come
    first, so touching spans merge.
    """
    edges = [start << 1 for start in starts]
    edges += [(end << 1) | 1 for end in ends]
    edges.sort()
    opened: list[int] = []
    closed: list[int] = []
    depth = 0
    for edge in edges:
        if edge & 1:
            if depth == n:
                _close(opened, closed, edge >> 1)
            depth -= 1
        else:
            depth += 1
            if depth == n:
                opened.append(edge >> 1)
    return tuple(opened), tuple(closed)


def _close(opened: list[int], closed: list[int], end: int) -> None:
    # Where one span ends as another begins, n are open for no time at all: that leaves nothing.
    if opened[-1] == end:
        opened.pop()
    else:
        closed.append(end)


def _of(starts: tuple[int, ...], ends: tuple[int, ...]) -> SpanSet:
    made = SpanSet.__new__(SpanSet)
    made._starts, made._ends = starts, ends
    return made


def _utc(moment: datetime, what: str) -> datetime:
    if not isinstance(moment, datetime):
        raise ValueError(f"the {what} must be a datetime, not {moment!r}")
    if moment.tzinfo is UTC:
        return moment
    if moment.utcoffset() is None:
        raise ValueError(f"the {what} must carry a time zone: {moment.isoformat()} has none")
    return moment.astimezone(UTC)


def columns(spans: Sequence[Span]) -> tuple[Column, Column]:
    """The starts and the ends of many spans as columns of microseconds since 1970, in their order."""
    return _column([span.start for span in spans]), _column([span.end for span in spans])


def _column(moments: Sequence[datetime]) -> Column:
    """Instants of UTC as microseconds, without Python arithmetic for each of them."""
    seconds = np.fromiter(map(datetime.timestamp, moments), np.float64, len(moments))
    if np.abs(seconds).max(initial=0.0) < EXACT_SECONDS:
        return np.rint(seconds * 1_000_000).astype(np.int64)
    days = np.fromiter(map(datetime.toordinal, moments), np.int64, len(moments)) - EPOCH.toordinal()
    for name, size in (("hour", 24), ("minute", 60), ("second", 60), ("microsecond", 1_000_000)):
        days = days * size + np.fromiter(map(attrgetter(name), moments), np.int64, len(moments))
    return days


def microseconds(moment: datetime) -> int:
    """An aware instant as microseconds since 1970, exactly."""
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def moment_of(microseconds: int) -> datetime:
    """The UTC instant so many microseconds after 1970."""
    return EPOCH + timedelta(microseconds=microseconds)
