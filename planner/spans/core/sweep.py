"""The sweeps of `SpanSet` over whole columns: int64 microseconds since 1970 (UTC), half-open stretches, a row each.

For thousands of stretches and more; below that the plain sweep of `spanset` is as quick. An edge is twice its moment,
odd for an end, so that at one moment starts come first and touching stretches merge.
"""

import numpy as np
import numpy.typing as npt

Column = npt.NDArray[np.int64]


def union(starts: Column, ends: Column) -> tuple[Column, Column]:
    """The instants of any of the stretches, as sorted starts and ends that neither overlap nor touch.

    Quickest when `starts` ascend already: then nothing is sorted at all.
    """
    if len(starts) < 2:
        return starts, ends
    if (starts[1:] < starts[:-1]).any():
        order = np.argsort(starts)
        starts, ends = starts[order], ends[order]
    reach = np.maximum.accumulate(ends)
    opens = np.flatnonzero(starts[1:] > reach[:-1]) + 1
    return starts[np.concatenate(([0], opens))], reach[np.concatenate((opens - 1, [len(starts) - 1]))]


def at_least(n: int, starts: Column, ends: Column) -> tuple[Column, Column]:
    """The instants that lie in n or more of the stretches (n from 1), sorted, apart from one another."""
    if n == 1:
        return union(starts, ends)
    edges = np.concatenate((starts << 1, (ends << 1) | 1))
    edges.sort()
    rises = (edges & 1) == 0
    depth = np.cumsum(np.where(rises, 1, -1))
    opened = edges[rises & (depth == n)] >> 1
    closed = edges[~rises & (depth == n - 1)] >> 1
    lasting = opened < closed  # where one ends as another begins, n are open for no time at all
    return opened[lasting], closed[lasting]


def union_of_each(owners: Column, starts: Column, ends: Column) -> tuple[Column, Column, Column]:
    """The union of every owner's own stretches: (owners, starts, ends), by owner and then by time."""
    if len(starts) < 2:
        return owners, starts, ends
    if (starts[1:] < starts[:-1]).any() or owners.max() >= 2**15 or owners.min() < 0:
        order = np.lexsort((starts, owners))
    else:  # in order of time already: small numbers are sorted by counting, in no time
        order = np.argsort(owners.astype(np.int16), kind="stable")
    owners, starts, ends = owners[order], starts[order], ends[order]
    first = np.concatenate(([True], owners[1:] != owners[:-1]))
    origin, width = starts.min(), int(ends.max() - starts.min()) + 1
    lane = np.cumsum(first) - 1
    if int(lane[-1] + 1) * width >= 2**62:
        return _one_by_one(owners, starts, ends, np.flatnonzero(first))
    # Owners are laid one after another on a single line, so that one running maximum serves all of them.
    reach = np.maximum.accumulate(ends - origin + lane * width) - lane * width + origin
    first[1:] |= starts[1:] > reach[:-1]
    opens = np.flatnonzero(first)
    return owners[opens], starts[opens], reach[np.concatenate((opens[1:] - 1, [len(starts) - 1]))]


def _one_by_one(owners: Column, starts: Column, ends: Column, firsts: Column) -> tuple[Column, Column, Column]:
    parts = []
    for rows in np.split(np.arange(len(starts)), firsts[1:]):
        opened, closed = union(starts[rows], ends[rows])
        parts.append((np.full(len(opened), owners[rows[0]]), opened, closed))
    alone, opened, closed = (np.concatenate(column) for column in zip(*parts, strict=True))
    return alone, opened, closed
