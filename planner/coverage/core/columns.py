"""The duties of a stretch of time as columns of numbers: a year of 200 people is asked in milliseconds."""

from collections import defaultdict
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from itertools import count, product
from typing import TypeVar

import numpy as np

from planner.rosters.core.duty import Duty
from planner.spans import SpanSet, columns
from planner.spans.core import sweep
from planner.spans.core.sweep import Column

Value = TypeVar("Value", bound=Hashable)
Profile = tuple[frozenset[str], frozenset[str]]  # roles acted in, languages spoken


@dataclass(frozen=True)
class Columns:
    """A row for each duty: who (numbered from 0), which of the `profiles`, from when to when (microseconds, UTC)."""

    person: Column
    profile: Column
    starts: Column
    ends: Column
    profiles: Sequence[Profile]
    # Links share their doers, so the same people are asked for again and again.
    answered: dict[tuple[tuple[bool, ...], int], SpanSet] = field(default_factory=dict, compare=False, repr=False)

    @classmethod
    def of(cls, duties: Sequence[Duty]) -> "Columns":
        """The duties as columns, in the order in which they come (in order of time they need no sorting)."""
        roles, held = _numbered([duty.roles for duty in duties])
        tongues, spoken = _numbered([duty.languages for duty in duties])
        person, _ = _numbered([duty.person_id for duty in duties])
        starts, ends = columns([duty.span for duty in duties])
        return cls(person, roles * len(spoken) + tongues, starts, ends, tuple(product(held, spoken)))

    def people(self, chosen: Sequence[bool], n: int = 1) -> SpanSet:
        """When n or more different people of the chosen profiles (a choice for each of `profiles`) are there."""
        key = (tuple(chosen), n)
        if key not in self.answered:
            self.answered[key] = self._people(chosen, n)
        return self.answered[key]

    def _people(self, chosen: Sequence[bool], n: int) -> SpanSet:
        rows = np.flatnonzero(np.array(chosen, bool)[self.profile])
        starts, ends = self.starts[rows], self.ends[rows]
        if n > 1:
            _, starts, ends = sweep.union_of_each(self.person[rows], starts, ends)
        return SpanSet.from_columns(starts, ends, n)


def _numbered(values: Sequence[Value]) -> tuple[Column, list[Value]]:
    """Each value as a number, equal ones alike, and the values in order of their numbers."""
    numbers: defaultdict[Value, int] = defaultdict(count().__next__)
    found = np.fromiter(map(numbers.__getitem__, values), np.int64, len(values))
    return found, list(numbers)
