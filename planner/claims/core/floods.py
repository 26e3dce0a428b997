"""Floods: the same words from several accounts within minutes.

Rule. Copies of one fingerprint that follow one another within ten minutes are a run. A run is a flood when some ten
minutes of it hold copies from at least five accounts. The flood begins with the first copy of the first such ten
minutes, and lasts as long as copies keep coming.

Both depend on the set of copies alone. So the order of arrival does not matter, and a copy that arrives late can make a
flood longer or join two, but never shorten one.
"""

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple

WINDOW = timedelta(minutes=10)
ACCOUNTS = 5


class Copy(NamedTuple):
    """One sighting of a wording; `posted_at` is an instant in UTC, `key` tells copies apart."""

    posted_at: datetime
    account: str
    key: int


@dataclass(frozen=True, slots=True)
class FloodSpan:
    """A flood: from its first to its last copy, both included; `first` is the key of the first copy."""

    started_at: datetime
    ended_at: datetime
    posts: int
    accounts: int
    first: int


@dataclass(frozen=True, slots=True)
class Merger:
    """What becomes of the known floods `ids` (none: a new one), whose span is now `span`."""

    ids: tuple[int, ...]
    span: FloodSpan


def find_floods(copies: Iterable[Copy], *, window: timedelta = WINDOW, accounts: int = ACCOUNTS) -> list[FloodSpan]:
    """The floods among all copies of one fingerprint, in order of time."""
    floods = []
    for run in _runs(sorted(copies), window):
        start = _first_crowd(run, window, accounts)
        if start is not None:
            part = run[start:]
            voices = len({copy.account for copy in part})
            floods.append(FloodSpan(part[0].posted_at, part[-1].posted_at, len(part), voices, part[0].key))
    return floods


def _runs(copies: list[Copy], window: timedelta) -> Iterator[list[Copy]]:
    run: list[Copy] = []
    for copy in copies:
        if run and copy.posted_at - run[-1].posted_at > window:
            yield run
            run = []
        run.append(copy)
    if run:
        yield run


def _first_crowd(run: list[Copy], window: timedelta, accounts: int) -> int | None:
    """The index at which the first window with enough accounts begins, None without one."""
    voices: Counter[str] = Counter()
    begin = 0
    for copy in run:
        voices[copy.account] += 1
        while copy.posted_at - run[begin].posted_at > window:
            gone = run[begin].account
            voices[gone] -= 1
            if not voices[gone]:
                del voices[gone]
            begin += 1
        if len(voices) >= accounts:
            return begin
    return None


def reconcile(known: Iterable[tuple[int, FloodSpan]], found: Iterable[FloodSpan]) -> list[Merger]:
    """Match what was found now with the floods known by id, oldest first; several known ones may turn out to be one.

    A known flood never shrinks: raw sightings are forgotten after a time, its counts are not. One that nothing found
    touches is left alone.
    """
    before = sorted(known, key=lambda pair: (pair[1].started_at, pair[0]))
    mergers = []
    for span in sorted(found, key=lambda span: span.started_at):
        same = [pair for pair in before if pair[1].started_at <= span.ended_at and span.started_at <= pair[1].ended_at]
        merged = span
        for _id, old in same:
            merged = _union(merged, old)
        if [old for _id, old in same] != [merged]:
            mergers.append(Merger(tuple(number for number, _old in same), merged))
    return mergers


def _union(span: FloodSpan, old: FloodSpan) -> FloodSpan:
    first = span if span.started_at <= old.started_at else old
    return replace(
        first,
        ended_at=max(span.ended_at, old.ended_at),
        posts=max(span.posts, old.posts),
        accounts=max(span.accounts, old.accounts),
    )
