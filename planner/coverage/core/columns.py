"""The duties of a stretch of time as columns of numbers: a year of 200 people is asked in milliseconds."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from planner.rosters.core.duty import Duty
from planner.spans import SpanSet, microseconds
from planner.spans.core import sweep
from planner.spans.core.sweep import Column

Profile = tuple[frozenset[str], frozenset[str]]  # roles acted in, languages spoken


@dataclass(frozen=True)
class Columns:
    """A row for each duty: who, which of the `profiles`, from when to when (microseconds since 1970, UTC)."""

    person: Column
    profile: Column
    starts: Column
    ends: Column
    profiles: Sequence[Profile]

    @classmethod
    def of(cls, duties: Sequence[Duty]) -> "Columns":
        """The duties as columns, in the order in which they come (in order of time they need no sorting)."""
        places: dict[Profile, int] = {}
        profile = [places.setdefault((duty.roles, duty.languages), len(places)) for duty in duties]
        spans = [duty.span for duty in duties]
        return cls(
            person=np.array([duty.person_id for duty in duties], np.int64),
            profile=np.array(profile, np.int64),
            starts=np.array([microseconds(span.start) for span in spans], np.int64),
            ends=np.array([microseconds(span.end) for span in spans], np.int64),
            profiles=tuple(places),
        )

    def people(self, chosen: Sequence[bool], n: int = 1) -> SpanSet:
        """When n or more different people of the chosen profiles (a choice for each of `profiles`) are there."""
        rows = np.array(chosen, bool)[self.profile]
        starts, ends = self.starts[rows], self.ends[rows]
        if n > 1:
            _, starts, ends = sweep.union_of_each(self.person[rows], starts, ends)
        return SpanSet.from_columns(starts, ends, n)
